"""What an import must know about the region, as plain values: its areas, OPDs and urusan, and its alias table.

The alias table is data of the region. It says what the legacy spellings stand for; without it only exact names match.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from ckanext.satudataserang.core.codes import Area, Match, WilayahTable
from ckanext.satudataserang.core.legacy.names import tidy

CITY = "kota"
DISTRICT = "kecamatan"

_PUNCTUATION = re.compile(r"[^\w\s]")


@dataclass(frozen=True)
class Office:
    """An OPD: its slug, the names it is known by and the urusan it carries out."""

    slug: str
    names: tuple[str, ...]
    urusan: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """The region of a portal.

    `city` is the Kemendagri code of the kabupaten/kota itself in `wilayah`; the areas right below it are its
    kecamatan. `offices` are its OPDs in their order, `urusan` the names of each urusan by code, the official one first.
    """

    city: str
    wilayah: WilayahTable
    offices: tuple[Office, ...]
    urusan: Mapping[str, Sequence[str]]

    def area_count(self, level: str) -> int:
        """How many areas a table of level ``kecamatan`` or ``kota`` must cover."""
        return len(self.wilayah.children(self.city)) if level == DISTRICT else 1


@dataclass(frozen=True)
class Aliases:
    """Names of the legacy export and what they stand for.

    `offices` maps a source name to an OPD slug, or to None where it names no OPD of the region; `bidang` maps the name
    of a bidang urusan to an urusan code; `areas` maps an area name to a Kemendagri code; `similarity` is the least
    likeness (0 to 1) by which a bidang name may be matched to an urusan name; `defacement` holds further phrases that
    only vandals write; `fallback` is the OPD that takes what no OPD claims. `quarter_share` is the least share (0 to 1)
    of a family's records outside its usual quarter that makes it quarterly; with 0 one such record is enough.
    """

    offices: Mapping[str, str | None] = field(default_factory=dict)
    bidang: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    similarity: float = 1.0
    defacement: tuple[str, ...] = ()
    fallback: str | None = None
    quarter_share: float = 0.0


class AliasError(ValueError):
    """The alias file is not as it should be; the message is an Indonesian sentence for the operator."""


def plain_key(text: str) -> str:
    """A name without case, punctuation and superfluous spaces."""
    return " ".join(_PUNCTUATION.sub(" ", tidy(text)).casefold().split())


def read_aliases(content: Any, offices: Iterable[str]) -> Aliases:
    """The alias table from a parsed YAML document; `offices` are the slugs the region has. Raises AliasError."""
    if not isinstance(content, Mapping):
        message = "Berkas alias harus berisi pasangan kunci dan nilai."
        raise AliasError(message)
    known = set(offices)
    by_name: dict[str, str | None] = {}
    for slug, names in _lists(content, "opd").items():
        if slug not in known:
            message = f"Berkas alias bagian “opd”: OPD “{slug}” tidak ada dalam profil daerah."
            raise AliasError(message)
        by_name.update({plain_key(name): slug for name in names})
    by_name.update({plain_key(name): None for name in content.get("bukan_opd") or ()})
    fallback = content.get("opd_cadangan")
    if fallback is not None and fallback not in known:
        message = f"Berkas alias bagian “opd_cadangan”: OPD “{fallback}” tidak ada dalam profil daerah."
        raise AliasError(message)
    return Aliases(
        offices=by_name,
        bidang={plain_key(name): kode for kode, names in _lists(content, "bidang_urusan").items() for name in names},
        areas={plain_key(name): kode for kode, names in _lists(content, "wilayah").items() for name in names},
        similarity=_share(content, "kemiripan_bidang", 1.0),
        defacement=tuple(str(word) for word in content.get("tanda_perusakan") or ()),
        fallback=fallback,
        quarter_share=_share(content, "bagian_triwulan", 0.0),
    )


def _share(content: Mapping[str, Any], part: str, default: float) -> float:
    value = content.get(part, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        message = f"Berkas alias bagian “{part}” harus berupa bilangan 0 sampai 1."
        raise AliasError(message)
    return float(value)


def _lists(content: Mapping[str, Any], part: str) -> dict[str, Sequence[str]]:
    value = content.get(part) or {}
    if not isinstance(value, Mapping) or not all(isinstance(names, list) for names in value.values()):
        message = f"Berkas alias bagian “{part}” harus berupa daftar nama per kode."
        raise AliasError(message)
    return {str(key): [str(name) for name in names] for key, names in value.items()}


class RegionIndex:
    """The region prepared for looking legacy names up."""

    def __init__(self, region: Region, aliases: Aliases) -> None:
        self.region = region
        self.aliases = aliases
        self._offices = {plain_key(name): office.slug for office in reversed(region.offices) for name in office.names}
        self._offices |= {office.slug: office.slug for office in region.offices}
        self._urusan = {plain_key(name): kode for kode, names in region.urusan.items() for name in names}
        self._order = {office.slug: place for place, office in enumerate(region.offices)}

    def area(self, name: str) -> Area | None:
        """The kecamatan or, failing that, the city of this name or code; the levels below have no place here."""
        table, city = self.region.wilayah, self.region.city
        if kode := self.aliases.areas.get(plain_key(name)):
            return table.get(kode)
        found = table.canonical(name, parent=city)
        if isinstance(found, Match):
            return found.area
        area = table.get(city)
        found = table.canonical(name, level=area.level) if area else None
        return area if isinstance(found, Match) and found.area == area else None

    def urusan(self, bidang: str) -> tuple[str | None, bool]:
        """The urusan code of a bidang name, and whether it was only the most similar name."""
        key = plain_key(bidang)
        if kode := self.aliases.bidang.get(key) or self._urusan.get(key):
            return kode, False
        scored = [(SequenceMatcher(None, key, name).ratio(), name) for name in sorted(self._urusan)]
        score, name = max(scored, default=(0.0, ""))
        return (self._urusan[name], True) if scored and score >= self.aliases.similarity else (None, False)

    def office(self, source: str) -> tuple[str | None, bool]:
        """The OPD a source name stands for, and whether the name is known at all."""
        key = plain_key(source)
        if key in self.aliases.offices:
            return self.aliases.offices[key], True
        slug = self._offices.get(key)
        return slug, slug is not None

    def holders(self, urusan: str) -> list[str]:
        """The OPDs that carry out an urusan, in the order of the region profile."""
        return [office.slug for office in self.region.offices if urusan in office.urusan]

    def order(self, slug: str) -> int:
        """The place of an OPD in the region profile."""
        return self._order[slug]
