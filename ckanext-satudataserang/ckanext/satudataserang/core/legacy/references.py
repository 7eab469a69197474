"""The three small tables of an export: what its bidang, indicators and areas are called here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ckanext.satudataserang.core.codes import Area
from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.hostile import hostile_mark
from ckanext.satudataserang.core.legacy.names import ParsedName, name_key, parse_name, tidy
from ckanext.satudataserang.core.legacy.region import RegionIndex, plain_key
from ckanext.satudataserang.core.legacy.tables import ImportRefusedError, SourceRow

DOUBLE_ID = (
    "Berkas {file} baris {row} kolom {column}: id {value} sudah dipakai baris lain. Hapus salah satunya, lalu ulangi."
)
EMPTY_CELL = "Berkas {file} baris {row} kolom {column}: tidak boleh kosong. Lengkapi isinya, lalu ulangi."
UNKNOWN_AREA = (
    "Berkas {file} baris {row} kolom {column}: wilayah “{value}” tidak dikenal dalam profil daerah. "
    "Perbaiki namanya atau tambahkan pada bagian “wilayah” berkas alias."
)
UNKNOWN_URUSAN = (
    "Berkas {file} baris {row} kolom {column}: bidang “{value}” tidak cocok dengan urusan mana pun. "
    "Tambahkan pada bagian “bidang_urusan” berkas alias."
)
UNKNOWN_BIDANG = (
    "Berkas {file} baris {row} kolom {column}: bidang urusan {value} tidak ada dalam tb_bidang_urusan.csv. "
    "Perbaiki nomornya atau lengkapi tabel itu."
)
NO_OFFICE = (
    "Berkas {file} baris {row} kolom {column}: urusan bidang “{value}” tidak dipegang OPD mana pun. "
    "Lengkapi profil daerah atau isi “opd_cadangan” pada berkas alias."
)


@dataclass(frozen=True)
class Bidang:
    """A bidang urusan of the export: its name, the name's key, and the urusan it stands for."""

    row: SourceRow
    name: str
    key: str
    urusan: str


@dataclass(frozen=True)
class Indicator:
    """One indicator of the export: its bidang and its name taken apart."""

    row: SourceRow
    bidang: Bidang
    name: str
    parsed: ParsedName

    @property
    def family_key(self) -> tuple[str, str]:
        """Indicators with the same key are one family."""
        return self.bidang.key, name_key(self.parsed.family)


@dataclass(frozen=True)
class References:
    """The small tables by id. An id whose record was quarantined is in the `*_quarantined` sets and nowhere else."""

    bidang: Mapping[str, Bidang]
    indicators: Mapping[str, Indicator]
    areas: Mapping[str, Area]
    quarantined: Mapping[str, frozenset[str]]


def read_references(tables: Mapping[str, list[SourceRow]], index: RegionIndex, findings: Findings) -> References:
    """Read bidang, areas and indicators. Raises ImportRefusedError for what cannot be understood."""
    quarantined: dict[str, set[str]] = {"tb_bidang_urusan": set(), "tb_jenis_data": set(), "tb_wilayah": set()}
    clean = {
        table: _clean_rows(tables[table], quarantined[table], index.aliases.defacement, findings)
        for table in quarantined
    }
    bidang = {row.cells["id"].strip(): _bidang(row, index, findings) for row in clean["tb_bidang_urusan"]}
    areas = {row.cells["id"].strip(): _area(row, index) for row in clean["tb_wilayah"]}
    indicators: dict[str, Indicator] = {}
    for row in clean["tb_jenis_data"]:
        if row.cells["id_bidang"].strip() in quarantined["tb_bidang_urusan"]:
            quarantined["tb_jenis_data"].add(row.cells["id"].strip())
            findings.add(row, "karantina-acuan", row.cells["id_bidang"].strip())
        else:
            indicators[row.cells["id"].strip()] = _indicator(row, bidang, findings)
    _note_orphans(clean["tb_jenis_data"], findings)
    return References(bidang, indicators, areas, {table: frozenset(ids) for table, ids in quarantined.items()})


def _clean_rows(
    rows: Iterable[SourceRow], quarantined: set[str], words: Iterable[str], findings: Findings
) -> list[SourceRow]:
    """The rows without hostile text; every id exactly once."""
    seen: set[str] = set()
    clean: list[SourceRow] = []
    for row in rows:
        key = row.cells["id"].strip()
        if mark := hostile_in(row, words):
            quarantined.add(key)
            findings.add(row, "karantina", mark)
        else:
            clean.append(row)
        if not key:
            raise row.refused(EMPTY_CELL, "id")
        if key in seen:
            raise row.refused(DOUBLE_ID, "id")
        seen.add(key)
    return clean


def hostile_in(row: SourceRow, words: Iterable[str]) -> str | None:
    """The first hostile mark in any cell of a record, with its column."""
    for column, text in row.cells.items():
        if mark := hostile_mark(text, words):
            return f"{column}: {tidy(mark)}"
    return None


def _bidang(row: SourceRow, index: RegionIndex, findings: Findings) -> Bidang:
    name = tidy(row.cells["nama_bidang"])
    if not name:
        raise row.refused(EMPTY_CELL, "nama_bidang")
    urusan, similar = index.urusan(name)
    if urusan is None:
        raise row.refused(UNKNOWN_URUSAN, "nama_bidang")
    if not index.holders(urusan) and index.aliases.fallback is None:
        raise row.refused(NO_OFFICE, "nama_bidang")
    if similar:
        findings.add(row, "urusan-mirip", name, f"{urusan} {index.region.urusan[urusan][0]}")
    return Bidang(row, name, plain_key(name), urusan)


def _area(row: SourceRow, index: RegionIndex) -> Area:
    area = index.area(row.cells["nama_wilayah"])
    if area is None:
        raise row.refused(UNKNOWN_AREA, "nama_wilayah")
    return area


def _indicator(row: SourceRow, bidang: Mapping[str, Bidang], findings: Findings) -> Indicator:
    if row.cells["id_bidang"].strip() not in bidang:
        raise row.refused(UNKNOWN_BIDANG, "id_bidang")
    name = row.cells["jenis_data"]
    parsed = parse_name(name)
    if not name_key(parsed.family):
        raise row.refused(EMPTY_CELL, "jenis_data")
    for problem in parsed.problems:
        findings.add(row, problem, tidy(name), " · ".join((parsed.family, *parsed.classes)))
    return Indicator(row, bidang[row.cells["id_bidang"].strip()], tidy(name), parsed)


def _note_orphans(rows: Iterable[SourceRow], findings: Findings) -> None:
    rows = list(rows)
    ids = {row.cells["id"].strip() for row in rows}
    for row in rows:
        parent = row.cells["id_parent"].strip()
        if parent not in {"", "0"} and parent not in ids:
            findings.add(row, "induk-tidak-ada", parent)


__all__ = ["Bidang", "ImportRefusedError", "Indicator", "References", "hostile_in", "read_references"]
