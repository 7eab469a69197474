"""Mends: what would raise an OPD's index, by how much, and what each lost point was lost for.

A lost point is a cell or an entry that does not earn all it could. What the OPD can still do about it is a *mend*; its
gain is not estimated but counted: the mend is applied to the facts and the measures are taken again. Measures are sums
over cells and entries, so one mend costs one small difference, not a recount.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum

from ckanext.satudataserang.core.cells import CellFacts, State, is_counted, is_on_time, state
from ckanext.satudataserang.core.measures import EntryFacts, Ratio, index, measure
from ckanext.satudataserang.core.metadata import Rule

__all__ = ["Applied", "Facts", "Kind", "Loss", "Owed", "Valued", "apply", "gaps", "losses", "preview", "valued"]

#: How many mends are offered first.
BEST = 3


class Kind(str, Enum):
    """What a point was lost for, in the words of what is to be done."""

    KIRIM = "kirim"
    PERBAIKI = "perbaiki"
    LENGKAPI = "lengkapi"
    TERBITKAN = "terbitkan"
    TERANGKAN = "terangkan"
    #: Its figures and those of another data set ought to be the same and are not.
    SAMAKAN = "samakan"
    #: Delivered and waiting for the Walidata: nothing for the OPD to do.
    TUNGGU = "tunggu"
    #: Complete, but after its deadline: nothing brings the point back.
    TERLAMBAT = "terlambat"


#: What nobody in the OPD can mend.
_NOT_DOABLE = frozenset({Kind.TUNGGU, Kind.TERLAMBAT})
_ORDER = {kind: number for number, kind in enumerate(Kind)}


@dataclass(frozen=True)
class Owed:
    """A plan entry in force. `gaps` are the points each field of its published dataset would still earn; `draft_points`
    those that its dataset earns once it is published (0 where there is no dataset yet)."""

    facts: EntryFacts
    gaps: Mapping[str, int] = field(default_factory=dict)
    draft_points: int = 0


@dataclass(frozen=True)
class Facts:
    """All that an OPD's measures are taken from: entries by id, cells by entry id and period."""

    entries: Mapping[str, Owed]
    cells: Mapping[tuple[str, str], CellFacts]

    def measures(self, now: datetime) -> dict[str, Ratio]:
        """Every measure over these facts as of `now`."""
        return measure((one.facts for one in self.entries.values()), self.cells.values(), now)


@dataclass(frozen=True)
class Loss:
    """One lost point: its kind and the entry, and the period of a cell or the field of a description."""

    kind: Kind
    entry_id: str
    period: str = ""
    field: str = ""

    @property
    def doable(self) -> bool:
        """Whether the OPD can mend it."""
        return self.kind not in _NOT_DOABLE


@dataclass(frozen=True)
class Valued:
    """A loss with what its mend brings: `gain` in points of the index, and the index afterwards."""

    loss: Loss
    gain: float
    index: float


@dataclass(frozen=True)
class Applied:
    """The index before, and after all of the mends in `mends` together."""

    before: float | None
    after: float | None
    mends: tuple[Valued, ...]


def gaps(lost: Iterable[str], rules: Sequence[Rule]) -> dict[str, int]:
    """The points that each field would earn if it were filled as asked, by the rules that earned nothing.

    A rule over several fields belongs to the one of them that is all it waits for; it earns with that field alone.
    """
    missing = [rule for rule in rules if rule.id in set(lost)]
    own = [rule for rule in missing if rule.check != "all_present"]
    empty = {rule.field for rule in own}
    found: dict[str, int] = {}
    for rule in own:
        found[rule.field] = found.get(rule.field, 0) + rule.points
    for rule in missing:
        if rule.check == "all_present":
            waits_for = [name for name in rule.argument if name in empty]
            if len(waits_for) == 1:
                found[waits_for[0]] += rule.points
    return found


def losses(facts: Facts, now: datetime) -> list[Loss]:
    """Every lost point: each cell, entry and field once."""
    found: list[Loss] = []
    for (entry_id, period), cell in facts.cells.items():
        kind = _kind(cell, now)
        if kind:
            found.append(Loss(kind, entry_id, period))
    for entry_id, owed in facts.entries.items():
        if not owed.facts.published:
            found.append(Loss(Kind.TERBITKAN, entry_id))
        else:
            found.extend(Loss(Kind.TERANGKAN, entry_id, field=name) for name in owed.gaps)
    return found


def _kind(cell: CellFacts, now: datetime) -> Kind | None:
    if cell.exempt or not is_counted(cell, now):
        return None
    if not cell.delivered:
        return Kind.KIRIM
    if cell.pending and not (cell.complete and cell.valid):
        return Kind.TUNGGU
    if not cell.valid or cell.returned:
        return Kind.PERBAIKI
    return Kind.LENGKAPI if not cell.complete else _kind_of_whole(cell, now)


def _kind_of_whole(cell: CellFacts, now: datetime) -> Kind | None:
    """What a cell that holds everything may still lose."""
    if cell.consistent < cell.comparable:
        return Kind.SAMAKAN
    late = state(cell, now) is State.TERLAMBAT or not is_on_time(cell)
    return Kind.TERLAMBAT if late else None


