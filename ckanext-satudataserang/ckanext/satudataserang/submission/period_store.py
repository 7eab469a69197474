"""Replacing the rows of one period in a DataStore table: all of them or none.

The table keeps its other periods, its data dictionary and its views. Everything happens in one transaction, so readers
see the old rows of the period or the new ones, whole, and a process killed half-way leaves the old ones.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Any, cast

import psycopg2
import psycopg2.errors

from ckanext.satudataserang.core.periods import Frequency, PeriodError, parse_period
from ckanext.satudataserang.core.tables.periods import Coverage

from . import datastore_seam as seam
from . import store, tables
from .copy_stream import CopyStream
from .store import Column, ColumnType, LoadResult, StoreError, TableBusyError
from .tables import Field

if TYPE_CHECKING:
    import sqlalchemy as sa

#: The column of the period's key.
PERIOD = "periode"
_LOCK_TIMEOUT = "60s"
_KEY = re.compile(r"\((?P<columns>.*)\)=\((?P<values>.*)\)", re.DOTALL)
#: What a type may become so that new values fit; anything else is refused.
_WIDER = {("integer", "numeric"): "numeric", ("date", "timestamp"): "timestamp"}
_PARTS = {"triwulan": "Q", "semester": "S", "bulan": ""}


@dataclass(frozen=True)
class PeriodAddress:
    """Which period is meant: its key, and what the plan entry says about periods (see `core.tables.periods`)."""

    key: str
    frequency: Frequency | None = None
    since: date | None = None


@dataclass
class DuplicateRowError(StoreError):
    """Two rows share what names a row once in this table."""

    columns: str
    values: str

    def __str__(self) -> str:
        """Name the columns and the values."""
        return f"({self.columns}) = ({self.values})"


def replace_period(
    resource_id: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    period: PeriodAddress,
    *,
    connection: sa.engine.Connection | None = None,
) -> LoadResult:
    """Make `rows` all that a table holds for a period; the table is made where there is none.

    :param columns: what each row holds, in order; columns that the table lacks are added, those it has beside them stay
        empty in these rows. Columns that say the period need not be among them.
    :param connection: as in `store.replace_table`
    :returns: how many rows the period has now
    :raises CellValueError: a value does not fit its column
    :raises DuplicateRowError: the table's key forbids a row
    :raises TableBusyError: the table could not be locked within a minute
    """
    if connection is not None:
        count = _replace(connection, resource_id, columns, rows, period)
    else:
        with seam.write_engine().begin() as own:
            count = _replace(own, resource_id, columns, rows, period)
    return LoadResult(resource_id, count, 0.0)


def _replace(
    connection: sa.engine.Connection,
    resource_id: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    period: PeriodAddress,
) -> int:
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"satudata:{resource_id}",))
        cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        standing = tables.read_fields(cursor, resource_id)
        if not standing:
            with_key = [Column(PERIOD, "text", "Periode", "Period"), *(c for c in columns if c.id != PERIOD)]
            fill = _filler(columns, [c.id for c in with_key], {PERIOD: period.key})
            store.replace_table(resource_id, with_key, (fill(row) for row in rows), connection=connection)
            return _count(cursor, resource_id)
        standing = _fit(cursor, resource_id, standing, columns)
        told_by, values = _address(cursor, resource_id, standing, columns, period)
        _delete(cursor, resource_id, standing, told_by, period)
        names = list(dict.fromkeys(chain(values, (c.id for c in columns))))
        added = _insert(cursor, resource_id, standing, names, map(_filler(columns, names, values), rows))
        seam.store_row_count(cursor, resource_id, _count(cursor, resource_id))
    except psycopg2.errors.LockNotAvailable as error:
        raise TableBusyError(str(error)) from error
    except psycopg2.errors.UniqueViolation as error:
        found = _KEY.search(error.diag.message_detail or "")
        raise DuplicateRowError(*(found.group("columns", "values") if found else ("?", "?"))) from error
    except (psycopg2.DataError, psycopg2.errors.ProgramLimitExceeded) as error:
        raise store.cell_error(error) from error
    finally:
        cursor.close()
    return added


def _fit(cursor: Any, resource_id: str, standing: list[Field], columns: Sequence[Column]) -> list[Field]:
    """Add the columns that are new, and widen those that are too narrow."""
    table, known = seam.identifier(resource_id), {field.id: field for field in standing}
    for column in columns:
        if column.id not in known:
            cursor.execute(f"ALTER TABLE {table} ADD COLUMN {seam.identifier(column.id)} {store.PG_TYPES[column.type]}")
            if info := column.info():
                cursor.execute(seam.comment_sql(resource_id, column.id, {"_info": info}))
        elif wider := _WIDER.get((known[column.id].type, column.type)):
            name = seam.identifier(column.id)
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {name} TYPE {store.PG_TYPES[cast('ColumnType', wider)]}")
        else:
            continue
    return tables.read_fields(cursor, resource_id)


def _address(
    cursor: Any, resource_id: str, standing: list[Field], columns: Sequence[Column], period: PeriodAddress
) -> tuple[list[str], dict[str, object]]:
    """The columns that tell a row's period, and what they hold in rows of this one that do not say it themselves.

    A table in which nothing can tell this period gets the column `periode`, filled for what is there.
    """
    delivered = {column.id for column in columns}
    told_by = _coverage(standing, period).told_by
    if PERIOD in told_by:
        return told_by, {PERIOD: period.key}
    values = _parts(told_by, period.key)
    if told_by and (values is not None or set(told_by) <= delivered):
        return told_by, {key: value for key, value in (values or {}).items() if key in told_by}
    table, name = seam.identifier(resource_id), seam.identifier(PERIOD)
    pairs = _told(cursor, resource_id, standing, told_by, period)
    cursor.execute(f"ALTER TABLE {table} ADD COLUMN {name} text")
    cursor.execute(seam.comment_sql(resource_id, PERIOD, {"_info": Column(PERIOD, "text", "Periode").info()}))
    for told, key in pairs.items():
        where = " AND ".join(f"{seam.identifier(each)}::text IS NOT DISTINCT FROM %s" for each in told_by)
        cursor.execute(f"UPDATE {table} SET {name} = %s WHERE {where}", (key, *told))  # noqa: S608 (quoted identifiers)
    standing.append(Field(PERIOD, "text", {}))
    return [PERIOD], {PERIOD: period.key}


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
    cursor: Any, resource_id: str, standing: list[Field], told_by: Sequence[str], period: PeriodAddress
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


def _coverage(standing: list[Field], period: PeriodAddress) -> Coverage:
    return Coverage(tables.as_table_columns(standing), frequency=period.frequency, since=period.since)


def _delete(
    cursor: Any, resource_id: str, standing: list[Field], told_by: Sequence[str], period: PeriodAddress
) -> None:
    pairs = [told for told, key in _told(cursor, resource_id, standing, told_by, period).items() if key == period.key]
    if told_by == [PERIOD]:
        # The key itself, also where it is no period that the reader of tables knows (`statis`).
        pairs = list({*pairs, (period.key,)})
    for told in pairs:
        where = " AND ".join(f"{seam.identifier(name)}::text IS NOT DISTINCT FROM %s" for name in told_by)
        cursor.execute(f"DELETE FROM {seam.identifier(resource_id)} WHERE {where}", told)  # noqa: S608


def _filler(
    columns: Sequence[Column], names: Sequence[str], values: dict[str, object]
) -> Callable[[Sequence[object]], list[object]]:
    """Return what turns a delivered row into one of `names`; the period is filled in where the row leaves it open."""
    place = {column.id: index for index, column in enumerate(columns)}
    sources = [(place.get(name), values.get(name)) for name in names]

    def fill(row: Sequence[object]) -> list[object]:
        return [
            default if index is None or (row[index] is None and default is not None) else row[index]
            for index, default in sources
        ]

    return fill


def _insert(
    cursor: Any, resource_id: str, standing: list[Field], names: Sequence[str], rows: Iterable[Sequence[object]]
) -> int:
    """COPY rows into a table of the session's own, and from there into the table with their full text."""
    kinds = {field.id: cast("ColumnType", field.type) for field in standing}
    typed = ", ".join(f"{seam.identifier(name)} {store.PG_TYPES[kinds[name]]}" for name in names)
    staging, quoted = seam.identifier(f"_satudata_{uuid.uuid4().hex}"), seam.quoted(names)
    cursor.execute(f"CREATE TEMP TABLE {staging} ({typed}) ON COMMIT DROP")
    stream = CopyStream(rows, len(names))
    try:
        cursor.copy_expert(f"COPY {staging} ({quoted}) FROM STDIN WITH (FORMAT text, NULL '', ENCODING 'UTF8')", stream)
    except psycopg2.errors.QueryCanceled:
        if stream.error:
            raise stream.error from None
        raise
    searchable = [seam.identifier(name) for name in names if kinds[name] == "text"]
    document = store.document_sql(searchable)
    cursor.execute(
        f"INSERT INTO {seam.identifier(resource_id)} (_full_text, {quoted}) "  # noqa: S608 (quoted identifiers only)
        f"SELECT to_tsvector({seam.literal(seam.full_text_language())}::regconfig, {document}), {quoted} FROM {staging}"
    )
    return stream.rows


def _count(cursor: Any, resource_id: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {seam.identifier(resource_id)}")  # noqa: S608 (quoted identifiers only)
    return int(cursor.fetchone()[0])
