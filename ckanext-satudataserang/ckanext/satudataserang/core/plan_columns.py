"""The columns of the Daftar Data as a file, and entries as its rows, in our own shape and that of Data Prioritas."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

OWN, NATIONAL = "sendiri", "nasional"
#: Our own columns, in the order of the export; they are the keys of an entry.
OWN_COLUMNS = (
    "kode",
    "judul",
    "opd",
    "urusan",
    "kelas",
    "prioritas",
    "dasar_hukum",
    "frequency",
    "deadline_days",
    "grace_days",
    "berlaku_dari",
    "berlaku_sampai",
    "level_wilayah",
    "expected_values",
    "access",
    "access_reason",
    "source_system",
    "state",
)
#: The national headers before the columns of the years.
NATIONAL_HEAD = (
    "ID DDP",
    "Sumber Referensi",
    "Indikator",
    "Nama Data",
    "Jenis Data",
    "Jenis Pengajuan",
    "Indikator Variabel",
    "Standar Data",
    "Instansi Produsen Data",
    "Unit Kerja Produsen",
    "Definisi",
    "Satuan",
    "Klasifikasi Data Sesuai Resiko",
    "Klasifikasi Penyajian",
    "Jadwal Pemutakhiran",
    "Tag RAD",
    "Apakah membutuhkan dukungan Data Daerah? (Ya/Tidak)",
    "Level Instansi Produsen Data Daerah",
    "Catatan kebutuhan dukungan Data Daerah",
)
_CYCLE_START, _CYCLE_YEARS = 2025, 5


def cycle(year: int) -> tuple[int, ...]:
    """The five years of the national plan in which a year lies."""
    first = _CYCLE_START + _CYCLE_YEARS * ((year - _CYCLE_START) // _CYCLE_YEARS)
    return tuple(range(first, first + _CYCLE_YEARS))


def own_rows(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Entries (with `opd` as the OPD's name) as rows under `OWN_COLUMNS`."""
    for entry in entries:
        yield tuple(";".join(map(str, entry[key])) if key == "prioritas" else entry.get(key) for key in OWN_COLUMNS)


def national_columns(year: int) -> tuple[str, ...]:
    """The national headers with the five years of the plan in which `year` lies."""
    return (*NATIONAL_HEAD, *map(str, cycle(year)))


def national_rows(entries: Iterable[Mapping[str, Any]], year: int) -> Iterator[tuple[str, ...]]:
    """Entries (with `opd_title`) as rows under `national_columns`; what the plan does not hold is "-"."""
    for entry in entries:
        said = {
            "ID DDP": entry["kode"],
            "Sumber Referensi": entry.get("dasar_hukum"),
            "Nama Data": entry["judul"],
            "Instansi Produsen Data": entry["opd_title"],
            "Klasifikasi Data Sesuai Resiko": str(entry["access"]).capitalize(),
            "Jadwal Pemutakhiran": str(entry["frequency"]).replace("_", " ").capitalize(),
        }
        marks = ("Ya" if one in entry["prioritas"] else "-" for one in cycle(year))
        yield (*(said.get(title) or "-" for title in NATIONAL_HEAD), *marks)
