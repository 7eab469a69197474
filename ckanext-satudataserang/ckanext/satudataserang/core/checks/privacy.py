"""Data about persons: identity numbers, telephone numbers, mail addresses, names in the block of signatures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import CAP, Severity
from ckanext.satudataserang.core.tables.kinds import literal
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .subject import Cells, Subject

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
CHECKS = (NIK, NIP, TELEPON, EMAIL, NAMA_TTD)

#: What is said of a kind, by its name in decisions about deliveries.
KINDS: Mapping[str, Check] = {"nik": NIK, "nip": NIP, "telepon": TELEPON, "email": EMAIL, "nama_ttd": NAMA_TTD}

# Province, kabupaten and kecamatan, day of birth (of women: plus 40), month, year, running number.
_DAY = "(?:[04][1-9]|[1256][0-9]|[37][01])"
_MONTH = "(?:0[1-9]|1[0-2])"
_NUMBERED = "(?:[1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_PART = "(?:0[1-9]|[1-9][0-9])"
_AREA = f"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[ .-]?{_PART}[ .-]?{_PART}"
_BIRTH = f"{_DAY}{_MONTH}[0-9]{{2}}"
_NIK = f"{_AREA}[ .-]?{_BIRTH}[ .-]?{_NUMBERED}"
# Four by four, as cards are copied.
_NIK_SPACED = "[1-9][0-9]{3} [0-9]{4} [0-9]{4} [0-9]{4}"
_NIP_DAY = "(?:19[3-9][0-9]|20[01][0-9])(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_NIP_SINCE = "(?:19[5-9][0-9]|20[0-4][0-9])(?:0[1-9]|1[0-2])"
_NIP_NUMBER = "(?:[0-9]{2}[1-9]|[0-9][1-9]0|[1-9]00)"
_NIP = f"{_NIP_DAY}[ .-]?{_NIP_SINCE}[ .-]?[12][ .-]?{_NIP_NUMBER}"
_PHONE = r"(?:\+?62[ -]?|\(\+?62\)[ -]?|0)8[1-9][0-9](?:[ -]?[0-9]){6,9}"
_MAIL = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
#: Addresses of an office are no person's.
_OFFICE = r"(?i)^[a-z0-9._%+-]+@(?:[a-z0-9-]+\.)*(?:go|desa)\.id$"
_EDGE, _END = "(?:^|[^0-9A-Za-z.])", "(?:[^0-9A-Za-z]|$)"

_PATTERNS: Mapping[str, str] = {"nip": _NIP, "nik": f"(?:{_NIK}|{_NIK_SPACED})", "telepon": _PHONE, "email": _MAIL}
_STARS: Mapping[str, str] = {"nik": "*" * 16, "nip": "*" * 18, "telepon": "*" * 12, "email": "***@***"}
#: Numbers in a column of this kind of name are what it says.
_NAMED = {
    "nik": re.compile(r"(?:.*_)?(?:nik|ktp|no_ktp|nomor_induk_kependudukan)(?:_.*)?"),
    "nip": re.compile(r"(?:.*_)?nip(?:_.*)?"),
}
#: A column of long numbers holds identity numbers only where most are shaped so; by chance one in forty is.
_SHARE = 0.5
_LAST_ROWS = 15
_SIGNATURE = (
    r"(?i)^(?:(?:a\.?n\.?|plt\.?|plh\.?|pj\.?|u\.?b\.?) *)*(?:kepala (?:dinas|badan|bidang|bagian|seksi|sub|kantor|upt)|"
    r"sekretaris (?:dinas|badan|daerah)|camat\b|lurah\b|wali ?kota\b|bupati\b|direktur\b|mengetahui\b|ttd\b|"
    r"pejabat pembuat|pembina (?:tk|tingkat|utama)|n\.?i\.?p\b\.?[ :]*[0-9]|nrp\b)"
)
WHOLE = "***"


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


def mask(value: str, kind: str) -> str:
    """A value without what is personal in it; of other kinds than numbers and addresses nothing is left."""
    if kind not in _PATTERNS:
        return WHOLE if value else value
    pattern = re.compile(_inside(kind), re.ASCII)
    # Twice: neighbours share the sign between them.
    return pattern.sub(lambda found: _kept(found, kind), pattern.sub(lambda found: _kept(found, kind), value))


def masked_sql(expression: str, kind: str) -> str:
    """`mask` over an SQL expression."""
    if kind not in _PATTERNS:
        return f"CASE WHEN {expression} IS NULL THEN NULL ELSE {literal(WHOLE)} END"
    once = f"regexp_replace({expression}, {literal(_inside(kind))}, {literal(_replacement(kind))}, 'g')"
    return f"regexp_replace({once}, {literal(_inside(kind))}, {literal(_replacement(kind))}, 'g')"


def check(subject: Subject) -> list[Personal]:
    """Report columns with personal data; what was found is counted and never shown."""
    found: list[Personal] = []
    for column in subject.columns:
        if column.present and _may_hold(column):
            found += _in_column(subject, column)
    found += _signatures(subject)
    return found


def _may_hold(column: Cells) -> bool:
    """Texts may; numbers only under a name that says so."""
    if column.is_number:
        return any(name.fullmatch(column.id) for name in _NAMED.values())
    return bool(column.profile.seen & {Kind.TEXT, Kind.CODE, Kind.INTEGER})


def _in_column(subject: Subject, column: Cells) -> list[Personal]:
    raw = subject.text_of(column)
    likely = f"length({raw}) >= 6 AND regexp_matches({raw}, '[0-9][0-9 .-]{{8}}|@')"
    if not subject.ask(f"SELECT 1 FROM rows WHERE {likely} LIMIT 1"):  # noqa: S608
        return []
    wheres = {kind: f"{likely} AND {_has(kind, raw)}" for kind in _PATTERNS}
    wheres["nik"] += f" AND NOT {_has('nip', raw)}"
    wheres["telepon"] += f" AND NOT {_has('nip', raw)} AND NOT {_has('nik', raw)}"
    bare = f"regexp_replace({raw}, '[ .-]', '', 'g')"
    long = {"nik": f"regexp_full_match({bare}, '[0-9]{{16}}')", "nip": f"regexp_full_match({bare}, '[0-9]{{18}}')"}
    long["telepon"] = f"regexp_full_match({bare}, '[0-9]{{10,13}}')"
    counts = subject.count([*wheres.values(), *long.values()])
    numbers = dict(zip(long, counts[len(wheres) :], strict=True))
    found = []
    for (kind, where), count in zip(wheres.items(), counts, strict=False):
        if count and _is_meant(column, kind, count, numbers.get(kind, 0)):
            ((row,),) = subject.ask(f"SELECT min(number) FROM rows WHERE {where}")  # noqa: S608
            subject.add([KINDS[kind].found(row=row, column=column.title, count=count)])
            subject.findings.count(KINDS[kind].code, Severity.WARNING, count - 1)
            found.append(Personal(column.id, kind, count, row))
    return found


def _is_meant(column: Cells, kind: str, count: int, numbers: int) -> bool:
    name = _NAMED.get(kind)
    return numbers == 0 or count >= _SHARE * numbers or bool(name and name.fullmatch(column.id))


def _signatures(subject: Subject) -> list[Personal]:
    """Rows at the end of the table that are no data but who signed it."""
    texts = [one for one in subject.columns if one.present and not one.is_number]
    if not texts or not subject.rows:
        return []
    signs = " OR ".join(f"regexp_matches({subject.text_of(one)}, {literal(_SIGNATURE)})" for one in texts)
    last = f"n >= (SELECT max(rowid) FROM cells) - {_LAST_ROWS}"
    rows = subject.ask(f"SELECT number FROM rows WHERE {last} AND ({signs}) ORDER BY n LIMIT {CAP}")  # noqa: S608
    if not rows or subject.rows <= len(rows):
        return []
    subject.add(NAMA_TTD.found(row=row, column=texts[0].title) for (row,) in rows)
    return [Personal(texts[0].id, "nama_ttd", len(rows), rows[0][0])]


def _has(kind: str, raw: str) -> str:
    has = f"coalesce(regexp_matches({raw}, {literal(_inside(kind))}), false)"
    return f"({has} AND NOT regexp_matches({raw}, {literal(_OFFICE)}))" if kind == "email" else has


def _inside(kind: str) -> str:
    return f"({_EDGE})(?:{_PATTERNS[kind]})({_END})" if kind != "email" else f"()(?:{_MAIL})()"


def _replacement(kind: str) -> str:
    return rf"\1{_STARS[kind]}\2"


def _kept(found: re.Match[str], kind: str) -> str:
    return found[1] + _STARS[kind] + found[2]
