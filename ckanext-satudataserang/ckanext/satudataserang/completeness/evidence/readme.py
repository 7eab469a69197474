"""README.txt of the bundle: what it is, which file supports which EPSS indicator, and how to check it."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from datetime import date

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, pdf, region
from ckanext.satudataserang.completeness.evidence.indicators import indicators
from ckanext.satudataserang.completeness.rules import rules

_WIDTH = 100


def readme(year: int, day: date, tables: Mapping[str, tuple[str, int]]) -> str:
    """The text; `tables` gives of every table what it holds and its number of rows."""
    place = region.get_region()
    title = tk._("Bukti dukung EPSS {place} tahun {year}").format(place=place.nama, year=year)
    lines = [title, "=" * len(title), ""]
    lines += _paragraph(
        tk._(
            "Berkas ini dibuat portal Satu Data {place} dari catatannya sendiri: keadaan per {day}, aturan v{version}. "
            "Isinya data yang terbuka untuk umum dan catatan proses; tidak ada nama orang. Data yang sama menghasilkan "
            "berkas yang sama, byte demi byte."
        ).format(place=place.nama, day=formats.day(day, pdf.LANGUAGE), version=rules().version)
    )
    lines += [tk._("Berkas mana mendukung indikator mana"), ""]
    for one in indicators():
        names = ", ".join(f"data/{name}.csv" for name in one.tables)
        lines += textwrap.wrap(
            f"{one.kode} {one.nama}", _WIDTH, break_on_hyphens=False, break_long_words=False, subsequent_indent="      "
        )
        said = tk._("{files}. {note} Keyakinan: {certainty}.").format(
            files=names, note=one.note, certainty=one.certainty
        )
        lines += [
            *textwrap.wrap(
                said,
                _WIDTH,
                break_on_hyphens=False,
                break_long_words=False,
                initial_indent="      ",
                subsequent_indent="      ",
            ),
            "",
        ]
    lines += _paragraph(
        tk._(
            "Keyakinan tinggi: berkas menunjukkan halnya sendiri. Sedang: sebagian. Rendah: hanya petunjuk; lengkapi "
            "dengan bukti lain. Pilihan berkas adalah tafsiran portal ini, bukan ketentuan penilai. Tingkat kematangan "
            "tetap ditetapkan dalam penilaian EPSS, bukan oleh berkas ini."
        )
    )
    lines += [tk._("Isi"), ""]
    for name, (about, rows) in tables.items():
        said = tk._("data/{name}.csv dan .json: {about} ({rows} baris)").format(
            name=name, about=about, rows=formats.number(rows, pdf.LANGUAGE)
        )
        lines += textwrap.wrap(
            said, _WIDTH, break_on_hyphens=False, break_long_words=False, initial_indent="- ", subsequent_indent="  "
        )
    lines += ["", tk._("Cara memeriksa"), ""]
    lines += _paragraph(
        tk._(
            "manifest.json memuat jalur, ukuran, jumlah baris, dan SHA-256 tiap berkas. Bandingkan dengan hasil "
            "perintah sha256sum. Berkas CSV memakai UTF-8; teks yang dapat dianggap rumus oleh lembar kerja diawali "
            "tanda petik tunggal. Berkas JSON memuat nilai apa adanya."
        )
    )
    return "\n".join(lines).rstrip() + "\n"


def _paragraph(text: str) -> list[str]:
    return [*textwrap.wrap(text, _WIDTH, break_on_hyphens=False, break_long_words=False), ""]
