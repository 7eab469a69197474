"""The words of the dashboard: measures, states, bands, reasons and periods as a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass

from babel.dates import format_date

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.tables import frequencies
from ckanext.satudataserang.core.legacy.findings import RULES
from ckanext.satudataserang.core.measures import MEASURES
from ckanext.satudataserang.core.periods import PeriodError, parse_period
from ckanext.satudataserang.plan.words import period

__all__ = [
    "MeasureWords",
    "band",
    "days_late",
    "frequency",
    "measure",
    "measures",
    "month_short",
    "period",
    "period_short",
    "reason",
    "span",
    "state",
    "state_meaning",
    "state_symbol",
]

_ROMAN = ("I", "II", "III", "IV")
_MONTH_KEY, _DAY_KEY = 7, 10
_CONFIRMED = "statis-"

#: A symbol for each state; it comes before the colour and beside the word.
SYMBOLS = {
    "tepat_waktu": "●",
    "terlambat": "◐",
    "nihil": "0",
    "menunggu_pemeriksaan": "…",
    "dikembalikan": "!",
    "tidak_valid": "!",
    "terlewat": "✕",
    "segera_jatuh_tempo": "◔",
    "belum_jatuh_tempo": "",
    "tidak_berlaku": "–",
}


@dataclass(frozen=True)
class MeasureWords:
    """A measure in words: its name, a short one for narrow places, what its parts count, what is missing between them,
    what is said when nothing is due, and how it is counted."""

    label: str
    short: str
    numerator: str
    denominator: str
    remainder: str
    empty: str
    formula: str


def measure(name: str) -> MeasureWords:
    """The words of one measure."""
    return measures()[name]


def measures() -> dict[str, MeasureWords]:
    """The words of all measures, by name, in the order in which they are shown."""
    said = _measures()
    return {name: said[name] for name in MEASURES}


def _measures() -> dict[str, MeasureWords]:
    return {
        "ketersediaan": MeasureWords(
            tk._("Ketersediaan"),
            tk._("Ketersediaan"),
            tk._("entri dengan dataset terbit yang berisi"),
            tk._("entri yang berlaku"),
            tk._("entri tanpa dataset terbit yang berisi"),
            tk._("tidak ada entri"),
            tk._(
                "entri Daftar Data yang datasetnya sudah terbit dan berisi data, dibagi semua entri yang berlaku pada "
                "masa itu"
            ),
        ),
        "kelengkapan": MeasureWords(
            tk._("Kelengkapan"),
            tk._("Kelengkapan"),
            tk._("sel lengkap"),
            tk._("sel yang jatuh tempo"),
            tk._("sel belum lengkap"),
            tk._("tidak ada kewajiban"),
            tk._("sel yang semua nilai wajibnya terisi atau dinyatakan nihil, dibagi semua sel yang jatuh tempo"),
        ),
        "ketepatan_waktu": MeasureWords(
            tk._("Ketepatan waktu"),
            tk._("Tepat waktu"),
            tk._("sel tepat waktu"),
            tk._("sel yang jatuh tempo"),
            tk._("sel tidak tepat waktu"),
            tk._("tidak ada kewajiban"),
            tk._(
                "sel yang kiriman lengkap dan valid pertamanya datang dalam tenggat, dibagi semua sel yang jatuh tempo"
            ),
        ),
        "kelengkapan_isian": MeasureWords(
            tk._("Kelengkapan isian"),
            tk._("Isian"),
            tk._("nilai terisi"),
            tk._("nilai wajib"),
            tk._("nilai belum terisi"),
            tk._("tidak ada kewajiban"),
            tk._("nilai wajib yang terisi dan dipastikan, dibagi semua nilai wajib dari sel yang jatuh tempo"),
        ),
        "kelengkapan_metadata": MeasureWords(
            tk._("Kelengkapan metadata"),
            tk._("Metadata"),
            tk._("poin diperoleh"),
            tk._("poin yang mungkin"),
            tk._("poin hilang"),
            tk._("tidak ada entri"),
            tk._("poin keterangan dataset yang diperoleh, dibagi poin tertinggi untuk semua entri yang berlaku"),
        ),
        "validitas": MeasureWords(
            tk._("Validitas"),
            tk._("Validitas"),
            tk._("sel dengan kiriman valid"),
            tk._("sel yang sudah dikirim"),
            tk._("sel dengan kiriman tidak valid"),
            tk._("belum ada kiriman"),
            tk._("sel yang kiriman terbarunya valid, dibagi semua sel yang sudah dikirim"),
        ),
        "konsistensi": MeasureWords(
            tk._("Konsistensi"),
            tk._("Konsisten"),
            tk._("perbandingan yang sama atau sudah dijelaskan"),
            tk._("perbandingan dengan angka lain"),
            tk._("perbandingan yang berbeda"),
            tk._("belum ada pembanding"),
            tk._(
                "perbandingan angka terbit tanpa perbedaan terbuka, dibagi semua angka terbit yang dapat dibandingkan; "
                "dihitung bagi kedua OPD"
            ),
        ),
    }


def state(name: str) -> str:
    """The word of a state."""
    return {
        "tepat_waktu": tk._("tepat waktu"),
        "terlambat": tk._("terlambat"),
        "nihil": tk._("nihil"),
        "menunggu_pemeriksaan": tk._("menunggu pemeriksaan"),
        "dikembalikan": tk._("dikembalikan"),
        "tidak_valid": tk._("tidak valid"),
        "terlewat": tk._("terlewat"),
        "segera_jatuh_tempo": tk._("segera jatuh tempo"),
        "belum_jatuh_tempo": tk._("belum jatuh tempo"),
        "tidak_berlaku": tk._("tidak berlaku"),
    }.get(name, name)


def state_symbol(name: str) -> str:
    """The symbol of a state; a blank for what is not due yet."""
    return SYMBOLS.get(name, "")


def state_meaning(name: str) -> str:
    """What a state says and what follows from it, in one sentence."""
    return {
        "tepat_waktu": tk._("Lengkap, dan kiriman lengkap pertamanya datang sebelum tenggat."),
        "terlambat": tk._("Lengkap, tetapi kiriman lengkap pertamanya datang setelah tenggat."),
        "nihil": tk._("Dinyatakan nihil dengan tanda tangan: memang tidak ada datanya."),
        "menunggu_pemeriksaan": tk._("Sudah dikirim dan sedang diperiksa Walidata."),
        "dikembalikan": tk._("Dikembalikan Walidata. Perbaiki menurut catatannya, lalu kirim lagi."),
        "tidak_valid": tk._(
            "Sudah dikirim, tetapi belum lolos pemeriksaan. Perbaiki menurut alasannya, lalu kirim lagi."
        ),
        "terlewat": tk._(
            "Tenggat lewat dan belum ada kiriman. Kirim datanya, atau nyatakan nihil bila memang tidak ada."
        ),
        "segera_jatuh_tempo": tk._("Tenggatnya dalam 14 hari."),
        "belum_jatuh_tempo": tk._("Tenggatnya belum lewat dan belum dihitung."),
        "tidak_berlaku": tk._("Dikecualikan untuk periode ini dan tidak dihitung."),
    }.get(name, "")


def band(name: str) -> str:
    """The word of a band of the index."""
    return {
        "perlu diperbaiki": tk._("perlu diperbaiki"),
        "cukup": tk._("cukup"),
        "baik": tk._("baik"),
        "sangat baik": tk._("sangat baik"),
    }.get(name, name)


def reason(code: str) -> str:
    """The sentence behind the code of a finding: what is wrong and what to do; an unknown code is shown as it is."""
    own = {
        "periode-ditarik": tk._(
            "Berkas terbaru tidak lagi memuat periode ini. Unggah kembali datanya bila masih benar."
        ),
        "semua-nol": tk._("Semua nilainya 0, sehingga tidak dapat dibedakan dari data kosong. Pastikan nilainya."),
        "periode-tidak-dikenal": tk._("Ada baris yang periodenya tidak dikenal. Perbaiki kolom periodenya."),
        "periode-tidak-sesuai-jadwal": tk._("Ada periode di luar jadwal Daftar Data. Sesuaikan kolom periodenya."),
        "periode-terlalu-banyak": tk._(
            "Periodenya terlalu banyak. Periksa apakah kolom periode memang berisi periode."
        ),
        "desimal-campur": tk._("Satu kolom memakai dua cara menulis desimal. Pilih satu cara, misalnya 1234,5."),
        "angka-rancu": tk._(
            "Ada angka yang dapat berarti ribuan atau pecahan. Tulis tanpa tanda ribuan, misalnya 1234."
        ),
        "pengodean-ditebak": tk._("Pengodean berkas ditebak. Periksa huruf-hurufnya, atau simpan ulang sebagai UTF-8."),
    }
    if code in own:
        return own[code]
    if code in RULES:
        return tk._(RULES[code].advice)
    return tk._("Catatan pemeriksaan: {code}").format(code=code)


def frequency(word: str) -> str:
    """The label of a frequency in the page's language."""
    for code in frequencies().values():
        if code.kata == word:
            return code.labels["en" if _locale() == "en" else "id"]
    return word


