"""Measures: ratios with their numerator and denominator, the index over them, and its band.

`measure` is the reference implementation over plain cells; the database computes the same set-based.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ckanext.satudataserang.core.cells import CellFacts, is_counted, is_on_time

#: The measures of this rule version, in the order in which they are shown.
MEASURES = (
    "ketersediaan",
    "kelengkapan",
    "ketepatan_waktu",
    "kelengkapan_isian",
    "kelengkapan_metadata",
    "validitas",
    "konsistensi",
)
#: Those that are counted over cells, and so add up month by month; the others are counted over entries in force.
CELL_MEASURES = ("kelengkapan", "ketepatan_waktu", "kelengkapan_isian", "validitas", "konsistensi")

#: An OPD with fewer obligations than this is marked and not ranked: one cell would move its rate too far.
FEW_OBLIGATIONS = 5


@dataclass(frozen=True)
class Ratio:
    """A share that never goes without its parts. Both are counts; a denominator of 0 means "no obligation"."""

    numerator: int = 0
    denominator: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.numerator <= self.denominator:
            message = f"0 <= pembilang <= penyebut dilanggar: {self.numerator}/{self.denominator}"
            raise ValueError(message)

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1, or None where nothing was due."""
        return self.numerator / self.denominator if self.denominator else None

    def __add__(self, other: Ratio) -> Ratio:
        return Ratio(self.numerator + other.numerator, self.denominator + other.denominator)


@dataclass(frozen=True)
class EntryFacts:
    """What is known of a plan entry in force: whether a dataset is published for it, and its metadata points.

    A dataset that holds nothing yet is not `published`: naming an entry alone never scores.
    """

    published: bool
    metadata_points: int
    metadata_possible: int


@dataclass(frozen=True)
class Band:
    """A named range of the index, up to but without `below`; `id` is its word."""

    id: str
    below: float


@dataclass(frozen=True)
class Rules:
    """Weights, bands and the version that names them together (`schemas/measures.yaml`)."""

    version: str
    weights: Mapping[str, float]
    bands: Sequence[Band]


def measure(entries: Iterable[EntryFacts], cells: Iterable[CellFacts], now: datetime) -> dict[str, Ratio]:
    """Every measure over the entries in force and their cells, as of `now`.

    `validitas` goes by the newest delivery of a cell, drafts aside: while an invalid correction waits beside a standing
    publication, the cell stays complete and yet its newest delivery is not valid.
    """
    entries = list(entries)
    counted = [cell for cell in cells if is_counted(cell, now)]
    return {
        "ketersediaan": Ratio(sum(entry.published for entry in entries), len(entries)),
        "kelengkapan": Ratio(sum(cell.complete for cell in counted), len(counted)),
        "ketepatan_waktu": Ratio(sum(is_on_time(cell) for cell in counted), len(counted)),
        "kelengkapan_isian": Ratio(
            sum(min(cell.filled_values, cell.expected_values) for cell in counted),
            sum(cell.expected_values for cell in counted),
        ),
        "kelengkapan_metadata": Ratio(
            sum(entry.metadata_points for entry in entries), sum(entry.metadata_possible for entry in entries)
        ),
        "validitas": Ratio(
            sum(cell.valid for cell in counted if cell.delivered), sum(cell.delivered for cell in counted)
        ),
        "konsistensi": Ratio(sum(cell.consistent for cell in counted), sum(cell.comparable for cell in counted)),
    }


def index(ratios: Mapping[str, Ratio], weights: Mapping[str, float]) -> float | None:
    """The weighted mean of the defined measures, 0 to 100; None where none is defined.

    An undefined measure leaves the mean: nothing due is no merit and no fault.
    """
    weighted = [
        (rate, weights[name]) for name, ratio in ratios.items() if (rate := ratio.rate) is not None and name in weights
    ]
    total = sum(weight for _, weight in weighted)
    return 100 * sum(rate * weight for rate, weight in weighted) / total if total else None


def band(value: float | None, bands: Sequence[Band]) -> Band | None:
    """The band of an index; None where there is no index. Bounds compare the unrounded value."""
    if value is None:
        return None
    return next((one for one in bands if value < one.below), bands[-1])
