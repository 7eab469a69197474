"""The full text of a table: what `datastore_search` looks in with `q`.

A small table gets it together with its rows. Of a large one the rows are there first, and the full text is made after
them; in between a search computes it as it reads, so it finds the same, only slower (`searched`). Whether a table
waits for its full text is told by the missing index, so nothing has to be remembered when a process dies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import sqlalchemy as sa

from ckanext.datastore.backend import postgres as datastore_postgres

from . import datastore_seam as seam
from . import staging, streams, tables

_Done = TypeVar("_Done")
#: Tables up to so many rows get their full text in the transaction that writes them.
AT_ONCE_ROWS = 50_000
# PostgreSQL refuses a tsvector above 1 MB; a cell that long is not searched beyond this many characters.
_CHARACTERS = 100_000
_WORKERS = 2
_INDEX_MEMORY = "2MB"
#: The planner's measure of how much of a table it looks at: three thousand rows are enough to see what comes again.
_SAMPLED = 10
#: Texts that come again at least so many times on average are worth being looked up.
_TIMES = 20
_INDEX = "_ft"
_DIFFERENT = """
    SELECT s.attname, s.n_distinct, c.reltuples FROM pg_stats s JOIN pg_class c ON c.relname = s.tablename
    JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = s.schemaname
    WHERE s.schemaname = 'public' AND s.tablename = %s AND s.attname = ANY(%s) AND s.n_distinct > 0
    ORDER BY s.n_distinct, s.attname
"""
_IS_INDEXED = """
    SELECT EXISTS (
        SELECT FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '_full_text' AND a.attnum = ANY(i.indkey)
        WHERE n.nspname = 'public' AND c.relname = {name})
"""
_WAITING = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = '_full_text' AND NOT a.attisdropped
    WHERE c.relkind = 'r' AND NOT starts_with(c.relname, '_')
    AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND a.attnum = ANY(i.indkey))
    ORDER BY c.relname
"""


def document_sql(names: Sequence[str], most: int = _CHARACTERS) -> str:
    """The full text of a row, from its text columns."""
    if not names:
        return "NULL::tsvector"
    text = _text_sql(names)
    # To look for the hundred thousandth character of every row takes longer than to see that few can have it.
    bytes_ = " + ".join(f"coalesce(octet_length({seam.identifier(name)}), 0)" for name in names)
    return _lexemes_sql(f"CASE WHEN {bytes_} > {most - len(names)} THEN left({text}, {most}) ELSE {text} END")


def _lexemes_sql(text: str) -> str:
    return f"to_tsvector({seam.literal(seam.full_text_language())}::regconfig, {text})"


def _text_sql(names: Sequence[str]) -> str:
    return f"concat_ws(' ', {seam.quoted(names)})"


def text_columns(cursor: Any, table: str) -> list[str]:
    """The columns that full text is made of."""
    return [field.id for field in tables.read_fields(cursor, table) if field.type == "text"]


def built(cursor: Any, source: str) -> str:
    """Make a table that is like `source` and has its full text and its index; returns its name."""
    table = staging.fresh_name()
    _make(cursor, source, table, [])
    _make_index(cursor, table)
    return table


def _make(cursor: Any, source: str, table: str, repeated: Sequence[str]) -> int:
    """Make a table that is like `source` and has its full text; returns the number of rows.

    As a table that is made from a query, because PostgreSQL computes that with several processes.

    :param repeated: columns whose texts are looked up, see `_repeated`
    """
    fields = tables.read_fields(cursor, source)
    names = seam.quoted([field.id for field in fields])
    texts = [field.id for field in fields if field.type == "text"]
    cursor.execute(f"SET LOCAL max_parallel_workers_per_gather = {_WORKERS}")
    document, looked_up, joined = document_sql(texts), "", ""
    if repeated:
        rest = [name for name in texts if name not in repeated]
        looked_up = _looked_up(cursor, source, repeated)
        own = f"{document_sql(rest, _CHARACTERS // 2)} || " if rest else ""
        document = f"{own}known._document"
        joined = f" JOIN {looked_up} known ON {_text_sql(repeated)} = known._text"
    cursor.execute(
        f"CREATE TABLE {seam.identifier(table)} AS "  # noqa: S608 (quoted identifiers only)
        f"SELECT _id, {document} AS _full_text{', ' if names else ''}{names} FROM {seam.identifier(source)}{joined}"
    )
    rows = int(cursor.rowcount)
    if looked_up:
        cursor.execute(f"DROP TABLE {looked_up}")
    return rows


def _make_index(cursor: Any, table: str) -> None:
    # Of the memory it may take it makes a tree of all words, and looks each up in it: a small one is the quicker.
    cursor.execute(f"SET LOCAL maintenance_work_mem = '{_INDEX_MEMORY}'")
    cursor.execute(
        f'CREATE INDEX "{table}{_INDEX}" ON {seam.identifier(table)} USING {seam.full_text_method()}(_full_text)'
    )
    cursor.execute("SET LOCAL maintenance_work_mem = DEFAULT")


def _repeated(cursor: Any, source: str, texts: list[str]) -> list[str]:
    """The columns whose texts, taken together, come again and again, as far as a sample tells."""
    if not texts:
        return []
    cursor.execute(f"SET LOCAL default_statistics_target = {_SAMPLED}")
    cursor.execute(f"ANALYZE {seam.identifier(source)} ({seam.quoted(texts)})")
    cursor.execute("SET LOCAL default_statistics_target = DEFAULT")
    cursor.execute(_DIFFERENT, (source, texts))
    found, together = [], _TIMES
    for name, different, rows in cursor.fetchall():
        together *= different
        if together > rows:
            break
        found.append(name)
    return found


