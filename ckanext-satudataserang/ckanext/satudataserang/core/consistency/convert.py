"""Two units brought to one, so that thousands of people and people can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ckanext.satudataserang.core.units import Unit, UnitTable

#: Dimensions whose amounts add up over areas and classes; shares, indices and rates do not.
_ADDITIVE = frozenset({"uang", "luas", "panjang", "massa", "isi", "energi", "massa per waktu", "isi per waktu"})
_COUNTS = "cacah"

Obstacle = Literal["", "satuan-beda", "satuan-tidak-jelas"]


@dataclass(frozen=True)
class Conversion:
    """How both sides come to `unit`: times `left` and `right`; `obstacle` where they cannot.

    `counts`: what is counted is whole; None where the unit is not known. `adds`: amounts add up.
    """

    unit: str
    left: Decimal = Decimal(1)
    right: Decimal = Decimal(1)
    counts: bool | None = None
    adds: bool = True
    obstacle: Obstacle = ""


def conversion(units: UnitTable, left: str, right: str) -> Conversion:
    """How figures in the units of these texts are compared."""
    one, other = units.canonical(left).unit, units.canonical(right).unit
    if one is None or other is None:
        same = " ".join(left.casefold().split()) == " ".join(right.casefold().split())
        return Conversion(left, obstacle="" if same else "satuan-tidak-jelas")
    if one.name == other.name:
        return _known(one, one.name, Decimal(1), Decimal(1))
    if (one.dimension, one.base) != (other.dimension, other.base):
        return Conversion(one.name, obstacle="satuan-beda")
    return _known(one, one.base, Decimal(str(one.scale)), Decimal(str(other.scale)))


def _known(unit: Unit, name: str, left: Decimal, right: Decimal) -> Conversion:
    counts = unit.dimension.split(" ")[0] == _COUNTS
    return Conversion(name, left, right, counts=counts, adds=counts or unit.dimension in _ADDITIVE)
