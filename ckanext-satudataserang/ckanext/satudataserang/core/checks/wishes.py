"""What a table is to be checked against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.compare import StandingColumn


@dataclass(frozen=True)
class Wishes:
    """What is known before a file is checked.

    `structure` is the agreed one, with its code lists resolved; without one the columns are compared with `standing`,
    those of the table that is there. `types` are types a person chose, by column id. `period` is the key of the period
    the delivery is for (empty: the file says itself, row by row; `default_period` is that of rows which do not),
    `frequency` and `since` are the plan entry's.
    `areas` turns names and codes of areas into canonical ones. `history` holds earlier values of measured columns,
    oldest first: by column id and key of the row (values of the key columns in their order) the (period, value) pairs.
    """

    structure: Structure | None = None
    standing: Sequence[StandingColumn] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    default_period: str = ""
    frequency: Frequency | None = None
    since: date | None = None
    areas: WilayahTable | None = None
    history: Mapping[str, Mapping[tuple[str, ...], Sequence[tuple[str, Decimal]]]] = field(default_factory=dict)
    expected_values: int | None = None
