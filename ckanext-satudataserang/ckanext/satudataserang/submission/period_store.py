"""Replacing the rows of one period in a DataStore table: all of them or none.

The table keeps its other periods, its data dictionary and its views. Everything happens in one transaction, so readers
see the old rows of the period or the new ones, whole, and a process killed half-way leaves the old ones. The rows are
filled into a table beside it and checked there. A few go from there into the table; where they are a good part of it,
or where a column changes its type, the other periods go to them, and theirs is put in the old one's place.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, cast

import psycopg2
import psycopg2.errors

from ckanext.satudataserang.core.periods import Frequency, PeriodError, parse_period
from ckanext.satudataserang.core.tables.grid import CopyFile
from ckanext.satudataserang.core.tables.periods import Coverage

from . import constraints, full_text, retyping, staging, store, tables
from . import datastore_seam as seam
from .constraints import Constraints
from .store_model import PG_TYPES, Column, ColumnType, DuplicateRowError, Filling, LoadResult, Source
from .tables import Field

if TYPE_CHECKING:
    import sqlalchemy as sa

    from .streams import Scratch

#: The column of the period's key.
PERIOD = "periode"
_KEY = re.compile(r"\((?P<columns>.*)\)=\((?P<values>.*)\)", re.DOTALL)
_PARTS = {"triwulan": "Q", "semester": "S", "bulan": ""}
_PERIOD_FIELD = Field(PERIOD, "text", Column(PERIOD, "text", "Periode").info())
#: A file of at least so many rows, and of at least this part of the table's, has the table made anew.
_MANY, _GOOD_PART = 50_000, 0.25


@dataclass(frozen=True)
class PeriodAddress:
    """Which period is meant: its key, and what the plan entry says about periods (see `core.tables.periods`)."""

    key: str
    frequency: Frequency | None = None
    since: date | None = None


def replace_period(
    resource_id: str,
    columns: Sequence[Column],
    rows: Source,
    period: PeriodAddress,
    *,
    demanded: Constraints | None = None,
    connection: sa.engine.Connection | None = None,
) -> LoadResult:
    """Make `rows` all that a table holds for a period; the table is made where there is none.

    :param columns: what each row holds, in order; columns that the table lacks are added, those it has beside them stay
        empty in these rows. Columns that say the period need not be among them. A type that is agreed becomes the
        table's; where one is not, the table's is kept, made wider where it has to be.
    :param rows: as in `store.replace_table`
    :param demanded: what the rows have to keep; a key names a row once within its period
    :param connection: as in `store.replace_table`
    :returns: how many rows the period has now
    :raises CellValueError: a value does not fit its column
    :raises PrimaryKeyError: rows share a key or lack a part of it
    :raises AgreementError: rows are not as demanded
    :raises NarrowingError: what other periods hold does not fit an agreed type
    :raises DuplicateRowError: the table's key forbids a row
    :raises TableBusyError: as in `store.replace_table`
    """
    started = time.monotonic()
    with staging.load(resource_id, rows, connection) as (cursor, place):
        work = _Work(
            cursor, resource_id, columns, rows, period, demanded or Constraints(), place, connection is not None
        )
        standing = tables.read_fields(cursor, resource_id)
        try:
            count, indexed = work.join(standing) if standing else work.begin()
        except psycopg2.errors.UniqueViolation as error:
            found = _KEY.search(error.diag.message_detail or "")
            raise DuplicateRowError(*(found.group("columns", "values") if found else ("?", "?"))) from error
    return LoadResult(resource_id, count, time.monotonic() - started, indexed)


@dataclass(frozen=True)
class _Work:
    """One replacement, within its transaction."""

    cursor: Any
    resource_id: str
    columns: Sequence[Column]
    rows: Source
    period: PeriodAddress
    demanded: Constraints
    place: Scratch | None
    at_once: bool

    def begin(self) -> tuple[int, bool]:
        """The first period of a table."""
        first = _first(self.columns, self.period)
        staged, count = self._fill(first)
        given = {column.id for column in self.columns} - {PERIOD}
        demanded = constraints.within(self.demanded, given, beside=[PERIOD])
        constraints.verify(self.cursor, staged, demanded)
        return count, self._put(staged, count, first.columns, demanded.key)

    def join(self, standing: list[Field]) -> tuple[int, bool]:
        """The rows into the table that stands, or what stays of it to the rows."""
        cursor, table = self.cursor, self.resource_id
        # Nobody changes its columns meanwhile; who reads or writes rows goes on.
        cursor.execute(f"LOCK TABLE {seam.identifier(table)} IN ACCESS SHARE MODE")
        whole, told_by, constants = _planned(standing, self.columns, self.period)
        given = [column.id for column in self.columns]
        joined = _joined(whole, self.columns, constants)
        staged, count = self._fill(joined)
        demanded = constraints.within(self.demanded, given, beside=told_by)
        constraints.verify(cursor, staged, demanded)
        # Within the period alone: what other periods hold was agreed otherwise, or not at all.
        staging.make_unique(cursor, table, staged, demanded.key)
        # From here on readers wait where the table gets columns.
        _widen(cursor, table, standing, whole, self.period)
        gone = _rows_of(cursor, table, whole, told_by, self.period)
        changed = retyping.changes(whole, self.columns)
        retyping.require_room(cursor, table, whole, changed, unless=gone)
        if not changed and not self._is_good_part(count):
            self._move(staged, list(dict.fromkeys([*constants, *given])), gone)
            staging.describe(cursor, table, table, [column for column in self.columns if column.agreed])
            return count, full_text.is_indexed(cursor, table)
        if demanded.key:
            cursor.execute(f'DROP INDEX "{staged}_pk"')
        self._take_over(staged, whole, joined.columns, gone, count)
        return count, self._put(staged, _count(cursor, staged), joined.columns, keep_indexes=True)

    def _fill(self, what: Filling) -> tuple[str, int]:
        return staging.fill(self.cursor, what, self.rows, place=self.place)

    def _put(
        self, staged: str, count: int, whole: Sequence[Column], key: tuple[str, ...] = (), *, keep_indexes: bool = False
    ) -> bool:
        return store.put(
            self.cursor,
            self.resource_id,
            staged,
            count,
            whole,
            key,
            keep_indexes=keep_indexes,
            at_once=self.at_once,
        )

    def _is_good_part(self, count: int) -> bool:
        if not isinstance(self.rows, CopyFile) or count < _MANY:
            return False
        self.cursor.execute(
            "SELECT c.reltuples FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = 'public' AND c.relname = %s",
            (self.resource_id,),
        )
        known = float(self.cursor.fetchone()[0])
        # One that waits for its full text is not known to the planner.
        return count >= _GOOD_PART * (known if known >= 0 else _count(self.cursor, self.resource_id))

    def _move(self, staged: str, names: Sequence[str], gone: str) -> None:
        """Out with the period's old rows, in with the new ones, with their full text."""
        table, fields = seam.identifier(self.resource_id), seam.quoted(names)
        document = full_text.document_sql(full_text.text_columns(self.cursor, staged))
        self.cursor.execute(f"DELETE FROM {table} WHERE {gone}")  # noqa: S608 (our own identifiers and literals)
        self.cursor.execute(
            f"INSERT INTO {table} (_full_text, {fields}) "  # noqa: S608
            f"SELECT {document}, {fields} FROM {seam.identifier(staged)} ORDER BY _id"
        )
        self.cursor.execute(f"DROP TABLE {seam.identifier(staged)}")
        seam.store_row_count(self.cursor, self.resource_id, _count(self.cursor, self.resource_id))

    def _take_over(
        self, staged: str, standing: Sequence[Field], whole: Sequence[Column], gone: str, count: int
    ) -> None:
        """The rows of the other periods to the new ones: before them, or after so many that numbering anew is dear."""
        table, fields = seam.identifier(self.resource_id), seam.quoted([field.id for field in standing])
        # Nobody changes what is being copied; who reads goes on reading.
        self.cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        values = ", ".join(retyping.cast_sql(field, column.type) for field, column in zip(standing, whole, strict=True))
        first = count
        if count <= full_text.AT_ONCE_ROWS:
            self.cursor.execute(f"SELECT count(*) FROM {table} WHERE NOT ({gone})")  # noqa: S608
            self.cursor.execute(f"UPDATE {seam.identifier(staged)} SET _id = _id + {self.cursor.fetchone()[0]}")  # noqa: S608
            first = 0
        self.cursor.execute(
            f"INSERT INTO {seam.identifier(staged)} (_id, _full_text, {fields}) "  # noqa: S608
            f"SELECT {first} + row_number() OVER (ORDER BY _id), _full_text, {values} FROM {table} WHERE NOT ({gone})"
        )


