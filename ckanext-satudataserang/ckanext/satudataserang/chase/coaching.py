"""The log of coaching, and what became of an OPD's measures after it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.chase.model import Coaching
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.plan.model import PlanEntry

#: How many months before and after a day of coaching are set side by side.
MONTHS = 12


def of_opd(session: Database, opd_id: str, *, limit: int, offset: int) -> tuple[int, list[Coaching]]:
    """Count and one page of an OPD's log, newest first."""
    query = sa.select(Coaching).where(Coaching.opd_id == opd_id)
    count = session.scalar(sa.select(sa.func.count()).select_from(query.subquery())) or 0
    page = query.order_by(Coaching.date.desc(), Coaching.created.desc(), Coaching.id).limit(limit).offset(offset)
    return count, list(session.scalars(page))


def get(session: Database, coaching_id: str) -> Coaching:
    """One entry of the log. Raises ObjectNotFound."""
    found = session.get(Coaching, coaching_id)
    if found is None:
        raise tk.ObjectNotFound(tk._("Catatan pembinaan itu tidak ditemukan; mungkin sudah dihapus."))
    return found


def create(session: Database, opd_id: str, facts: Mapping[str, Any], actor: str) -> Coaching:
    """A new entry of the log, in the session's transaction. Raises ValidationError for codes of other OPDs."""
    now = datetime.now(timezone.utc)
    made = Coaching(opd_id=opd_id, created_by=actor, created=now, modified=now, **_facts(session, opd_id, facts))
    session.add(made)
    session.flush()
    return made


def update(session: Database, found: Coaching, facts: Mapping[str, Any]) -> Coaching:
    """Change an entry of the log, in the session's transaction. Raises ValidationError for codes of other OPDs."""
    for key, value in _facts(session, found.opd_id, facts).items():
        setattr(found, key, value)
    found.modified = datetime.now(timezone.utc)
    session.flush()
    return found


def _facts(session: Database, opd_id: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    entries = facts.get("entries") or []
    known = set(
        session.scalars(sa.select(PlanEntry.kode).where(PlanEntry.kode.in_(entries), PlanEntry.opd_id == opd_id))
    )
    if unknown := [kode for kode in entries if kode not in known]:
        message = tk._("Kode {codes} bukan data OPD ini. Periksa kodenya di Daftar Data.")
        raise tk.ValidationError({"entries": [message.format(codes=", ".join(unknown[:5]))]})
    kept = {key: facts[key] for key in ("date", "kind", "topic")}
    return {**kept, "entries": entries, "outcome": facts.get("outcome") or ""}


def windows(day: date, now: datetime) -> dict[str, tuple[str, str] | None]:
    """The months before a day of coaching and those from it on, as ("2025-11", "2026-10").

    The second is as long as there are months yet: it ends with the current one. None where the day lies in it.
    """
    current = _months(now.astimezone(WIB).date())
    first = _months(day)
    after = (first, min(first + MONTHS - 1, current))
    return {"before": _keys(first - MONTHS, first - 1), "after": _keys(*after) if after[1] >= first else None}


def _months(day: date) -> int:
    return day.year * 12 + day.month - 1


def _keys(first: int, last: int) -> tuple[str, str]:
    return _key(first), _key(last)


def _key(month: int) -> str:
    return f"{month // 12:04d}-{month % 12 + 1:02d}"
