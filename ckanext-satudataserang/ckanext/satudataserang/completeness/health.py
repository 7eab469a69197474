"""Whether the figures can be trusted: a log of every run, and what it says about the last one.

A run that failed, was broken off, or found less than half of what the last good run evaluated is no basis for letters:
the pages say so, and mails stop until a run is good again or somebody accepts that so much is gone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.completeness.refresh import Refreshed
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.completeness.types import Database

#: Shares of the evaluated cells whose loss stops the mails, and whose loss is worth a word.
SHRUNK, WARNED = 0.5, 0.02
#: A run that has not ended after so long was broken off: jobs are stopped earlier.
BROKEN_OFF = timedelta(minutes=30)
_KEPT = timedelta(days=400)
_ERROR = 2000

_START = """
    INSERT INTO satudata_run (kind, started, rule_version) VALUES (:kind, :at, :rule_version) RETURNING id
"""
_FAIL = "UPDATE satudata_run SET finished = :at, ok = FALSE, error = :error WHERE id = :id"
_FINISH = """
    UPDATE satudata_run SET finished = :at, ok = TRUE, kind = :kind, entries = :entries, cells = :cells,
           shrunk = :shrunk, warned = :warned
    WHERE id = :id
"""
_EVALUATED = """
    SELECT (SELECT count(DISTINCT entry_id) FROM satudata_entry_span) AS entries,
           (SELECT count(*) FROM satudata_cell) AS cells
"""
_LAST_GOOD = "SELECT cells FROM satudata_run WHERE ok AND NOT shrunk ORDER BY id DESC LIMIT 1"
_LAST = "SELECT * FROM satudata_run WHERE ok IS NOT NULL OR started < :broken ORDER BY id DESC LIMIT 1"
_LAST_FINISHED = "SELECT max(finished) FROM satudata_run WHERE ok"


@dataclass(frozen=True)
class Shrinkage:
    """What a run says about how much it evaluated: less than half of before, or noticeably less."""

    shrunk: bool
    warned: bool


def shrinkage(before: int | None, after: int) -> Shrinkage:
    """Compare the evaluated cells of two runs; `before` None where there was no good run."""
    if not before:
        return Shrinkage(shrunk=False, warned=False)
    lost = (before - after) / before
    return Shrinkage(shrunk=lost > SHRUNK, warned=lost > WARNED)


def run(
    session: Database, kind: str, work: Callable[[], Refreshed | None], *, accept: bool = False
) -> Refreshed | None:
    """Do a refresh and commit it with its line in the log; a run that fails is logged and its error raised.

    `work` runs in `session`'s transaction and gives None when there was nothing to do: then the line goes again.
    `accept` takes what there is as the new measure for later runs, however little it is.
    """
    started = datetime.now(timezone.utc)
    run_id = _apart(_START, kind=kind, at=started, rule_version=rules().version)
    try:
        done = work()
        if done is None:
            session.execute(sa.text("DELETE FROM satudata_run WHERE id = :id"), {"id": run_id})
        else:
            _finish(session, run_id, "penuh" if done.everything else kind, accept=accept)
        session.commit()
    except BaseException as problem:
        session.rollback()
        _apart(_FAIL, id=run_id, at=datetime.now(timezone.utc), error=f"{type(problem).__name__}: {problem}"[:_ERROR])
        raise
    return done


def note_done(session: Database, kind: str, started: datetime) -> None:
    """Write a refresh that came to its end into the log, in the transaction that did it."""
    run_id = session.scalar(sa.text(_START), {"kind": kind, "at": started, "rule_version": rules().version})
    _finish(session, run_id, kind, accept=False)


def _finish(session: Database, run_id: Any, kind: str, *, accept: bool) -> None:
    evaluated = session.execute(sa.text(_EVALUATED)).mappings().one()
    found = shrinkage(None if accept else session.scalar(sa.text(_LAST_GOOD)), evaluated["cells"])
    now = datetime.now(timezone.utc)
    session.execute(
        sa.text(_FINISH),
        {"id": run_id, "at": now, "kind": kind, **evaluated, "shrunk": found.shrunk, "warned": found.warned},
    )
    session.execute(sa.text("DELETE FROM satudata_run WHERE started < :old"), {"old": now - _KEPT})


def _apart(statement: str, **parameters: Any) -> Any:
    """Run a statement in a transaction of its own, so that it stands whatever becomes of the session's."""
    engine = model.meta.engine
    if engine is None:
        message = "the database is not bound"
        raise RuntimeError(message)
    with engine.begin() as connection:
        result = connection.execute(sa.text(statement), parameters)
        return result.scalar() if result.returns_rows else None


def last_run(session: Database, now: datetime) -> dict[str, Any] | None:
    """The newest run that ended or was broken off, None before the first. One that still runs says nothing yet."""
    row = session.execute(sa.text(_LAST), {"broken": now - BROKEN_OFF}).mappings().one_or_none()
    return dict(row) if row else None


def last_good(session: Database) -> datetime | None:
    """When figures were last computed without an error."""
    return session.scalar(sa.text(_LAST_FINISHED))


def mails_allowed(session: Database, now: datetime | None = None) -> tuple[bool, str]:
    """Whether letters may be sent on these figures, and else why not, as a sentence."""
    last = last_run(session, now or datetime.now(timezone.utc))
    if last is None:
        return False, tk._("Kelengkapan belum pernah dihitung.")
    if last["ok"] is None:
        return False, tk._("Perhitungan kelengkapan terakhir terhenti di tengah jalan.")
    if not last["ok"]:
        return False, tk._("Perhitungan kelengkapan terakhir gagal.")
    if last["shrunk"]:
        return False, tk._("Jumlah sel yang dihitung berkurang lebih dari separuh. Periksa Daftar Data dan datasetnya.")
    return True, ""