def filling(resource_id: str, columns: Sequence[Column], period: PeriodAddress) -> Filling:
    """What `replace_period` will fill a table with, as far as that can be told before; nothing is changed."""
    with tables.cursor() as reading:
        standing = tables.read_fields(reading, resource_id)
    if not standing:
        return _first(columns, period)
    whole, _told_by, constants = _planned(standing, columns, period)
    return _joined(whole, columns, constants)


def _planned(
    standing: Sequence[Field], columns: Sequence[Column], period: PeriodAddress
) -> tuple[list[Field], list[str], dict[str, object]]:
    """A table's columns as they will be, those that tell a row's period, and what they hold in rows of this one that
    do not say it themselves.

    A table in which nothing can tell this period gets the column `periode`.
    """
    known = {field.id for field in standing}
    added = [Field(column.id, column.type, column.info()) for column in columns if column.id not in known]
    whole = [*standing, *added]
    told_by = _coverage(whole, period).told_by
    if PERIOD in told_by:
        return whole, told_by, {PERIOD: period.key}
    values = _parts(told_by, period.key)
    if told_by and (values is not None or {column.id for column in columns}.issuperset(told_by)):
        return whole, told_by, {key: value for key, value in (values or {}).items() if key in told_by}
    return [*whole, _PERIOD_FIELD], [PERIOD], {PERIOD: period.key}


