"""Rules of sameness, and the published columns they speak of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

#: sama: both are equal; jumlah: the parts of the left side sum to the right; paling_banyak: left <= right;
#: kode: both columns hold the same codes.
Kind = Literal["sama", "jumlah", "paling_banyak", "kode"]
Severity = Literal["kesalahan", "peringatan"]

KINDS: tuple[Kind, ...] = ("sama", "jumlah", "paling_banyak", "kode")
SEVERITIES: tuple[Severity, ...] = ("kesalahan", "peringatan")
#: Levels of areas by the number of dots in their codes.
LEVELS: Mapping[str, int] = {"kota": 1, "kecamatan": 2, "kelurahan": 3}
#: In place of class columns: all that both sides have, and none is summed away.
ALL_CLASSES = "semua"
#: What a rule made from the register of variables is called.
VARIABLE_RULE = "variabel:"


@dataclass(frozen=True)
class Side:
    """One side of a rule: the column of an entry (`entry` is its kode), or every column of a standard variable.

    `filters` keep rows whose column holds one of the values; `sum_over` are class columns that are added up. `unit`
    (empty: the structure's or the variable's) and `rounding`, the step to which figures are rounded, in that unit
    (None: read from the figures).
    """

    entry: str = ""
    variable: str = ""
    column: str = ""
    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    sum_over: tuple[str, ...] = ()
    unit: str = ""
    rounding: Decimal | None = None


@dataclass(frozen=True)
class Rule:
    """A rule of sameness.

    `level` of areas at which figures are compared (empty: the coarser of the two sides'), `classes` the class columns
    (None: those that both sides have; ALL_CLASSES: only columns whose classes are the same). `absolute` is a tolerance
    in the right side's unit, `relative` a share of the greater figure. `owner` is the abbreviation of the OPD that
    answers for the rule.
    """

    kode: str
    nama: str
    kind: Kind
    left: Side
    right: Side
    level: str = ""
    classes: tuple[str, ...] | None = None
    absolute: Decimal = Decimal(0)
    relative: Decimal = Decimal(0)
    severity: Severity = "peringatan"
    owner: str = ""
    description: str = ""
    active: bool = True


@dataclass(frozen=True)
class ClassColumn:
    """A class column of a table: `codes` are its values without totals, as the table writes them -> code.

    `meaning` is the code list behind it, or its id. `whole`: every one of `size` codes is expected. `labels`: what
    people read for a code.
    """

    id: str
    meaning: str
    codes: Mapping[str, str] = field(default_factory=dict)
    size: int = 0
    whole: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A published column as it lies in the DataStore: what tells the period, the area, the classes and the cut-off day.

    `periods` are the period's columns, `period_keys` what they hold -> key and last day of the period; `areas` the
    spellings of areas -> code, all of one `depth` (number of dots). `areas_below` counts, by code, the areas of that
    depth below it. `root` is the code of the region, the area of a table without areas. `adds`: what the column holds
    can be summed at all; a price or an average cannot.
    """

    entry_id: str
    table: str
    column: str
    unit: str = ""
    title: str = ""
    periods: tuple[str, ...] = ()
    period_keys: Mapping[tuple[str, ...], tuple[str, date]] = field(default_factory=dict)
    area: str = ""
    areas: Mapping[str, str] = field(default_factory=dict)
    areas_below: Mapping[str, int] = field(default_factory=dict)
    depth: int = 1
    root: str = ""
    classes: tuple[ClassColumn, ...] = ()
    day: str = ""
    adds: bool = True
