"""What nobody owes ("tidak berlaku"): proposed by the OPD, decided by the Walidata, never without reason and end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import queries
from ckanext.satudataserang.submission.due import now
from ckanext.satudataserang.submission.model import Exemption
from ckanext.satudataserang.submission.refusals import ConflictError, moment, person
from ckanext.satudataserang.submission.signals import submissions_changed, submissions_changing

WORDS = {"diusulkan": "diusulkan", "disetujui": "disetujui", "ditolak": "ditolak", "dicabut": "dicabut"}


def create(entry: PlanEntry, first: date, last: date, reason: str, actor: str, *, approved: bool) -> Exemption:
    """Propose an exemption, or put it in force. Raises ConflictError when the span is excused or asked for already."""
    model.Session.execute(
        sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": f"satudata_exemption:{entry.id}"}
    )
    there = model.Session.scalar(
        sa.select(Exemption).where(
            Exemption.entry_id == entry.id,
            Exemption.state.in_(["diusulkan", "disetujui"]),
            Exemption.berlaku_dari <= last,
            Exemption.berlaku_sampai >= first,
        )
    )
    if there is not None:
        model.Session.rollback()
        message = tk._(
            "Entri {kode} sudah memiliki pengecualian {state} untuk {first} sampai {last}. Cabut atau putuskan dahulu."
        )
        raise ConflictError(
            message.format(
                kode=entry.kode, state=WORDS[there.state], first=there.berlaku_dari, last=there.berlaku_sampai
            ),
            "sudah-ada",
            id=there.id,
        )
    at = now()
    row = Exemption(
        id=make_uuid(),
        entry_id=entry.id,
        berlaku_dari=first,
        berlaku_sampai=last,
        reason=reason,
        state="disetujui" if approved else "diusulkan",
        requested_by=actor,
        requested_at=at,
        decided_by=actor if approved else None,
        decided_at=at if approved else None,
        decision_note="",
    )
    model.Session.add(row)
    _commit(row)
    return row


def change(exemption_id: str, to: str, allowed_from: Sequence[str], actor: str, note: str) -> Exemption:
    """Decide on an exemption, or revoke it. Raises ObjectNotFound; ConflictError where its state does not allow it."""
    row = model.Session.scalar(
        sa.select(Exemption)
        .where(Exemption.id == exemption_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise tk.ObjectNotFound(tk._("Pengecualian ini tidak ditemukan."))
    if row.state not in allowed_from:
        model.Session.rollback()
        message = tk._("Pengecualian ini sudah {state} oleh {who} pada {when}.")
        raise ConflictError(
            message.format(
                state=WORDS[row.state],
                who=person(row.decided_by or row.requested_by),
                when=moment(row.decided_at or row.requested_at),
            ),
            "urutan",
        )
    row.state, row.decided_by, row.decided_at = to, actor, now()
    row.decision_note = note
    _commit(row)
    return row


def listed(
    *, exemption_id: str, state: str, entry: str, opd_ids: Sequence[str] | None, limit: int, offset: int
) -> dict[str, Any]:
    """Exemptions, oldest request first."""
    conditions: list[Any] = []
    if exemption_id:
        conditions.append(Exemption.id == exemption_id)
    if state:
        conditions.append(Exemption.state == state)
    if entry:
        conditions.append(sa.or_(PlanEntry.id == entry, PlanEntry.kode == entry))
    if opd_ids is not None:
        conditions.append(PlanEntry.opd_id.in_(opd_ids))
    base = sa.select(Exemption, PlanEntry).join(PlanEntry, PlanEntry.id == Exemption.entry_id).where(*conditions)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(base.subquery()))
    found = model.Session.execute(base.order_by(Exemption.requested_at, Exemption.id).limit(limit).offset(offset)).all()
    names = queries.Names.of([], [], entries=[item for _row, item in found])
    people = queries.people({who for row, _item in found for who in (row.requested_by, row.decided_by)})
    return {"count": count, "results": [shown(row, item, names, people) for row, item in found]}


def shown(
    row: Exemption, entry: PlanEntry, names: queries.Names | None = None, people: dict[str, str] | None = None
) -> dict[str, Any]:
    """An exemption as the API gives it."""
    names = names or queries.Names.of([], [], entries=[entry])
    people = people if people is not None else queries.people({row.requested_by, row.decided_by})
    return {
        "id": row.id,
        "entry": queries.entry_brief(entry, names),
        "berlaku_dari": row.berlaku_dari.isoformat(),
        "berlaku_sampai": row.berlaku_sampai.isoformat(),
        "reason": row.reason,
        "state": row.state,
        "requested_by": row.requested_by,
        "requested_by_name": people.get(row.requested_by, ""),
        "requested_at": row.requested_at.isoformat(),
        "decided_by": row.decided_by,
        "decided_by_name": people.get(row.decided_by or "", ""),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "decision_note": row.decision_note,
    }


def _commit(row: Exemption) -> None:
    entry_id = row.entry_id
    told = {"entry_ids": [entry_id], "dataset_ids": []}
    submissions_changing.send("satudata_submission", **told)
    model.Session.commit()
    submissions_changed.send("satudata_submission", **told)
