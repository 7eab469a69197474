"""Over which keys two published columns can be compared: the level of areas and the classes that both have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

from ckanext.satudataserang.core.consistency.model import ALL_CLASSES, LEVELS, Rule, Side, Source


@dataclass(frozen=True)
class Keys:
    """`depth` of areas (number of dots of their codes), and the meanings of the classes kept apart."""

    depth: int
    classes: tuple[str, ...]


def common(rule: Rule, left: Source, right: Source) -> Keys | None:
    """The keys of a comparison by a rule; None where a side does not know the level or a class that the rule names."""
    depth = LEVELS[rule.level] if rule.level else min(left.depth, right.depth)
    if depth > min(left.depth, right.depth):
        return None
    kept = [_kept(rule, side, source) for side, source in ((rule.left, left), (rule.right, right))]
    if rule.classes is None:
        return Keys(depth, tuple(sorted(kept[0] & kept[1])))
    if rule.classes == (ALL_CLASSES,):
        return Keys(depth, tuple(sorted(kept[0]))) if kept[0] == kept[1] else None
    named = [_meanings(source, rule.classes) for source in (left, right)]
    return Keys(depth, tuple(sorted(named[0]))) if named[0] == named[1] and named[0] is not None else None


def _kept(rule: Rule, side: Side, source: Source) -> set[str]:
    summed = set(side.sum_over) | {name for name, _ in side.filters}
    return {one.meaning for one in source.classes if one.id not in summed}


def _meanings(source: Source, names: Sequence[str]) -> set[str] | None:
    found = {one.id: one.meaning for one in source.classes} | {one.meaning: one.meaning for one in source.classes}
    return {found[name] for name in names} if all(name in found for name in names) else None


def pairs(rule: Rule, left: Sequence[Source], right: Sequence[Source]) -> Iterator[tuple[Source, Source]]:
    """The pairs of columns that a rule compares: each two of a variable once, and of two sides each with each."""
    both: Iterator[tuple[Source, Source]] = (
        combinations(sorted(left, key=_place), 2) if rule.left == rule.right else product(left, right)
    )
    for one, other in both:
        if _place(one) != _place(other) or rule.left.filters != rule.right.filters or rule.kind == "jumlah":
            yield one, other


def _place(source: Source) -> tuple[str, str]:
    return source.entry_id, source.column
