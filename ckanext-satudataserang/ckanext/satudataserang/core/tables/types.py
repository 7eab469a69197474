"""The type of a column, decided from all of its values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .columns import is_code
from .values import COMMA, POINT, Kind

POINT_PROOF = (Kind.POINT, Kind.GROUPED_COMMA)
COMMA_PROOF = (Kind.COMMA, Kind.GROUPED_POINT)
AMBIGUOUS = (Kind.AMBIGUOUS_POINT, Kind.AMBIGUOUS_COMMA)
NUMBERS = (Kind.INTEGER, *POINT_PROOF, *COMMA_PROOF, *AMBIGUOUS)
_VALUELESS = (Kind.EMPTY, Kind.NOTHING)
#: Where at most one value in so many is no number, the few are probably mistakes.
_MOSTLY = 9

TYPES = ("text", "integer", "numeric", "date", "timestamp")


@dataclass(frozen=True)
class ColumnType:
    """`name` is one of `TYPES` or boolean; `decimal` is the sign before decimals, where the column holds numbers."""

    name: str
    decimal: str = POINT


@dataclass(frozen=True)
class TableColumn:
    """A column: its name in the database, its title in the file, and the type all of its values have."""

    id: str
    title: str
    type: ColumnType


@dataclass
class ColumnProfile:
    """What stands in one column: how many cells of each kind, and the first of each (row in the file, text)."""

    id: str
    title: str
    kinds: Counter[Kind] = field(default_factory=Counter)
    first: dict[Kind, tuple[int, str]] = field(default_factory=dict)

    @property
    def values(self) -> int:
        """How many cells are not empty."""
        return sum(number for kind, number in self.kinds.items() if kind is not Kind.EMPTY)

    @property
    def seen(self) -> set[Kind]:
        """The kinds of the cells that say something."""
        return {kind for kind, count in self.kinds.items() if count and kind not in _VALUELESS}

    @property
    def is_mostly_number(self) -> bool:
        """Whether all but a few values are numbers."""
        numbers = sum(self.kinds[kind] for kind in NUMBERS)
        return self.kinds[Kind.TEXT] > 0 and numbers >= _MOSTLY * (self.values - numbers - self.kinds[Kind.NOTHING])

    def decide(self, wanted: str = "") -> ColumnType:
        """Choose the type. `wanted` is what a person chose in the data dictionary; it holds if the values allow it."""
        if wanted == "text":
            return ColumnType("text")
        decided = self._decide(by_name=not wanted)
        if wanted == "numeric" and decided.name == "integer":
            return ColumnType("numeric")
        return decided

    def earliest(self, *kinds: Kind) -> tuple[int, str]:
        """The first cell of any of these kinds. Raises ValueError when there is none."""
        return min(self.first[kind] for kind in kinds if kind in self.first)

    def _decide(self, *, by_name: bool) -> ColumnType:
        seen = self.seen
        if not seen or (by_name and is_code(self.id)):
            return ColumnType("text")
        if seen <= set(NUMBERS):
            return self._decide_number(seen)
        if seen == {Kind.DATE}:
            return ColumnType("date")
        if seen <= {Kind.DATE, Kind.TIMESTAMP}:
            return ColumnType("timestamp")
        return ColumnType("text")

    @staticmethod
    def _decide_number(seen: set[Kind]) -> ColumnType:
        point, comma = seen & set(POINT_PROOF), seen & set(COMMA_PROOF)
        if point and comma:
            return ColumnType("text")
        if not point and not comma:
            return ColumnType("text" if seen & set(AMBIGUOUS) else "integer")
        return ColumnType("numeric", POINT if point else COMMA)
