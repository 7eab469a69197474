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

from . import constraints, streams
from . import datastore_seam as seam
from .copy_stream import CopyStream
from .store_model import PG_TYPES, Column, Source, TableBusyError, cell_error

NUMBER = "_id"
FULL_TEXT = "_full_text"
LOCK_TIMEOUT = "60s"
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

    A connection of the caller's is committed by the caller. PostgreSQL's refusals come out as `StoreError`.
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
        # One load per resource at a time; the lock goes with the transaction. A load may take its time.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (f"satudata:{resource_id}",))
        cursor.execute("SET LOCAL statement_timeout = 0")
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


def fill(
    cursor: Any,
    columns: Sequence[Column],
    source: Source,
    names: Sequence[str],
    *,
    constants: Mapping[str, object] | None = None,
    place: streams.Scratch | None = None,
) -> tuple[str, int]:
    """Make a table of these columns and COPY the rows into it; returns its name and their number.

    :param names: the columns the source has, in its order; the others stay empty
    :param constants: what stands in a column where a row leaves it empty
    """
    table = fresh_name()
    constants = constants or {}
    definition = _definition(cursor, columns, constants)
    if isinstance(source, CopyFile):
        if source.columns != tuple(names) and source.columns != (NUMBER, *names):
            message = f"the file has the columns {source.columns}, not {tuple(names)}"
            raise ValueError(message)
        if place is not None:
            place.create(table, definition)
            numbered = source.columns[:1] == (NUMBER,)
            count = streams.copy(place, table, seam.quoted(source.columns), source.path, numbered=numbered)
        else:
            cursor.execute(f"CREATE TABLE {seam.identifier(table)} ({definition})")
            count = _copy_file(cursor, table, source)
    else:
        cursor.execute(f"CREATE TABLE {seam.identifier(table)} ({definition})")
        count = _copy_rows(cursor, table, source, names)
    _fill_gaps(cursor, table, names, constants)
    return table, count


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


def number(cursor: Any, table: str) -> None:
    """Give the table what `_id serial primary key` gives, after its rows are in."""
    name, sequence = seam.identifier(table), seam.identifier(f"{table}__id_seq")
    cursor.execute(f"ALTER TABLE {name} ADD PRIMARY KEY (_id)")
    cursor.execute(f"CREATE SEQUENCE {sequence} AS integer OWNED BY {name}._id")
    cursor.execute(f"ALTER TABLE {name} ALTER COLUMN _id SET DEFAULT nextval({seam.literal(sequence)}::regclass)")
    cursor.execute(
        f"SELECT setval({seam.literal(sequence)}::regclass, coalesce(max(_id), 1), max(_id) IS NOT NULL) "  # noqa: S608
        f"FROM {name}"
    )


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


def swap(cursor: Any, resource_id: str, staged: str, indexes: Mapping[str, str], rows: int) -> None:
    """Put the staged table in the old one's place. From here to the commit readers of this table wait.

    `indexes`: the names its indexes get, by those they have now.
    """
    table, aliases = seam.identifier(resource_id), seam.aliases(cursor, resource_id)
    if rows >= _ANALYZE_FROM_ROWS:
        cursor.execute(f"ANALYZE {seam.identifier(staged)}")
    cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
    cursor.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
    cursor.execute(f"ALTER TABLE {seam.identifier(staged)} RENAME TO {table}")
    cursor.execute(f'ALTER SEQUENCE "{staged}__id_seq" RENAME TO {seam.identifier(f"{resource_id}__id_seq")}')
    for now, then in {f"{staged}_pkey": f"{resource_id}_pkey", **indexes}.items():
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


def _definition(cursor: Any, columns: Sequence[Column], constants: Mapping[str, object]) -> str:
    parts = [f"{NUMBER} integer", f"{FULL_TEXT} tsvector"]
    for column in columns:
        default = ""
        if column.id in constants:
            default = " DEFAULT " + cursor.mogrify("%s", (constants[column.id],)).decode()
        parts.append(f"{seam.identifier(column.id)} {PG_TYPES[column.type]}{default}")
    return ", ".join(parts)


def _copy_file(cursor: Any, table: str, source: CopyFile) -> int:
    name, sequence = seam.identifier(table), seam.identifier(f"{table}_numbers")
    unnumbered = source.columns[:1] != (NUMBER,)
    if unnumbered:
        cursor.execute(f"CREATE SEQUENCE {sequence} AS integer CACHE {streams.NUMBERS_AT_ONCE}")
        cursor.execute(f"ALTER TABLE {name} ALTER COLUMN _id SET DEFAULT nextval({seam.literal(sequence)}::regclass)")
    with source.path.open("rb") as stream:
        cursor.copy_expert(streams.copy_sql(table, seam.quoted(source.columns)), stream, size=1 << 20)
    count = int(cursor.rowcount)
    if unnumbered:
        cursor.execute(f"ALTER TABLE {name} ALTER COLUMN _id DROP DEFAULT")
        cursor.execute(f"DROP SEQUENCE {sequence}")
    return count


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


def _fill_gaps(cursor: Any, table: str, names: Sequence[str], constants: Mapping[str, object]) -> None:
    """Say it in the rows of the source that leave it open; for what the source lacks the column's default said it."""
    for name, value in constants.items():
        column = seam.identifier(name)
        cursor.execute(f"ALTER TABLE {seam.identifier(table)} ALTER COLUMN {column} DROP DEFAULT")
        if name in names:
            cursor.execute(
                f"UPDATE {seam.identifier(table)} SET {column} = %s WHERE {column} IS NULL",  # noqa: S608
                (value,),
            )


def _is_large(source: Source) -> bool:
    return isinstance(source, CopyFile) and source.path.stat().st_size >= streams.LARGE
