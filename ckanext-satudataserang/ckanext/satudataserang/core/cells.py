"""Cells: what one plan entry owes for one period, and what its state is at a given moment.

Facts are stored, states are derived: nothing here is true only until midnight. The same rules stand once more as SQL
in `completeness/sql.py` for many cells at a time; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

#: How long before its deadline a cell is shown as due soon.
SOON = timedelta(days=14)


class State(str, Enum):
    """The state of a cell at a moment, in the words of the dashboard."""

    TEPAT_WAKTU = "tepat_waktu"
    TERLAMBAT = "terlambat"
    NIHIL = "nihil"
    MENUNGGU = "menunggu_pemeriksaan"
    DIKEMBALIKAN = "dikembalikan"
    TIDAK_VALID = "tidak_valid"
    TERLEWAT = "terlewat"
    SEGERA = "segera_jatuh_tempo"
    BELUM = "belum_jatuh_tempo"
    TIDAK_BERLAKU = "tidak_berlaku"


#: States of cells that are no obligation yet, or none at all: outside every denominator.
NOT_COUNTED = frozenset({State.SEGERA, State.BELUM, State.TIDAK_BERLAKU})
#: States of cells that are complete: the numerator of kelengkapan.
COMPLETE = frozenset({State.TEPAT_WAKTU, State.TERLAMBAT, State.NIHIL})


@dataclass(frozen=True)
class CellFacts:
    """What is known of a cell. Moments are aware datetimes; values are counted in the entry's compulsory values.

    `deadline` and `deadline_grace` already hold an extension that was granted. `delivered`: something was handed in
    (a draft never counts). `valid`: the newest delivery passed its checks and holds at least one confirmed value; it
    may be a correction that waits beside what stands published. `filled_values` are confirmed values of the delivery
    that stands published, so an invalid one adds nothing. `first_valid_at` is the first valid delivery of a chain that
    is in the end accepted, also where that delivery itself was returned; it held every compulsory value, for half of
    the data in time is not the data in time. `complete`: what stands published holds every
    compulsory value, or nil was signed, or static data were confirmed; the latter two leave no values to be filled.
    `pending`: the newest delivery is on its way to publication. `exempt`: by an approved exemption. `comparable` are
    comparisons of its published figures with others that ought to agree, `consistent` those without an open conflict.
    """

    deadline: datetime
    deadline_grace: datetime
    expected_values: int
    filled_values: int = 0
    exempt: bool = False
    delivered: bool = False
    valid: bool = False
    nil: bool = False
    complete: bool = False
    pending: bool = False
    returned: bool = False
    first_delivered_at: datetime | None = None
    first_valid_at: datetime | None = None
    comparable: int = 0
    consistent: int = 0


def counts_from(facts: CellFacts) -> datetime:
    """The moment from which the cell is in the denominator: its first delivery or the end of its deadline.

    Being late starts one second after the deadline's last second.
    """
    overdue = facts.deadline + timedelta(seconds=1)
    return min(overdue, facts.first_delivered_at) if facts.first_delivered_at else overdue


def is_counted(facts: CellFacts, now: datetime) -> bool:
    """Whether the cell is in the denominators at `now`."""
    return not facts.exempt and counts_from(facts) <= now


def is_on_time(facts: CellFacts) -> bool:
    """Whether the cell is complete and its first valid and whole delivery came by the deadline and its grace."""
    return facts.complete and facts.first_valid_at is not None and facts.first_valid_at <= facts.deadline_grace


def _state_of_delivered(facts: CellFacts) -> State:
    if facts.complete:
        if facts.nil:
            return State.NIHIL
        return State.TEPAT_WAKTU if is_on_time(facts) else State.TERLAMBAT
    if facts.pending:
        return State.MENUNGGU
    return State.DIKEMBALIKAN if facts.returned else State.TIDAK_VALID


def state(facts: CellFacts, now: datetime) -> State:
    """The state of the cell at `now` (aware).

    A delivery that is valid but leaves compulsory values empty does not pass the check for required values, so its
    cell is `tidak_valid` until they are there.
    """
    if facts.exempt:
        return State.TIDAK_BERLAKU
    if facts.delivered and is_counted(facts, now):
        return _state_of_delivered(facts)
    if is_counted(facts, now):
        return State.TERLEWAT
    return State.SEGERA if facts.deadline - SOON <= now else State.BELUM
