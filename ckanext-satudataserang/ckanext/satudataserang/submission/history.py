"""Earlier values of an entry's measures, which a new delivery is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal

from ckanext.satudataserang.core.periods import PeriodError, parse_period
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.columns import is_key
from ckanext.satudataserang.core.tables.periods import Coverage
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission import tables
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.tables import Field

History = Mapping[str, Mapping[tuple[str, ...], Sequence[tuple[str, Decimal]]]]

#: A table with more rows is not compared: a person would not look at so many outliers one by one.
MOST_ROWS = 50_000
_NUMBERS = ("integer", "numeric")


def history(what: Due, structure: Structure | None) -> History:
    """Values of the periods before this one, oldest first: by measure and key of the row its (period, value) pairs.

    The key is that of the structure, without one the columns that look like keys, in the order of the table.
    """
    place = tables.place_of(what.entry)
    if place is None or place.resource_id is None:
        return {}
    fields = tables.fields(place.resource_id)
    coverage = Coverage(tables.as_table_columns(fields), frequency=what.terms.frequency, since=what.terms.anchor)
    there = {field.id: at for at, field in enumerate(fields)}
    keys = [there[name] for name in _keys(fields, structure) if name in there]
    measures = [at for at, field in enumerate(fields) if _is_measure(field, structure)]
    if not coverage.told_by or not measures:
        return {}
    found: dict[str, dict[tuple[str, ...], list[tuple[str, Decimal]]]] = {fields[at].id: {} for at in measures}
    for period, cells in _earlier(place.resource_id, fields, coverage, what):
        key = tuple(cells[at] or "" for at in keys)
        for at in measures:
            value = cells[at]
            if value is not None:
                found[fields[at].id].setdefault(key, []).append((period, Decimal(value)))
    return found


def _keys(fields: Sequence[Field], structure: Structure | None) -> Sequence[str]:
    if structure is not None:
        return structure.key
    return [field.id for field in fields if is_key(field.id) and not tables.is_period_column(field.id)]


def _is_measure(field: Field, structure: Structure | None) -> bool:
    if structure is not None:
        return any(column.id == field.id and column.is_measure for column in structure.columns)
    return field.type in _NUMBERS and not is_key(field.id)


def _earlier(
    resource_id: str, fields: Sequence[Field], coverage: Coverage, what: Due
) -> list[tuple[str, list[str | None]]]:
    """The rows of the periods that ended before this one began, as text, in the order of their periods."""
    texts = ", ".join(f"{seam.identifier(field.id)}::text" for field in fields)
    with tables.cursor() as reading:
        reading.execute(
            f"SELECT {texts} FROM {seam.identifier(resource_id)} ORDER BY _id LIMIT %s",  # noqa: S608 (quoted)
            (MOST_ROWS + 1,),
        )
        rows = reading.fetchall()
    if len(rows) > MOST_ROWS:
        return []
    by_period: dict[str, list[list[str | None]]] = defaultdict(list)
    for row in rows:
        if key := coverage.period_of(0, row):
            by_period[key].append(list(row))
    dated = []
    for key, cells in by_period.items():
        try:
            period = parse_period(key)
        except PeriodError:
            continue
        if period.end < what.period.start:
            dated.append((period.start, key, cells))
    return [(key, row) for _start, key, rows_of in sorted(dated, key=lambda one: one[:2]) for row in rows_of]
