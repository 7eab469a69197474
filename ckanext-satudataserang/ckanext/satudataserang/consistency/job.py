"""When figures are compared: soon after a publication, by a job, and all of them at night.

What is to be compared is noted in the database, so that nothing is forgotten while the queue is away.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timezone

import sqlalchemy as sa
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis

from ckanext.satudataserang.consistency import registry
from ckanext.satudataserang.consistency.evaluate import Evaluated, evaluate
from ckanext.satudataserang.core.consistency.parse import RuleError
from ckanext.satudataserang.core.structures.problems import StructureError

log = logging.getLogger(__name__)

QUEUE = "satudata"
_TIMEOUT = 900
_NOTE = "INSERT INTO satudata_to_compare (entry_id) SELECT unnest(CAST(:entries AS text[]))"


def note(entry_ids: Iterable[str]) -> None:
    """Note entries whose figures changed and are committed, and ask for a comparison soon. None of them: all."""
    wanted = sorted(set(entry_ids)) or [""]
    with model.ensure_engine().begin() as connection:
        connection.execute(sa.text(_NOTE), {"entries": wanted})
    try:
        if connect_to_redis().set(_waiting(), "1", nx=True, ex=_TIMEOUT):
            tk.enqueue_job(run, title="Bandingkan angka terbit", queue=QUEUE, rq_kwargs={"timeout": _TIMEOUT})
    except RedisError:
        log.warning("Redis tidak menjawab: angka dibandingkan pada kesempatan berikutnya")


def _waiting() -> str:
    """The Redis key that stands while a job waits; should that job be lost, the key ends after a while by itself."""
    return f"satudata:{tk.config['ckan.site_id']}:comparison_waiting"


def run() -> None:
    """The job: compare what was noted."""
    connect_to_redis().delete(_waiting())
    compare_noted()


def compare_noted() -> Evaluated | None:
    """Compare what was noted; None when nothing was. What is noted meanwhile stays for the next time."""
    rows = model.Session.execute(sa.text("SELECT id, entry_id FROM satudata_to_compare")).all()
    model.Session.commit()
    if not rows:
        return None
    everything = any(not row.entry_id for row in rows)
    done = evaluate(model.Session, _now(), None if everything else sorted({row.entry_id for row in rows}))
    _forget([row.id for row in rows])
    return done


def compare_all() -> Evaluated:
    """Compare everything, as the night does."""
    noted = list(model.Session.scalars(sa.text("SELECT id FROM satudata_to_compare")))
    registry.seed(model.Session, _now())
    model.Session.commit()
    done = evaluate(model.Session, _now())
    _forget(noted)
    return done


def compare_at_night() -> None:
    """`compare_all`, which keeps nothing of the night that follows from being done."""
    try:
        compare_all()
    except (SQLAlchemyError, RuleError, StructureError):
        model.Session.rollback()
        log.exception("Angka terbit belum dapat dibandingkan")


def _forget(ids: list[int]) -> None:
    model.Session.execute(sa.text("DELETE FROM satudata_to_compare WHERE id = ANY(:ids)"), {"ids": ids})
    model.Session.commit()


def _now() -> datetime:
    return datetime.now(timezone.utc)
