"""What an import is going to write, as plain values: families with their rows, cells and plan entry, and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ckanext.satudataserang.core.legacy.findings import Finding


@dataclass(frozen=True)
class Totals:
    """Where the values went: ``read = imported + collapsed + left_out + quarantined``."""

    read: int
    imported: int
    collapsed: int
    left_out: int
    quarantined: int

    @property
    def balanced(self) -> bool:
        """Whether every value read is accounted for."""
        return self.read == self.imported + self.collapsed + self.left_out + self.quarantined


@dataclass(frozen=True)
class DataRow:
    """One row of a family's table. `triwulan` is None in a yearly family; `rincian` has the family's depth."""

    kode_wilayah: str
    nama_wilayah: str
    tahun: int
    triwulan: int | None
    rincian: tuple[str, ...]
    nilai: Decimal
    satuan: str
    sumber: str
    catatan: str


@dataclass(frozen=True)
class CellFacts:
    """What the export says of one period of a family.

    `expected` values are areas x classes; `filled` are values other than zero, `zeros` await confirmation, `invalid`
    is the number of keys whose value was refused. `reasons` are the rule codes behind it, sorted. `delivered_at` is
    the latest readable date of its records (aware), None where there is none.
    """

    period: str
    expected: int
    filled: int
    zeros: int
    invalid: int
    reasons: tuple[str, ...]
    delivered_at: datetime | None

    @property
    def valid(self) -> bool:
        """A delivery is valid when nothing in it was refused and at least one value is confirmed."""
        return self.invalid == 0 and self.filled > 0


@dataclass(frozen=True)
class Family:
    """Indicators that are one dataset and one plan entry.

    `kode` identifies the plan entry, `name` the dataset; both depend on the bidang and the family's name only.
    `classes` are the class tuples, all of length `depth`; `indicators` the original names, in the export's order.
    `first_year` and `last_year` are None where the export has no value for the family.
    """

    kode: str
    name: str
    title: str
    bidang: str
    urusan: str
    opd: str
    classes: tuple[tuple[str, ...], ...]
    depth: int
    indicators: tuple[str, ...]
    level: str
    frequency: str
    expected_values: int
    units: tuple[str, ...]
    rows: tuple[DataRow, ...]
    cells: tuple[CellFacts, ...]

    @property
    def first_year(self) -> int | None:
        """The first year with a row."""
        return min((row.tahun for row in self.rows), default=None)

    @property
    def last_year(self) -> int | None:
        """The last year with a row."""
        return max((row.tahun for row in self.rows), default=None)


@dataclass(frozen=True)
class ImportPlan:
    """The whole import: families by name, findings by table and record, and where every value went.

    `first_year` and `last_year` bound the export: its plan entries are in force in these years. What is due after them
    is for the Forum to agree on, not for an old export to say.
    """

    families: tuple[Family, ...]
    findings: tuple[Finding, ...]
    totals: Totals
    first_year: int
    last_year: int

    def findings_per_rule(self) -> Mapping[str, int]:
        """How many findings each rule has, most frequent first."""
        counts: dict[str, int] = {}
        for item in self.findings:
            counts[item.rule] = counts.get(item.rule, 0) + 1
        return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
