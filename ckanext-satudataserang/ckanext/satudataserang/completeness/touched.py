"""What was touched since the last refresh: a list in the database, so that nothing is forgotten while Redis is away.

Whoever changes plan, submissions or datasets notes it here; a job takes the whole list and refreshes once.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.completeness import health, snapshots
from ckanext.satudataserang.completeness.refresh import Refreshed, lock, refresh
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.submission import queue as loads

log = logging.getLogger(__name__)

QUEUE = "satudata"
_TIMEOUT = 900
_NOTE = (
    "INSERT INTO satudata_touched (kind, ref) SELECT :kind, * FROM unnest(CAST(:refs AS text[])) ON CONFLICT DO NOTHING"
)


def note(kind: str, refs: Iterable[str]) -> None:
    """Note touched things of a `kind` (entry, dataset, opd) by their ids, and ask for a refresh soon."""
    engine = model.meta.engine
    if engine is None:
        message = "the database is not bound"
        raise RuntimeError(message)
    with engine.begin() as connection:
        connection.execute(sa.text(_NOTE), {"kind": kind, "refs": sorted(set(refs))})
    try:
        # One waiting job is enough for any number of notes: it takes all of them.
        if connect_to_redis().set(_waiting(), "1", nx=True, ex=_TIMEOUT):
            tk.enqueue_job(run, title="Perbarui kelengkapan", queue=QUEUE, rq_kwargs={"timeout": _TIMEOUT})
    except RedisError:
        log.warning("Redis tidak menjawab: kelengkapan diperbarui pada kesempatan berikutnya")


def _waiting() -> str:
    """The Redis key that stands while a job waits; should that job be lost, the key ends after a while by itself."""
    return f"satudata:{tk.config['ckan.site_id']}:refresh_waiting"


def refresh_touched(session: Database, now: datetime) -> Refreshed | None:
    """Refresh what was noted, in the session's transaction; None when nothing was. An OPD touches everything."""
    # Whoever notes a row that is being deleted waits for the commit, so nothing is deleted while waiting for a turn.
    lock(session)
    rows = session.execute(sa.text("DELETE FROM satudata_touched RETURNING kind, ref")).all()
    if not rows:
        return None
    if any(row.kind == "opd" for row in rows):
        return refresh(session, now, holidays=holidays())
    return refresh(
        session,
        now,
        entry_ids=[row.ref for row in rows if row.kind == "entry"],
        dataset_ids=[row.ref for row in rows if row.kind == "dataset"],
        holidays=holidays(),
    )


def run() -> None:
    """The job: refresh what was noted; see to it that the next night's run is planned, whatever becomes of this one."""
    # From here on a new note asks for a job of its own: this one may already have taken the list.
    connect_to_redis().delete(_waiting())
    plan_nightly()
    now = datetime.now(timezone.utc)
    health.run(model.Session, "perubahan", lambda: refresh_touched(model.Session, now))


def run_nightly() -> None:
    """The nightly job: all anew, which corrects whatever went unnoticed, then a month that closed is frozen, and files
    that still wait are loaded."""
    # First, so that a night that fails does not take all the later ones with it.
    plan_nightly()
    now = datetime.now(timezone.utc)
    health.run(model.Session, "penuh", lambda: refresh(model.Session, now, holidays=holidays()))
    if month := snapshots.close(model.Session, now):
        log.info("Bulan %s dibekukan", month)
    model.Session.commit()
    loads.sweep()


def plan_nightly() -> None:
    """Plan one full refresh shortly after the next midnight in Jakarta; planning it twice changes nothing."""
    at = datetime.now(WIB).replace(hour=0, minute=10, second=0, microsecond=0) + timedelta(days=1)
    # A job id of its own per night: a running job must not plan itself away.
    job_id = f"satudata_completeness_nightly_{at:%Y%m%d}"
    try:
        try:
            tk.job_from_id(job_id)
        except KeyError:
            tk.get_job_queue(QUEUE).enqueue_at(at, run_nightly, job_id=job_id, job_timeout=_TIMEOUT)
    except RedisError:
        log.warning("Redis tidak menjawab: perhitungan malam dijadwalkan pada kesempatan berikutnya")
