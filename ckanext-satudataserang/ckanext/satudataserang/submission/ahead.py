"""A large file on its way into a table beside the old one while its cells are still being checked.

Reading it takes the database about as long as the check takes here, and most files are as they should be. What the
check finds otherwise is dropped and nobody saw it: the table is one of `streams.scratch`. The load takes it over where
it turns out to be what it would have filled itself (`Coming.taken`); in all other cases it fills its own.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import Any

import psycopg2
from sqlalchemy.exc import SQLAlchemyError

from ckanext.satudataserang.core.tables.grid import CopyFile, Grid

from . import datastore_seam as seam
from . import staging, streams
from .store_model import Coming, Filling

log = logging.getLogger(__name__)


class Ahead:
    """One file that may be on its way."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack, self._stop = stack, Event()
        self._file: CopyFile | None = None
        self._filling: Filling | None = None
        self._table = ""
        self._rows: Future[int | None] | None = None

    def begin(self, grid: Grid, wanted: Callable[[], Filling]) -> None:
        """Send a large file off, if its lines can go as they lie; asked again for a file that is underway: go on.

        :param wanted: what a table is to be made of; asked only where there is something to send
        """
        if self._rows is not None or not _may_go(grid):
            return
        try:
            filling = wanted()
            if [match.column_id for match in grid.matches] == list(filling.names):
                self._send(CopyFile(grid.path, tuple(filling.names), 0, begin=grid.begin()), filling)
        except (psycopg2.Error, SQLAlchemyError) as problem:
            # The load itself says what is wrong, if it is still wrong then.
            log.warning("Pemuatan awal tidak dimulai: %s", problem)

    def source(self, file: CopyFile) -> CopyFile:
        """The checked rows, with the table they may be in already."""
        mine = self._file
        if mine is None or (file.path, file.begin, file.columns) != (mine.path, mine.begin, mine.columns):
            return file
        return Coming(file.path, file.columns, file.rows, file.begin, taken=self._taken)

    def _taken(self, filling: Filling) -> tuple[str, int] | None:
        if self._rows is None or self._filling is None or not self._filling.is_same(filling):
            return None
        rows = self._rows.result()
        return None if rows is None else (self._table, rows)

    def _send(self, file: CopyFile, filling: Filling) -> None:
        place = self._stack.enter_context(streams.scratch())
        table = staging.fresh_name()
        place.create(table, staging.definition_of(place.cursor, filling))
        worker = self._stack.enter_context(ThreadPoolExecutor(1))
        # Whoever leaves early does not wait for the rest of the file.
        self._stack.callback(self._stop.set)
        self._file, self._filling, self._table = file, filling, table
        self._rows = worker.submit(self._copied, table, file)

    def _copied(self, table: str, file: CopyFile) -> int | None:
        try:
            with seam.write_engine().begin() as connection:
                cursor: Any = connection.connection.cursor()
                streams.make_light(cursor)
                return streams.copy_whole(cursor, table, file, self._stop)
        except psycopg2.DataError:
            # The check finds it, and says it better.
            return None
        except (psycopg2.Error, SQLAlchemyError, OSError) as problem:
            if not self._stop.is_set():
                log.warning("Pemuatan awal terhenti: %s", problem)
            return None


def _may_go(grid: Grid) -> bool:
    """Whether a grid's file can be read by COPY as it lies, and is worth it."""
    if not grid.usable or grid.numbered or grid.delimiter != "," or len(grid.titles) <= 1:
        return False
    return grid.path.stat().st_size >= streams.LARGE


@contextmanager
def early() -> Iterator[Ahead]:
    """A way for one file; what nobody took is gone at the end."""
    with ExitStack() as stack:
        yield Ahead(stack)
