"""What people do about a conflict: an OPD of either side explains it, the Walidata accepts or refuses."""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.consistency.model import EXPLAINED, OPEN, Conflict, ConflictEvent
from ckanext.satudataserang.consistency.signals import comparisons_changed, comparisons_changing
from ckanext.satudataserang.plan.model import PlanEntry


def find(ref: object) -> Conflict:
    """A conflict by its id. Raises ObjectNotFound."""
    found = model.Session.get(Conflict, ref) if isinstance(ref, str) and "\0" not in ref else None
    if found is None:
        raise tk.ObjectNotFound(tk._("Perbedaan itu tidak ditemukan. Lihat daftarnya pada halaman Kesamaan angka."))
    return found


def owners(conflict: Conflict) -> list[str]:
    """Ids of the OPDs on both sides."""
    query = sa.select(PlanEntry.opd_id).where(PlanEntry.id.in_((conflict.left_entry, conflict.right_entry)))
    return sorted(set(model.Session.scalars(query)))


def explain(conflict_id: str, text: str, actor: str, opd_id: str) -> Conflict:
    """Keep why the figures differ; the Walidata decides on it. Commits."""
    conflict = _locked(conflict_id)
    if conflict.state != OPEN:
        _refuse("state", tk._("Perbedaan ini tidak lagi terbuka, jadi tidak perlu dijelaskan. Muat ulang halamannya."))
    conflict.explanation, conflict.explained_by, conflict.explained_opd = text, actor, opd_id
    conflict.explained_at = conflict.changed_at = _now()
    conflict.decision_note, conflict.decided_by, conflict.decided_at = "", None, None
    _note(conflict, "dijelaskan", OPEN, actor, text)
    model.Session.commit()
    return conflict


def decide(conflict_id: str, *, accept: bool, note: str, actor: str) -> Conflict:
    """Accept an explanation, which publishes it with the figures, or refuse it with a reason. Commits."""
    conflict = _locked(conflict_id)
    if conflict.state != OPEN or not conflict.explanation:
        _refuse("accept", tk._("Belum ada penjelasan yang menunggu keputusan. Muat ulang halamannya."))
    if not accept and not note:
        _refuse("note", tk._("Tulis mengapa penjelasannya belum diterima, agar OPD tahu apa yang kurang."))
    conflict.decision_note, conflict.decided_by = note, actor
    conflict.decided_at = conflict.changed_at = _now()
    if accept:
        conflict.state = EXPLAINED
    else:
        conflict.explanation, conflict.explained_by, conflict.explained_opd, conflict.explained_at = (
            "",
            None,
            None,
            None,
        )
    _note(conflict, "diterima" if accept else "ditolak", OPEN, actor, note)
    entries = [conflict.left_entry, conflict.right_entry]
    comparisons_changing.send("satudata_consistency", entry_ids=entries)
    model.Session.commit()
    comparisons_changed.send("satudata_consistency", entry_ids=entries)
    return conflict


def _locked(conflict_id: str) -> Conflict:
    found = model.Session.get(Conflict, conflict_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise tk.ObjectNotFound(tk._("Perbedaan itu tidak ditemukan. Lihat daftarnya pada halaman Kesamaan angka."))
    return found


def _refuse(field: str, sentence: str) -> None:
    model.Session.rollback()
    raise tk.ValidationError({field: [sentence]})


def _note(conflict: Conflict, action: str, before: str, actor: str, note: str) -> None:
    model.Session.add(
        ConflictEvent(
            conflict_id=conflict.id,
            at=_now(),
            actor_id=actor,
            action=action,
            from_state=before,
            to_state=conflict.state,
            left_value=conflict.left_value,
            right_value=conflict.right_value,
            note=note,
        )
    )


def _now() -> datetime:
    return datetime.now(timezone.utc)
