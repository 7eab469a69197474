"""The daily run: who is to be told what today, into the outbox, and out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue.pdf import in_indonesian
from ckanext.satudataserang.chase import config, differences, outbox, post, recipients
from ckanext.satudataserang.completeness import health, touched
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.reminders import Digest, deadlines_of_interest, digests, with_differences

log = logging.getLogger(__name__)

_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended('satudata_chase_reminders', 0))")


class CannotSendError(Exception):
    """Nothing can be sent now and nothing was changed; the message says why and what to do."""


@dataclass
class Run:
    """What a run did, or on a dry run would do."""

    digests: list[Digest] = field(default_factory=list)
    noted: int = 0
    sent: outbox.Sent = field(default_factory=outbox.Sent)


def run(now: datetime, *, dry_run: bool = False) -> Run:
    """Note today's digests and send them, with whatever still waits. Run twice, the second run sends nothing.

    A dry run changes nothing and needs no mail server. Raises CannotSendError.
    """
    if not dry_run:
        refuse_unless_ready()
        _take_up_newest(now)
    if problem := stopped(model.Session):
        raise CannotSendError(problem)
    with in_indonesian():
        if dry_run:
            return Run(digests=due(model.Session, now))
        model.Session.execute(_LOCK)
        done = Run(digests=due(model.Session, now))
        done.noted = outbox.note(model.Session, now, done.digests)
        model.Session.commit()
        done.sent = outbox.send_waiting(now)
    return done


def send(now: datetime) -> outbox.Sent:
    """Send only what waits in the outbox. Raises CannotSendError."""
    refuse_unless_ready()
    _take_up_newest(now)
    if problem := stopped(model.Session):
        raise CannotSendError(problem)
    with in_indonesian():
        return outbox.send_waiting(now)


def due(session: Database, now: datetime) -> list[Digest]:
    """The digests of a day: what was not told before, to everybody who can be written to."""
    today, steps = now.astimezone(WIB).date(), config.steps()
    span = deadlines_of_interest(today, steps)
    cells = outbox.owed(session, now, *span) if span else []
    unequal = differences.of_letters(session)
    if not cells and not unequal:
        return []
    people = recipients.everybody(session)
    found = digests(today, cells, steps, people, outbox.told(session, cells)) if cells else []
    return with_differences(found, unequal, people, differences.written(session, unequal)) if unequal else found


def stopped(session: Database) -> str:
    """Why no mail may go out because the figures cannot be trusted, in a sentence; empty when they can."""
    allowed, reason = health.mails_allowed(session)
    return "" if allowed else tk._("Pengingat dihentikan sementara: {reason}").format(reason=reason)


def _take_up_newest(now: datetime) -> None:
    """Count the newest deliveries too: who has just delivered is left in peace."""
    try:
        health.run(model.Session, "perubahan", lambda: touched.refresh_touched(model.Session, now))
    except SQLAlchemyError:
        # The run is logged as failed, and that stops the mail with a reason people can read.
        log.exception("Kelengkapan belum dapat diperbarui sebelum pengingat dikirim")


def summary(letters: Sequence[Digest]) -> list[dict[str, object]]:
    """Digests as the API and the command line tell them: to whom, which cells, and which figures differ."""
    return [
        {
            "recipient": letter.person.address,
            "name": letter.person.name,
            "items": [
                {
                    "step": line.step,
                    "audience": line.audience.value,
                    "opd": line.owed.opd_name,
                    "kode": line.owed.kode,
                    "judul": line.owed.judul,
                    "period": line.owed.period,
                    "deadline": line.owed.deadline.isoformat(),
                    "state": line.owed.state,
                }
                for line in letter.lines
            ],
            "differences": [
                {"id": one.conflict_id, "what": one.what, "left": one.left, "right": one.right, "url": one.address}
                for one in letter.differences
            ],
        }
        for letter in letters
    ]


def refuse_unless_ready() -> None:
    """Raise CannotSendError where no mail server is set or answers."""
    if problem := config.smtp_problem() or post.server_problem():
        raise CannotSendError(problem)
