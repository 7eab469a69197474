"""COPY of one large file over several connections at once, into a table beside the old one.

Such a table has to be committed before others can fill it, so it is not gone when a transaction is. Nobody sees it
(names with an underscore are hidden from the DataStore); it is dropped at the end of the load, and what a killed
process left is dropped by the next: a process holds a lock named after its table for as long as it lives.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from . import datastore_seam as seam
from .store_model import cell_error

#: Files from this size on (bytes) are copied over several connections.
LARGE = 16 * 1024 * 1024
COUNT = 2
PREFIX = "_satudata_"
_BLOCK = 1 << 20


class Scratch:
    """The tables a load made outside its own transaction."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._tables: list[str] = []

    def create(self, table: str, definition: str) -> None:
        """Make a table that other connections see."""
        self._cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (table,))
        self._tables.append(table)
        self._cursor.execute(f"CREATE TABLE {seam.identifier(table)} ({definition})")

    def close(self) -> None:
        """Drop what nobody took, and let go."""
        for table in self._tables:
            self._cursor.execute(f"DROP TABLE IF EXISTS {seam.identifier(table)}")
            self._cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (table,))


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A place for tables that outlive a transaction, on a connection of its own; enter it before the transaction."""
    with seam.write_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        cursor: Any = connection.connection.cursor()
        made = Scratch(cursor)
        try:
            _drop_orphans(cursor)
            yield made
        finally:
            made.close()
            cursor.close()


def copy(table: str, names: str, path: Path) -> int:
    """Fill a committed table from a file of numbered rows; returns how many. Raises CellValueError."""
    parts = split(path, COUNT)
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(lambda part: _copy_part(table, names, path, *part), parts))
    rows = 0
    for outcome in done:
        if isinstance(outcome, psycopg2.Error):
            problem = cell_error(outcome)
            problem.row = problem.row and problem.row + rows
            raise problem from outcome
        rows += outcome
    return rows


def split(path: Path, count: int) -> list[tuple[int, int]]:
    """Cut a CSV file between records into parts of about one size; returns where each begins and ends (bytes).

    A line break inside quotes ends no record: whether a place is inside is told by the number of quotes before it.
    """
    size = path.stat().st_size
    cuts, quotes, seen = [0], 0, 0
    with path.open("rb") as stream:
        for number in range(1, count):
            goal = size * number // count
            while seen < goal and (block := stream.read(min(_BLOCK, goal - seen))):
                quotes += block.count(b'"')
                seen += len(block)
            while line := stream.readline():
                quotes += line.count(b'"')
                seen += len(line)
                if quotes % 2 == 0:
                    break
            cuts.append(seen)
    return [(begin, end) for begin, end in zip(cuts, [*cuts[1:], size], strict=True) if end > begin] or [(0, 0)]


class Part(io.RawIOBase):
    """The bytes of a file from one place to another."""

    def __init__(self, path: Path, begin: int, end: int) -> None:
        self._stream = path.open("rb", buffering=0)
        self._stream.seek(begin)
        self._left = end - begin

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def copy_sql(table: str, names: str) -> str:
    """The COPY of a `CopyFile`."""
    return f"COPY {seam.identifier(table)} ({names}) FROM STDIN WITH (FORMAT csv, NULL '', ENCODING 'UTF8')"


def _copy_part(table: str, names: str, path: Path, begin: int, end: int) -> int | psycopg2.Error:
    try:
        with seam.write_engine().begin() as connection, Part(path, begin, end) as part:
            cursor: Any = connection.connection.cursor()
            # Nothing is lost with these rows: should the server die, so does the load.
            cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL synchronous_commit = off")
            cursor.copy_expert(copy_sql(table, names), part, size=_BLOCK)
            return int(cursor.rowcount)
    except psycopg2.DataError as error:
        return error


def _drop_orphans(cursor: Any) -> None:
    cursor.execute(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = 'public' AND c.relkind = 'r' AND starts_with(c.relname, %s)",
        (PREFIX,),
    )
    for (table,) in cursor.fetchall():
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", (table,))
        if cursor.fetchone()[0]:
            cursor.execute(f"DROP TABLE IF EXISTS {seam.identifier(table)}")
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (table,))
