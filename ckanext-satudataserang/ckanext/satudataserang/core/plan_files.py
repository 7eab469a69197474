"""The Daftar Data as a file, in two shapes: our own columns, and the headers of the national Data Prioritas (DDP).

Reading turns a file into lines of values as `satudata_plan_import` takes them, and problems by row and column; nothing
is guessed that the file does not say. What is known of OPDs and urusan is given by the caller.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ckanext.satudataserang.core.findings import shown
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.plan_columns import NATIONAL, OWN, OWN_COLUMNS
from ckanext.satudataserang.core.sheets import without_guard
from ckanext.satudataserang.core.tables.dialect import detect_dialect, parse
from ckanext.satudataserang.core.tables.encoding import detect_encoding
from ckanext.satudataserang.core.tables.workbook import WorkbookError, is_workbook, read_first_sheet

MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 10_000
MAX_COLUMNS = 100
_SAMPLE = 1 << 16
_LONGEST = 4_000

_NATIONAL_KEYS = {
    "id ddp": "kode",
    "sumber referensi": "dasar_hukum",
    "nama data": "judul",
    "instansi produsen data": "opd",
    "klasifikasi data sesuai resiko": "access",
    "klasifikasi data sesuai risiko": "access",
    "jadwal pemutakhiran": "frequency",
}
_OWN_ALIASES = {
    "frekuensi": "frequency",
    "tenggat hari": "deadline_days",
    "tenggat": "deadline_days",
    "kelonggaran hari": "grace_days",
    "kelonggaran": "grace_days",
    "akses": "access",
    "alasan akses": "access_reason",
    "nilai wajib": "expected_values",
    "sistem sumber": "source_system",
    "keadaan": "state",
    "bidang urusan": "urusan",
    "produsen data": "opd",
    # With what a change of terms comes.
    "mulai berlaku": "effective_from",
    "effective from": "effective_from",
    "alasan": "reason",
    "reason": "reason",
}
_REQUIRED = frozenset({"judul", "opd", "urusan", "frequency", "deadline_days", "berlaku_dari"})
_FREQUENCY_WORDS = {
    "hari": "harian",
    "setiap hari": "harian",
    "minggu": "mingguan",
    "setiap minggu": "mingguan",
    "bulan": "bulanan",
    "setiap bulan": "bulanan",
    "triwulan": "triwulanan",
    "tiga bulanan": "triwulanan",
    "kuartalan": "triwulanan",
    "semester": "semesteran",
    "enam bulanan": "semesteran",
    "semesteran dua kali setahun": "semesteran",
    "tahun": "tahunan",
    "setiap tahun": "tahunan",
    "2 tahunan": "dua_tahunan",
    "5 tahunan": "lima_tahunan",
    "sekali saja": "sekali",
    "satu kali": "sekali",
    "tetap": "statis",
    "tidak berjadwal": "insidental",
    "sewaktu waktu": "insidental",
}
_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_YEAR = re.compile(r"(19|20|21)\d{2}")


class PlanFileError(ValueError):
    """The file as a whole cannot be read; the message is an Indonesian sentence."""


@dataclass(frozen=True)
class Problem:
    """What is wrong in one row (counted as a spreadsheet does) and column of the file."""

    row: int
    column: str
    message: str


@dataclass(frozen=True)
class Line:
    """One row of the file as values of an entry; only what the file says."""

    row: int
    values: dict[str, Any]
    years: frozenset[int] = frozenset()


@dataclass
class PlanFile:
    """A file that was read. `columns` are the keys it speaks of, `years` the years it has columns for."""

    shape: str
    columns: tuple[str, ...]
    titles: Mapping[str, str]
    years: tuple[int, ...] = ()
    lines: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What a file may name: OPDs (name, title or abbreviation -> name) and urusan (code or name -> code), folded."""

    opds: Mapping[str, str]
    urusan: Mapping[str, str]


def folded(text: str) -> str:
    """A text as names are compared: lower case, words parted by single spaces."""
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


# --- reading ---------------------------------------------------------------------------------------------------------


