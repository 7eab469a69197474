"""Writing a whole table into the DataStore: all of it or nothing.

`replace_table` builds the new table beside the old one, fills it with COPY, checks its key and puts it in the old
one's place, in one transaction. Readers see the old table or the new one, whole; a process killed half-way leaves the
old one. `marking.mark_active` then tells CKAN that the resources have a table.

For an import of many datasets: create each dataset with ``"datastore_active": True`` in its resource (CKAN's resource
schema keeps that key), so that no second update of the dataset is needed, then call `replace_table`.
"""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import psycopg2
import psycopg2.errors

from . import datastore_seam as seam
from .copy_stream import CopyStream

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

ColumnType = Literal["text", "integer", "numeric", "date", "timestamp", "boolean"]

# Integers are stored as 64 bits: populations times rupiah pass 2,147,483,647 easily.
PG_TYPES: Mapping[str, str] = {
    "text": "text",
    "integer": "bigint",
    "numeric": "numeric",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
_LOCK_TIMEOUT = "60s"
_ANALYZE_FROM_ROWS = 10_000
# PostgreSQL refuses a tsvector above 1 MB; a cell that long is not searched beyond this many characters.
_FULL_TEXT_CHARACTERS = 100_000
_SHOWN_VIOLATIONS = 1_000
_COPY_PLACE = re.compile(r"line (?P<line>\d+)(?:, column (?P<column>.+?)(?:: \"(?P<value>.*)\")?)?$", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `id` is the name in the DataStore (see `core.tables.columns` for what it may hold); `label` and `notes` are what
    the data dictionary shows, Indonesian and English; `unit` is the unit of the values, empty where there is none.
    """

    id: str
    type: ColumnType = "text"
    label: str = ""
    label_en: str = ""
    notes: str = ""
    notes_en: str = ""
    unit: str = ""

    def info(self) -> dict[str, Any]:
        """Return the data dictionary entry in CKAN's shape, without empty keys."""
        info: dict[str, Any] = {"label": self.label, "notes": self.notes, "unit": self.unit}
        for key, translations in (
            ("label_translated", {"id": self.label, "en": self.label_en}),
            ("notes_translated", {"id": self.notes, "en": self.notes_en}),
        ):
            if translations["en"]:
                info[key] = {lang: text for lang, text in translations.items() if text}
        return {key: value for key, value in info.items() if value}


@dataclass(frozen=True)
class LoadResult:
    """What was written: the number of rows, and the seconds it took."""

    resource_id: str
    rows: int
    seconds: float


@dataclass(frozen=True)
class KeyViolation:
    """Rows (1 = first data row) that share one key, or that have an empty part of the key."""

    rows: tuple[int, ...]
    values: tuple[str | None, ...]


class StoreError(Exception):
    """A table could not be written; the old one is untouched."""


class TableBusyError(StoreError):
    """Readers or another load held the table for too long; trying again later is right."""


@dataclass
class PrimaryKeyError(StoreError):
    """Rows break the primary key: `duplicates` share a key, `empty` lack a part of it (first 1,000 of each)."""

    columns: tuple[str, ...]
    duplicates: list[KeyViolation]
    empty: list[KeyViolation]

    def __str__(self) -> str:
        """Name the columns and how many keys are wrong."""
        return f"key {self.columns}: {len(self.duplicates)} duplicate, {len(self.empty)} empty"


@dataclass
class CellValueError(StoreError):
    """PostgreSQL refused a value: where (row 1 = first data row) and what it said."""

    row: int | None
    column: str | None
    value: str | None
    reason: str

    def __str__(self) -> str:
        """Name the place and PostgreSQL's reason."""
        return f"row {self.row}, column {self.column}: {self.reason}"


def replace_table(
    resource_id: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    primary_key: Sequence[str] = (),
    keep_dictionary: bool = True,
    connection: sa.engine.Connection | None = None,
) -> LoadResult:
    """Make `rows` the whole content of a resource's DataStore table.

    :param rows: each as long as `columns`; text as PostgreSQL reads it (`2016-01-31`, `12.5`), numbers, dates, booleans
        or None. An empty text is stored as NULL.
    :param primary_key: column ids that together name a row once; none of them may be empty
    :param keep_dictionary: entries of the data dictionary that the old table has win over `columns` (people edit them)
    :param connection: a connection to the DataStore's write database whose transaction the caller commits; by default
        the table is written and committed here
    :raises PrimaryKeyError: rows share a key or lack a part of it
    :raises CellValueError: a value does not fit its column
    :raises TableBusyError: the table could not be locked within a minute
    """
    started = time.monotonic()
    if connection is not None:
        count = _replace(connection, resource_id, columns, rows, tuple(primary_key), keep_dictionary=keep_dictionary)
    else:
        with seam.write_engine().begin() as own:
            count = _replace(own, resource_id, columns, rows, tuple(primary_key), keep_dictionary=keep_dictionary)
    return LoadResult(resource_id, count, time.monotonic() - started)


def _replace(
    connection: sa.engine.Connection,
    resource_id: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    primary_key: tuple[str, ...],
    *,
    keep_dictionary: bool,
) -> int:
    cursor: Any = connection.connection.cursor()
    staging = f"_satudata_{uuid.uuid4().hex}"
    try:
        # One load per resource at a time; the lock goes with the transaction. A load may take its time.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"satudata:{resource_id}",))
        cursor.execute("SET LOCAL statement_timeout = 0")
        count = _fill(cursor, staging, columns, rows)
        names = _index(cursor, resource_id, staging, columns, primary_key)
        _describe(cursor, resource_id, staging, columns, keep_dictionary)
        if count >= _ANALYZE_FROM_ROWS:
            cursor.execute(f"ANALYZE {seam.identifier(staging)}")
        _swap(cursor, resource_id, staging, names)
        seam.store_row_count(cursor, resource_id, count)
    except psycopg2.errors.LockNotAvailable as error:
        raise TableBusyError(str(error)) from error
    except (psycopg2.DataError, psycopg2.errors.ProgramLimitExceeded) as error:
        raise cell_error(error) from error
    finally:
        cursor.close()
    return count


def _fill(cursor: Any, staging: str, columns: Sequence[Column], rows: Iterable[Sequence[object]]) -> int:
    """Create the staging table and COPY the rows into it; returns their number."""
    typed = ", ".join(f"{seam.identifier(c.id)} {PG_TYPES[c.type]}" for c in columns)
    cursor.execute(f"CREATE TABLE {seam.identifier(staging)} (_id serial, _full_text tsvector, {typed})")
    names = seam.quoted([c.id for c in columns])
    searchable = [seam.identifier(c.id) for c in columns if c.type == "text"]
    target = f"{staging}_rows" if searchable else staging
    if searchable:
        # Full text is computed set-based on the way from a session's own table, which costs no write-ahead log and
        # leaves no dead rows behind as an UPDATE would.
        cursor.execute(f"CREATE TEMP TABLE {seam.identifier(target)} ({typed}) ON COMMIT DROP")
    stream = CopyStream(rows, len(columns))
    try:
        cursor.copy_expert(
            f"COPY {seam.identifier(target)} ({names}) FROM STDIN WITH (FORMAT text, NULL '', ENCODING 'UTF8')", stream
        )
    except psycopg2.errors.QueryCanceled:
        if stream.error:
            raise stream.error from None
        raise
    if searchable:
        document = document_sql(searchable)
        cursor.execute(
            f"INSERT INTO {seam.identifier(staging)} (_full_text, {names}) "  # noqa: S608 (quoted identifiers only)
            f"SELECT to_tsvector({seam.literal(seam.full_text_language())}::regconfig, {document}), {names} "
            f"FROM {seam.identifier(target)}"
        )
        cursor.execute(f"DROP TABLE {seam.identifier(target)}")
    cursor.execute(f"ALTER TABLE {seam.identifier(staging)} ADD PRIMARY KEY (_id)")
    return stream.rows


def _index(
    cursor: Any, resource_id: str, staging: str, columns: Sequence[Column], primary_key: tuple[str, ...]
) -> dict[str, str]:
    """Index the staging table; returns the names the indexes get after the swap, by the names they have now."""
    table = seam.identifier(staging)
    final = {f"{staging}_ft": seam.index_name(resource_id, seam.identifier("_full_text"))}
    cursor.execute(f'CREATE INDEX "{staging}_ft" ON {table} USING {seam.full_text_method()}(_full_text)')
    if primary_key:
        unknown = set(primary_key) - {c.id for c in columns}
        if unknown:
            message = f"primary key names unknown columns: {sorted(unknown)}"
            raise ValueError(message)
        _check_key(cursor, staging, primary_key)
        fields = seam.quoted(primary_key)
        cursor.execute(f'CREATE UNIQUE INDEX "{staging}_pk" ON {table} ({fields})')
        final[f"{staging}_pk"] = seam.index_name(resource_id, fields)
    return final


def _check_key(cursor: Any, staging: str, primary_key: tuple[str, ...]) -> None:
    table, fields = seam.identifier(staging), seam.quoted(primary_key)
    texts = ", ".join(f"{seam.identifier(name)}::text" for name in primary_key)
    cursor.execute(
        f"SELECT array_agg(_id ORDER BY _id), ARRAY[{texts}] FROM {table} "  # noqa: S608 (quoted identifiers only)
        f"GROUP BY {fields} HAVING count(*) > 1 ORDER BY min(_id) LIMIT {_SHOWN_VIOLATIONS}"
    )
    duplicates = [KeyViolation(tuple(ids), tuple(values)) for ids, values in cursor.fetchall()]
    missing = " OR ".join(f"{seam.identifier(name)} IS NULL" for name in primary_key)
    cursor.execute(
        f"SELECT _id, ARRAY[{texts}] FROM {table} WHERE {missing} ORDER BY _id LIMIT {_SHOWN_VIOLATIONS}"  # noqa: S608
    )
    empty = [KeyViolation((row_id,), tuple(values)) for row_id, values in cursor.fetchall()]
    if duplicates or empty:
        raise PrimaryKeyError(primary_key, duplicates, empty)


def _describe(cursor: Any, resource_id: str, staging: str, columns: Sequence[Column], keep_dictionary: bool) -> None:
    """Store the data dictionary, carrying over what other plugins keep in the column comments."""
    old = seam.column_comments(cursor, resource_id)
    for column in columns:
        comment = dict(old.get(column.id, {}))
        known = comment.get("_info") or {}
        info = {**column.info(), **{k: v for k, v in known.items() if v}} if keep_dictionary else column.info()
        if info:
            comment["_info"] = info
        else:
            comment.pop("_info", None)
        if comment:
            cursor.execute(seam.comment_sql(staging, column.id, comment))


def _swap(cursor: Any, resource_id: str, staging: str, indexes: Mapping[str, str]) -> None:
    """Put the staging table in the old one's place. From here to the commit readers of this table wait."""
    table, aliases = seam.identifier(resource_id), seam.aliases(cursor, resource_id)
    cursor.execute(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
    cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    cursor.execute(f"ALTER TABLE {seam.identifier(staging)} RENAME TO {table}")
    cursor.execute(f'ALTER SEQUENCE "{staging}__id_seq" RENAME TO {seam.identifier(f"{resource_id}__id_seq")}')
    indexes = {f"{staging}_pkey": f"{resource_id}_pkey", **indexes}
    for now, then in indexes.items():
        cursor.execute(f"ALTER INDEX {seam.identifier(now)} RENAME TO {seam.identifier(then)}")
    cursor.execute(seam.trigger_sql(resource_id))
    role = seam.read_role()
    grantees = [resource_id]
    for alias in aliases:
        cursor.execute(f"CREATE VIEW {seam.identifier(alias)} AS SELECT * FROM {table}")  # noqa: S608
        grantees.append(alias)
    if role:
        for name in grantees:
            cursor.execute(f"GRANT SELECT ON {seam.identifier(name)} TO {seam.identifier(role)}")


def document_sql(columns: Sequence[str]) -> str:
    """Return the text of a row that full-text search looks in, of columns that are quoted already."""
    return f"left(concat_ws(' ', {', '.join(columns)}), {_FULL_TEXT_CHARACTERS})" if columns else "''"


def cell_error(error: psycopg2.Error) -> CellValueError:
    """Return PostgreSQL's refusal of a value with its place."""
    context = (error.diag.context or "").partition("\n")[0] if error.diag else ""
    match = _COPY_PLACE.search(context)
    reason = (error.diag.message_primary if error.diag else None) or str(error)
    if not match:
        return CellValueError(None, None, None, reason)
    return CellValueError(int(match["line"]), match["column"], match["value"], reason)
