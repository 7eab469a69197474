"""Handing loads to the job queue, and finding those that got lost on the way.

The truth is in `satudata_load`. A job is only a nudge: one too many does nothing, one too few is made up for by
`sweep`, which runs some minutes after every nudge and by hand (`ckan satudata load retry`).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model

from . import config, full_text, tables
from .model import Load, Submission
from .passing import PASSING
from .store_model import TableBusyError

log = logging.getLogger(__name__)

QUEUE = "satudata"
#: A load that killed its worker so often is given up.
MAX_ATTEMPTS = 3
_SWEEP_AFTER = timedelta(minutes=5)
_SWEEP_ID = "satudata-load-sweep"
_BUSY = ("queued", "scheduled", "deferred", "started")


def nudge(resource_ids: Iterable[str]) -> bool:
    """Ask a worker to load these resources; False when the queue cannot be reached (the sweep will find them)."""
    from .job import load  # noqa: PLC0415 (the job hands on what it finds, through here)

    try:
        for resource_id in resource_ids:
            job_id = _free_id(f"satudata-load-{resource_id}")
            if job_id:
                tk.enqueue_job(
                    load,
                    [resource_id],
                    title=f"Muat {resource_id}",
                    queue=QUEUE,
                    # Somebody waits for this one; what the figures make of it can come after.
                    rq_kwargs={"job_id": job_id, "timeout": config.timeout(), "at_front": True},
                )
        _plan_sweep()
    except RedisError:
        log.warning("Antrean tidak dapat dihubungi; berkas tetap tercatat dan dimuat kemudian")
        return False
    return True


def enqueue(job: Callable[[str], None], argument: str, title: str) -> bool:
    """Hand one job about a delivery to a worker; False when the queue cannot be reached (the sweep does it)."""
    try:
        if job_id := _free_id(f"satudata-{job.__name__}-{argument}"):
            tk.enqueue_job(
                job, [argument], title=title, queue=QUEUE, rq_kwargs={"job_id": job_id, "timeout": config.timeout()}
            )
        _plan_sweep()
    except RedisError:
        log.warning("Antrean tidak dapat dihubungi; kiriman tetap tercatat dan dikerjakan kemudian")
        return False
    return True


def index_soon(resource_id: str) -> None:
    """Have the full text of a table made by a job, where it waits for that."""
    with tables.cursor() as reading:
        if full_text.is_indexed(reading, resource_id):
            return
    enqueue(index, resource_id, f"Indeks {resource_id}")


def index(resource_id: str) -> None:
    """The job: make the full text of a table that waits for it. A table in use waits for the next sweep."""
    try:
        full_text.complete(resource_id)
    except TableBusyError:
        log.info("Tabel %s sedang dipakai; indeks pencariannya menyusul", resource_id)


def plan_sweep() -> None:
    """See to it that what is about to be done is looked after should this process die."""
    try:
        _plan_sweep()
    except RedisError:
        log.warning("Antrean tidak dapat dihubungi; yang tertunda dikerjakan pada malam hari")


def waiting() -> sa.ColumnElement[bool]:
    """The condition that leaves the loads to be done now: asked for, and not put off to a later moment."""
    now = datetime.now(timezone.utc)
    return sa.and_(Load.state == "antre", sa.or_(Load.retry_at.is_(None), Load.retry_at <= now))


def sweep(*, at_once: bool = False) -> list[str]:
    """Nudge every load that waits, after returning those to the queue whose worker died; returns their resources.

    Deliveries that wait for their checks or for publication are done on the way, and tables that wait for full text.
    Looks again later as long as anything is left, or where a service is away.

    :param at_once: also those that were put off (a person asks)
    """
    try:
        found = _sweep(at_once=at_once)
        left = _is_left() or bool(full_text.waiting())
    except PASSING:
        plan_sweep()
        raise
    if left:
        plan_sweep()
    return found


def _is_left() -> bool:
    """Whether a load or a publication still waits."""
    loads = sa.exists().where(Load.state == "antre")
    asked = sa.exists().where(Submission.publish_asked_at.is_not(None), Submission.superseded_by.is_(None))
    left = model.Session.scalar(sa.select(sa.or_(loads, asked)))
    model.Session.commit()
    return bool(left)


def _sweep(*, at_once: bool) -> list[str]:
    from .jobs import sweep as sweep_deliveries  # noqa: PLC0415 (jobs hand on what they find, through here)

    sweep_deliveries(at_once=at_once)
    for resource_id in full_text.waiting():
        _index_or_note(resource_id)
    for resource_id in model.Session.scalars(sa.select(Load.resource_id).where(Load.state == "memuat")).all():
        with exclusive(resource_id) as alone:
            if alone:
                model.Session.execute(
                    sa.update(Load)
                    .where(Load.resource_id == resource_id, Load.state == "memuat")
                    .values(state="antre", started_at=None)
                )
                model.Session.commit()
    if at_once:
        model.Session.execute(sa.update(Load).where(Load.state == "antre").values(retry_at=None))
    found = list(model.Session.scalars(sa.select(Load.resource_id).where(waiting())))
    model.Session.commit()
    if found:
        nudge(found)
    return found


def _index_or_note(resource_id: str) -> None:
    """One table whose full text cannot be made must not keep the loads waiting."""
    try:
        index(resource_id)
    except PASSING:
        raise
    except Exception:
        log.exception("Indeks pencarian %s gagal", resource_id)


@contextmanager
def exclusive(resource_id: str) -> Iterator[bool]:
    """Hold the right to load a resource; gives False when another process has it.

    The lock belongs to a connection of its own, so it ends with the process that holds it, however that ends.
    """
    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        key = {"key": f"satudata_load:{resource_id}"}
        alone = bool(connection.scalar(sa.text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key))
        try:
            yield alone
        finally:
            if alone:
                connection.execute(sa.text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"), key)


def _plan_sweep() -> None:
    if sweep_id := _free_id(_SWEEP_ID):
        tk.get_job_queue(QUEUE).enqueue_in(_SWEEP_AFTER, sweep, job_id=sweep_id, job_timeout=config.timeout())


def _free_id(job_id: str) -> str | None:
    """Return an id for a new job, None where one waits already. A job at work keeps its id to itself."""
    status = _status(job_id)
    if status == "started":
        job_id = f"{job_id}-lagi"
        status = _status(job_id)
    return None if status in _BUSY else job_id


def _status(job_id: str) -> str:
    try:
        status = tk.job_from_id(job_id).get_status()
    except KeyError:
        return ""
    return status.value if status else ""