def _first(columns: Sequence[Column], period: PeriodAddress) -> Filling:
    given = {column.id: column for column in columns}
    key = given.pop(PERIOD, Column(PERIOD, "text", "Periode", "Period"))
    return Filling([key, *given.values()], [column.id for column in columns], {PERIOD: period.key})


def _joined(standing: Sequence[Field], columns: Sequence[Column], constants: dict[str, object]) -> Filling:
    given, changed = {column.id: column for column in columns}, retyping.changes(standing, columns)
    whole = [_shaped(field, given.get(field.id), changed.get(field.id, field.type)) for field in standing]
    return Filling(whole, [column.id for column in columns], constants)


def _shaped(field: Field, column: Column | None, kind: str) -> Column:
    """A column of the table as the rows' own has it, in the type it has or gets."""
    return replace(column, type=cast("ColumnType", kind)) if column else Column(field.id, cast("ColumnType", kind))


def _widen(
    cursor: Any, resource_id: str, standing: Sequence[Field], whole: Sequence[Field], period: PeriodAddress
) -> None:
    """Give a table the columns that it lacks; `periode` says what the others say of the rows that are there."""
    table, added = seam.identifier(resource_id), whole[len(standing) :]
    told_by = _coverage(standing, period).told_by if (PERIOD, "text") in [(one.id, one.type) for one in added] else []
    pairs = _told(cursor, resource_id, standing, told_by, period)
    for field in added:
        kind = PG_TYPES[cast("ColumnType", field.type)]
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN {seam.identifier(field.id)} {kind}")
        if field.info:
            cursor.execute(seam.comment_sql(resource_id, field.id, {"_info": field.info}))
    where = " AND ".join(f"{seam.identifier(each)}::text IS NOT DISTINCT FROM %s" for each in told_by)
    for told, key in pairs.items():
        cursor.execute(f"UPDATE {table} SET {seam.identifier(PERIOD)} = %s WHERE {where}", (key, *told))  # noqa: S608


def _parts(told_by: Sequence[str], key: str) -> dict[str, object] | None:
    """Year and part of a key for these columns; None where they cannot say it."""
    try:
        period = parse_period(key)
    except PeriodError:
        return None
    year, _sep, rest = period.key.partition("-")
    if not told_by or (len(told_by) == 1 and rest):
        return None
    if len(told_by) == 1:
        return {told_by[0]: int(year)}
    sign = _PARTS.get(told_by[1], "?")
    part = rest.removeprefix(sign)
    if not rest or (sign and part == rest) or not part.isdigit():
        return None
    return {told_by[0]: int(year), told_by[1]: int(part)}


def _told(
    cursor: Any, resource_id: str, standing: Sequence[Field], told_by: Sequence[str], period: PeriodAddress
) -> dict[tuple[str | None, ...], str]:
    """The period of every combination of values that the table's period columns hold."""
    if not told_by:
        return {}
    texts = ", ".join(f"{seam.identifier(name)}::text" for name in told_by)
    cursor.execute(f"SELECT DISTINCT {texts} FROM {seam.identifier(resource_id)}")  # noqa: S608 (quoted identifiers)
    coverage = _coverage(standing, period)
    places = [next(index for index, field in enumerate(standing) if field.id == name) for name in told_by]
    found: dict[tuple[str | None, ...], str] = {}
    for told in cursor.fetchall():
        cells: list[str | None] = [None] * len(standing)
        for place, value in zip(places, told, strict=True):
            cells[place] = value
        if key := coverage.period_of(0, cells):
            found[tuple(told)] = key
    return found


def _coverage(standing: Sequence[Field], period: PeriodAddress) -> Coverage:
    return Coverage(tables.as_table_columns(standing), frequency=period.frequency, since=period.since)


def _rows_of(
    cursor: Any, resource_id: str, standing: Sequence[Field], told_by: Sequence[str], period: PeriodAddress
) -> str:
    """SQL that is true of the period's rows, and false (never unknown) of the others."""
    pairs = [told for told, key in _told(cursor, resource_id, standing, told_by, period).items() if key == period.key]
    if list(told_by) == [PERIOD]:
        # The key itself, also where it is no period that the reader of tables knows (`statis`).
        pairs = list({*pairs, (period.key,)})
    names = [f"{seam.identifier(name)}::text" for name in told_by]
    rows = [
        " AND ".join(
            cursor.mogrify(f"{name} IS NOT DISTINCT FROM %s", (value,)).decode()
            for name, value in zip(names, told, strict=True)
        )
        for told in pairs
    ]
    return " OR ".join(f"({row})" for row in rows) or "FALSE"


def _count(cursor: Any, resource_id: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {seam.identifier(resource_id)}")  # noqa: S608 (quoted identifiers only)
    return int(cursor.fetchone()[0])