def period_short(key: str) -> str:
    """A period as the head of a narrow column: "III", "Jul", "14/7"."""
    if key.startswith(_CONFIRMED):
        return key.removeprefix(_CONFIRMED)
    if "-Q" in key or "-S" in key:
        return _ROMAN[int(key[-1]) - 1]
    if "-W" in key:
        return key[-2:]
    try:
        start = parse_period(key).start
    except PeriodError:
        return tk._("tetap") if key == "statis" else key
    if len(key) == _MONTH_KEY:
        return format_date(start, "MMM", locale=_locale())
    return f"{start.day}/{start.month}" if len(key) == _DAY_KEY else key


def month_short(key: str) -> str:
    """A month as the head of a narrow column: "Jul"; January with its year, "Jan 16"."""
    start = parse_period(key).start
    return format_date(start, "MMM yy" if start.month == 1 else "MMM", locale=_locale())


def span(dari: str, sampai: str) -> str:
    """Months from one to another: "2016", "2015–2016", "Juli 2016", "Januari–Juni 2016", "Juli 2015–Juni 2016"."""
    if dari.endswith("-01") and sampai.endswith("-12"):
        return dari[:4] if dari[:4] == sampai[:4] else f"{dari[:4]}–{sampai[:4]}"
    if dari == sampai:
        return period(sampai)
    if dari[:4] == sampai[:4]:
        return f"{format_date(parse_period(dari).start, 'MMMM', locale=_locale())}–{period(sampai)}"
    return f"{period(dari)}–{period(sampai)}"


def days_late(bucket: str) -> str:
    """The words of a bucket of days late: "tepat waktu", "1–7 hari", "lebih dari 180 hari"."""
    if bucket.endswith("+"):
        return tk._("lebih dari {days} hari").format(days=int(bucket[:-1]) - 1)
    first, dash, last = bucket.partition("-")
    if dash and first.isdecimal():
        return tk._("{first}–{last} hari").format(first=first, last=last)
    return state(bucket)


def _locale() -> str:
    return (tk.h.lang() or "id").split("_")[0]
