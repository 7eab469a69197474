"""Actions about counting itself: the last run, a recount, and frozen months."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.completeness import health, snapshots, touched
from ckanext.satudataserang.completeness.logic import schema
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.completeness.rules import rules


@tk.side_effect_free
def satudata_completeness_status(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how the last count of completeness went, and whether letters may be sent on its figures.

    :returns: ``{"started", "finished", "ok": null where it was broken off, "error": for those who may recount, else
        empty, "kind": penuh or perubahan, "rule_version", "entries" and "cells" evaluated, "shrunk": less than half of
        the last good run, "warned": 2 % less or more, "last_good": when figures were last computed, "mails_allowed",
        "reason": a sentence where they are not}``; before the first run all of it is null, and no letters are sent
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_status", context, data_dict)
    now = datetime.now(timezone.utc)
    last = health.last_run(model.Session, now) or {}
    allowed, reason = health.mails_allowed(model.Session, now)
    good = health.last_good(model.Session)
    # An error names tables and values: it is for those who run the portal.
    return {
        **{name: last.get(name) for name in ("ok", "kind", "entries", "cells")},
        **{name: last[name].isoformat() if last.get(name) else None for name in ("started", "finished")},
        "error": last.get("error", "") if _may(context, "satudata_completeness_refresh") else "",
        "rule_version": last.get("rule_version") or rules().version,
        "shrunk": bool(last.get("shrunk")),
        "warned": bool(last.get("warned")),
        "last_good": good.isoformat() if good else None,
        "mails_allowed": allowed,
        "reason": reason,
    }


def _may(context: Context, action: str) -> bool:
    """Whether the caller may call an action."""
    try:
        tk.check_access(action, tk.fresh_context(context), {})
    except tk.NotAuthorized:
        return False
    return True


def satudata_completeness_refresh(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Count anew: everything, or only what was touched since the last time.

    :param everything: rebuild all cells and figures (default true)
    :param accept: take what is found as the new measure, though it is less than half of the last good run: letters
        are sent again (default false)
    :returns: ``{"cells": cells written or changed}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_refresh", context, data_dict)
    now = datetime.now(timezone.utc)
    accept = flag(data_dict, "accept")
    if flag(data_dict, "everything", default=True):
        done = health.run(
            model.Session, "penuh", lambda: refresh(model.Session, now, holidays=holidays()), accept=accept
        )
    else:
        done = health.run(
            model.Session, "perubahan", lambda: touched.refresh_touched(model.Session, now), accept=accept
        )
    return {"cells": done.cells if done else 0}


@tk.validate_action_data(schema.snapshot)
def satudata_snapshot_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Freeze a month that is over, as it is known now. What is frozen never changes.

    :param month: the month, ``YYYY-MM``
    :returns: ``{"month", "as_of", "sha256", "cells"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_snapshot_create", context, data_dict)
    now = datetime.now(timezone.utc)
    touched.refresh_touched(model.Session, now)
    made = snapshots.make(model.Session, now, data_dict["month"], context.get("user") or "")
    model.Session.commit()
    return made


@tk.side_effect_free
@tk.validate_action_data(schema.snapshot)
def satudata_snapshot_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a frozen month with its figures, and what today's rules make of the same inputs.

    :param month: the month, ``YYYY-MM``
    :returns: ``{"month", "sha256", "rules": those it was frozen with, "frozen", "current_rule_version", "recomputed",
        "same": whether both are equal}``; figures are ``{"of": "YYYY-MM", "as_of", "rule_version", "window" and
        "month" each with "dari", "sampai", "city", "opd": {id: figure}, "urusan": {code: figure}}``, a figure is
        ``{"measures": {name: [numerator, denominator]}, "index", "band"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_snapshot_show", context, data_dict)
    return snapshots.shown(model.Session, data_dict["month"])


@tk.side_effect_free
@tk.validate_action_data(schema.snapshot)
def satudata_snapshot_verify(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Compute a frozen month again from its frozen inputs and rules, and compare every byte.

    :param month: the month, ``YYYY-MM``
    :returns: ``{"month", "ok", "problems": [sentence, …], "sha256"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_snapshot_verify", context, data_dict)
    return snapshots.verified(model.Session, data_dict["month"])


@tk.side_effect_free
@tk.validate_action_data(schema.paged)
def satudata_snapshot_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the frozen months, newest first.

    :param limit: at most so many (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [{"month", "as_of", "rule_version", "sha256", "cells", "made_by": for those who
        may freeze a month, else empty, "bytes"}, …]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_snapshot_list", context, data_dict)
    count, rows = snapshots.listed(model.Session, limit=data_dict["limit"], offset=data_dict["offset"])
    # An account belongs to a person; the public learns what was frozen, not by whom.
    if not _may(context, "satudata_snapshot_create"):
        rows = [{**row, "made_by": ""} for row in rows]
    return {"count": count, "results": rows}
