"""Reading deliveries: one, many, the history of a cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import actors
from ckanext.satudataserang.submission.model import Submission, SubmissionEvent

_FACTS = (
    "id",
    "entry_id",
    "period",
    "dataset_id",
    "resource_id",
    "origin",
    "state",
    "valid",
    "nil",
    "confirms",
    "expected_values",
    "filled_values",
    "zero_values",
    "reasons",
    "superseded_by",
    "note",
    "chain_id",
    "corrects",
    "correction_reason",
    "file_sha256",
    "file_name",
    "file_size",
    "totals",
    "problem",
    "prioritas",
    "structure",
    "progress",
    "privacy",
    "privacy_columns",
    "privacy_note",
)
_MOMENTS = (
    "delivered_at",
    "created_at",
    "approved_at",
    "rechecked_at",
    "published_at",
    "publish_asked_at",
    "privacy_at",
)
_PEOPLE = ("created_by", "approved_by", "rechecked_by", "privacy_by")
#: What the public may read of a published delivery.
_PUBLIC = ("id", "entry_id", "period", "dataset_id", "state", "nil", "confirms", "corrects", "correction_reason")


def shown(context: Context, row: Submission) -> dict[str, Any]:
    """One delivery with its findings, its events, and the steps that the acting person may take."""
    row = model.Session.get_one(Submission, row.id)
    events = _events([row.id])
    names = Names.of([row], events)
    entry = model.Session.get(PlanEntry, row.entry_id) if row.entry_id else None
    return {
        **plain(row, names),
        "findings": row.findings,
        "reading": row.reading,
        "events": [_event(each, names) for each in events],
        "entry": entry_brief(entry, names),
        "next": steps(context, row, entry),
        "recheck": can_recheck(context, row),
    }


def steps(context: Context, row: Submission, entry: PlanEntry | None) -> list[str]:
    """The states to which the acting person may take a delivery now."""
    if entry is None or row.superseded_by is not None or row.publish_asked_at is not None:
        return []
    return actors.lifecycle().open_to(
        row.state,
        actors.roles_for(context, [entry.opd_id]),
        prioritas=row.prioritas,
        rechecked=row.rechecked_at is not None,
    )


def can_recheck(context: Context, row: Submission) -> bool:
    """Whether the acting person is the Pembina for whom this delivery waits."""
    waits = row.state == life.DISETUJUI and row.prioritas and row.rechecked_at is None and row.superseded_by is None
    return waits and roles.PEMBINA in actors.roles_for(context, [])


def listed(context: Context, filters: Mapping[str, Any], opd_ids: Sequence[str] | None) -> dict[str, Any]:
    """Deliveries that nothing has superseded, oldest first; `opd_ids` None means every OPD."""
    conditions: list[Any] = [Submission.superseded_by.is_(None), Submission.entry_id.is_not(None)]
    if opd_ids is not None:
        conditions.append(PlanEntry.opd_id.in_(opd_ids))
    if state := filters.get("state"):
        conditions.append(Submission.state == state)
    if entry := filters.get("entry"):
        conditions.append(sa.or_(PlanEntry.kode == entry, PlanEntry.id == entry))
    if period := filters.get("period"):
        conditions.append(Submission.period == period)
    if urusan := filters.get("urusan"):
        conditions.append(PlanEntry.urusan == urusan)
    if (prioritas := filters.get("prioritas")) is not None:
        conditions.append(Submission.prioritas.is_(prioritas))
    if filters.get("waiting"):
        conditions.append(_waiting(context))
    base = sa.select(Submission, PlanEntry).join(PlanEntry, PlanEntry.id == Submission.entry_id).where(*conditions)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(base.subquery()))
    found = model.Session.execute(
        base.order_by(Submission.delivered_at, Submission.id).limit(filters["limit"]).offset(filters["offset"])
    ).all()
    names = Names.of([row for row, _entry in found], [], entries=[entry for _row, entry in found])
    held = actors.roles_for(context, [])
    return {
        "count": count,
        "results": [
            {
                **plain(row, names),
                "entry": entry_brief(entry, names),
                "errors": _errors(row),
                "recheck": roles.PEMBINA in held and _awaits_recheck(row),
            }
            for row, entry in found
        ],
    }


def history(context: Context, entry: PlanEntry, period: str) -> list[dict[str, Any]]:
    """All deliveries of a cell, newest first; the public sees the published ones without people and files."""
    insider = actors.may(context, "satudata_submission_form", entry=entry.id, period=period)
    query = sa.select(Submission).where(Submission.entry_id == entry.id, Submission.period == period)
    if not insider:
        query = query.where(Submission.state == life.TERBIT)
    rows = model.Session.scalars(query.order_by(Submission.delivered_at.desc(), Submission.id)).all()
    if not insider:
        return [_public(row) for row in rows]
    events = _events([row.id for row in rows])
    names = Names.of(rows, events)
    return [
        {
            **plain(row, names),
            "errors": _errors(row),
            "events": [_event(each, names) for each in events if each.submission_id == row.id],
        }
        for row in rows
    ]


def events_of(submission_id: str) -> list[dict[str, Any]]:
    """The steps of one delivery, oldest first."""
    events = _events([submission_id])
    names = Names.of([], events)
    return [_event(event, names) for event in events]


class Names:
    """The names of people and OPDs, read at once."""

    def __init__(self, people: Mapping[str, str], opds: Mapping[str, tuple[str, str]]) -> None:
        self._people, self._opds = people, opds

    @classmethod
    def of(
        cls, rows: Iterable[Submission], events: Iterable[SubmissionEvent], *, entries: Iterable[PlanEntry] = ()
    ) -> Names:
        """Read the names of everybody who is named in these rows."""
        rows = list(rows)
        ids = {getattr(row, name) for row in rows for name in _PEOPLE} | {event.actor_id for event in events}
        entry_ids = {row.entry_id for row in rows if row.entry_id}
        opd_ids = {entry.opd_id for entry in entries}
        if entry_ids and not opd_ids:
            opd_ids = set(model.Session.scalars(sa.select(PlanEntry.opd_id).where(PlanEntry.id.in_(entry_ids))))
        return cls(people(ids), _opds(opd_ids))

    def person(self, user_id: str | None) -> str | None:
        """The display name of an account; the word for the system where no account acted."""
        if user_id is None:
            return None
        if user_id == life.SYSTEM:
            return tk._("Pemeriksaan otomatis")
        return self._people.get(user_id, tk._("akun yang sudah dihapus"))

    def opd(self, opd_id: str) -> dict[str, str]:
        """Id, name and title of an OPD."""
        name, title = self._opds.get(opd_id, ("", ""))
        return {"id": opd_id, "name": name, "title": title or name}


def plain(row: Submission, names: Names) -> dict[str, Any]:
    """A delivery as the API gives it, without findings and events."""
    return {
        **{name: getattr(row, name) for name in _FACTS},
        **{name: _iso(getattr(row, name)) for name in _MOMENTS},
        **{name: getattr(row, name) for name in _PEOPLE},
        **{f"{name}_name": names.person(getattr(row, name)) for name in _PEOPLE},
        "rows_kept": row.file_sha256 is not None,
    }


def entry_brief(entry: PlanEntry | None, names: Names) -> dict[str, Any] | None:
    """What a list says of an entry."""
    if entry is None:
        return None
    return {
        "id": entry.id,
        "kode": entry.kode,
        "judul": entry.judul,
        "urusan": entry.urusan,
        "kelas": entry.kelas,
        "frequency": entry.frequency,
        "opd": names.opd(entry.opd_id),
    }


def _waiting(context: Context) -> Any:
    """What waits for the acting person: for the Walidata's check or publication, for the Pembina's, or at all."""
    held = actors.roles_for(context, [])
    waits = Submission.state == life.MENUNGGU
    approved = sa.and_(Submission.state == life.DISETUJUI, Submission.publish_asked_at.is_(None))
    unchecked = sa.and_(Submission.prioritas, Submission.rechecked_at.is_(None))
    parts = []
    if roles.WALIDATA in held:
        parts += [waits, sa.and_(approved, sa.not_(unchecked))]
    if roles.PEMBINA in held:
        parts.append(sa.and_(approved, unchecked))
    return sa.or_(*parts) if parts else sa.or_(waits, approved, Submission.state == life.DIAJUKAN)


def _awaits_recheck(row: Submission) -> bool:
    return row.state == life.DISETUJUI and row.prioritas and row.rechecked_at is None


def _events(ids: Sequence[str]) -> list[SubmissionEvent]:
    query = sa.select(SubmissionEvent).where(SubmissionEvent.submission_id.in_(ids)).order_by(SubmissionEvent.id)
    return list(model.Session.scalars(query))


def _event(event: SubmissionEvent, names: Names) -> dict[str, Any]:
    return {
        "at": _iso(event.at),
        "actor_id": event.actor_id,
        "actor": names.person(event.actor_id),
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "note": event.note,
        "notes": event.notes,
    }


def _public(row: Submission) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _PUBLIC},
        "delivered_at": _iso(row.delivered_at),
        "published_at": _iso(row.published_at),
        "superseded": row.superseded_by is not None,
    }


def _errors(row: Submission) -> int:
    return sum(1 for finding in row.findings if finding.get("severity") == "error")


def people(ids: set[str | None]) -> dict[str, str]:
    """Display names of accounts by id and by name."""
    wanted = [one for one in ids if one]
    if not wanted:
        return {}
    found = model.Session.scalars(
        sa.select(model.User).where(sa.or_(model.User.id.in_(wanted), model.User.name.in_(wanted)))
    )
    return {key: user.display_name for user in found for key in (user.id, user.name)}


def _opds(ids: set[str]) -> dict[str, tuple[str, str]]:
    found = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title).where(model.Group.id.in_(ids))
    )
    return {row.id: (row.name, row.title) for row in found}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
