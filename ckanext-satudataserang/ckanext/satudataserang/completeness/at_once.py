"""A refresh in the process that made the change: right after its commit, on a connection of its own, never for long.

It is done only where little was touched and nobody else refreshes; whatever keeps it from ending in time leaves the
list of touched things as it was, and the job does it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ckan import model

from ckanext.satudataserang.completeness import health
from ckanext.satudataserang.completeness.refresh import Refreshed, is_ready, lock

log = logging.getLogger(__name__)

#: More touched things than these are a job's work.
MOST = 50
#: The whole of it, in seconds, and how much of that may be spent waiting for another refresh.
SECONDS, WAIT_SECONDS = 2.0, 0.5
_NOTED = """
    SELECT count(DISTINCT (kind, ref)) AS things, COALESCE(bool_or(kind = 'opd'), FALSE) AS everything
    FROM satudata_touched
"""


def refreshed(work: Callable[[Session], Refreshed | None]) -> bool:
    """Do `work`, which takes the list of touched things; False when it is left to the job. Raises nothing."""
    try:
        with _bounded(SECONDS) as session:
            return _refreshed(session, work)
    except DBAPIError as problem:
        log.info("Kelengkapan diperbarui oleh pekerja: %s", str(problem.orig).strip())
    except Exception:
        # Whatever it was, the change is committed and its maker must hear so; the job meets the same and logs a run.
        log.exception("Kelengkapan tidak dapat diperbarui seketika")
    return False


def _refreshed(session: Session, work: Callable[[Session], Refreshed | None]) -> bool:
    started = datetime.now(timezone.utc)
    # Asked before the turn, too: whoever made a large change should not wait only to hear that.
    if not _little(session):
        return False
    lock(session)
    if not _little(session) or not is_ready(session, started):
        return False
    done = work(session)
    if done is not None:
        health.note_done(session, "perubahan", started)
    session.commit()
    return True


def _little(session: Session) -> bool:
    noted = session.execute(sa.text(_NOTED)).one()
    return noted.things <= MOST and not noted.everything


@contextmanager
def _bounded(seconds: float) -> Iterator[Session]:
    """A session whose statements altogether take no longer than so many seconds; then the next one is refused."""
    ends = time.monotonic() + seconds
    with model.ensure_engine().connect() as connection:

        def leave(_connection: Any, cursor: Any, *_: Any) -> None:
            left = max(1, round((ends - time.monotonic()) * 1000))
            cursor.execute(f"SET LOCAL statement_timeout = {left}")

        event.listen(connection, "before_cursor_execute", leave)
        with Session(bind=connection) as session:
            session.execute(sa.text(f"SET LOCAL lock_timeout = {round(WAIT_SECONDS * 1000)}"))
            yield session
