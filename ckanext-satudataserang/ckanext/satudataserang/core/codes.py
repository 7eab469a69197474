"""Codes of areas: from what people write to one Kemendagri code.

The table is plain data (a region profile's `wilayah.csv`). BPS codes are looked up in the table and never derived:
3673010 is Curug in BPS's list while 36.73.01 is Serang in Kemendagri's. Names are matched through spelling variants;
a name that several areas bear is reported with all of them, never guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

__all__ = ["LEVELS", "Ambiguous", "Area", "Match", "WilayahTable"]

LEVELS: tuple[str, ...] = ("provinsi", "kabupaten", "kota", "kecamatan", "desa", "kelurahan")
"""Levels from large to small; kabupaten/kota and desa/kelurahan are of one rank each."""

Rule = Literal["kode", "kode_bps", "nama", "ejaan"]

_PREFIXES: dict[str, tuple[str, ...]] = {
    "provinsi": ("provinsi", "prov"),
    "kabupaten": ("kabupaten", "kab"),
    "kota": ("kota",),
    "kecamatan": ("kecamatan", "kec"),
    "kelurahan": ("kelurahan", "kel"),
    "desa": ("desa", "ds"),
}
_KODE = re.compile(r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?")


@dataclass(frozen=True)
class Area:
    """One administrative area. `code` is Kemendagri's with dots, `bps` may be empty where it is not certain."""

    code: str
    bps: str
    level: str
    name: str
    parent: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Match:
    """One area and the rule that found it."""

    area: Area
    rule: Rule


@dataclass(frozen=True)
class Ambiguous:
    """A name that several areas bear; the reader must say the code, the level or the parent."""

    text: str
    areas: tuple[Area, ...]


class WilayahTable:
    """The areas of one region."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self.areas: tuple[Area, ...] = tuple(areas)
        self._by_code = {area.code: area for area in self.areas}
        self._by_bps = {area.bps: area for area in self.areas if area.bps}
        if len(self._by_code) != len(self.areas):
            msg = "Tabel wilayah memuat kode yang sama lebih dari sekali."
            raise ValueError(msg)

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, str]]) -> WilayahTable:
        """Build the table from mappings with `kode, kode_bps, level, nama, induk, ejaan_lain`.

        `ejaan_lain` holds spelling variants separated by `;`. Raises ValueError for a malformed code, an unknown
        level, or an `induk` that is not in the table and not the start of the code.
        """
        areas = [_area(row) for row in rows]
        known = {area.code for area in areas}
        for area in areas:
            if area.parent and area.parent not in known and not area.code.startswith(area.parent + "."):
                msg = f"Wilayah {area.code} ({area.name}) merujuk induk {area.parent} yang tidak ada dalam tabel."
                raise ValueError(msg)
        return cls(areas)

    def get(self, code: str) -> Area | None:
        """The area with this Kemendagri code."""
        return self._by_code.get(code)

    def children(self, code: str) -> list[Area]:
        """The areas whose parent is `code`, in the order of the table."""
        return [area for area in self.areas if area.parent == code]

    def at_level(self, level: str) -> list[Area]:
        """The areas of one level, in the order of the table."""
        return [area for area in self.areas if area.level == level]

    def canonical(
        self, code_or_name: str | None, parent: str | None = None, level: str | None = None
    ) -> Match | Ambiguous | None:
        """Find the area a code or a name means.

        :param code_or_name: a Kemendagri code ("36.73.01"), a BPS code ("3673040") or a name ("Kec. Serang")
        :param parent: only areas directly below this code
        :param level: only areas of this level; a prefix in the name ("Kec.", "Kelurahan", ...) says the same
        :returns: the match; Ambiguous when several areas bear the name; None when nothing is known by it
        """
        text = " ".join(unicodedata.normalize("NFKC", code_or_name or "").split())
        area = self._by_code.get(text) or self._by_bps.get(text)
        if area is not None:
            if not _admits(area, parent, level):
                return None
            return Match(area, "kode" if text == area.code else "kode_bps")
        return self._by_name(text, parent, level)

    def _by_name(self, text: str, parent: str | None, level: str | None) -> Match | Ambiguous | None:
        key = _key(text)
        if not key:
            return None
        candidates = [area for area in self.areas if _admits(area, parent, level)]
        exact = [area for area in candidates if key in _names(area.level, area.name)]
        if exact:
            return _one(text, exact, "nama")
        variants = [
            area for area in candidates if any(key in _names(area.level, spelling) for spelling in area.spellings)
        ]
        return _one(text, variants, "ejaan")


def _one(text: str, areas: list[Area], rule: Rule) -> Match | Ambiguous | None:
    if len(areas) > 1:
        return Ambiguous(text, tuple(areas))
    return Match(areas[0], rule) if areas else None


def _admits(area: Area, parent: str | None, level: str | None) -> bool:
    return (parent is None or area.parent == parent) and (level is None or area.level == level)


def _names(level: str, name: str) -> set[str]:
    """Every key the area answers to: its name bare and behind each prefix of its own level."""
    bare = _key(name)
    for prefix in _PREFIXES[level]:
        if bare.startswith(prefix) and name.casefold().startswith((prefix + " ", prefix + ". ")):
            bare = bare.removeprefix(prefix)
            break
    return {bare} | {prefix + bare for prefix in _PREFIXES[level]}


def _key(text: str) -> str:
    """Letters and digits only, so that "Sumur Pecung", "SUMURPECUNG" and "Sumur-pecung" are one."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _area(row: Mapping[str, str]) -> Area:
    code, level = row["kode"].strip(), row["level"].strip()
    if not _KODE.fullmatch(code):
        msg = f"Kode wilayah {code!r} tidak berbentuk kode Kemendagri (contoh: 36.73.01.1001)."
        raise ValueError(msg)
    if level not in LEVELS:
        msg = f"Level {level!r} pada wilayah {code} tidak dikenal. Pakai salah satu: {', '.join(LEVELS)}."
        raise ValueError(msg)
    spellings = tuple(part.strip() for part in (row.get("ejaan_lain") or "").split(";") if part.strip())
    return Area(code, (row.get("kode_bps") or "").strip(), level, row["nama"].strip(), row["induk"].strip(), spellings)