def apply(facts: Facts, chosen: Iterable[Loss], now: datetime) -> Facts:
    """The facts after the mends are really done at `now`.

    What is delivered, mended or filled is accepted with every compulsory value, which takes a published dataset. A
    delivery keeps the moment of its first valid one, so that a mend may still be in time. The mend of a late cell is
    what would have been, had it come in time.
    """
    entries, cells = dict(facts.entries), dict(facts.cells)
    for loss in chosen:
        owed = entries.get(loss.entry_id)
        if loss.period:
            cells[loss.entry_id, loss.period] = _mended(cells[loss.entry_id, loss.period], loss.kind, now)
        if owed is None:
            continue
        if loss.kind is Kind.TERANGKAN:
            entries[loss.entry_id] = _described(owed, loss.field)
        elif not owed.facts.published:
            entries[loss.entry_id] = _published(owed)
    return Facts(entries, cells)


def _mended(cell: CellFacts, kind: Kind, now: datetime) -> CellFacts:
    if kind is Kind.TERLAMBAT:
        return replace(cell, first_valid_at=cell.deadline)
    if kind is Kind.SAMAKAN:
        return replace(cell, consistent=cell.comparable)
    return replace(
        cell,
        delivered=True,
        valid=True,
        complete=True,
        pending=False,
        returned=False,
        filled_values=cell.expected_values,
        first_delivered_at=cell.first_delivered_at or now,
        first_valid_at=cell.first_valid_at or now,
    )


def _described(owed: Owed, name: str) -> Owed:
    left = {key: points for key, points in owed.gaps.items() if key != name}
    points = min(owed.facts.metadata_points + owed.gaps.get(name, 0), owed.facts.metadata_possible)
    return replace(owed, facts=replace(owed.facts, metadata_points=points), gaps=left)


def _published(owed: Owed) -> Owed:
    points = min(owed.draft_points, owed.facts.metadata_possible)
    return replace(owed, facts=replace(owed.facts, published=True, metadata_points=points))


def valued(facts: Facts, weights: Mapping[str, float], now: datetime) -> list[Valued]:
    """Every lost point with its gain, the greatest first; equal ones in the order of the cells' deadlines."""
    sums = _sums(facts.measures(now))
    before = _index(sums, weights)
    known: dict[Hashable, float] = {}
    found = []
    for loss in losses(facts, now):
        # Thousands of cells are alike in all that a measure asks for; each likeness is counted once.
        alike = _likeness(facts, loss, now)
        if alike not in known:
            known[alike] = _index(_added(sums, _change(facts, loss, now)), weights) or 0.0
        after = known[alike]
        found.append(Valued(loss, after - (before or 0.0), after))
    return sorted(found, key=lambda one: _rank(one, facts))


def _rank(one: Valued, facts: Facts) -> tuple[float, int, float, str, str]:
    loss = one.loss
    cell = facts.cells.get((loss.entry_id, loss.period))
    due = cell.deadline.timestamp() if cell else 0.0
    # Gains that differ by less than anybody sees are equal, whatever the order of the sums made of their last digits.
    return (-round(one.gain, 9), _ORDER[loss.kind], due, loss.entry_id, loss.field)


def preview(facts: Facts, ranked: Sequence[Valued], weights: Mapping[str, float], now: datetime) -> Applied:
    """The best mends that the OPD can do, each with its own gain, and the index after all of them together."""
    chosen = tuple(one for one in ranked if one.loss.doable and one.gain > 0)[:BEST]
    done = apply(facts, (one.loss for one in chosen), now)
    return Applied(index(facts.measures(now), weights), index(done.measures(now), weights), chosen)


def _likeness(facts: Facts, loss: Loss, now: datetime) -> Hashable:
    """All that the gain of a loss depends on."""
    owed = facts.entries.get(loss.entry_id)
    if loss.field:
        return loss.kind, owed and (owed.gaps.get(loss.field), owed.facts)
    published = owed and (owed.facts.published or (owed.draft_points, owed.facts))
    if not loss.period:
        return loss.kind, published
    cell = facts.cells[loss.entry_id, loss.period]
    return (
        loss.kind,
        published,
        (cell.delivered, cell.valid, cell.nil, cell.complete, cell.pending, cell.returned),
        (cell.filled_values, cell.expected_values),
        (cell.consistent, cell.comparable),
        (is_on_time(cell), (cell.first_valid_at or now) <= cell.deadline_grace),
    )


def _change(facts: Facts, loss: Loss, now: datetime) -> tuple[tuple[str, int, int], ...]:
    """What a mend changes in each measure: its name, numerator and denominator, where they change."""
    key = (loss.entry_id, loss.period)
    cells = {key: facts.cells[key]} if loss.period else {}
    owed = facts.entries.get(loss.entry_id)
    touched = Facts({loss.entry_id: owed} if owed else {}, cells)
    old, new = touched.measures(now), apply(touched, [loss], now).measures(now)
    return tuple(
        (name, new[name].numerator - ratio.numerator, new[name].denominator - ratio.denominator)
        for name, ratio in old.items()
        if new[name] != ratio
    )


def _sums(ratios: Mapping[str, Ratio]) -> dict[str, tuple[int, int]]:
    return {name: (ratio.numerator, ratio.denominator) for name, ratio in ratios.items()}


def _added(
    sums: Mapping[str, tuple[int, int]], change: Iterable[tuple[str, int, int]]
) -> Mapping[str, tuple[int, int]]:
    found = dict(sums)
    for name, numerator, denominator in change:
        found[name] = (found[name][0] + numerator, found[name][1] + denominator)
    return found


def _index(sums: Mapping[str, tuple[int, int]], weights: Mapping[str, float]) -> float | None:
    return index({name: Ratio(*parts) for name, parts in sums.items()}, weights)
