"""Actions of the log of clinics and visits, and what they were followed by."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.chase import coaching, effects
from ckanext.satudataserang.chase.logic import schema
from ckanext.satudataserang.chase.opds import opd_of

__all__ = [
    "satudata_coaching_create",
    "satudata_coaching_delete",
    "satudata_coaching_effect_list",
    "satudata_coaching_list",
    "satudata_coaching_update",
]


@tk.side_effect_free
@tk.validate_action_data(schema.coaching_list)
def satudata_coaching_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the clinics and visits for an OPD, newest first.

    :param opd: name or id of the OPD
    :param limit: at most so many (default 20, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"opd": {"id", "name", "title"}, "count", "results": [{"id", "date", "kind", "topic", "entries",
        "outcome", "created_by", "created", "modified"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_list", context, data_dict)
    opd = opd_of(data_dict["opd"])
    count, found = coaching.of_opd(model.Session, opd.id, limit=data_dict["limit"], offset=data_dict["offset"])
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": opd.title or opd.name},
        "count": count,
        "results": [one.as_dict() for one in found],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.coaching_list)
def satudata_coaching_effect_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an OPD's measures before and after each day on which it was coached, newest first.

    :param opd: name or id of the OPD
    :param limit: at most so many (default 20, maximum 20)
    :param offset: skip so many (default 0)
    :returns: ``{"opd": {"id", "name", "title"}, "count", "results": [{"date", "kind", "before", "after"}]}``; before
        and after are ``{"dari", "sampai": months, "measures": {name: {"numerator", "denominator", "rate"}}}``, after
        is null where that day's month is not counted yet
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_effect_list", context, data_dict)
    opd, now = opd_of(data_dict["opd"]), datetime.now(timezone.utc)
    limit = min(data_dict["limit"], effects.MOST)
    count, found = coaching.of_opd(model.Session, opd.id, limit=limit, offset=data_dict["offset"])
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": opd.title or opd.name},
        "count": count,
        "results": [
            {"date": one.date.isoformat(), "kind": one.kind, **effects.of_day(opd.name, one.date, now)} for one in found
        ],
    }


@tk.validate_action_data(schema.coaching)
def satudata_coaching_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Log a clinic or a visit.

    :param opd: name or id of the OPD
    :param date: the day, for example 2026-11-21; not in the future
    :param kind: klinik or kunjungan
    :param topic: what it was about
    :param entries: codes of the OPD's plan entries that were spoken of, as a list or with commas (optional)
    :param outcome: what was agreed (optional)
    :returns: the new entry of the log
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_create", context, data_dict)
    opd = opd_of(data_dict["opd"])
    made = coaching.create(model.Session, opd.id, data_dict, roles.actor_id(context))
    model.Session.commit()
    return made.as_dict()


@tk.validate_action_data(schema.coaching_update)
def satudata_coaching_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change an entry of the log; the parameters are those of satudata_coaching_create, with its id and without OPD.

    :param id: the entry of the log
    :returns: the changed entry of the log
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_update", context, data_dict)
    changed = coaching.update(model.Session, coaching.get(model.Session, data_dict["id"]), data_dict)
    model.Session.commit()
    return changed.as_dict()


@tk.validate_action_data(schema.one_id)
def satudata_coaching_delete(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an entry out of the log.

    :param id: the entry of the log
    :returns: ``{"id"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_delete", context, data_dict)
    found = coaching.get(model.Session, data_dict["id"])
    model.Session.delete(found)
    model.Session.commit()
    return {"id": data_dict["id"]}
