"""Actions for what excuses a missing delivery: exemptions and extensions."""

from __future__ import annotations

from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.submission import actors, due, exemptions, extensions
from ckanext.satudataserang.submission.logic.reading import number, reach
from ckanext.satudataserang.submission.model import EXEMPTION_STATES
from ckanext.satudataserang.submission.refusals import invalid

_CHARACTERS = 2_000
#: Deadlines are counted on from these days, so they stay where dates can be reckoned with.
_FIRST, _LAST = date(1945, 1, 1), date(2200, 12, 31)


def satudata_exemption_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Excuse the periods of an entry that end between two days.

    An OPD proposes; what the Walidata says is in force at once.

    :param entry: kode or id of the plan entry
    :param berlaku_dari: first day (optional: today), as 2026-01-01
    :param berlaku_sampai: last day; compulsory, an exemption always expires
    :param reason: why nothing is owed; compulsory
    :rtype: dictionary
    """
    entry = due.entry_of(tk.get_or_bust(data_dict, "entry"))
    tk.check_access("satudata_exemption_create", context, data_dict)
    first = _day(data_dict, "berlaku_dari") or due.today()
    last = _day(data_dict, "berlaku_sampai")
    reason = _reason(data_dict, tk._("Tulis alasan pengecualian; tanpa alasan tidak dapat dicatat."))
    if last is None:
        message = tk._("Isi tanggal akhir pengecualian; pengecualian tidak berlaku selamanya.")
        raise invalid(field="berlaku_sampai", message=message)
    if last < first:
        raise invalid(field="berlaku_sampai", message=tk._("Tanggal akhir mendahului tanggal mulai."))
    approved = roles.WALIDATA in actors.roles_for(context, [])
    row = exemptions.create(entry, first, last, reason, actors.id_of(context), approved=approved)
    return exemptions.shown(row, entry)


def satudata_exemption_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Approve or reject a proposed exemption.

    :param id: id of the exemption
    :param approve: true or false
    :param note: why; compulsory for a rejection
    :rtype: dictionary
    """
    tk.check_access("satudata_exemption_decide", context, data_dict)
    tk.get_or_bust(data_dict, "approve")
    approve = flag(data_dict, "approve")
    note = _text(data_dict, "note")
    if not approve and not note:
        raise invalid(field="note", message=tk._("Tulis mengapa usul ini ditolak."))
    row = exemptions.change(
        _text(data_dict, "id"), "disetujui" if approve else "ditolak", ["diusulkan"], actors.id_of(context), note
    )
    return exemptions.shown(row, due.entry_of(row.entry_id))


def satudata_exemption_revoke(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an exemption back; its periods are owed again.

    :param id: id of the exemption
    :param note: why (optional)
    :rtype: dictionary
    """
    tk.check_access("satudata_exemption_revoke", context, data_dict)
    actor = actors.id_of(context)
    row = exemptions.change(
        _text(data_dict, "id"), "dicabut", ["diusulkan", "disetujui"], actor, _text(data_dict, "note")
    )
    return exemptions.shown(row, due.entry_of(row.entry_id))


@tk.side_effect_free
def satudata_exemption_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return exemptions, oldest request first.

    :param id: only this one (optional)
    :param state: diusulkan, disetujui, ditolak or dicabut (optional)
    :param entry: kode or id of a plan entry (optional)
    :param opd: name or id of an OPD (optional)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count", "results"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_exemption_list", context, data_dict)
    state = str(data_dict.get("state") or "")
    if state and state not in EXEMPTION_STATES:
        message = tk._("Status “{state}” tidak dikenal. Pakai salah satu dari: {known}.")
        raise invalid(field="state", message=message.format(state=state[:40], known=", ".join(EXEMPTION_STATES)))
    return exemptions.listed(
        exemption_id=_text(data_dict, "id"),
        state=state,
        entry=_text(data_dict, "entry"),
        opd_ids=reach(context, "satudata_exemption_list", data_dict.get("opd")),
        limit=number(data_dict, "limit", 100, 1_000),
        offset=number(data_dict, "offset", 0, 10_000_000),
    )


def satudata_extension_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give an entry more time for one period.

    :param entry: kode or id of the plan entry
    :param period: key of the period
    :param until: the last day, later than the deadline that holds now
    :param reason: why; compulsory
    :rtype: dictionary
    """
    entry = due.entry_of(tk.get_or_bust(data_dict, "entry"))
    tk.check_access("satudata_extension_create", context, data_dict)
    what = due.due_of(entry, tk.get_or_bust(data_dict, "period"), future=True)
    until = _day(data_dict, "until")
    if until is None:
        raise invalid(field="until", message=tk._("Isi tanggal akhir perpanjangan."))
    reason = _reason(data_dict, tk._("Tulis alasan perpanjangan; tanpa alasan tidak dapat dicatat."))
    return extensions.shown(extensions.create(what, until, reason, actors.id_of(context)), entry)


def satudata_extension_revoke(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an extension back.

    :param id: id of the extension
    :rtype: dictionary
    """
    tk.check_access("satudata_extension_revoke", context, data_dict)
    row = extensions.revoke(_text(data_dict, "id"), actors.id_of(context))
    return extensions.shown(row, due.entry_of(row.entry_id))


@tk.side_effect_free
def satudata_extension_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return extensions, newest first.

    :param entry: kode or id of a plan entry (optional)
    :param period: key of a period (optional)
    :param opd: name or id of an OPD (optional)
    :param active: only those in force (default false)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count", "results"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_extension_list", context, data_dict)
    return extensions.listed(
        entry=_text(data_dict, "entry"),
        period=_text(data_dict, "period"),
        active=flag(data_dict, "active"),
        opd_ids=reach(context, "satudata_extension_list", data_dict.get("opd")),
        limit=number(data_dict, "limit", 100, 1_000),
        offset=number(data_dict, "offset", 0, 10_000_000),
    )


def _day(data_dict: DataDict, name: str) -> date | None:
    text = _text(data_dict, name)
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = tk._("“{text}” bukan tanggal. Tulis seperti 2026-12-31.")
        raise invalid(name, message.format(text=text[:40])) from None
    if not _FIRST <= day <= _LAST:
        message = tk._("Tanggal {day} di luar rentang {first}–{last}. Periksa kembali tahunnya.")
        raise invalid(name, message.format(day=day.isoformat(), first=_FIRST.year, last=_LAST.year))
    return day


def _text(data_dict: DataDict, name: str) -> str:
    return str(data_dict.get(name) or "").replace("\0", "").strip()[:_CHARACTERS]


def _reason(data_dict: DataDict, message: str) -> str:
    reason = _text(data_dict, "reason")
    if not reason:
        raise invalid(field="reason", message=message)
    return reason
