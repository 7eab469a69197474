"""Everything the page of one delivery needs: what is asked, what was said before, what is there now."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.structures.resolve import expected_count, expected_keys
from ckanext.satudataserang.core.tables.columns import is_key
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import actors, blanks, config, due, lifecycle, queries, rows, tables
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.model import Submission

_EARLIER = 2
#: Longer lists are no help in a box on a page; the check knows them all the same.
_MOST_CHOICES = 200


def form(context: Context, what: Due) -> dict[str, Any]:
    """See `logic.reading.satudata_submission_form`."""
    entry = what.entry
    found = lifecycle.cell(entry.id, what.period.key)
    names = queries.Names.of([row for row in (found.standing, found.open, found.draft) if row], [], entries=[entry])
    place = tables.place_of(entry)
    fields = tables.fields(place.resource_id) if place and place.resource_id else []
    structure = structures.structure_of(entry)
    draft, open_, standing = (_with_rows(row, what, names) for row in (found.draft, found.open, found.standing))
    exempt = due.exemption_of(entry.id, what.period)
    return {
        "entry": {**entry.as_dict(), "opd": names.opd(entry.opd_id)},
        "period": {
            "key": what.period.key,
            "start": what.period.start.isoformat(),
            "end": what.period.end.isoformat(),
            "confirmation": what.is_confirmation,
        },
        "frequency": what.terms.frequency.value,
        "kelas": what.terms.kelas,
        "prioritas": what.prioritas,
        "deadline": what.deadline.isoformat(),
        "deadline_grace": what.grace.isoformat(),
        "extension": {"until": what.extension.until.isoformat(), "reason": what.extension.reason}
        if what.extension
        else None,
        "exempt": {"reason": exempt.reason, "sampai": exempt.berlaku_sampai.isoformat()} if exempt else None,
        "table": {"dataset_id": place.dataset_id, "resource_id": place.resource_id, "published": place.published}
        if place
        else None,
        "structure": {"kode": structure.kode, "nama": structure.nama, "version": structure.version}
        if structure
        else None,
        "columns": _agreed(structure) if structure else _columns(fields, draft or open_),
        "expected": _expected(structure) if structure else [],
        "template": not what.is_confirmation and blanks.exists(entry.as_dict(), structure, fields),
        "previous": _previous(what, place, fields),
        "standing": standing,
        "open": open_,
        "draft": draft,
        "seen": found.open.id if found.open else "",
        "allowed": _allowed(context, what, found),
        "limits": {
            "rows": config.max_rows(),
            "columns": config.max_columns(),
            "upload_mb": config.max_upload() // (1024 * 1024),
        },
    }


def _with_rows(row: Submission | None, what: Due, names: queries.Names) -> dict[str, Any] | None:
    if row is None:
        return None
    shown = {**queries.plain(row, names), "findings": row.findings, "reading": row.reading}
    shown.update(rows=[], columns=[], numbers=[], truncated=False)
    if row.state == life.DIKEMBALIKAN:
        shown["returned"] = _return_of(row)
    if row.state != life.TERBIT and row.file_sha256:
        held = rows.of_delivery(row, what, config.max_rows())
        shown.update(rows=held.as_dicts(), columns=[_described(one) for one in held.columns])
        shown.update(numbers=held.numbers, truncated=held.truncated)
    return shown


def _return_of(row: Submission) -> dict[str, Any] | None:
    events = queries.events_of(row.id)
    return next((event for event in reversed(events) if event["to_state"] == life.DIKEMBALIKAN), None)


def _columns(fields: list[tables.Field], held: dict[str, Any] | None) -> list[dict[str, Any]]:
    """The columns to fill in: those of the table without the period's own, else those of what is there already."""
    if not fields:
        return held["columns"] if held else []
    return [
        _described(rows.HeldColumn(field.id, field.title, field.type, field.info.get("unit") or ""))
        for field in fields
        if not tables.is_period_column(field.id)
    ]


def _agreed(structure: Structure) -> list[dict[str, Any]]:
    """The columns of a structure, with what may stand in them."""
    return [
        {
            "id": column.id,
            "title": column.label or column.id,
            "type": column.type,
            "unit": column.satuan,
            "key": column.key,
            "number": column.is_number,
            "required": column.required or column.key,
            "definition": column.definisi or column.konsep,
            "choices": _choices(column, structure),
        }
        for column in structure.columns
    ]


def _choices(column: Column, structure: Structure) -> list[dict[str, str]]:
    try:
        codes = structure.codes_of(column)
    except KeyError:
        return []
    if codes is None or len(codes.codes) > _MOST_CHOICES:
        return []
    return [{"code": one.code, "label": one.label} for one in codes.codes]


def _expected(structure: Structure) -> list[dict[str, str]]:
    """The rows that are expected, by the columns that name them; none where they are too many to be typed."""
    count = expected_count(structure)
    if count is None or count > config.max_rows():
        return []
    return [dict(zip(structure.expected, key, strict=True)) for key in expected_keys(structure)]


def _described(column: rows.HeldColumn) -> dict[str, Any]:
    return {
        "id": column.id,
        "title": column.title,
        "type": column.type,
        "unit": column.unit,
        "key": is_key(column.id),
        "number": column.type in ("integer", "numeric"),
    }


def _previous(what: Due, place: tables.Place | None, fields: list[tables.Field]) -> list[dict[str, Any]]:
    """The rows of the period itself, where it stands published, and of the ones before it; newest first."""
    if place is None or place.resource_id is None:
        return []
    before = [period for period in due.periods_of(what.entry) if period.start <= what.period.start]
    keys = list(dict.fromkeys([what.period.key, *(period.key for period in reversed(before))]))
    held = rows.of_periods(place.resource_id, fields, what, keys, limit=config.max_rows(), most=_EARLIER + 1)
    return [{"period": key, "rows": one.as_dicts(), "truncated": one.truncated} for key, one in held]


def _allowed(context: Context, what: Due, found: lifecycle.Cell) -> dict[str, Any]:
    """What the acting person may do here now, and why not."""
    place = {"entry": what.entry.id, "period": what.period.key}
    deliver = actors.may(context, "satudata_submission_create", **place)
    reason = ""
    if not deliver:
        reason = tk._("Anda dapat melihat, tetapi hanya pengirim data OPD ini yang dapat mengirim.")
    elif found.open is not None and found.open.state in life.LOCKED:
        deliver = False
        reason = tk._("Kiriman periode ini sudah disetujui dan menunggu terbit. Koreksi dapat dikirim sesudahnya.")
    elif what.period.start > due.today():
        deliver = False
        reason = tk._("Periode ini belum dimulai.")
    needs_first = what.is_confirmation and lifecycle.cell(what.entry.id, "statis").published is None
    if deliver and needs_first:
        deliver = False
        reason = tk._("Belum ada data statis yang terbit untuk dikonfirmasi. Kirim dahulu datanya.")
    rows_allowed = deliver and not what.is_confirmation
    return {
        "create": deliver,
        "why_not": reason,
        "rows": rows_allowed,
        "nil": rows_allowed,
        "confirms": deliver and what.is_confirmation,
        "correction": found.published is not None,
        "discard": deliver and found.draft is not None,
        "exemption": actors.may(context, "satudata_exemption_create", **place),
        "extension": actors.may(context, "satudata_extension_create", **place),
    }
