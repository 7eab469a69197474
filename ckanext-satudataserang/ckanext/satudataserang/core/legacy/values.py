"""One record of `tb_simpatik`, read and judged by itself: quarantined, refused, or a value to be placed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ckanext.satudataserang.core.codes import Area
from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.names import tidy
from ckanext.satudataserang.core.legacy.numbers import read_moment, read_value, read_year
from ckanext.satudataserang.core.legacy.references import UNKNOWN_BIDANG, Indicator, References, hostile_in
from ckanext.satudataserang.core.legacy.region import RegionIndex
from ckanext.satudataserang.core.legacy.tables import SourceRow
from ckanext.satudataserang.core.placeholders import is_placeholder
from ckanext.satudataserang.core.units import UnitTable

FIRST_YEAR = 1990

UNKNOWN_INDICATOR = (
    "Berkas {file} baris {row} kolom {column}: jenis data {value} tidak ada dalam tb_jenis_data.csv. "
    "Perbaiki nomornya atau lengkapi tabel itu."
)
UNKNOWN_AREA_ID = (
    "Berkas {file} baris {row} kolom {column}: kode wilayah {value} tidak ada dalam tb_wilayah.csv. "
    "Perbaiki nomornya atau lengkapi tabel itu."
)
WRONG_YEAR = (
    "Berkas {file} baris {row} kolom {column}: tahun “{value}” di luar {first}–{last}. Perbaiki tahunnya, lalu ulangi."
)
WRONG_QUARTER = "Berkas {file} baris {row} kolom {column}: triwulan “{value}” bukan 1 sampai 4. Perbaiki, lalu ulangi."

_REFERENCES = (("bidang_urusan", "tb_bidang_urusan"), ("jenis_data", "tb_jenis_data"), ("wilayah", "tb_wilayah"))


@dataclass(frozen=True)
class Value:
    """A record with its place; `number` is None where the value was refused, `problem` then says by which rule.

    `unit` is canonical where `unit_known`, else as it stood. `office` is the OPD the source names, if any.
    """

    row: SourceRow
    indicator: Indicator
    area: Area
    year: int
    quarter: int
    number: Decimal | None
    problem: str | None
    unit: str
    unit_known: bool
    source: str
    office: str | None
    moment: datetime | None


class ValueReader:
    """Reads records one by one; what happened to each is noted in `findings`."""

    def __init__(
        self, references: References, index: RegionIndex, units: UnitTable, findings: Findings, now: datetime
    ) -> None:
        self._references = references
        self._index = index
        self._units = units
        self._findings = findings
        self._now = now
        self._last_year = now.year + 1

    def read(self, row: SourceRow) -> Value | None:
        """The value of a record, or None where it is quarantined. Raises ImportRefusedError."""
        if mark := hostile_in(row, self._index.aliases.defacement):
            self._findings.add(row, "karantina", mark)
            return None
        cells = {column: text.strip() for column, text in row.cells.items()}
        for column, table in _REFERENCES:
            if cells[column] in self._references.quarantined[table]:
                self._findings.add(row, "karantina-acuan", f"{column}: {cells[column]}")
                return None
        indicator, area = self._resolve(row, cells)
        year = read_year(cells["tahun"], FIRST_YEAR, self._last_year)
        if year is None:
            raise row.refused(WRONG_YEAR, "tahun", first=FIRST_YEAR, last=self._last_year)
        if cells["triwulan"] not in {"1", "2", "3", "4"}:
            raise row.refused(WRONG_QUARTER, "triwulan")
        number, problem = self._number(row, cells["jumlah"])
        unit, unit_known = self._unit(row, row.cells["satuan"])
        source, office = self._source(row, row.cells["sumber_data"])
        return Value(
            row=row,
            indicator=indicator,
            area=area,
            year=year,
            quarter=int(cells["triwulan"]),
            number=number,
            problem=problem,
            unit=unit,
            unit_known=unit_known,
            source=source,
            office=office,
            moment=self._moment(row),
        )

    def _resolve(self, row: SourceRow, cells: Mapping[str, str]) -> tuple[Indicator, Area]:
        references = self._references
        if cells["jenis_data"] not in references.indicators:
            raise row.refused(UNKNOWN_INDICATOR, "jenis_data")
        if cells["bidang_urusan"] not in references.bidang:
            raise row.refused(UNKNOWN_BIDANG, "bidang_urusan")
        if cells["wilayah"] not in references.areas:
            raise row.refused(UNKNOWN_AREA_ID, "wilayah")
        indicator = references.indicators[cells["jenis_data"]]
        if references.bidang[cells["bidang_urusan"]] != indicator.bidang:
            named = references.bidang[cells["bidang_urusan"]].name
            self._findings.add(row, "bidang-berbeda", named, indicator.bidang.name)
        return indicator, references.areas[cells["wilayah"]]

    def _number(self, row: SourceRow, text: str) -> tuple[Decimal | None, str | None]:
        number, problem = read_value(text)
        if problem:
            self._findings.add(row, problem, text)
        elif number is not None and number < 0:
            self._findings.add(row, "nilai-negatif", text, str(number))
        return number, problem

    def _unit(self, row: SourceRow, text: str) -> tuple[str, bool]:
        match = self._units.canonical(text)
        if match.unit is None:
            kept = tidy(text)
            self._findings.add(row, "satuan-tidak-dikenal", kept, kept)
            return kept, False
        if match.rule == "cut_off":
            self._findings.add(row, "satuan-dilengkapi", text, match.unit.name)
        elif match.unit.name != text:
            self._findings.add(row, "satuan-dibakukan", text, match.unit.name)
        return match.unit.name, True

    def _source(self, row: SourceRow, text: str) -> tuple[str, str | None]:
        source = tidy(text)
        office, known = self._index.office(source)
        if known:
            if office is None:
                self._findings.add(row, "sumber-bukan-opd", source, source)
            return source, office
        if is_placeholder(source):
            self._findings.add(row, "sumber-kosong", source)
            return "", None
        self._findings.add(row, "sumber-tidak-dikenal", source, source)
        return source, None

    def _moment(self, row: SourceRow) -> datetime | None:
        latest: datetime | None = None
        for column in ("created_date", "updated_date"):
            text = row.cells[column].strip()
            moment = read_moment(text, self._now)
            if text and moment is None:
                self._findings.add(row, "tanggal-tidak-terbaca", f"{column}: {text}")
            if moment and (latest is None or moment > latest):
                latest = moment
        return latest
