"""The table beside the old one: made, filled by COPY, given its numbers and indexes, and put in the old one's place."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg2
import psycopg2.errors
import sqlalchemy as sa

from ckanext.satudataserang.core.tables.grid import CopyFile

from . import constraints, streams, tables
from . import datastore_seam as seam
from .copy_stream import CopyStream
from .store_model import PG_TYPES, Column, Coming, Filling, Source, TableBusyError, cell_error
from .streams import NUMBER

FULL_TEXT = "_full_text"
_ANALYZE_FROM_ROWS = 10_000
_INDEXES = """
    SELECT x.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_class x ON x.oid = i.indexrelid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '_full_text'
    WHERE n.nspname = 'public' AND c.relname = %s AND NOT i.indisprimary AND NOT a.attnum = ANY(i.indkey)
    ORDER BY x.relname
"""


@contextmanager
def load(
    resource_id: str, source: Source, connection: sa.engine.Connection | None
) -> Iterator[tuple[Any, streams.Scratch | None]]:
    """The transaction of a load, alone on its resource: a cursor, and where a large file may be copied side by side.

    A connection of the caller's is committed by the caller. PostgreSQL's refusals come out as `StoreError`; where
    others hold the table, or load into it, for longer than `streams.LOCK_TIMEOUT`, as TableBusyError.
    """
    if connection is not None:
        with _guarded(connection, resource_id) as cursor:
            yield cursor, None
    elif _is_large(source):
        with streams.scratch() as place, seam.write_engine().begin() as own, _guarded(own, resource_id) as cursor:
            yield cursor, place
    else:
        with seam.write_engine().begin() as own, _guarded(own, resource_id) as cursor:
            yield cursor, None


@contextmanager
def _guarded(connection: sa.engine.Connection, resource_id: str) -> Iterator[Any]:
    cursor: Any = connection.connection.cursor()
    try:
        # A load may take its time; who waits for it may be a person.
        streams.make_patient(cursor)
        # One load per resource at a time; the lock goes with the transaction.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"satudata:{resource_id}",))
        yield cursor
    except psycopg2.errors.LockNotAvailable as error:
        raise TableBusyError(str(error)) from error
    except (psycopg2.DataError, psycopg2.errors.ProgramLimitExceeded) as error:
        raise cell_error(error) from error
    finally:
        cursor.close()


def fresh_name() -> str:
    """A name for a table that nobody sees."""
    return f"{streams.PREFIX}{uuid.uuid4().hex}"


def fill(cursor: Any, what: Filling, source: Source, *, place: streams.Scratch | None = None) -> tuple[str, int]:
    """Make a table and COPY the rows into it; returns its name and their number."""
    if isinstance(source, Coming) and (taken := source.taken(what)):
        table, count = taken
    else:
        table, count = _filled(cursor, what, source, place)
    _fill_gaps(cursor, table, what)
    return table, count


def _filled(cursor: Any, what: Filling, source: Source, place: streams.Scratch | None) -> tuple[str, int]:
    table, definition = fresh_name(), definition_of(cursor, what)
    if isinstance(source, CopyFile):
        names = tuple(what.names)
        if source.columns != names:
            message = f"the file has the columns {source.columns}, not {names}"
            raise ValueError(message)
        if place is not None:
            place.create(table, definition)
            return table, streams.copy(place, table, source)
    cursor.execute(f"CREATE TABLE {seam.identifier(table)} ({definition})")
    if isinstance(source, CopyFile):
        return table, streams.copy_whole(cursor, table, source)
    return table, _copy_rows(cursor, table, source, what.names)


def make_unique(cursor: Any, resource_id: str, table: str, key: tuple[str, ...]) -> dict[str, str]:
    """Let the key name every row once; returns the name the index gets with the swap, by the one it has.

    Raises PrimaryKeyError with the rows that share one.
    """
    if not key:
        return {}
    fields = seam.quoted(key)
    cursor.execute("SAVEPOINT satudata_key")
    try:
        cursor.execute(f'CREATE UNIQUE INDEX "{table}_pk" ON {seam.identifier(table)} ({fields})')
    except psycopg2.errors.UniqueViolation as error:
        cursor.execute("ROLLBACK TO SAVEPOINT satudata_key")
        raise constraints.duplicates(cursor, table, key) from error
    cursor.execute("RELEASE SAVEPOINT satudata_key")
    return {f"{table}_pk": seam.index_name(resource_id, fields)}


def copy_indexes(cursor: Any, source: str, table: str) -> dict[str, str]:
    """Make the indexes of a table on another, but those of its numbers and full text; names as in `make_unique`."""
    cursor.execute(_INDEXES, (source,))
    names = {}
    for place, (name, definition) in enumerate(cursor.fetchall()):
        head, _using, tail = definition.partition(" USING ")
        unique = "UNIQUE " if head.startswith("CREATE UNIQUE ") else ""
        now = f"{table}_{place}"
        cursor.execute(f'CREATE {unique}INDEX "{now}" ON {seam.identifier(table)} USING {tail}')
        names[now] = name
    return names


def index_numbers(cursor: Any, table: str) -> None:
    """Make the index that `make_primary` takes; other indexes of the table can be made meanwhile."""
    cursor.execute(f'CREATE UNIQUE INDEX "{table}_pkey" ON {seam.identifier(table)} ({NUMBER})')


def make_primary(cursor: Any, resource_id: str, table: str) -> dict[str, str]:
    """Let its number name every row; returns names as `make_unique`."""
    cursor.execute(
        f'ALTER TABLE {seam.identifier(table)} ADD CONSTRAINT "{table}_pkey" PRIMARY KEY USING INDEX "{table}_pkey"'
    )
    return {f"{table}_pkey": f"{resource_id}_pkey"}


def number(cursor: Any, table: str, last: int) -> None:
    """Let rows that come later have numbers of their own, after the last that is given (0: none)."""
    name, sequence = seam.identifier(table), seam.identifier(f"{table}__id_seq")
    cursor.execute(f"CREATE SEQUENCE {sequence} AS integer OWNED BY {name}._id")
    cursor.execute(f"ALTER TABLE {name} ALTER COLUMN _id SET DEFAULT nextval({seam.literal(sequence)}::regclass)")
    cursor.execute(f"SELECT setval({seam.literal(sequence)}::regclass, {max(last, 1)}, {last > 0})")


def describe(
    cursor: Any, resource_id: str, table: str, columns: Sequence[Column], *, keep_dictionary: bool = True
) -> None:
    """Store the data dictionary, carrying over what other plugins keep in the column comments."""
    old = seam.column_comments(cursor, resource_id)
    for column in columns:
        comment = dict(old.get(column.id, {}))
        known = comment.get("_info") or {}
        keeps = keep_dictionary and not column.agreed
        info = {**column.info(), **{k: v for k, v in known.items() if v}} if keeps else column.info()
        if info:
            comment["_info"] = info
        else:
            comment.pop("_info", None)
        if comment:
            cursor.execute(seam.comment_sql(table, column.id, comment))


def analyze(cursor: Any, table: str, rows: int) -> None:
    """Let the planner know a table of some size; PostgreSQL itself does that for large ones and for full text."""
    if rows >= _ANALYZE_FROM_ROWS:
        names = [NUMBER, *(field.id for field in tables.read_fields(cursor, table))]
        cursor.execute(f"ANALYZE {seam.identifier(table)} ({seam.quoted(names)})")


def swap(cursor: Any, resource_id: str, staged: str, indexes: Mapping[str, str], rows: int) -> None:
    """Put the staged table in the old one's place. From here to the commit readers of this table wait.

    `indexes`: the names its indexes get, by those they have now.
    """
    table, aliases = seam.identifier(resource_id), seam.aliases(cursor, resource_id)
    cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    cursor.execute(f"ALTER TABLE {seam.identifier(staged)} RENAME TO {table}")
    cursor.execute(f'ALTER SEQUENCE "{staged}__id_seq" RENAME TO {seam.identifier(f"{resource_id}__id_seq")}')
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
    seam.store_row_count(cursor, resource_id, rows)


def definition_of(cursor: Any, what: Filling) -> str:
    """The columns of a table beside the old one, as CREATE TABLE says them."""
    parts = [f"{NUMBER} integer", f"{FULL_TEXT} tsvector"]
    for column in what.columns:
        default = ""
        if column.id in what.constants:
            default = " DEFAULT " + cursor.mogrify("%s", (what.constants[column.id],)).decode()
        parts.append(f"{seam.identifier(column.id)} {PG_TYPES[column.type]}{default}")
    return ", ".join(parts)


def _copy_rows(cursor: Any, table: str, rows: Iterable[Sequence[object]], names: Sequence[str]) -> int:
    stream = CopyStream(rows, len(names), numbered=True)
    fields = seam.quoted([NUMBER, *names])
    try:
        cursor.copy_expert(
            f"COPY {seam.identifier(table)} ({fields}) FROM STDIN WITH (FORMAT text, NULL '', ENCODING 'UTF8')", stream
        )
    except psycopg2.errors.QueryCanceled:
        if stream.error:
            raise stream.error from None
        raise
    return stream.rows


def _fill_gaps(cursor: Any, table: str, what: Filling) -> None:
    """Say it in the rows of the source that leave it open; for what the source lacks the column's default said it."""
    for name, value in what.constants.items():
        column = seam.identifier(name)
        cursor.execute(f"ALTER TABLE {seam.identifier(table)} ALTER COLUMN {column} DROP DEFAULT")
        if name in what.names:
            cursor.execute(
                f"UPDATE {seam.identifier(table)} SET {column} = %s WHERE {column} IS NULL",  # noqa: S608
                (value,),
            )


def _is_large(source: Source) -> bool:
    return isinstance(source, CopyFile) and source.path.stat().st_size >= streams.LARGE
