"""What was touched since the last refresh: a list in the database, so that nothing is forgotten whatever dies.

A change is noted in the transaction that makes it (`note_within`), so the two stand or fall together. After the commit
`catch_up` refreshes at once where little was touched and leaves the rest to a job. A job planned for a little later
looks after what a process that died between the two left behind; the night counts everything anew.
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
from ckanext.satudataserang.completeness import at_once, health, snapshots
from ckanext.satudataserang.completeness.refresh import Refreshed, lock, refresh
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.consistency import job as sameness
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.submission import queue as loads

log = logging.getLogger(__name__)

QUEUE = "satudata"
_TIMEOUT = 900
#: How soon a job looks for what nobody came back for.
_NET_AFTER = timedelta(seconds=20)
# Rows are only added and taken, never compared: whoever notes waits for nobody.
_NOTE = "INSERT INTO satudata_touched (kind, ref) SELECT :kind, unnest(CAST(:refs AS text[]))"
_TAKE = "DELETE FROM satudata_touched RETURNING kind, ref"


def note(kind: str, refs: Iterable[str]) -> None:
    """Note touched things of a `kind` (entry, dataset, opd) whose change is committed, and refresh soon."""
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(_NOTE), {"kind": kind, "refs": sorted(set(refs))})
    catch_up()


def note_within(kind: str, refs: Iterable[str]) -> None:
    """Note touched things in the transaction of CKAN's session that changes them; `catch_up` follows its commit."""
    if wanted := sorted(set(refs)):
        model.Session.execute(sa.text(_NOTE), {"kind": kind, "refs": wanted})
        _plan_net()


def catch_up() -> None:
    """Refresh what was noted and committed: at once where it is little, else by a job. Never an error, seldom a wait.

    What a transaction that is still open has noted stays for the next one, or for the job that is planned.
    """
    _plan_net()
    if at_once.refreshed(lambda session: refresh_touched(session, datetime.now(timezone.utc))):
        return
    try:
        # One waiting job is enough for any number of notes: it takes all of them.
        if connect_to_redis().set(_key("refresh_waiting"), "1", nx=True, ex=_TIMEOUT):
            tk.enqueue_job(run, title="Perbarui kelengkapan", queue=QUEUE, rq_kwargs={"timeout": _TIMEOUT})
    except RedisError:
        log.warning("Redis tidak menjawab: kelengkapan diperbarui pada kesempatan berikutnya")


def _key(name: str) -> str:
    """A Redis key that stands while a job waits; should that job be lost, the key ends after a while by itself."""
    return f"satudata:{tk.config['ckan.site_id']}:{name}"


def _plan_net() -> None:
    """See to it that a job looks after what is noted now, should this process not live to do it."""
    try:
        if connect_to_redis().set(_key("refresh_net"), "1", nx=True, ex=_TIMEOUT):
            tk.get_job_queue(QUEUE).enqueue_in(_NET_AFTER, run_left, job_timeout=_TIMEOUT)
    except RedisError:
        log.warning("Redis tidak menjawab: yang tertinggal diperbarui pada kesempatan berikutnya")


def refresh_touched(session: Database, now: datetime) -> Refreshed | None:
    """Refresh what was noted, in the session's transaction; None when nothing was. An OPD touches everything."""
    lock(session)
    rows = session.execute(sa.text(_TAKE)).all()
    if not rows:
        return None
    if any(row.kind == "opd" for row in rows):
        return refresh(session, now, holidays=holidays())
    return refresh(
        session,
        now,
        entry_ids=sorted({row.ref for row in rows if row.kind == "entry"}),
        dataset_ids=sorted({row.ref for row in rows if row.kind == "dataset"}),
        holidays=holidays(),
    )


def run() -> None:
    """The job: refresh what was noted; see to it that the next night's run is planned, whatever becomes of this one."""
    # From here on a new note asks for a job of its own: this one may already have taken the list.
    connect_to_redis().delete(_key("refresh_waiting"))
    _run()


def run_left() -> None:
    """The job that comes a little later: refresh what was noted and not come back for."""
    connect_to_redis().delete(_key("refresh_net"))
    _run()


def _run() -> None:
    plan_nightly()
    now = datetime.now(timezone.utc)
    health.run(model.Session, "perubahan", lambda: refresh_touched(model.Session, now))


def run_nightly() -> None:
    """The nightly job: all figures compared, then all counted anew, which corrects whatever went unnoticed, then the
    months that closed are frozen, and files that still wait are loaded."""
    # First, so that a night that fails does not take all the later ones with it.
    plan_nightly()
    sameness.compare_at_night()
    now = datetime.now(timezone.utc)
    health.run(model.Session, "penuh", lambda: refresh(model.Session, now, holidays=holidays()))
    if months := snapshots.close(model.Session, now):
        log.info("Bulan yang dibekukan: %s", ", ".join(months))
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
