"""COPY of one large file over several connections at once, into a table beside the old one.

Such a table has to be committed before others can fill it, so it is not gone when a transaction is. Nobody sees it
(names with an underscore are hidden from the DataStore); it is dropped at the end of the load, and what a killed
process left, or somebody read just then, is dropped by the next: a process holds a lock named after its table for as
long as it lives.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import psycopg2
import psycopg2.errors

from ckanext.satudataserang.core.tables.grid import CopyFile

from . import datastore_seam as seam
from .store_model import cell_error

log = logging.getLogger(__name__)

#: So long a load waits for each lock: of another load, and of readers.
LOCK_TIMEOUT = "60s"
#: Files from this size on (bytes) are copied over several connections.
LARGE = 16 * 1024 * 1024
COUNT = 2
#: The column of a row's number.
NUMBER = "_id"
PREFIX = "_satudata_"
#: So many numbers a COPY takes from a sequence at once; the sequence goes with the load.
NUMBERS_AT_ONCE = 100_000
_BLOCK = 1 << 20


class Scratch:
    """The tables a load made outside its own transaction."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor
        self._tables: list[str] = []
        self._sequences: list[str] = []

    def hold(self, table: str) -> None:
        """Keep a table that is about to be made for as long as this lives; it is dropped then, if nobody took it."""
        self.cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", (table,))
        self._tables.append(table)

    def create(self, table: str, definition: str) -> None:
        """Make a table that other connections see."""
        self.hold(table)
        self.cursor.execute(f"CREATE TABLE {seam.identifier(table)} ({definition})")

    def number(self, table: str, firsts: Sequence[int]) -> list[str]:
        """Let rows get numbers from a sequence for each part; returns what a connection is to say to use it."""
        chosen = []
        for place, first in enumerate(firsts):
            name = seam.identifier(f"{table}_{place}")
            self.cursor.execute(
                f"CREATE SEQUENCE {name} AS integer START {first} CACHE {NUMBERS_AT_ONCE} "
                f"OWNED BY {seam.identifier(table)}._id"
            )
            self.cursor.execute(f"SELECT {seam.literal(name)}::regclass::oid")
            chosen.append(str(self.cursor.fetchone()[0]))
        # A default that is fixed for each connection: rows still go in many at a time.
        self.cursor.execute(
            f"ALTER TABLE {seam.identifier(table)} ALTER COLUMN _id "
            "SET DEFAULT nextval(current_setting('satudata.numbers')::oid::regclass)"
        )
        self._sequences += [f"{table}_{place}" for place in range(len(firsts))]
        return chosen

    def numbered(self, table: str) -> None:
        """The rows have their numbers."""
        self.cursor.execute(f"ALTER TABLE {seam.identifier(table)} ALTER COLUMN _id DROP DEFAULT")
        while self._sequences:
            self.cursor.execute(f"DROP SEQUENCE IF EXISTS {seam.identifier(self._sequences.pop())}")

    def close(self) -> None:
        """Drop what nobody took, and let go."""
        for table in self._tables:
            _drop(self.cursor, table)


@contextmanager
def scratch() -> Iterator[Scratch]:
    """A place for tables that outlive a transaction, on a connection of its own; enter it before the transaction."""
    with seam.write_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        cursor: Any = connection.connection.cursor()
        cursor.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        made = Scratch(cursor)
        try:
            _drop_orphans(cursor)
            yield made
        finally:
            made.close()
            # Others use this connection after it.
            cursor.execute("RESET lock_timeout")
            cursor.close()


def copy(place: Scratch, table: str, file: CopyFile) -> int:
    """Fill a committed table from a file; returns how many rows it has. Raises CellValueError.

    Each row gets the number of its place in the file.
    """
    parts = split(file.path, COUNT, file.begin)
    # A table has one identity, and each part begins with a number of its own: so a sequence for each.
    numbers = place.number(table, [part.first for part in parts])
    with ThreadPoolExecutor(len(parts)) as pool:
        done = list(pool.map(lambda part, number: _copy_part(table, file, part, number), parts, numbers))
    rows = 0
    for outcome in done:
        if isinstance(outcome, psycopg2.Error):
            problem = cell_error(outcome)
            problem.row = problem.row and problem.row + rows
            raise problem from outcome
        rows += outcome
    place.numbered(table)
    return rows


@dataclass(frozen=True)
class Piece:
    """A part of a file: where it begins and ends (bytes), and the number of its first record, from 1."""

    begin: int
    end: int
    first: int


