"""Publishing an approved delivery: its rows into the entry's one table, then the word that it stands published.

Two databases take part, so there is a moment in which the table has the new rows and the delivery is not marked yet.
Everything up to the mark may be done again without harm: a process that dies anywhere leaves the period's old rows or
its new ones, whole, and `sweep` finishes what was asked for (`publish_asked_at` stands until then).
"""

from __future__ import annotations

import logging
from datetime import datetime

import sqlalchemy as sa

import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.search import SearchError, SearchIndexError

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import catalogued, due, lifecycle, passing, queue
from ckanext.satudataserang.submission.catalogued import CannotPublishError
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import moment
from ckanext.satudataserang.submission.store import StoreError, TableBusyError

log = logging.getLogger(__name__)

#: After so many attempts that did not come to an end, a person has to ask again.
MAX_ATTEMPTS = 5


def ask(row: Submission, actor: str, note: str = "") -> None:
    """Note that a delivery is to be published, in the session's transaction."""
    row.publish_asked_at, row.publish_retry_at, row.attempts, row.problem = due.now(), None, 0, ""
    row.approved_by = row.approved_by or actor
    lifecycle.remark(row, "minta_terbit", actor, note)


def publish(submission_id: str) -> bool:
    """Publish a delivery for which it was asked; True when it stands published afterwards.

    What a person has to mend is written to its `problem`, and the request is over; what time will mend stays asked for.
    """
    entry_id = model.Session.scalar(sa.select(Submission.entry_id).where(Submission.id == submission_id))
    model.Session.commit()
    if entry_id is None:
        return False
    with queue.exclusive(f"terbit:{entry_id}") as alone:
        # Whoever is at it publishes one delivery of the entry; the sweep comes back for the others.
        return alone and _publish(submission_id)


def sweep(*, at_once: bool = False) -> int:
    """Publish everything that was asked for and left; returns how many deliveries stand published by it.

    :param at_once: also what was put off (a person asks)
    """
    retry_at = Submission.publish_retry_at
    is_due = sa.true() if at_once else sa.or_(retry_at.is_(None), retry_at <= due.now())
    asked = model.Session.scalars(
        sa.select(Submission.id)
        .where(
            Submission.publish_asked_at.is_not(None),
            Submission.superseded_by.is_(None),
            Submission.state == life.DISETUJUI,
            is_due,
        )
        .order_by(Submission.publish_asked_at)
    ).all()
    model.Session.commit()
    return sum(publish(one) for one in asked)


def _publish(submission_id: str) -> bool:
    row = model.Session.get(Submission, submission_id, populate_existing=True)
    if row is None or row.state != life.DISETUJUI or row.superseded_by or row.publish_asked_at is None:
        model.Session.commit()
        return row is not None and row.state == life.TERBIT
    row.attempts += 1
    attempts = row.attempts
    model.Session.commit()
    if attempts > MAX_ATTEMPTS:
        return _give_up(
            submission_id, tk._("Penerbitan berkali-kali terhenti. Coba lagi; bila berulang, hubungi pengelola.")
        )
    try:
        _write(submission_id)
    except passing.PASSING as hindrance:
        model.Session.rollback()
        log.warning("Penerbitan %s tertunda: %s", submission_id, hindrance)
        return _put_off(submission_id, busy=isinstance(hindrance, TableBusyError))
    except (CannotPublishError, StoreError) as problem:
        model.Session.rollback()
        return _give_up(submission_id, catalogued.refused(problem))
    except Exception:
        model.Session.rollback()
        log.exception("Penerbitan %s gagal", submission_id)
        return _stopped(submission_id)
    return True


def _write(submission_id: str) -> None:
    row = model.Session.get_one(Submission, submission_id)
    entry = model.Session.get_one(PlanEntry, row.entry_id)
    what = due.due_of(entry, row.period, future=True)
    place = catalogued.ready(row, what)
    _mark(row, what, place)
    lifecycle.commit(row.entry_id, row.period)
    _reindex(place.dataset_id)
    if place.resource_id:
        queue.index_soon(place.resource_id)


def _mark(row: Submission, what: due.Due, place: catalogued.Written) -> None:
    """Say that the delivery stands; from the commit on it does, everywhere."""
    lifecycle.lock(what.entry.id, row.period)
    row = model.Session.get_one(Submission, row.id, populate_existing=True)
    if row.superseded_by is not None or row.state != life.DISETUJUI:
        message = tk._("Kiriman ini diganti kiriman lain sewaktu diterbitkan.")
        raise CannotPublishError(message)
    at = due.now()
    model.Session.execute(
        sa.update(Submission)
        .where(
            Submission.entry_id == row.entry_id,
            Submission.period == row.period,
            Submission.superseded_by.is_(None),
            Submission.state.in_(life.STANDING),
        )
        .values(superseded_by=row.id)
    )
    row.dataset_id, row.resource_id = place.dataset_id, place.resource_id
    row.published_at, row.publish_asked_at, row.publish_retry_at, row.problem = at, None, None, ""
    lifecycle.move(row, life.TERBIT, row.approved_by or life.SYSTEM, action="terbit")
    catalogued.touch(place, at)


def _reindex(dataset_id: str) -> None:
    try:
        ckan_search.rebuild(dataset_id)
    except (SearchError, SearchIndexError):
        # The data stand; the index is made good by its own rebuild.
        log.warning("Indeks pencarian tidak menjawab; dataset %s menyusul", dataset_id)


def _give_up(submission_id: str, problem: str) -> bool:
    """A person has to do something; the request is over."""
    row = model.Session.get_one(Submission, submission_id, populate_existing=True)
    row.publish_asked_at, row.publish_retry_at, row.problem = None, None, problem
    lifecycle.remark(row, "gagal_terbit", life.SYSTEM, problem)
    lifecycle.commit(row.entry_id, row.period)
    return False


def _put_off(submission_id: str, *, busy: bool) -> bool:
    """What stands in the way passes: the request stays, for a day, and is not counted as an attempt."""
    row = model.Session.get_one(Submission, submission_id, populate_existing=True)
    again = _next_try(row)
    if again is None:
        hours = int(passing.PATIENCE.total_seconds() // 3600)
        message = tk._("Penerbitan diulang {hours} jam tanpa hasil. Coba lagi; bila berulang, hubungi pengelola.")
        return _give_up(submission_id, message.format(hours=hours))
    row.attempts = 0
    message = tk._("Basis data atau indeks pencarian tidak menjawab; penerbitan diulang sendiri sekitar {when}.")
    if busy:
        message = tk._("Tabelnya sedang dipakai; penerbitan diulang sendiri sekitar {when}.")
    return _wait(row, again, message)


def _stopped(submission_id: str) -> bool:
    """Nobody foresaw what happened: the request stays, for `MAX_ATTEMPTS`."""
    row = model.Session.get_one(Submission, submission_id, populate_existing=True)
    message = tk._("Penerbitan terhenti karena gangguan pada sistem dan akan diulang sendiri sekitar {when}.")
    return _wait(row, _next_try(row), message)


def _next_try(row: Submission) -> datetime | None:
    """When to try again: waits double with the time since it was asked; None: it was tried for a day."""
    now = due.now()
    return passing.next_try(row.publish_asked_at or now, now)


def _wait(row: Submission, again: datetime | None, message: str) -> bool:
    """Time will mend it; the request stays, and the sweep comes back to it."""
    row.publish_retry_at = again
    row.problem = message.format(when=moment(again or due.now()))
    lifecycle.commit(row.entry_id, row.period, announce=False)
    return False
