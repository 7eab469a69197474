"""More time for one entry and period, given by the Walidata, always with an end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import lifecycle, queries
from ckanext.satudataserang.submission.due import Due, now
from ckanext.satudataserang.submission.model import Extension
from ckanext.satudataserang.submission.refusals import ConflictError, invalid, moment, person


def create(what: Due, until: date, reason: str, actor: str) -> Extension:
    """Give more time; an earlier extension is replaced. Raises ValidationError when it is not later than what holds."""
    lifecycle.lock(what.entry.id, what.period.key)
    present = what.deadline.astimezone(WIB).date()
    if until <= present:
        model.Session.rollback()
        message = tk._("Tenggat baru harus sesudah tenggat yang berlaku sekarang ({present}).")
        raise invalid(field="until", message=message.format(present=f"{present:%d-%m-%Y}"))
    at = now()
    model.Session.execute(
        sa.update(Extension)
        .where(
            Extension.entry_id == what.entry.id,
            Extension.period == what.period.key,
            Extension.revoked_at.is_(None),
        )
        .values(revoked_at=at, revoked_by=actor)
    )
    row = Extension(
        id=make_uuid(),
        entry_id=what.entry.id,
        period=what.period.key,
        until=until,
        reason=reason,
        granted_by=actor,
        granted_at=at,
    )
    model.Session.add(row)
    lifecycle.commit(what.entry.id, what.period.key)
    return row


def revoke(extension_id: str, actor: str) -> Extension:
    """Take an extension back; the agreed deadline holds again. Raises ObjectNotFound, ConflictError."""
    row = model.Session.scalar(
        sa.select(Extension)
        .where(Extension.id == extension_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise tk.ObjectNotFound(tk._("Perpanjangan ini tidak ditemukan."))
    if row.revoked_at is not None:
        model.Session.rollback()
        message = tk._("Perpanjangan ini sudah dicabut oleh {who} pada {when}.")
        raise ConflictError(message.format(who=person(row.revoked_by), when=moment(row.revoked_at)), "urutan")
    row.revoked_at, row.revoked_by = now(), actor
    lifecycle.commit(row.entry_id, row.period)
    return row


def listed(
    *, entry: str, period: str, active: bool, opd_ids: Sequence[str] | None, limit: int, offset: int
) -> dict[str, Any]:
    """Extensions, newest first."""
    conditions: list[Any] = []
    if entry:
        conditions.append(sa.or_(PlanEntry.id == entry, PlanEntry.kode == entry))
    if period:
        conditions.append(Extension.period == period)
    if active:
        conditions.append(Extension.revoked_at.is_(None))
    if opd_ids is not None:
        conditions.append(PlanEntry.opd_id.in_(opd_ids))
    base = sa.select(Extension, PlanEntry).join(PlanEntry, PlanEntry.id == Extension.entry_id).where(*conditions)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(base.subquery()))
    found = model.Session.execute(
        base.order_by(Extension.granted_at.desc(), Extension.id).limit(limit).offset(offset)
    ).all()
    names = queries.Names.of([], [], entries=[item for _row, item in found])
    people = queries.people({who for row, _item in found for who in (row.granted_by, row.revoked_by)})
    return {"count": count, "results": [shown(row, item, names, people) for row, item in found]}


def shown(
    row: Extension, entry: PlanEntry, names: queries.Names | None = None, people: dict[str, str] | None = None
) -> dict[str, Any]:
    """An extension as the API gives it."""
    names = names or queries.Names.of([], [], entries=[entry])
    people = people if people is not None else queries.people({row.granted_by, row.revoked_by})
    return {
        "id": row.id,
        "entry": queries.entry_brief(entry, names),
        "period": row.period,
        "until": row.until.isoformat(),
        "reason": row.reason,
        "granted_by": row.granted_by,
        "granted_by_name": people.get(row.granted_by, ""),
        "granted_at": row.granted_at.isoformat(),
        "revoked_at": row.revoked_at.isoformat() if row.revoked_at else None,
        "revoked_by": row.revoked_by,
        "revoked_by_name": people.get(row.revoked_by or "", ""),
    }
