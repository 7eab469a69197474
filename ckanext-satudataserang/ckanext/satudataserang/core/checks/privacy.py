"""Data about persons: identity numbers, telephone numbers, mail addresses, names in the block of signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.kinds import literal
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .persons import (
    JOINED,
    LENGTHS,
    LIKELY,
    PATTERNS,
    SHORTEST,
    SIGNED,
    WHOLE,
    has_sql,
    is_signature,
    is_signed,
    kinds_in,
    mask,
    masked_sql,
    may_hold_sql,
)
from .plainly import hides_sql, is_ascii_sql, plainly, plainly_sql
from .subject import Cells, Subject

__all__ = [
    "CHECKS",
    "JOINED",
    "KINDS",
    "SIGNED",
    "WHOLE",
    "Personal",
    "check",
    "is_signature",
    "is_signed",
    "kind_of_code",
    "kinds_in",
    "mask",
    "masked_sql",
    "may_hold_sql",
]

_ADVICE = (
    "Hapus kolom itu bila tidak diperlukan. Data pribadi ditahan sampai Walidata memutuskan: disamarkan atau dilepas."
)
_PREFIX = "data-pribadi-"

NIK = Check(
    "data-pribadi-nik",
    Severity.WARNING,
    title="NIK",
    message="Kolom “{column}” memuat {count} nomor yang berbentuk NIK, mulai baris {row}.",
    advice=_ADVICE,
)
NIP = Check(
    "data-pribadi-nip",
    Severity.WARNING,
    title="NIP",
    message="Kolom “{column}” memuat {count} nomor yang berbentuk NIP, mulai baris {row}.",
    advice=_ADVICE,
)
TELEPON = Check(
    "data-pribadi-telepon",
    Severity.WARNING,
    title="Nomor telepon",
    message="Kolom “{column}” memuat {count} nomor telepon seluler, mulai baris {row}.",
    advice=_ADVICE,
)
EMAIL = Check(
    "data-pribadi-email",
    Severity.WARNING,
    title="Alamat surel",
    message="Kolom “{column}” memuat {count} alamat surel, mulai baris {row}.",
    advice=_ADVICE,
)
NAMA_TTD = Check(
    "data-pribadi-nama-ttd",
    Severity.WARNING,
    title="Nama pada blok tanda tangan",
    message="Baris {row} tampak seperti blok tanda tangan (jabatan, nama, NIP) di bawah tabel.",
    advice="Hapus blok tanda tangan dari berkas data.",
)
JUDUL = Check(
    "judul-data-pribadi",
    Severity.ERROR,
    title="Data pribadi sebagai judul kolom",
    message="Judul kolom ke-{number} berisi data pribadi, bukan nama kolom.",
    advice="Tulis nama kolomnya di baris judul. Bila berkasnya tanpa baris judul, tambahkan di baris pertama.",
)
CHECKS = (NIK, NIP, TELEPON, EMAIL, NAMA_TTD, JUDUL)

#: What is said of a kind, by its name in decisions about deliveries.
KINDS: Mapping[str, Check] = {"nik": NIK, "nip": NIP, "telepon": TELEPON, "email": EMAIL, "nama_ttd": NAMA_TTD}

#: Numbers in a column of this kind of name are what it says.
_NAMED = {
    "nik": re.compile(r"(?:.*_)?(?:nik|ktp|no_ktp|nomor_induk_kependudukan)(?:_.*)?"),
    "nip": re.compile(r"(?:.*_)?nip(?:_.*)?"),
}
#: Numbers of fewer digits are no identity numbers.
_LONG = 16
#: A column of long numbers holds identity numbers only where most are shaped so; by chance one in forty is.
_SHARE = 0.5
_LAST_ROWS = 15


@dataclass(frozen=True)
class Personal:
    """Cells of one column that are about persons: of which kind, how many, and the row of the first."""

    column_id: str
    kind: str
    count: int
    row: int


def kind_of_code(code: str) -> str | None:
    """The kind of personal data a finding's code is about; None for other codes."""
    return code.removeprefix(_PREFIX).replace("-", "_") if code.startswith(_PREFIX) else None


def check(subject: Subject) -> list[Personal]:
    """Report columns with personal data; what was found is counted and never shown."""
    found: list[Personal] = []
    for column in subject.columns:
        if column.present and _may_hold(column):
            found += _in_column(subject, column)
    found += _signatures(subject)
    # A title becomes the name of a column, which nobody masks.
    subject.add(
        JUDUL.found(row=subject.grid.layout.header[0], number=number)
        for number, title in enumerate(subject.grid.titles, start=1)
        if kinds_in(title)
    )
    return found


def _may_hold(column: Cells) -> bool:
    """Texts may; of numbers those of sixteen digits, and what stands in their column and is none."""
    seen = column.profile.seen
    if column.is_number:
        # What one pass has proven, and what is plainly a number, has fewer digits.
        return not column.proven and bool(seen & {Kind.CODE, Kind.GROUPED_POINT, Kind.GROUPED_COMMA, Kind.TEXT})
    if column.proven and column.harmless:
        return False
    return bool(seen & {Kind.TEXT, Kind.CODE, Kind.INTEGER})


