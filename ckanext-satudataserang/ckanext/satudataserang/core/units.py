"""Units of measure: from what people write to one canonical unit.

The table is plain data (see `schemas/kode/satuan.yaml`); this module only looks things up in it. It never converts
values: `scale` and `base` say how a unit relates to the base unit of its dimension, and callers decide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["Unit", "UnitMatch", "UnitTable"]

Rule = Literal["exact", "alias", "cut_off", "unknown"]

CUT_LENGTH = 10
"""Length at which the old application cut units off: "Rumah Tang"."""


@dataclass(frozen=True)
class Unit:
    """One unit of the vocabulary.

    `name` is canonical and what is stored; `dimension` groups units that can be compared; one of this unit is
    `scale` times the unit named `base`.
    """

    name: str
    dimension: str
    base: str
    scale: float
    symbol: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class UnitMatch:
    """What a text means: the unit (None when unknown), the rule that found it, and the text as given."""

    unit: Unit | None
    rule: Rule
    text: str


class UnitTable:
    """The vocabulary of units."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self.units: tuple[Unit, ...] = tuple(units)
        self._names: dict[str, Unit] = {}
        self._aliases: dict[str, Unit] = {}
        for unit in self.units:
            self._add(self._names, unit.name, unit)
        for unit in self.units:
            for alias in (unit.symbol, *unit.aliases):
                if alias:
                    self._add(self._aliases, alias, unit)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> UnitTable:
        """Build the table from mappings with `satuan, dimensi, dasar, skala, lambang, alias`.

        `dasar` defaults to the unit itself, `skala` to 1. Raises ValueError when two units claim one spelling.
        """
        return cls(
            Unit(
                name=str(row["satuan"]),
                dimension=str(row["dimensi"]),
                base=str(row.get("dasar") or row["satuan"]),
                scale=float(row.get("skala") or 1),
                symbol=str(row.get("lambang") or ""),
                aliases=tuple(str(alias) for alias in row.get("alias") or ()),
            )
            for row in rows
        )

    @property
    def names(self) -> list[str]:
        """Canonical names in the order of the table."""
        return [unit.name for unit in self.units]

    def canonical(self, text: str | None, cut: int = CUT_LENGTH) -> UnitMatch:
        """Find the unit a text means.

        A name or alias matches whatever its case and spacing. A text of exactly `cut` signs that only one unit
        continues is taken for that unit cut off; with two candidates, or any other text, the unit stays unknown.
        """
        given = text or ""
        key = _key(given)
        if key in self._names:
            return UnitMatch(self._names[key], "exact", given)
        if key in self._aliases:
            return UnitMatch(self._aliases[key], "alias", given)
        if key and cut in (len(given), len(given.strip())):
            spellings = {**self._aliases, **self._names}
            found = {unit.name: unit for spelling, unit in spellings.items() if spelling.startswith(key)}
            if len(found) == 1:
                return UnitMatch(next(iter(found.values())), "cut_off", given)
        return UnitMatch(None, "unknown", given)

    def _add(self, index: dict[str, Unit], spelling: str, unit: Unit) -> None:
        key = _key(spelling)
        known = index.get(key) or self._names.get(key)
        if known is not None and known != unit:
            msg = f"Ejaan satuan {spelling!r} dipakai dua satuan: {known.name} dan {unit.name}."
            raise ValueError(msg)
        index[key] = unit


def _key(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().strip(" .").split())