def _looked_up(cursor: Any, source: str, names: Sequence[str]) -> str:
    """Make a table of each text of these columns and its full text; returns its name, quoted."""
    table, document = seam.identifier(staging.fresh_name()), _lexemes_sql(f"left(_text, {_CHARACTERS // 2})")
    # First the few rows that differ, then their texts, of which two may be the same.
    different = f"SELECT DISTINCT {seam.quoted(names)} FROM {seam.identifier(source)}"  # noqa: S608
    texts = f"SELECT DISTINCT {_text_sql(names)} AS _text FROM ({different}) AS different"  # noqa: S608
    cursor.execute(f"CREATE TABLE {table} AS SELECT _text, {document} AS _document FROM ({texts}) AS texts")  # noqa: S608
    cursor.execute(f"ANALYZE {table}")
    return table


def index_names(resource_id: str, staged: str) -> dict[str, str]:
    """The name that the index gets with the swap, by the one it has."""
    return {f"{staged}{_INDEX}": seam.index_name(resource_id, seam.identifier(staging.FULL_TEXT))}


def is_indexed(cursor: Any, table: str) -> bool:
    """Whether the full text of a table is made."""
    cursor.execute(_IS_INDEXED.format(name="%s"), (table,))
    return bool(cursor.fetchone()[0])


def waiting() -> list[str]:
    """The tables whose full text is still to be made."""
    with tables.cursor() as reading:
        reading.execute(_WAITING)
        return [name for (name,) in reading.fetchall()]


def complete(resource_id: str) -> bool:
    """Make the full text of a table that waits for it; False where there is none to make.

    Readers see the table as it was until it stands in its place with full text; writers wait. Raises TableBusyError.
    """
    with streams.scratch() as place, staging.load(resource_id, (), None) as (cursor, _place):
        fields = tables.read_fields(cursor, resource_id)
        if not fields or is_indexed(cursor, resource_id):
            return False
        texts = [field.id for field in fields if field.type == "text"]
        repeated = _done(lambda other: _repeated(other, resource_id, texts))
        table, staged = seam.identifier(resource_id), staging.fresh_name()
        place.hold(staged)

        def made(other: Any) -> int:
            # First who reads, then what keeps writers away: whoever wants the table for himself stands between neither.
            other.execute(f"LOCK TABLE {table} IN ACCESS SHARE MODE")
            cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
            return _made(other, resource_id, staged, repeated)

        rows = _done(made)
        with ThreadPoolExecutor(1) as beside:
            # The full text's index takes one process for long.
            searchable = beside.submit(_done, lambda other: _make_index(other, staged))
            _done(lambda other: staging.index_numbers(other, staged))
            copied = _done(lambda other: staging.copy_indexes(other, resource_id, staged))
            searchable.result()
        primary = staging.make_primary(cursor, resource_id, staged)
        indexes = {**index_names(resource_id, staged), **copied, **primary}
        cursor.execute(f"SELECT max(_id) FROM {seam.identifier(staged)}")  # noqa: S608 (a quoted identifier)
        staging.number(cursor, staged, int(cursor.fetchone()[0] or 0))
        for name, comment in seam.column_comments(cursor, resource_id).items():
            cursor.execute(seam.comment_sql(staged, name, comment))
        _copy_comment(cursor, resource_id, staged)
        staging.swap(cursor, resource_id, staged, indexes, rows)
    return True


def _made(cursor: Any, source: str, table: str, repeated: Sequence[str]) -> int:
    """`_make` for others to see, with numbers that may be a primary key; returns the number of rows."""
    rows = _make(cursor, source, table, repeated)
    cursor.execute(f"ALTER TABLE {seam.identifier(table)} ALTER {streams.NUMBER} SET NOT NULL")
    return rows


def _done(work: Callable[[Any], _Done]) -> _Done:
    """Do a part of a load in a transaction of its own."""
    with seam.write_engine().begin() as connection:
        cursor: Any = connection.connection.cursor()
        streams.make_light(cursor)
        return work(cursor)


def searched(resource_id: str, data: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    """Let a search of a table that waits for its full text compute it row by row (`IDatastore.datastore_search`)."""
    if not data.get("q") and not data.get("full_text"):
        return query
    with datastore_postgres.get_read_engine().connect() as connection:
        if connection.scalar(sa.text(_IS_INDEXED.format(name=":name")), {"name": resource_id}):
            return query
        reading: Any = connection.connection.cursor()
        names = text_columns(reading, resource_id)
        reading.close()
    document = f"coalesce(_full_text, {document_sql(names)})"
    for part in ("select", "sort"):
        query[part] = [sql.replace("ts_rank(_full_text,", f"ts_rank({document},") for sql in query[part]]
    query["where"] = [(_with(document, sql), *values) for sql, *values in query["where"]]
    return query


def _with(document: str, sql: str) -> str:
    return f"{document}{sql.removeprefix('_full_text')}" if sql.startswith("_full_text @@ ") else sql


def _copy_comment(cursor: Any, source: str, staged: str) -> None:
    cursor.execute(
        "SELECT obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relname = %s",
        (source,),
    )
    if comment := (cursor.fetchone() or (None,))[0]:
        cursor.execute(f"COMMENT ON TABLE {seam.identifier(staged)} IS {seam.literal(comment)}")
