"""A delivery beside what stands: the same period where it is corrected, else the period before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from ckanext.satudataserang.core.diffs import compare
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.columns import is_key
from ckanext.satudataserang.submission import config, due, reading, rows, tables
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.model import Submission


def diff(row: Submission, what: Due) -> dict[str, Any]:
    """See `logic.reading.satudata_submission_diff`."""
    limit = config.max_rows()
    place = tables.place_of(what.entry)
    fields = tables.fields(place.resource_id) if place and place.resource_id else []
    new = rows.of_delivery(row, what, limit)
    against, old = _before(place, fields, what, limit)
    columns = list({column.id: column for column in [*new.columns, *old.columns]}.values())
    structure = reading.structure_named(row.structure)
    keys = [column.id for column in columns if is_key(column.id) or _names_a_row(column, columns)]
    if structure is not None:
        agreed = {column.id for column in structure.columns if column.key}
        keys = [column.id for column in columns if column.id in agreed] or keys
    found = compare(old.as_dicts(), new.as_dicts(), keys, jump_percent=config.jump_percent())
    return {
        "id": row.id,
        "period": row.period,
        "against": against,
        "columns": [
            asdict(column) | {"key": column.id in keys, "labels": _labels(structure, column.id, (new, old))}
            for column in columns
        ],
        "keys": list(found.keys),
        "matched": found.matched,
        "added": found.added,
        "removed": found.removed,
        "changed": [
            {"key": dict(one.key), "changes": [asdict(change) for change in one.changes]} for one in found.changed
        ],
        "unchanged": found.unchanged,
        "jumps": found.jumps,
        "jump_percent": config.jump_percent(),
        "rows": len(new.rows),
        "truncated": new.truncated or old.truncated,
    }


def _labels(structure: Structure | None, column_id: str, held: Iterable[rows.Held]) -> dict[str, str]:
    """What the codes that occur in a column are called; empty where the structure has no list for it."""
    column = next((one for one in structure.columns if one.id == column_id), None) if structure else None
    try:
        codes = structure.codes_of(column) if structure and column else None
    except KeyError:
        return {}
    if codes is None:
        return {}
    named = {one.code: one.label or one.code for one in codes.codes}
    seen = {row.get(column_id) for one in held for row in one.as_dicts()}
    return {code: named[code] for code in seen if code in named}


def _before(
    place: tables.Place | None, fields: list[tables.Field], what: Due, limit: int
) -> tuple[str | None, rows.Held]:
    if place is None or place.resource_id is None:
        return None, rows.Held()
    earlier = [period.key for period in due.periods_of(what.entry) if period.end < what.period.end]
    keys = [what.period.key, *reversed(earlier)]
    found = rows.of_periods(place.resource_id, fields, what, keys, limit=limit, most=1)
    return found[0] if found else (None, rows.Held())


def _names_a_row(column: rows.HeldColumn, columns: list[rows.HeldColumn]) -> bool:
    """In a table of numbers the texts say what a row is about; in one of texts alone nobody can tell."""
    has_numbers = any(one.type in ("integer", "numeric") and not is_key(one.id) for one in columns)
    return has_numbers and column.type == "text" and column.id not in ("satuan", "sumber", "catatan", "keterangan")