def _in_column(subject: Subject, column: Cells) -> list[Personal]:
    by_text = column.texts is not None and not column.is_number
    counted = _among_texts(subject, column) if by_text else _among_cells(subject, column)
    found = []
    for kind, (count, row, numbers) in counted.items():
        if count and _is_meant(column, kind, count, numbers):
            subject.add([KINDS[kind].found(row=row, column=column.title, count=count)])
            subject.findings.count(KINDS[kind].code, Severity.WARNING, count - 1)
            found.append(Personal(column.id, kind, count, row))
    return found


def _among_texts(subject: Subject, column: Cells) -> dict[str, tuple[int, int, int]]:
    """By kind: how many cells hold some, the row of the first, and how many are nothing but numbers of that length."""
    found: dict[str, tuple[int, int, int]] = {}
    for text, (count, place) in (column.texts or {}).items():
        held = kinds_in(text)
        bare = re.sub(r"[ .-]", "", plainly(text))
        for kind in PATTERNS:
            is_number = kind in LENGTHS and bool(re.fullmatch(f"[0-9]{{{LENGTHS[kind]}}}", bare, re.ASCII))
            if kind in held or is_number:
                before = found.get(kind, (0, -1, 0))
                first = min(place, before[1]) if before[1] >= 0 else place
                found[kind] = (
                    before[0] + count * (kind in held),
                    first if kind in held else before[1],
                    before[2] + count * is_number,
                )
    return {kind: (count, _row(subject, place), numbers) for kind, (count, place, numbers) in found.items() if count}


def _row(subject: Subject, place: int) -> int:
    if not subject.grid.numbered:
        return place + subject.grid.layout.first
    return int(subject.ask("SELECT nr FROM cells WHERE rowid = ?", place)[0][0])


def _among_cells(subject: Subject, column: Cells) -> dict[str, tuple[int, int, int]]:
    x = _long_or_no_number(subject, column) if column.is_number else subject.text_of(column)
    # Looked at again only where something may be.
    likely = f"length(x) >= {SHORTEST} AND (regexp_matches(x, {literal(LIKELY.pattern)}) OR {hides_sql('x')})"
    subject.ask(
        f"CREATE OR REPLACE TABLE likely AS SELECT number, x FROM (SELECT number, {x} AS x FROM rows) WHERE {likely}"  # noqa: S608
    )
    if subject.ask(f"SELECT 1 FROM likely WHERE NOT {is_ascii_sql('x')} LIMIT 1"):  # noqa: S608
        subject.ask(f"UPDATE likely SET x = {plainly_sql('x')}")  # noqa: S608
    has = {kind: has_sql(kind, "x") for kind in PATTERNS}
    has["nik"] += f" AND NOT {has_sql('nip', 'x')}"
    has["telepon"] += f" AND NOT {has_sql('nip', 'x')} AND NOT {has_sql('nik', 'x')}"
    found = {}
    for kind, where in has.items():
        bare = "regexp_replace(x, '[ .-]', '', 'g')"
        is_number = f"regexp_full_match({bare}, '[0-9]{{{LENGTHS[kind]}}}')" if kind in LENGTHS else "false"
        found[kind] = subject.ask(
            f"SELECT count(*) FILTER (WHERE {where}), min(number) FILTER (WHERE {where}), "  # noqa: S608
            f"count(*) FILTER (WHERE {is_number}) FROM likely"
        )[0]
    return found


def _long_or_no_number(subject: Subject, column: Cells) -> str:
    """Of a column of numbers: the digits of those that have as many as an identity number, and what is no number."""
    raw, value = subject.text_of(column), subject.value_of(column)
    return (
        f"CASE WHEN {value} IS NULL THEN {raw} WHEN length({value}) < {_LONG} THEN NULL "
        f"ELSE nullif(regexp_extract({value}, '^-?([0-9]{{{_LONG},}})', 1), '') END"
    )


def _is_meant(column: Cells, kind: str, count: int, numbers: int) -> bool:
    name = _NAMED.get(kind)
    return numbers == 0 or count >= _SHARE * numbers or bool(name and name.fullmatch(column.id))


def _signatures(subject: Subject) -> list[Personal]:
    """Rows at the end of the table that are no data but who signed it."""
    texts = [one for one in subject.columns if one.present and not one.is_number]
    if not texts or not subject.rows or all(_is_unsigned(one) for one in texts):
        return []
    cells = ", ".join(subject.text_of(one) for one in texts)
    last = subject.ask(
        f"SELECT number, n, {cells} FROM rows WHERE n >= {subject.size - 1 - _LAST_ROWS} ORDER BY n"  # noqa: S608
    )
    found = [
        (row, office, place)
        for row, place, *held in last
        for office in [any(is_signature(text) for text in held if text)]
        if office or any(is_signed(text) for text in held if text)
    ]
    rows = [(row,) for row, _office, _place in found]
    if len({office for _row, office, _place in found}) < 2 or subject.rows <= len(rows):  # noqa: PLR2004 (both of them)
        return []
    subject.signed = (found[0][-1], found[-1][-1])
    subject.add(NAMA_TTD.found(row=row, column=texts[0].title) for (row,) in rows)
    return [Personal(texts[0].id, "nama_ttd", len(rows), rows[0][0])]


def _is_unsigned(column: Cells) -> bool:
    return column.proven and (column.harmless or column.type.name == "date")