def read_plan(content: bytes, known: Known) -> PlanFile:
    """Read a CSV file or workbook of the Daftar Data.

    :raises PlanFileError: when no row can be read at all
    """
    rows = iter(_rows(content))
    head = next(rows, None)
    if head is None:
        message = "Berkas ini kosong. Isi baris pertama dengan judul kolom, lalu satu baris untuk tiap data."
        raise PlanFileError(message)
    found, places = _head([without_guard(title.strip()) for title in head[1]])
    for number, cells in rows:
        if len(found.lines) + len(found.problems) > MAX_LINES:
            message = f"Berkas ini memuat lebih dari {MAX_LINES} baris. Bagi menjadi beberapa berkas."
            raise PlanFileError(message)
        _take(found, places, number, cells, known)
    if not found.lines and not found.problems:
        message = "Berkas ini hanya berisi judul kolom. Tambahkan satu baris untuk tiap data."
        raise PlanFileError(message)
    return found


def _rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """The rows that have content, each with its number."""
    if len(content) > MAX_BYTES:
        message = f"Berkas ini lebih besar dari {MAX_BYTES // 1024 // 1024} MB. Bagi menjadi beberapa berkas."
        raise PlanFileError(message)
    if is_workbook(content):
        try:
            table: Iterable[list[str]] = read_first_sheet(content, MAX_LINES + 50, MAX_COLUMNS)
        except WorkbookError as problem:
            raise PlanFileError(str(problem)) from problem
        yield from _with_content(table, 1)
        return
    stream = io.BytesIO(content)
    encoding = detect_encoding(stream).name
    if encoding is None:
        message = "Huruf dalam berkas ini tidak dapat dibaca. Simpan sebagai CSV UTF-8 atau .xlsx."
        raise PlanFileError(message)
    text = content.decode(encoding).replace("\0", "\ufffd")
    dialect = detect_dialect(text[:_SAMPLE])
    lines = io.StringIO(text, newline="")
    if dialect.declared:
        lines.readline()
    try:
        yield from _with_content(parse(lines, dialect.delimiter), 2 if dialect.declared else 1)
    except csv.Error as problem:
        message = "Tanda kutip ganda dalam berkas ini tidak berpasangan. Simpan ulang dari program lembar kerja."
        raise PlanFileError(message) from problem


def _with_content(rows: Iterable[list[str]], first: int) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(rows, start=first):
        if len(cells) > MAX_COLUMNS:
            message = f"Baris {number} memuat lebih dari {MAX_COLUMNS} kolom. Periksa pemisah kolomnya."
            raise PlanFileError(message)
        if any(cell.strip() for cell in cells):
            yield number, cells


def _head(titles: Sequence[str]) -> tuple[PlanFile, dict[int, str | int]]:
    """What the columns are: an empty file with its shape, and for each place the key or the year that stands there."""
    names = [folded(title) for title in titles]
    national = "id ddp" in names or {"nama data", "instansi produsen data"} <= set(names)
    keys = {folded(key): key for key in OWN_COLUMNS} | _OWN_ALIASES
    if national:
        keys |= _NATIONAL_KEYS
    places: dict[int, str | int] = {}
    ignored = []
    for place, name in enumerate(names):
        if name in keys:
            places[place] = keys[name]
        elif national and _YEAR.fullmatch(name):
            places[place] = int(name)
        elif name:
            ignored.append(shown(titles[place]))
    if "judul" not in places.values() and "kode" not in places.values():
        wanted = "“kode” dan “judul” (bentuk sendiri), atau “ID DDP” dan “Nama Data” (bentuk nasional)"
        message = f"Baris judul belum memuat kolom {wanted}. Mulailah dari berkas ekspor Daftar Data."
        raise PlanFileError(message)
    twice = sorted({str(key) for key in places.values() if list(places.values()).count(key) > 1})
    if twice:
        message = f"Kolom “{twice[0]}” tertulis lebih dari sekali. Sisakan satu saja."
        raise PlanFileError(message)
    columns = tuple(key for key in places.values() if isinstance(key, str))
    said = {key: titles[place] for place, key in places.items() if isinstance(key, str)}
    years = tuple(sorted(key for key in places.values() if isinstance(key, int)))
    return PlanFile(NATIONAL if national else OWN, columns, said, years, ignored=ignored), places


def _take(found: PlanFile, places: Mapping[int, str | int], number: int, cells: Sequence[str], known: Known) -> None:
    values: dict[str, Any] = {}
    years = set()
    wrong = False
    for place, key in places.items():
        text = without_guard(cells[place].strip()) if place < len(cells) else ""
        text = "" if text == "-" else text
        if isinstance(key, int):
            if folded(text) in ("ya", "y", "true", "1"):
                years.add(key)
            continue
        try:
            value = _value(key, text, known)
        except ValueError as problem:
            found.problems.append(Problem(number, found.titles[key], str(problem)))
            wrong = True
            continue
        if value is not None:
            values[key] = value
        elif found.shape == OWN and key in _REQUIRED:
            found.problems.append(Problem(number, found.titles[key], "Kolom ini wajib diisi, tetapi selnya kosong."))
            wrong = True
    if not wrong:
        found.lines.append(Line(number, values, frozenset(years)))


