"""The outbox: letters are noted first and sent then, each under a lock of its own, so that no worker sends another's.

What a letter says is written when it is sent, from what is owed at that moment. A letter whose process dies between
the server's yes and the note of it is sent once more under the same Message-ID.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.chase import config, differences, links, post, recipients
from ckanext.satudataserang.chase.model import Mail, MailDifference, MailItem
from ckanext.satudataserang.chase.todo import OPEN_STATES
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.sql import STATE
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core import reminder_texts
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.reminders import Audience, Digest, Line, Owed, Person, in_order, next_attempt

log = logging.getLogger(__name__)

_COLUMNS = """
    c.entry_id, c.period, c.deadline, c.opd_id, e.kode, e.judul, o.name AS opd_name, o.title AS opd_title, s.state
"""
_FROM = f"""
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = c.opd_id
    CROSS JOIN LATERAL (SELECT {STATE} AS state) s
"""
#: Nobody is chased for sample data.
_OWED = f"""
    SELECT {_COLUMNS} {_FROM}
    WHERE c.deadline >= :first AND c.deadline < :until AND s.state = ANY(:open) AND e.source_system <> 'contoh'
"""
_LINES = f"""
    SELECT {_COLUMNS}, i.step, i.audience {_FROM}
    JOIN satudata_mail_item i ON i.entry_id = c.entry_id AND i.period = c.period
    WHERE i.mail_id = :mail AND s.state = ANY(:open)
"""
_LATE = f"""
    SELECT c.opd_id, count(*) {_FROM}
    WHERE c.opd_id = ANY(:opds) AND s.state = 'terlewat' AND e.source_system <> 'contoh' GROUP BY 1
"""
_TOLD = """
    SELECT step, entry_id, period, recipient FROM satudata_mail_item
    WHERE (entry_id, period) IN (SELECT * FROM unnest(CAST(:entries AS text[]), CAST(:periods AS text[])))
"""


@dataclass
class Sent:
    """What became of the letters that were taken up."""

    sent: int = 0
    failed: int = 0
    cancelled: int = 0
    next_attempt_at: datetime | None = None


def owed(session: Database, now: datetime, first: date, last: date) -> list[Owed]:
    """Cells whose deadline lies in `first`..`last` (days in WIB, both included) and that are still owed at `now`."""
    moments = {
        "first": datetime.combine(first, time(), tzinfo=WIB),
        "until": datetime.combine(last + timedelta(days=1), time(), tzinfo=WIB),
    }
    rows = session.execute(sa.text(_OWED), {"now": now, "open": list(OPEN_STATES), **moments}).mappings()
    return [_owed(row) for row in rows]


def told(session: Database, cells: Sequence[Owed]) -> frozenset[tuple[int, str, str, str]]:
    """What of these cells was told before, as `core.reminders.digests` takes it."""
    parameters = {"entries": [one.entry_id for one in cells], "periods": [one.period for one in cells]}
    return frozenset(session.execute(sa.text(_TOLD), parameters).tuples())  # type: ignore[arg-type]


def note(session: Database, now: datetime, digests: Sequence[Digest]) -> int:
    """Put digests in the outbox, in the session's transaction; how many letters that makes.

    What another run has noted meanwhile is left out by its key, and a digest without anything new makes no letter.
    """
    letters = 0
    for digest in digests:
        mail_id = make_uuid()
        rows = [
            {
                "step": line.step,
                "entry_id": line.owed.entry_id,
                "period": line.owed.period,
                "recipient": digest.person.key,
                "audience": line.audience.value,
                "opd_id": line.owed.opd_id,
                "mail_id": mail_id,
            }
            for line in digest.lines
        ]
        unequal = [
            {
                "conflict_id": one.conflict_id,
                "opened_at": one.opened_at,
                "recipient": digest.person.key,
                "mail_id": mail_id,
            }
            for one in digest.differences
        ]
        if _noted(session, MailItem, rows) + _noted(session, MailDifference, unequal):
            session.add(
                Mail(
                    id=mail_id,
                    recipient=digest.person.address,
                    name=digest.person.name,
                    state="antre",
                    subject=reminder_texts.subject(digest, now.astimezone(WIB).date()),
                    created=now,
                    next_attempt_at=now,
                    attempts=0,
                    error="",
                )
            )
            letters += 1
    session.flush()
    return letters


def _noted(session: Database, table: type[MailItem | MailDifference], rows: list[dict[str, Any]]) -> int:
    """How many of these rows are new; only they are written."""
    if not rows:
        return 0
    statement = postgresql.insert(table).values(rows).on_conflict_do_nothing().returning(table.mail_id)
    return len(session.execute(statement).all())


def send_waiting(now: datetime) -> Sent:
    """Send every letter whose turn has come, each in a transaction of its own."""
    done = Sent()
    while mail := _take(now):
        _send(mail, now, done)
        model.Session.commit()
    model.Session.commit()
    done.next_attempt_at = model.Session.scalar(sa.select(sa.func.min(Mail.next_attempt_at)).where(_WAITING))
    return done


_WAITING = Mail.state == "antre"


def _take(now: datetime) -> Mail | None:
    """The next letter, locked: another worker passes it over."""
    return model.Session.scalar(
        sa.select(Mail)
        .where(_WAITING, Mail.next_attempt_at <= now)
        .order_by(Mail.created, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def _send(mail: Mail, now: datetime, done: Sent) -> None:
    digest = _digest(model.Session, mail, now)
    if not digest.lines and not _still_differs(model.Session, mail, digest):
        mail.state, mail.error = "batal", ""
        done.cancelled += 1
        return
    letter = reminder_texts.compose(digest, _frame(model.Session, digest, now))
    mail.attempts += 1
    mail.subject = letter.subject
    try:
        post.send(digest.person, letter, mail.id)
    except post.PostError as err:
        mail.error = str(err)
        mail.state = "gagal" if mail.attempts >= config.max_attempts() else "antre"
        mail.next_attempt_at = now + next_attempt(mail.attempts)
        done.failed += 1
        log.warning("Pengingat %s gagal dikirim (percobaan %s): %s", mail.id, mail.attempts, err)
        return
    mail.state, mail.error, mail.sent_at = "terkirim", "", now
    done.sent += 1


def _digest(session: Database, mail: Mail, now: datetime) -> Digest:
    """The letter's lines that are still owed, and the differences that are still open."""
    rows = session.execute(sa.text(_LINES), {"now": now, "mail": mail.id, "open": list(OPEN_STATES)}).mappings()
    lines = [Line(row["step"], Audience(row["audience"]), _owed(row)) for row in rows]
    unequal = differences.of_person(session, mail.recipient, recipients.everybody(session))
    return Digest(Person(mail.recipient, mail.name), in_order(lines), unequal)


