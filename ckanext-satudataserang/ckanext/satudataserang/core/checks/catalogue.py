"""Every check: what it is called, how much it weighs, what it says and advises.

What is found about a file's form comes from `tables.sentences`; here it gets its names.
`docs/pemeriksaan.md` is printed from this (`python -m ckanext.satudataserang.core.checks.catalogue`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables import compare, periods
from ckanext.satudataserang.core.tables.sentences import SENTENCES
from ckanext.satudataserang.core.templates.stale import CHECKS as OF_TEMPLATES

from . import (
    booleans,
    codelists,
    coverage,
    dates,
    decimals,
    dressed,
    engine,
    expected,
    filled,
    groups,
    guessed,
    keys,
    marks,
    numbers,
    outliers,
    partly,
    patterns,
    privacy,
    ranges,
    required,
    rules,
    sections,
)
from .base import Check

_MODULES = (
    compare, periods, engine, guessed, partly, dressed, numbers, marks, dates, booleans, codelists, required, ranges,
    patterns, decimals, keys, rules, expected, sections, groups, coverage, filled, outliers, privacy,
)  # fmt: skip
CHECKS: tuple[Check, ...] = (*(check for module in _MODULES for check in module.CHECKS), *OF_TEMPLATES)

#: What findings about a file's form are called; their sentences stand in `tables.sentences`.
FORM_TITLES: dict[str, str] = {
    "baris-satuan": "Baris satuan di bawah judul",
    "baris-terlalu-banyak": "Terlalu banyak baris",
    "berkas-kosong": "Berkas kosong",
    "berkas-terlalu-besar": "Berkas terlalu besar",
    "bukan-csv": "Berkas yang bukan tabel",
    "buku-kerja-bersandi": "Buku kerja berkata sandi",
    "buku-kerja-makro": "Buku kerja dengan lembar makro",
    "buku-kerja-rusak": "Buku kerja rusak",
    "buku-kerja-terlalu-berat": "Buku kerja terlalu berat",
    "buku-kerja-terlalu-besar": "Buku kerja terlalu besar",
    "buku-kerja-xlsb": "Buku kerja biner",
    "di-atas-tabel": "Tulisan di atas tabel",
    "di-bawah-tabel": "Tulisan di bawah tabel",
    "judul-bertingkat": "Judul kolom bertingkat",
    "judul-berulang": "Judul kolom berulang",
    "judul-ditebak": "Judul kolom yang dicocokkan",
    "judul-ganda": "Judul kolom yang sama",
    "judul-kosong": "Kolom tanpa judul",
    "jumlah-di-tengah": "Baris jumlah di antara data",
    "karakter-nol": "Karakter nol",
    "kolom-kurang": "Kolom yang kurang",
    "kolom-periode": "Periode sebagai kolom",
    "kolom-tanda": "Kolom tanda catatan",
    "kolom-terlalu-banyak": "Terlalu banyak kolom",
    "kolom-tidak-dikenal": "Kolom di luar struktur",
    "kutip-rusak": "Tanda kutip rusak",
    "lebar-baris": "Baris yang lebarnya lain",
    "lembar-dipilih": "Lembar yang dibaca",
    "lembar-terlalu-luas": "Lembar terlalu luas",
    "lembar-tidak-ada": "Lembar yang tidak ada",
    "pemisah-campur": "Pemisah kolom bercampur",
    "pemisah-tidak-dikenal": "Pemisah kolom tidak dikenali",
    "pengodean-ditebak": "Pengodean yang ditebak",
    "pengodean-rusak": "Pengodean rusak",
    "pengodean-tidak-dikenal": "Pengodean tidak dikenali",
    "persen-dibaca": "Angka yang ditampilkan sebagai persen",
    "rumus-galat": "Rumus yang gagal",
    "rumus-tanpa-hasil": "Rumus tanpa hasil",
    "satuan-berbeda": "Satuan yang berbeda",
    "satuan-kelipatan": "Angka dalam ribuan atau jutaan",
    "sel-tersembunyi": "Baris dan kolom tersembunyi",
    "sel-terlalu-panjang": "Sel terlalu panjang",
    "tabel-bersebelahan": "Dua tabel bersebelahan",
    "tabel-kedua": "Tabel kedua di lembar yang sama",
    "tanpa-baris": "Tabel tanpa baris",
    "tata-letak-tidak-cocok": "Tata letak tidak cocok",
}


@dataclass(frozen=True)
class Entry:
    """One rule of the catalogue; the severities are those it may have."""

    code: str
    title: str
    severities: tuple[Severity, ...]
    messages: tuple[str, ...]
    advice: tuple[str, ...]


def catalogue() -> dict[str, Entry]:
    """All rules by code, sorted."""
    found: dict[str, list[Check]] = {}
    for check in (*CHECKS, *_of_form()):
        found.setdefault(check.code, []).append(check)
    return {code: _entry(code, checks) for code, checks in sorted(found.items())}


def title_of(code: str) -> str:
    """The name of a rule (a gettext message); its code as words where it has none."""
    entry = catalogue().get(code)
    return entry.title if entry else code.replace("-", " ").capitalize()


def as_markdown() -> str:
    """The catalogue for people, as `docs/pemeriksaan.md` has it."""
    lines = ["# Pemeriksaan", "", "Dicetak dari `core/checks/catalogue.py`; jangan disunting langsung.", ""]
    lines += ["| Kode | Nama | Bobot | Kata-katanya | Saran |", "| --- | --- | --- | --- | --- |"]
    for entry in catalogue().values():
        weights = ", ".join(_WEIGHTS[one] for one in entry.severities)
        cells = (f"`{entry.code}`", entry.title, weights, "<br>".join(entry.messages), "<br>".join(entry.advice))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


_WEIGHTS = {Severity.ERROR: "kesalahan", Severity.WARNING: "peringatan", Severity.INFO: "keterangan"}


def _of_form() -> Iterator[Check]:
    for name, sentence in SENTENCES.items():
        code = name.partition(":")[0]
        title = FORM_TITLES.get(code) or code.replace("-", " ").capitalize()
        yield Check(code, sentence.severity, title, sentence.message, sentence.advice)


def _entry(code: str, checks: Iterable[Check]) -> Entry:
    known = list(checks)
    messages = dict.fromkeys(text for one in known for text in (one.message, *one.variants.values()) if text)
    advice = dict.fromkeys(one.advice for one in known if one.advice)
    return Entry(
        code, known[0].title, tuple(dict.fromkeys(one.severity for one in known)), tuple(messages), tuple(advice)
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(as_markdown())
