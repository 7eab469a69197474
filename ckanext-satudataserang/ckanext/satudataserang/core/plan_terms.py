"""Terms of a plan entry over time: its OPD, frequency, deadline, grace and class.

A history is a list of steps, oldest first; it is empty as long as nothing changed, then the newest terms hold from the
beginning. A period lives under the terms in force on its last day. The Walidata changes terms from today on or later,
so a period that has ended keeps what it lived under; only an entry's OPD may move from a past day (OPDs are merged,
split and closed by decisions that are older than their entry here).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ckanext.satudataserang.core.plan import Problem

#: What the Walidata changes with an effective date and a reason.
NAMES = ("frequency", "deadline_days", "grace_days", "kelas")


@dataclass(frozen=True)
class Terms:
    """What an entry is bound to; days are calendar days after the end of a period."""

    opd_id: str
    frequency: str
    deadline_days: int
    grace_days: int
    kelas: str


@dataclass(frozen=True)
class Step:
    """Terms and the first day on which they hold."""

    since: date
    terms: Terms


def on(history: Sequence[Step], newest: Terms, day: date) -> Terms:
    """The terms in force on a day; before the first step its terms hold."""
    if not history:
        return newest
    return max((step for step in history if step.since <= day), key=lambda step: step.since, default=history[0]).terms


def change_problem(
    history: Sequence[Step], validity: tuple[date, date | None], since: date, today: date, reason: str
) -> Problem | None:
    """Why terms may not change from `since` on, or None."""
    if not reason.strip():
        return Problem("reason", "Tulis alasan perubahan ini; alasan ditampilkan pada riwayat entri.")
    if since < today:
        template = "Tanggal mulai berlaku {since} sudah lewat. Pilih {today} atau sesudahnya: periode yang tutup tetap."
        return Problem("effective_from", template, {"since": since.isoformat(), "today": today.isoformat()})
    if validity[1] is not None and since > validity[1]:
        template = "Entri ini hanya berlaku sampai {last}. Pilih tanggal sebelum itu, atau perpanjang dahulu."
        return Problem("effective_from", template, {"last": validity[1].isoformat()})
    if history and since < history[-1].since:
        template = "Sudah ada perubahan mulai {last}. Pilih tanggal itu atau sesudahnya."
        return Problem("effective_from", template, {"last": history[-1].since.isoformat()})
    return None


def changed(history: Sequence[Step], begins: date, newest: Terms, wanted: Terms, since: date) -> list[Step]:
    """The history after a change of terms; empty when they change before they ever held."""
    steps = list(history) or [Step(begins, newest)]
    if since <= steps[0].since:
        return [] if len(steps) == 1 else [Step(steps[0].since, wanted)]
    return [*(step for step in steps if step.since < since), Step(since, wanted)]


def moved(history: Sequence[Step], begins: date, newest: Terms, opd_id: str, since: date) -> list[Step]:
    """The history after the entry went to another OPD on a day; later steps keep all else."""
    steps = list(history) or [Step(begins, newest)]
    before = [step for step in steps if step.since < since]
    after = [Step(step.since, replace(step.terms, opd_id=opd_id)) for step in steps if step.since >= since]
    if not before:
        return after if history else []
    if after and after[0].since == since:
        return [*before, *after]
    return [*before, Step(since, replace(before[-1].terms, opd_id=opd_id)), *after]
