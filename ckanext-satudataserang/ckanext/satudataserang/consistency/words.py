"""The words of sameness: states, reasons and kinds of rules as a reader meets them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.plan.words import level, period

__all__ = ["action", "code", "figure", "kind", "level", "number", "period", "reason", "severity", "state", "symbol"]

_SYMBOLS = {
    "terbuka": "≠",
    "dijelaskan": "◐",
    "selesai": "●",
    "sama": "●",
    "beda": "≠",
    "tak_terbanding": "–",
}


def state(name: str) -> str:
    """The word of a conflict's or a comparison's state."""
    return {
        "terbuka": tk._("terbuka"),
        "dijelaskan": tk._("dijelaskan"),
        "selesai": tk._("selesai"),
        "sama": tk._("sama"),
        "beda": tk._("berbeda"),
        "tak_terbanding": tk._("tidak dapat dibandingkan"),
    }.get(name, name)


def symbol(name: str) -> str:
    """The symbol before the word of a state."""
    return _SYMBOLS.get(name, "")


def kind(name: str) -> str:
    """What a rule of this kind asks."""
    return {
        "sama": tk._("kedua angka sama"),
        "jumlah": tk._("jumlah bagian sama dengan total"),
        "paling_banyak": tk._("kiri paling banyak sebesar kanan"),
        "kode": tk._("kode yang dipakai sama"),
    }.get(name, name)


def severity(name: str) -> str:
    """The word of a severity."""
    return {"kesalahan": tk._("kesalahan"), "peringatan": tk._("peringatan")}.get(name, name)


def reason(name: str) -> str:
    """Why two figures cannot be compared, and what would help, in one sentence."""
    return {
        "tanpa-kiri": tk._("Sisi kiri belum menerbitkan angka untuk periode dan wilayah ini."),
        "tanpa-kanan": tk._("Sisi kanan belum menerbitkan angka untuk periode dan wilayah ini."),
        "nilai-kosong": tk._("Ada nilai yang kosong, jadi jumlahnya belum utuh."),
        "baris-ganda": tk._("Ada beberapa baris untuk kunci yang sama, jadi angkanya tidak pasti."),
        "bagian-kurang": tk._("Belum semua wilayah atau kelas yang menjadi bagiannya ada, jadi jumlahnya belum utuh."),
        "bagian-tidak-jelas": tk._("Tidak diketahui apakah semua kelas yang menjadi bagiannya sudah ada."),
        "tanggal-beda": tk._("Tanggal acuan kedua angka berbeda."),
        "satuan-beda": tk._("Satuan kedua angka tidak dapat disamakan."),
        "satuan-tidak-jelas": tk._("Satuan salah satu angka tidak diketahui. Sebutkan pada struktur datanya."),
        "tidak-dapat-dijumlah": tk._(
            "Angka seperti persentase atau harga tidak dapat dijumlahkan antarwilayah atau antarkelas."
        ),
        "tidak-dibandingkan": tk._("Tidak lagi dibandingkan."),
    }.get(name, name)


def action(name: str) -> str:
    """A step in the history of a conflict."""
    return {
        "dibuka": tk._("ditemukan"),
        "dibuka_kembali": tk._("ditemukan lagi"),
        "dijelaskan": tk._("penjelasan diajukan"),
        "diterima": tk._("penjelasan diterima"),
        "ditolak": tk._("penjelasan belum diterima"),
        "selesai": tk._("selesai"),
    }.get(name, name)


def locale() -> str:
    """The language of the page."""
    return tk.h.lang() or formats.DEFAULT


def number(value: float | None) -> str:
    """A number; a dash where there is none."""
    return "–" if value is None else formats.number(value, locale())


def figure(value: float | None, unit: str) -> str:
    """A figure with its unit."""
    return "–" if value is None else f"{number(value)} {unit}".strip()


def code(row: Mapping[str, Any]) -> str:
    """The key of a comparison in words: area and classes."""
    classes = (row.get("detail") or {}).get("nama_kelas") or row["classes"].split("|")
    return ", ".join(part for part in (row["area_name"], *classes) if part)
