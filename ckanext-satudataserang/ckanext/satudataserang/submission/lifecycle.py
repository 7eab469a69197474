"""Steps of deliveries, each in one transaction with its event.

Whoever writes for a cell holds the cell's lock until the commit, so two deliveries for one cell come one after the
other, and the second one finds out. Bulk recording (`facts.record_submissions`) keeps everybody away while it writes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.core.checks.engine import Progress
from ckanext.satudataserang.core.explained import explained, unexplained
from ckanext.satudataserang.submission import content
from ckanext.satudataserang.submission.content import Checked
from ckanext.satudataserang.submission.due import Due, now
from ckanext.satudataserang.submission.model import Submission, SubmissionEvent
from ckanext.satudataserang.submission.redacting import redact
from ckanext.satudataserang.submission.refusals import ConflictError, invalid, moment, overtaken, person
from ckanext.satudataserang.submission.signals import submissions_changed, submissions_changing

#: Bulk recorders take it exclusively, single deliveries shared.
LOCK = "satudata_submission"
_NOTE_CHARACTERS = 5_000


@dataclass(frozen=True)
class Content:
    """What is delivered: a kept file, the word that there is nothing, or the word that static data still hold.

    `layout` is how a person says that the file is to be read, None to find out.
    """

    file_sha256: str | None = None
    file_name: str | None = None
    file_size: int | None = None
    nil: bool = False
    confirms: bool = False
    layout: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Cell:
    """The rows of one cell that nothing has superseded, read under the cell's lock."""

    standing: Submission | None
    open: Submission | None
    draft: Submission | None

    @property
    def published(self) -> Submission | None:
        """What stands published."""
        return self.standing if self.standing is not None and self.standing.state == life.TERBIT else None


def lock(entry_id: str, period: str) -> None:
    """Wait for the right to write for a cell; it ends with the transaction."""
    model.Session.execute(
        sa.text(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(:all, 0)), "
            "pg_advisory_xact_lock(hashtextextended(:cell, 0))"
        ),
        {"all": LOCK, "cell": f"{LOCK}:{entry_id}:{period}"},
    )


def cell(entry_id: str, period: str) -> Cell:
    """What there is for a cell now."""
    rows = model.Session.scalars(
        sa.select(Submission)
        .where(Submission.entry_id == entry_id, Submission.period == period, Submission.superseded_by.is_(None))
        .execution_options(populate_existing=True)
    ).all()
    return Cell(
        next((row for row in rows if row.state in life.STANDING), None),
        next((row for row in rows if row.state in life.OPEN), None),
        next((row for row in rows if row.state == life.DRAF), None),
    )


def save_draft(
    due: Due,
    delivered: Content,
    *,
    actor: str,
    origin: str,
    note: str,
    correction_reason: str,
    draft: Submission | None = None,
) -> Submission:
    """Make a draft, or replace what one holds; the session's transaction stays open."""
    at = now()
    if draft is None:
        draft = Submission(
            id=make_uuid(), entry_id=due.entry.id, period=due.period.key, origin=origin, created_at=at, state=life.DRAF
        )
        draft.chain_id = draft.id
        draft.superseded_by = None
        model.Session.add(draft)
        _event(draft, "buat", actor, None, life.DRAF)
    draft.created_by = actor
    draft.delivered_at = at
    draft.note, draft.correction_reason = note[:_NOTE_CHARACTERS], correction_reason[:_NOTE_CHARACTERS]
    draft.file_sha256, draft.file_name, draft.file_size = (
        delivered.file_sha256,
        delivered.file_name,
        delivered.file_size,
    )
    draft.nil, draft.confirms, draft.prioritas = delivered.nil, delivered.confirms, due.prioritas
    draft.layout = dict(delivered.layout) if delivered.layout else None
    _write_facts(draft, Checked(expected_values=due.expected_values))
    return draft


def hand_in(row: Submission, due: Due, found: Cell, actor: str) -> None:
    """A draft is handed in: it takes the place of what was open. Raises ConflictError, ValidationError."""
    if found.open is not None and found.open.state in life.LOCKED:
        message = tk._(
            "Kiriman periode ini oleh {who} sudah disetujui Walidata pada {when} dan menunggu terbit. Tunggu sampai "
            "terbit, lalu kirim koreksi."
        )
        who, when = person(found.open.created_by), moment(found.open.approved_at)
        raise ConflictError(message.format(who=who, when=when), "terkunci", id=found.open.id)
    published = found.published
    if published is not None and not row.correction_reason.strip():
        message = tk._(
            "Data periode ini sudah terbit pada {when}. Tulis alasan koreksinya; alasan itu ikut ditampilkan ke publik."
        )
        raise invalid(field="correction_reason", message=message.format(when=moment(published.published_at)))
    at = now()
    row.corrects = published.id if published is not None else None
    if published is None:
        row.correction_reason = ""
    if found.open is not None:
        row.chain_id = found.open.chain_id or found.open.id
        # At once: the row that takes its place is written later, and only one may be open.
        model.Session.execute(sa.update(Submission).where(Submission.id == found.open.id).values(superseded_by=row.id))
        _event(found.open, "diganti", actor, found.open.state, found.open.state)
    # What came back from Data Prioritas is no less so when it comes again.
    row.prioritas = due.prioritas or (found.open is not None and found.open.prioritas)
    row.delivered_at, row.state = at, life.DIAJUKAN
    _event(row, "kirim", actor, life.DRAF, life.DIAJUKAN, note=row.note)


