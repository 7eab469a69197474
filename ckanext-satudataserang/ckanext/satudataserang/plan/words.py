"""The words of the Daftar Data as its pages say them, in the page's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from babel.dates import format_date

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, tables
from ckanext.satudataserang.core.periods import STATIC_KEY, PeriodError, parse_period

_ROMAN = ("I", "II", "III", "IV")
_MONTH_KEY, _DAY_KEY = 7, 10


@dataclass(frozen=True)
class Said:
    """A state in words: its name for classes, the symbol before it, the word, what it means."""

    name: str
    symbol: str
    word: str
    meaning: str


def locale() -> str:
    """The language of the page, for numbers and dates."""
    return (tk.h.lang() or formats.DEFAULT).split("_")[0]


def state(name: str) -> Said:
    """The state of an entry."""
    symbol, word, meaning = {
        "usulan": ("…", tk._("usulan"), tk._("Diajukan OPD, belum disepakati Forum Satu Data.")),
        "disepakati": ("✓", tk._("disepakati"), tk._("Disepakati Forum, belum diberlakukan untuk satu tahun.")),
        "berlaku": ("●", tk._("berlaku"), tk._("Wajib disediakan sesuai jadwalnya.")),
        "berakhir": ("–", tk._("berakhir"), tk._("Tidak lagi diminta; data lamanya tetap tersedia.")),
        "ditolak": ("✕", tk._("ditolak"), tk._("Usulan tidak diterima.")),
        "ditarik": ("✕", tk._("ditarik"), tk._("Usulan ditarik pengusulnya.")),
    }.get(name, ("", name, ""))
    return Said(name, symbol, word, meaning)


def kelas(name: str) -> str:
    """The class of an entry."""
    return {"wajib": tk._("wajib"), "diharapkan": tk._("diharapkan"), "opsional": tk._("opsional")}.get(name, name)


def access(name: str) -> str:
    """Who may see the data."""
    return {"terbuka": tk._("terbuka"), "terbatas": tk._("terbatas"), "tertutup": tk._("tertutup")}.get(name, name)


def level(name: str) -> str:
    """The level of areas by which the data are given."""
    return {
        "provinsi": tk._("provinsi"),
        "kota": tk._("kota"),
        "kecamatan": tk._("kecamatan"),
        "kelurahan": tk._("kelurahan"),
    }.get(name, name)


def frequency(word: str) -> str:
    """The label of a frequency."""
    for code in tables.frequencies().values():
        if code.kata == word:
            return code.labels["en" if locale() == "en" else "id"]
    return word


def number(value: float) -> str:
    """A number: 1.234."""
    return formats.number(value, locale())


def day(value: date | str | None) -> str:
    """A day: 21 November 2026; empty where there is none."""
    return formats.day(value, locale()) if value else ""


def short_day(value: date) -> str:
    """A day where space is narrow: 21 Nov 2026."""
    return format_date(value, "d MMM yyyy", locale=locale())


def weekday(value: date) -> str:
    """A day of a known month: Selasa, 31."""
    return format_date(value, "EEEE, d", locale=locale())


def month(value: date) -> str:
    """The month of a day: November 2026."""
    return format_date(value, "MMMM yyyy", locale=locale())


def moment(value: str | None) -> str:
    """A moment: 21 November 2026 07.00 WIB; empty where there is none."""
    return formats.moment(value, locale()) if value else ""


def period(key: str) -> str:
    """A period in words: "2016", "triwulan III 2016", "Juli 2016", "konfirmasi 2027"."""
    if key == STATIC_KEY:
        return tk._("tetap")
    if key.startswith(f"{STATIC_KEY}-"):
        return tk._("konfirmasi {year}").format(year=key.partition("-")[2])
    try:
        start = parse_period(key).start
    except PeriodError:
        return key
    said = {"Q": tk._("triwulan {n} {year}"), "S": tk._("semester {n} {year}"), "W": tk._("minggu {n} {year}")}
    if template := said.get(key[5:6]):
        n = key[-2:].lstrip("0") if "W" in key else _ROMAN[int(key[-1]) - 1]
        return template.format(n=n, year=key[:4])
    if len(key) == _MONTH_KEY:
        return month(start)
    return day(start) if len(key) == _DAY_KEY else key.replace("-", "–")


def field(name: str) -> str:
    """The label of a field of an entry."""
    return {
        "kode": tk._("Kode Daftar Data"),
        "judul": tk._("Nama data"),
        "opd": tk._("OPD produsen"),
        "opd_id": tk._("OPD produsen"),
        "urusan": tk._("Bidang urusan"),
        "kelas": tk._("Kelas"),
        "prioritas": tk._("Data Prioritas untuk tahun"),
        "dasar_hukum": tk._("Dasar hukum"),
        "frequency": tk._("Frekuensi"),
        "deadline_days": tk._("Tenggat, hari setelah periode berakhir"),
        "grace_days": tk._("Kelonggaran, hari"),
        "berlaku_dari": tk._("Berlaku dari"),
        "berlaku_sampai": tk._("Berlaku sampai"),
        "level_wilayah": tk._("Rincian wilayah"),
        "expected_values": tk._("Nilai wajib tiap periode"),
        "access": tk._("Akses"),
        "access_reason": tk._("Alasan pembatasan akses"),
        "source_system": tk._("Sistem sumber"),
        "state": tk._("Keadaan"),
        "effective_from": tk._("Mulai berlaku"),
        "effective": tk._("Mulai berlaku"),
        "reason": tk._("Alasan"),
        "kind": tk._("Jenis perubahan"),
        "from_opd": tk._("OPD yang berubah"),
        "to_opd": tk._("OPD penerima"),
        "entries": tk._("Kode data yang pindah"),
        "new_title": tk._("Nama baru OPD"),
        "new_singkatan": tk._("Singkatan baru"),
        "note": tk._("Catatan"),
        "structure_id": tk._("Struktur data"),
        "year": tk._("Tahun"),
        "upload": tk._("Berkas"),
    }.get(name, name)


def value(name: str, content: object) -> str:
    """What a field of an entry holds, in words."""
    if content in (None, "", []):
        return tk._("kosong")
    words = {"frequency": frequency, "kelas": kelas, "access": access, "level_wilayah": level}
    if name in words:
        return words[name](str(content))
    if name == "state":
        return state(str(content)).word
    if name in ("berlaku_dari", "berlaku_sampai"):
        return day(str(content))
    if name == "urusan":
        return urusan(str(content))
    return ", ".join(map(str, content)) if isinstance(content, list) else str(content)


def urusan(kode: str) -> str:
    """The name of a bidang urusan; the code itself when it is unknown."""
    one = tables.urusan().get(kode)
    return one.nama if one else kode


def opd_change(name: str) -> str:
    """A kind of change of OPDs."""
    return {
        "merge": tk._("digabung ke OPD lain"),
        "split": tk._("sebagian data pindah ke OPD lain"),
        "rename": tk._("berganti nama"),
        "close": tk._("dibubarkan"),
    }.get(name, name)


def action(name: str) -> str:
    """What was done to an entry."""
    return {
        "usul": tk._("diusulkan"),
        "ubah": tk._("diubah"),
        "disepakati": tk._("disepakati"),
        "berlaku": tk._("diberlakukan"),
        "berakhir": tk._("diakhiri"),
        "ditolak": tk._("ditolak"),
        "ditarik": tk._("ditarik"),
        "ketentuan": tk._("ketentuan diubah"),
        "impor": tk._("diimpor"),
        "terus": tk._("diteruskan ke tahun berikutnya"),
        "merge": tk._("pindah karena OPD digabung"),
        "split": tk._("pindah karena OPD dipecah"),
        "close": tk._("diakhiri karena OPD dibubarkan"),
    }.get(name, name.replace("_", " "))
