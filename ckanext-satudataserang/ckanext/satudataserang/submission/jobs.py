"""Checking and publishing of deliveries: at once where they are small, else by a job.

The truth is in the rows (`state` diajukan, `publish_asked_at`); a job is only a nudge, and `sweep` makes up for those
that were lost.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TypeGuard

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.submission import config, due, files, lifecycle, progress, publishing, queue
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.passing import PASSING

log = logging.getLogger(__name__)

_KEEP_UNNAMED = timedelta(days=2)


def publish_soon(row: Submission) -> None:
    """Publish a delivery for which it was asked and committed: now, or by a job."""
    submission_id, size = row.id, row.file_size or 0
    queue.plan_sweep()
    if size <= config.at_once() and (publishing.publish(submission_id) or not _is_asked(submission_id)):
        return
    queue.enqueue(publish, submission_id, f"Terbitkan {submission_id}")


def check_soon(submission_id: str) -> None:
    """Have a large delivery checked by a job."""
    queue.enqueue(check, submission_id, f"Periksa {submission_id}")


def publish(submission_id: str) -> None:
    """The job: publish one delivery."""
    publishing.publish(submission_id)


def check(submission_id: str) -> None:
    """The job: check a delivery that was handed in, or a large draft; nothing happens where it has been done."""
    row = model.Session.get(Submission, submission_id, populate_existing=True)
    if not _is_unchecked(row):
        model.Session.commit()
        return
    what = due.due_of(due.entry_of(row.entry_id), row.period, future=True)
    sha256 = row.file_sha256
    model.Session.commit()
    # Reading a large file takes its time; nobody waits for it.
    checked = lifecycle.check(row, what, progress.of(submission_id))
    lifecycle.lock(what.entry.id, what.period.key)
    row = model.Session.get(Submission, submission_id, populate_existing=True)
    if not _is_unchecked(row) or row.file_sha256 != sha256:
        model.Session.commit()
        return
    if row.state == life.DIAJUKAN:
        lifecycle.settle(row, checked)
    else:
        lifecycle.note_findings(row, checked)
    lifecycle.commit(what.entry.id, what.period.key, announce=row.state != life.DRAF)


def _is_unchecked(row: Submission | None) -> TypeGuard[Submission]:
    if row is None or row.superseded_by is not None:
        return False
    return row.state == life.DIAJUKAN or (row.state == life.DRAF and row.progress is not None)


def sweep(*, at_once: bool = False) -> tuple[int, int]:
    """Do what was left undone; returns how many deliveries were checked and how many published.

    :param at_once: also what was put off (a person asks)
    """
    waiting = model.Session.scalars(
        sa.select(Submission.id).where(
            Submission.superseded_by.is_(None),
            sa.or_(
                Submission.state == life.DIAJUKAN,
                sa.and_(Submission.state == life.DRAF, Submission.progress.is_not(None)),
            ),
        )
    ).all()
    model.Session.commit()
    for submission_id in waiting:
        _check_or_note(submission_id)
    return len(waiting), publishing.sweep(at_once=at_once)


def _check_or_note(submission_id: str) -> None:
    """One delivery that cannot be checked must not keep the others waiting, nor the loads."""
    try:
        check(submission_id)
    except PASSING:
        model.Session.rollback()
        raise
    except Exception:
        model.Session.rollback()
        log.exception("Pemeriksaan %s gagal", submission_id)


def _is_asked(submission_id: str) -> bool:
    asked = model.Session.scalar(sa.select(Submission.publish_asked_at).where(Submission.id == submission_id))
    model.Session.commit()
    return asked is not None


def prune() -> int:
    """Remove files that no delivery names and that have been there for two days; returns how many."""
    before = (due.now() - _KEEP_UNNAMED).timestamp()
    old = [sha256 for sha256, changed in files.kept() if changed < before]
    named = set(model.Session.scalars(sa.select(Submission.file_sha256).where(Submission.file_sha256.in_(old))))
    model.Session.commit()
    gone = [files.path_of(sha256) for sha256 in old if sha256 not in named]
    gone += [path for path, changed in files.leftovers() if changed < before]
    return sum(files.remove(path, before) for path in gone)
