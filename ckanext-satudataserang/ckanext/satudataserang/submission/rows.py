"""Rows of deliveries and of periods, as people read them: values as text, in the order of the file or the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from ckanext.satudataserang.core.tables.periods import Coverage
from ckanext.satudataserang.submission import config, reading, tables
from ckanext.satudataserang.submission import datastore_seam as seam
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.model import Submission


@dataclass(frozen=True)
class HeldColumn:
    """A column: its name in the table, its title, its type and its unit."""

    id: str
    title: str
    type: str
    unit: str = ""


@dataclass
class Held:
    """Some rows: `columns`, and the values of each row as text (None: no value); `truncated` when there are more.

    `numbers` are those of the rows in the file, where they come from one.
    """

    columns: Sequence[HeldColumn] = ()
    rows: list[list[str | None]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    truncated: bool = False

    def as_dicts(self) -> list[dict[str, str | None]]:
        """Each row by column id."""
        return [{column.id: value for column, value in zip(self.columns, row, strict=True)} for row in self.rows]


def of_delivery(row: Submission, what: Due, limit: int) -> Held:
    """The rows of a delivery's file, without the columns that say the period; nothing where it cannot be read.

    Cells that could not be read are shown as they stand in the file. A file that a job checks is not read for a page.
    """
    if row.file_sha256 is None:
        return Held()
    if (row.file_size or 0) > config.at_once():
        return Held(truncated=True)
    with reading.kept(row, what) as found:
        table = found.table
        kept = [index for index, column in enumerate(table.columns) if not tables.is_period_column(column.id)]
        columns = [HeldColumn(one.id, one.title, one.type.name) for one in (table.columns[index] for index in kept)]
        rows = list(islice(table.texts(), limit + 1)) if columns else []
    return Held(
        columns,
        [[cells[index] for index in kept] for _number, cells in rows[:limit]],
        [number for number, _cells in rows[:limit]],
        truncated=len(rows) > limit,
    )


def of_periods(
    resource_id: str, fields: Sequence[tables.Field], what: Due, keys: Sequence[str], *, limit: int, most: int
) -> list[tuple[str, Held]]:
    """The rows that a table has for the first `most` of these periods that it has any for."""
    columns = [
        HeldColumn(one.id, one.title, one.type, str(one.info.get("unit") or ""))
        for one in fields
        if not tables.is_period_column(one.id)
    ]
    coverage = Coverage(tables.as_table_columns(list(fields)), frequency=what.terms.frequency, since=what.terms.anchor)
    if not coverage.told_by or not columns:
        return []
    told = _told(resource_id, fields, coverage)
    found: list[tuple[str, Held]] = []
    for key in keys:
        values = [each for each, its in told.items() if its == key]
        if values and len(found) < most:
            found.append((key, _read(resource_id, columns, coverage.told_by, values, limit)))
    return found


def _told(resource_id: str, fields: Sequence[tables.Field], coverage: Coverage) -> dict[tuple[str | None, ...], str]:
    """The period of each combination of values in the columns that say it."""
    texts = ", ".join(f"{seam.identifier(name)}::text" for name in coverage.told_by)
    places = [next(index for index, one in enumerate(fields) if one.id == name) for name in coverage.told_by]
    found = {}
    with tables.cursor() as reading:
        reading.execute(f"SELECT DISTINCT {texts} FROM {seam.identifier(resource_id)}")  # noqa: S608 (quoted)
        for told in reading.fetchall():
            cells: list[str | None] = [None] * len(fields)
            for place, value in zip(places, told, strict=True):
                cells[place] = value
            key = coverage.period_of(0, cells)
            # A table of static data says `statis` where others say a period.
            found[tuple(told)] = key or (told[0] or "")
    return found


def _read(
    resource_id: str,
    columns: Sequence[HeldColumn],
    told_by: Sequence[str],
    values: Sequence[tuple[str | None, ...]],
    limit: int,
) -> Held:
    texts = ", ".join(f"{seam.identifier(column.id)}::text" for column in columns)
    one = " AND ".join(f"{seam.identifier(name)}::text IS NOT DISTINCT FROM %s" for name in told_by)
    where = " OR ".join(f"({one})" for _each in values)
    with tables.cursor() as reading:
        reading.execute(
            f"SELECT {texts} FROM {seam.identifier(resource_id)} WHERE {where} ORDER BY _id LIMIT %s",  # noqa: S608
            (*(value for each in values for value in each), limit + 1),
        )
        rows = [list(row) for row in reading.fetchall()]
    return Held(columns, rows[:limit], truncated=len(rows) > limit)