def _still_differs(session: Database, mail: Mail, digest: Digest) -> bool:
    """Whether one of the differences that this letter was written for is still to be told."""
    query = sa.select(MailDifference.conflict_id, MailDifference.opened_at).where(MailDifference.mail_id == mail.id)
    told = {tuple(row) for row in session.execute(query)}
    return any((one.conflict_id, one.opened_at) in told for one in digest.differences)


def _frame(session: Database, digest: Digest, now: datetime) -> reminder_texts.Frame:
    opds = sorted({line.owed.opd_id for line in digest.lines})
    late = dict(session.execute(sa.text(_LATE), {"now": now, "opds": opds}).tuples().all())
    for line in digest.lines:
        if line.owed.state == "terlewat":
            late[line.owed.opd_id] -= 1
    audiences = {line.audience for line in digest.lines}
    return reminder_texts.Frame(
        today=now.astimezone(WIB).date(),
        address=address,
        home=home(audiences),
        signature=config.signature(),
        others=late,
    )


def address(line: Line) -> str:
    """The absolute address behind a line: the form for the OPD, the cell on the public dashboard for its overseers."""
    one = line.owed
    if line.audience in (Audience.WALIDATA, Audience.SEKDA):
        return links.absolute_of(Links().cell({"kode": one.kode, "entry_id": one.entry_id}, one.period))
    return links.cell(one.kode, one.entry_id, one.period, one.state, absolute=True)


def home(audiences: set[Audience]) -> str:
    """Where everything stands together, for whom the letter is."""
    if not audiences or audiences & {Audience.OPD, Audience.KEPALA}:
        return links.url("satudata_chase.tasks", absolute=True)
    if Audience.WALIDATA in audiences:
        return links.url("satudata_chase.overview", absolute=True)
    return links.url("satudata_completeness.index", absolute=True)


def _owed(row: Any) -> Owed:
    return Owed(
        **{key: row[key] for key in ("entry_id", "kode", "judul", "period", "opd_id", "opd_name", "state")},
        opd_title=row["opd_title"] or row["opd_name"],
        deadline=row["deadline"].astimezone(WIB).date(),
    )
