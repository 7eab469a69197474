"""Numbers as people dress them: `Rp 1.000,-`, `12,5 %`, `1 234`, `(500)`, `12 orang`, `12*`. In Python and in SQL."""

from __future__ import annotations

import re

from .kinds import full_match, is_nothing, literal
from .values import NOTHING

#: In a column that has to hold numbers or dates these mean "no value" too.
MISSING = NOTHING | {
    "tidak ada", "tdk ada", "tak ada", "tidak tersedia", "tdk tersedia", "belum ada", "belum tersedia",
    "belum ada data", "tidak ada data.", "kosong", "data tidak ada", "data belum ada", "tad", "t.a",
    "n.a", "n/a.", "nil.",
}  # fmt: skip
_SIGNS_ALONE = "[-–—−_.…?*]+"
#: Words behind a number that change nothing about it. Never a multiple (ribu, juta): these are not read.
UNITS = (
    "%", "persen", "rupiah", "orang", "jiwa", "kk", "rumah tangga", "keluarga", "unit", "buah", "ha", "hektar",
    "hektare", "kuintal",
    "km", "km2", "km²", "m2", "m²", "m3", "m³", "meter", "cm", "mm", "kg", "kilogram", "gram", "ton", "kw", "kwh",
    "kwintal", "liter", "ekor", "paket", "lembar", "hari", "jam", "menit", "tahun", "bulan", "siswa", "murid", "guru",
    "sekolah", "desa", "kelurahan", "kecamatan", "rt", "rw", "usaha", "pohon", "butir", "kasus", "kejadian", "lokasi",
    "titik", "dokumen", "kegiatan", "kali", "peserta", "balita", "bayi", "rumah", "ruang", "kelas", "bidang", "pasien",
    "kendaraan", "perusahaan", "koperasi", "kelompok", "lembaga", "ranting", "poin", "°c", "derajat",
)  # fmt: skip

_SPACES = "\u00a0\u2007\u2009\u202f"
_MINUSES = "−–"
_BODY = r"(?:[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|[0-9]+(?:[.,][0-9]+)*)"
_NEGATIVE = r"^\(|^[^0-9]*-|[0-9]-$"
#: Accounts put what is negative in brackets, and some programs the minus behind it.
_ACCOUNTED = r"\(|[0-9] *-$"
#: Behind a figure these point to a note: `12*`, `12¹`, `12 r)`, `12 p`, `12 1)`. A letter at its end may be a slip.
_MARK = r"(?: ?\*{1,3}\)?| ?[¹²³⁴⁵⁶⁷⁸⁹]+\)?| ?[rpe]\)| [rpe]| [1-9a-d]\))"
_MARKED = rf"([0-9]){_MARK}$"
_NUMBER = r"[0-9](?:[0-9., ]*[0-9])?"


def pattern(unit: str = "") -> str:
    """The pattern of a dressed number; `unit` is the column's own unit, accepted beside the usual ones."""
    units = [one for one in (*UNITS, unit.replace("_", " ").casefold()) if one]
    tail = "|".join(sorted(map(_quoted, set(units)), key=len, reverse=True))
    money = r"(?:rp\.?|idr) *"
    inner = rf"[-+]? *(?:{money})?[-+]? *{_BODY}(?:,-+|\.-)?(?: *(?:{tail})\.?)?"
    return rf"(?i)(?:{inner}|(?:{money})?\( *(?:{money})?{_BODY} *\)|{_BODY}-)"


def undressed(text: str, unit: str = "") -> str:
    """The bare number in a text, with its sign and its own separators; the text itself where it is no number."""
    clean = re.sub(_MARKED, r"\1", _clean(text))
    if not re.fullmatch(pattern(unit), clean, re.ASCII):
        return text
    found = re.search(_NUMBER, clean, re.ASCII)
    assert found  # noqa: S101 (the pattern demands a digit)
    negative = re.search(_NEGATIVE, clean, re.ASCII) or "(" in clean
    return ("-" if negative else "") + found[0].replace(" ", "")


def is_missing(text: str) -> bool:
    """Whether a text in a column of numbers or dates means "no value"."""
    return text.casefold() in MISSING or bool(re.fullmatch(_SIGNS_ALONE, text))


def is_accounted(text: str) -> bool:
    """Whether a number is negative by brackets or by a minus behind it."""
    clean = _clean(text)
    return re.search(_ACCOUNTED, clean, re.ASCII) is not None and bool(re.fullmatch(pattern(), clean, re.ASCII))


def is_accounted_sql(expression: str, bare: str) -> str:
    """`is_accounted` over SQL expressions of a text and of the number that was found in it."""
    signs = literal(_ACCOUNTED.replace("*-$", f"*[-{_MINUSES}]$"))
    return f"(starts_with({bare}, '-') AND regexp_matches({expression}, {signs}))"


def undressed_sql(expression: str, unit: str = "") -> str:
    """`undressed` over an SQL expression; NULL where the text means "no value"."""
    clean = f"regexp_replace({_clean_sql(expression)}, {literal(_MARKED)}, {literal(chr(92) + '1')})"
    negative = f"(regexp_matches({clean}, {literal(_NEGATIVE)}) OR contains({clean}, '('))"
    body = f"replace(regexp_extract({clean}, {literal(_NUMBER)}), ' ', '')"
    return (
        f"CASE WHEN {full_match(expression, '-?[0-9][0-9.,]*')} THEN {expression} "
        f"WHEN {is_missing_sql(expression)} THEN NULL "
        f"WHEN {full_match(clean, pattern(unit))} THEN CASE WHEN {negative} THEN '-' ELSE '' END || {body} "
        f"ELSE {expression} END"
    )


def is_missing_sql(expression: str) -> str:
    """`is_missing` over an SQL expression."""
    return f"({is_nothing(expression, MISSING)} OR {full_match(expression, _SIGNS_ALONE)})"


def is_marked(text: str) -> bool:
    """Whether a number has the mark of a note behind it."""
    clean = _clean(text)
    return re.search(_MARKED, clean) is not None and undressed(text) != text


def is_marked_sql(expression: str) -> str:
    """`is_marked` over the SQL expression of a text in which a number was found."""
    return f"regexp_matches({_clean_sql(expression)}, {literal(_MARKED)})"


def _clean_sql(expression: str) -> str:
    return (
        f"translate({expression}, {literal(_SPACES + _MINUSES)}, {literal(' ' * len(_SPACES) + '-' * len(_MINUSES))})"
    )


def _clean(text: str) -> str:
    return text.translate({ord(sign): " " for sign in _SPACES} | {ord(sign): "-" for sign in _MINUSES})


def _quoted(unit: str) -> str:
    return "".join(f"\\{sign}" if sign in r".\/()[]{}*+?|^$-#" else sign for sign in unit)