def _value(key: str, text: str, known: Known) -> Any:
    """The value of a cell, None where it is empty. Raises ValueError with a sentence."""
    if not text:
        return None
    if len(text) > _LONGEST:
        message = f"Isi sel ini lebih dari {_LONGEST} huruf. Ringkas dahulu."
        raise ValueError(message)
    if key in ("opd", "urusan"):
        return _known(key, text, known)
    return _READERS.get(key, str)(text)


def _known(key: str, text: str, known: Known) -> str:
    value = (known.opds if key == "opd" else known.urusan).get(folded(text))
    if value is None:
        message = {
            "opd": "OPD “{text}” belum terdaftar. Tulis nama, judul, atau singkatannya seperti pada halaman OPD.",
            "urusan": "Bidang urusan “{text}” tidak dikenal. Tulis kodenya, misalnya 1.02.",
        }[key]
        raise ValueError(message.format(text=shown(text)))
    return value


def _frequency(text: str) -> str:
    word = folded(text)
    word = _FREQUENCY_WORDS.get(word, word.replace(" ", "_"))
    if word not in {one.value for one in Frequency}:
        message = "Frekuensi “{text}” tidak dikenal. Tulis salah satu: {choices}."
        choices = ", ".join(one.value.replace("_", " ") for one in Frequency)
        raise ValueError(message.format(text=shown(text), choices=choices))
    return word


def _access(text: str) -> str:
    for word in ("tertutup", "terbatas", "terbuka"):
        if word in folded(text).split():
            return word
    message = "Klasifikasi “{text}” tidak dikenal. Tulis Terbuka, Terbatas, atau Tertutup."
    raise ValueError(message.format(text=shown(text)))


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):  # noqa: PLR2004 (fits the database)
        message = "“{text}” bukan bilangan bulat. Tulis angkanya saja, misalnya 30."
        raise ValueError(message.format(text=shown(text)))
    return int(text)


def _date(text: str) -> str:
    match = _DAY.fullmatch(text)
    try:
        day = date(int(match[3]), int(match[2]), int(match[1])) if match else date.fromisoformat(text[:10])
    except ValueError as problem:
        message = "“{text}” bukan tanggal. Tulis seperti 2026-01-31 atau 31/01/2026."
        raise ValueError(message.format(text=shown(text))) from problem
    return day.isoformat()


def _years(text: str) -> list[int]:
    parts = [part for part in re.split(r"[;,\s]+", text) if part]
    if not all(_YEAR.fullmatch(part) for part in parts):
        message = "Tahun prioritas “{text}” tidak terbaca. Tulis seperti 2025;2026."
        raise ValueError(message.format(text=shown(text)))
    return sorted({int(part) for part in parts})


_READERS: dict[str, Callable[[str], Any]] = {
    "frequency": _frequency,
    "access": _access,
    "deadline_days": _days,
    "grace_days": _days,
    "expected_values": _days,
    "berlaku_dari": _date,
    "berlaku_sampai": _date,
    "effective_from": _date,
    "prioritas": _years,
    "kelas": folded,
    "state": folded,
    "level_wilayah": folded,
}


# --- joining with what is agreed already -----------------------------------------------------------------------------


def joined(
    found: PlanFile, line: Line, agreed: Mapping[str, Any] | None, defaults: Mapping[str, Any]
) -> dict[str, Any]:
    """The whole entry that a line means: what the file says over what is agreed, or over `defaults` for a new one.

    A column that the file does not have leaves the agreed value alone; an empty cell of a column it has empties the
    value. A national file says nothing of validity but its years, which count for new entries only.
    """
    base = {**(agreed or defaults)}
    if found.shape == OWN:
        return base | {key: line.values.get(key, [] if key == "prioritas" else "") for key in found.columns}
    # An empty cell of a national file is "not said": its columns are filled by other people than ours.
    kept = {year for year in (agreed or {}).get("prioritas") or () if year not in found.years}
    base["prioritas"] = sorted(kept | line.years)
    if not agreed and line.years:
        base["berlaku_dari"] = f"{min(line.years)}-01-01"
        base["berlaku_sampai"] = f"{max(line.years)}-12-31"
    return base | line.values