def settle(row: Submission, checked: Checked) -> None:
    """The checks are done: the delivery waits for the Walidata, or it is not valid."""
    _write_facts(row, checked)
    to = life.MENUNGGU if checked.valid else life.TIDAK_VALID
    row.state = to
    _event(row, "periksa", life.SYSTEM, life.DIAJUKAN, to)


def check(row: Submission, due: Due, progress: Progress | None = None) -> Checked:
    """Check what a row holds; needs no transaction."""
    if row.nil or row.confirms or row.file_sha256 is None:
        return Checked(expected_values=due.expected_values, content_sha256="nihil" if row.nil else "tetap")
    return content.check_file(row.file_sha256, row.file_name or "", due, layout=row.layout, progress=progress)


def note_findings(row: Submission, checked: Checked) -> None:
    """Keep what the checks found with a draft."""
    _write_facts(row, checked)


def move(
    row: Submission, to: str, actor: str, *, action: str, note: str = "", notes: Sequence[Mapping[str, Any]] = ()
) -> None:
    """Write one step down; whether it may be taken is decided before."""
    from_, at = row.state, now()
    row.state = to
    if to == life.DISETUJUI:
        row.approved_at, row.approved_by = at, actor
        row.rechecked_at = row.rechecked_by = None
        row.problem = ""
    elif to in (life.MENUNGGU, life.DIKEMBALIKAN):
        row.approved_at = row.approved_by = row.rechecked_at = row.rechecked_by = None
    _event(row, action, actor, from_, to, note=note, notes=notes)


def remark(row: Submission, action: str, actor: str, note: str = "") -> None:
    """Write down what happened without changing the state."""
    _event(row, action, actor, row.state, row.state, note=note)


def discard(row: Submission) -> None:
    """A draft is thrown away; it was never handed in, so nothing of it stays."""
    model.Session.execute(sa.delete(SubmissionEvent).where(SubmissionEvent.submission_id == row.id))
    model.Session.delete(row)
    model.Session.flush()


def commit(entry_id: str | None, period: str, *, announce: bool = True) -> None:
    """Commit and tell the others. Raises ConflictError where somebody was faster in spite of the locks."""
    told = {"entry_ids": [entry_id], "dataset_ids": []}
    try:
        if announce and entry_id:
            submissions_changing.send("satudata_submission", **told)
        model.Session.commit()
    except IntegrityError:
        model.Session.rollback()
        found = cell(entry_id or "", period)
        if found.open is not None:
            raise overtaken(found.open) from None
        raise
    if announce and entry_id:
        submissions_changed.send("satudata_submission", **told)


def guard(found: Cell, seen: str | None, began: datetime) -> None:
    """Refuse a delivery made without knowing of another one.

    :param seen: id of the open delivery that the sender saw, empty for none, None where the sender does not say
    :param began: since when the sender waits for the lock
    """
    current = found.open
    if seen is not None:
        newest = current or found.published
        if newest is not None and newest.id != seen and (current is not None or seen):
            raise overtaken(newest)
        return
    if current is not None and current.delivered_at >= began:
        raise overtaken(current)


def _write_facts(row: Submission, checked: Checked) -> None:
    row.valid = checked.valid
    row.expected_values = checked.expected_values
    row.filled_values, row.zero_values = checked.filled_values, checked.zero_values
    row.reasons = unexplained(checked.reasons, row.note or "")
    row.content_sha256 = checked.content_sha256
    row.structure, row.reading, row.progress = checked.structure, checked.reading, None
    if checked.layout is not None:
        row.layout = checked.layout
    _note_personal(row, checked.personal)
    row.findings = [explained(finding, row.note or "").as_dict() for finding in checked.findings]
    row.totals = dict(checked.findings.totals)
    redact(row)


def _note_personal(row: Submission, found: Mapping[str, str]) -> None:
    """Hold a delivery with data about persons; a decision stands for what it was taken about."""
    if dict(found) == row.privacy_columns and row.privacy:
        return
    row.privacy_columns = dict(found)
    row.privacy, row.privacy_note = (content.DITAHAN if found else ""), ""
    row.privacy_by = row.privacy_at = None


def _event(
    row: Submission,
    action: str,
    actor: str,
    from_: str | None,
    to: str,
    *,
    note: str = "",
    notes: Sequence[Mapping[str, Any]] = (),
) -> None:
    model.Session.add(
        SubmissionEvent(
            submission_id=row.id,
            at=now(),
            actor_id=actor,
            action=action,
            from_state=from_,
            to_state=to,
            note=note[:_NOTE_CHARACTERS],
            notes=[dict(each) for each in notes],
        )
    )
