"""What two published figures say of each other: the same, different, or not to be compared.

Nobody is accused for nothing: a missing side, a part that is missing, another cut-off day, another unit, or a figure
that was rounded is never a difference.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from ckanext.satudataserang.core.consistency.convert import Conversion
from ckanext.satudataserang.core.consistency.model import Rule

State = Literal["sama", "beda", "tak_terbanding"]
STATES: tuple[State, ...] = ("sama", "beda", "tak_terbanding")
#: Why two figures cannot be compared.
REASONS = (
    "tanpa-kiri",
    "tanpa-kanan",
    "nilai-kosong",
    "baris-ganda",
    "bagian-kurang",
    "bagian-tidak-jelas",
    "tanggal-beda",
    "satuan-beda",
    "satuan-tidak-jelas",
    "tidak-dapat-dijumlah",
)


@dataclass(frozen=True)
class Figure:
    """What a table says for one key: the sum of its `rows`, of which `filled` hold a value.

    `parts` are the distinct areas and classes among them and `expected` how many there ought to be (None: nobody
    knows); `decimals` is the longest fraction written; `first` and `last` are the cut-off days of the rows.
    """

    value: Decimal | None
    rows: int = 1
    filled: int = 1
    parts: int = 1
    expected: int | None = 1
    decimals: int = 0
    first: date | None = None
    last: date | None = None

    @property
    def summed(self) -> bool:
        """Whether it was put together from several rows."""
        return self.rows > 1


@dataclass(frozen=True)
class Outcome:
    """The verdict: `difference` is left minus right in the common unit, `tolerance` what would still be the same."""

    state: State
    reason: str = ""
    difference: Decimal | None = None
    tolerance: Decimal = Decimal(0)


def compare(rule: Rule, conversion: Conversion, left: Figure | None, right: Figure | None) -> Outcome:
    """Compare two figures by a rule of the kinds sama, jumlah and paling_banyak."""
    reason = _obstacle(conversion, left, right)
    if reason or left is None or right is None or left.value is None or right.value is None:
        return Outcome("tak_terbanding", reason)
    one, other = left.value * conversion.left, right.value * conversion.right
    tolerance = max(
        rule.absolute * conversion.right,
        rule.relative * max(abs(one), abs(other)),
        rounding(rule, conversion, left, right),
    )
    difference = one - other
    fine = difference <= tolerance if rule.kind == "paling_banyak" else abs(difference) <= tolerance
    return Outcome("sama" if fine else "beda", "", difference, tolerance)


def _obstacle(conversion: Conversion, left: Figure | None, right: Figure | None) -> str:
    if left is None or right is None:
        return "tanpa-kiri" if left is None else "tanpa-kanan"
    sides = (left, right)
    obstacles = (
        (conversion.obstacle, bool(conversion.obstacle)),
        ("baris-ganda", any(one.rows > one.parts for one in sides)),
        ("nilai-kosong", any(one.filled < one.rows or one.value is None for one in sides)),
        (
            "tidak-dapat-dijumlah",
            not conversion.adds and any(one.summed or (one.expected or 1) > 1 for one in sides),
        ),
        ("bagian-kurang", any(one.expected is not None and one.parts < one.expected for one in sides)),
        ("bagian-tidak-jelas", any(one.expected is None for one in sides)),
        ("tanggal-beda", len({day for one in sides for day in (one.first, one.last)}) > 1),
    )
    return next((reason for reason, stands in obstacles if stands), "")


def rounding(rule: Rule, conversion: Conversion, left: Figure, right: Figure) -> Decimal:
    """How far two true figures may lie apart because they were written rounded, in the common unit.

    Each rounded row is off by half a step at most. Two single figures written to the same step are taken at their word.
    """
    halves = [
        half_step(side.rounding, factor, figure.decimals, exact=_exact(conversion, factor, left, right))
        for side, factor, figure in (
            (rule.left, conversion.left, left),
            (rule.right, conversion.right, right),
        )
    ]
    if halves[0] == halves[1] and not left.summed and not right.summed:
        return Decimal(0)
    return halves[0] * left.rows + halves[1] * right.rows


def half_step(step: Decimal | None, factor: Decimal, decimals: int, *, exact: bool) -> Decimal:
    """Half of the step to which a figure is written: a given one, or the last decimal; none for what is exact."""
    if step is not None:
        return step * factor / 2
    if exact and decimals == 0:
        return Decimal(0)
    return factor * Decimal(10) ** -decimals / 2


def _exact(conversion: Conversion, factor: Decimal, left: Figure, right: Figure) -> bool:
    """Whether whole numbers are exact: counts are, and what both sides write whole where nobody knows the unit."""
    if conversion.counts is None:
        return left.decimals == 0 == right.decimals
    return conversion.counts and factor == 1
