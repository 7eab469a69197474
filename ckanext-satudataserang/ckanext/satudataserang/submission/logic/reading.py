"""Actions that read deliveries; they change nothing."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.submission import diff, due, files, form, queries
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import invalid

_MOST = 1_000
_USUAL = 100


@tk.side_effect_free
def satudata_submission_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one delivery: its facts, `findings`, `events`, `entry`, and `next`, the steps that are open to the caller.

    :param id: id of the delivery
    :rtype: dictionary
    """
    return queries.shown(context, _row(context, data_dict, "satudata_submission_show"))


@tk.side_effect_free
def satudata_submission_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return deliveries that nothing newer has taken the place of, oldest first.

    Who belongs to an OPD sees its deliveries; Walidata and Pembina see all.

    :param state: only this state (optional)
    :param opd: name or id of an OPD (optional)
    :param entry: kode or id of a plan entry (optional)
    :param period: key of a period (optional)
    :param urusan: code of a bidang urusan (optional)
    :param prioritas: true: only Data Prioritas of their period's year; false: only the others (optional)
    :param waiting: only what waits for the caller: for the Walidata checks and publications, for the Pembina approved
        Data Prioritas (default false)
    :param limit: at most so many (default 100, at most 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count", "results"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_submission_list", context, data_dict)
    state = data_dict.get("state")
    if state and state not in life.STATES:
        message = tk._("Status “{state}” tidak dikenal. Pakai salah satu dari: {known}.")
        raise invalid(field="state", message=message.format(state=str(state)[:40], known=", ".join(life.STATES)))
    filters = {
        **{key: str(data_dict.get(key) or "").replace("\0", "") for key in ("entry", "period", "urusan")},
        "state": state,
        "prioritas": flag(data_dict, "prioritas"),
        "waiting": bool(flag(data_dict, "waiting")),
        "limit": number(data_dict, "limit", _USUAL, _MOST),
        "offset": number(data_dict, "offset", 0, 10_000_000),
    }
    return queries.listed(context, filters, reach(context, "satudata_submission_list", data_dict.get("opd")))


@tk.side_effect_free
def satudata_submission_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return all deliveries of one cell, newest first, with events and files.

    Who neither delivers nor checks for the OPD gets the published ones only, without people and files.

    :param entry: kode or id of the plan entry
    :param period: key of the period
    :returns: ``{"entry", "period", "results"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_submission_history", context, data_dict)
    entry = due.entry_for(context, tk.get_or_bust(data_dict, "entry"))
    what = due.due_of(entry, tk.get_or_bust(data_dict, "period"), future=True)
    names = queries.Names.of([], [], entries=[entry])
    return {
        "entry": queries.entry_brief(entry, names),
        "period": {
            "key": what.period.key,
            "start": what.period.start.isoformat(),
            "end": what.period.end.isoformat(),
        },
        "deadline": what.deadline.isoformat(),
        "deadline_grace": what.grace.isoformat(),
        "results": queries.history(context, entry, what.period.key),
    }


@tk.side_effect_free
def satudata_submission_form(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return everything the page of one delivery needs.

    :param entry: kode or id of the plan entry
    :param period: key of the period
    :returns: ``entry``, ``period``, ``deadline``, ``extension``, ``exempt``, ``table``; ``columns`` to fill in
        (``id, title, type, unit, key, number``); ``previous``, rows of this and earlier periods, newest first;
        ``standing``, ``open``, ``draft`` deliveries (the last two with ``rows`` and ``findings``); ``seen`` for
        `satudata_submission_create`; ``allowed`` with ``why_not``; ``limits``
    :rtype: dictionary
    """
    tk.check_access("satudata_submission_form", context, data_dict)
    entry = due.entry_for(context, tk.get_or_bust(data_dict, "entry"))
    return form.form(context, due.due_of(entry, tk.get_or_bust(data_dict, "period"), future=True))


@tk.side_effect_free
def satudata_submission_diff(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return how a delivery differs from the rows that stand for its period or, failing that, for the one before.

    :param id: id of the delivery
    :returns: ``against`` (period or null), ``added``, ``removed``, ``changed`` rows, ``jumps``, ``columns``, ``keys``;
        ``matched`` false: rows could not be told apart, so nothing counts as changed
    :rtype: dictionary
    """
    row = _row(context, data_dict, "satudata_submission_diff")
    if row.entry_id is None:
        raise tk.ObjectNotFound(tk._("Kiriman di luar Daftar Data tidak memiliki perbandingan."))
    return diff.diff(row, due.due_of(due.entry_of(row.entry_id), row.period, future=True))


@tk.side_effect_free
def satudata_submission_file(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return where the file of a delivery is: ``{id, name, size, sha256, path}``; `path` only within the portal.

    :param id: id of the delivery
    :rtype: dictionary
    """
    row = _row(context, data_dict, "satudata_submission_file")
    if not row.file_sha256:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak memiliki berkas."))
    found = {"id": row.id, "name": row.file_name, "size": row.file_size, "sha256": row.file_sha256}
    # A path of the server is nobody's business outside it.
    return found if context.get("api_version") else {**found, "path": str(files.path_of(row.file_sha256))}


def reach(context: Context, action: str, opd: Any) -> list[str] | None:
    """The OPDs whose rows a list shows to the caller; None for all of them."""
    if opd:
        group = model.Group.get(str(opd).replace("\0", ""))
        return [group.id] if group is not None else []
    user = roles.user_of(context)
    if context.get("ignore_auth") or (user is not None and user.sysadmin):
        return None
    row = permissions.table()["actions"][action]
    if any(row.get(held) == permissions.EVERY_OPD for held in roles.grants_of(user)):
        return None
    return roles.opds_of(user)


def _row(context: Context, data_dict: DataDict, action: str) -> Submission:
    row = model.Session.get(Submission, str(tk.get_or_bust(data_dict, "id")).replace("\0", ""))
    if row is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak ditemukan."))
    tk.check_access(action, context, data_dict)
    return row


def flag(data_dict: DataDict, name: str) -> bool | None:
    """A yes or no among the parameters, None where it is not given. Raises ValidationError."""
    if (value := data_dict.get(name)) in (None, ""):
        return None
    try:
        return tk.asbool(value)
    except ValueError:
        raise invalid(field=name, message=tk._("Tulis true atau false untuk “{name}”.").format(name=name)) from None


def number(data_dict: DataDict, name: str, default: int, most: int) -> int:
    """A whole number among the parameters. Raises ValidationError."""
    try:
        value = int(data_dict.get(name) or default)
    except (TypeError, ValueError, OverflowError):
        value = -1
    if not 0 <= value <= most:
        message = tk._("“{name}” harus bilangan bulat dari 0 sampai {most}.")
        raise invalid(name, message.format(name=name, most=most))
    return value