def split(path: Path, count: int, begin: int = 0) -> list[Piece]:
    """Cut a CSV file, from `begin` (bytes) on, between records into parts of about one size.

    A line break inside quotes ends no record: whether a place is inside is told by the number of quotes before it.
    """
    size = path.stat().st_size
    pieces, begun, records, inside, seen = [], begin, 1, False, begin
    first = records
    with path.open("rb") as stream:
        stream.seek(begin)
        for number in range(1, count):
            goal = begin + (size - begin) * number // count
            while seen < goal and (block := stream.read(min(_BLOCK, goal - seen))):
                ended, inside = _ended(block, inside)
                records += ended
                seen += len(block)
            while line := stream.readline():
                ended, inside = _ended(line, inside)
                records += ended
                seen += len(line)
                if not inside:
                    break
            if seen > begun:
                pieces.append(Piece(begun, seen, first))
                begun, first = seen, records
    if size > begun or not pieces:
        pieces.append(Piece(begun, size, first))
    return pieces


def _ended(text: bytes, inside: bool) -> tuple[int, bool]:
    """How many records end here, and whether what follows is inside quotes."""
    parts = text.split(b'"')
    ended = sum(part.count(b"\n") for part in parts[inside::2])
    return ended, inside ^ (len(parts) % 2 == 0)


class Part(io.RawIOBase):
    """The bytes of a file from one place to another; reading fails once `stop` is set."""

    def __init__(self, path: Path, begin: int, end: int, stop: Event | None = None) -> None:
        self._stream = path.open("rb", buffering=0)
        self._stream.seek(begin)
        self._left = end - begin
        self._stop = stop

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        if self._stop is not None and self._stop.is_set():
            message = "nobody wants the rest"
            raise OSError(message)
        data = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        self._stream.close()
        super().close()


def copy_whole(cursor: Any, table: str, file: CopyFile, stop: Event | None = None) -> int:
    """Fill a table from a file in the cursor's transaction; returns how many rows it has.

    Each row gets the number of its place in the file.
    """
    name = seam.identifier(table)
    # For rows that all come one way: an identity costs half of what a sequence as the default does, which is a tenth
    # of the COPY.
    cursor.execute(
        f"ALTER TABLE {name} ALTER {NUMBER} SET NOT NULL, "
        f"ALTER {NUMBER} ADD GENERATED BY DEFAULT AS IDENTITY (CACHE {NUMBERS_AT_ONCE})"
    )
    with Part(file.path, file.begin, file.path.stat().st_size, stop) as part:
        cursor.copy_expert(_copy_sql(table, file), part, size=_BLOCK)
    rows = int(cursor.rowcount)
    cursor.execute(f"ALTER TABLE {name} ALTER {NUMBER} DROP IDENTITY")
    return rows


def make_light(cursor: Any) -> None:
    """Let a transaction that fills such a table take its time (`make_patient`), and not wait for the disk.

    Nothing is lost with these rows: should the server die, so does the load.
    """
    make_patient(cursor)
    cursor.execute("SET LOCAL synchronous_commit = off")


def make_patient(cursor: Any) -> None:
    """Let a transaction take its time, but wait for others no longer than `LOCK_TIMEOUT`."""
    cursor.execute(f"SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")


def _copy_sql(table: str, file: CopyFile) -> str:
    names = seam.quoted(file.columns)
    return f"COPY {seam.identifier(table)} ({names}) FROM STDIN WITH (FORMAT csv, NULL '', ENCODING 'UTF8')"


def _copy_part(table: str, file: CopyFile, piece: Piece, number: str) -> int | psycopg2.Error:
    try:
        with seam.write_engine().begin() as connection, Part(file.path, piece.begin, piece.end) as part:
            cursor: Any = connection.connection.cursor()
            make_light(cursor)
            cursor.execute("SELECT set_config('satudata.numbers', %s, true)", (number,))
            cursor.copy_expert(_copy_sql(table, file), part, size=_BLOCK)
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
            _drop(cursor, table)


def _drop(cursor: Any, table: str) -> None:
    """Drop a table with what belongs to it, and let go; one that is being read is left to the next load."""
    try:
        cursor.execute(f"DROP TABLE IF EXISTS {seam.identifier(table)}")
    except psycopg2.errors.LockNotAvailable as problem:
        log.info("Tabel %s sedang dibaca; dihapus kemudian: %s", table, problem)
    cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", (table,))
