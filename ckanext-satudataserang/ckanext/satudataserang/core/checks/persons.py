"""What is about a person, by its shape: identity numbers, telephone numbers, addresses, who signed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ckanext.satudataserang.core.tables.kinds import literal

from .offices import LETTERS, is_office, others_sql, runs_with_address
from .plainly import hides_sql, is_ascii_sql, plainly, plainly_sql

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
_LABEL = f"[0-9{LETTERS}-]+"
_DOMAIN = rf"{_LABEL}(?:\.{_LABEL})*\.[{LETTERS}]{{2,}}"
_MAIL = f"[0-9{LETTERS}._%+-]+@{_DOMAIN}"
#: Whether there is an address; looked for from its sign on, so however long a text is, it takes no longer than that.
_ADDRESS = re.compile(f"[0-9{LETTERS}._%+-]@{_DOMAIN}", re.ASCII)
_EDGE, _END = "(?:^|[^0-9A-Za-z.])", "(?:[^0-9A-Za-z]|$)"

PATTERNS: Mapping[str, str] = {"nip": _NIP, "nik": f"(?:{_NIK}|{_NIK_SPACED})", "telepon": _PHONE, "email": _MAIL}
_STARS: Mapping[str, str] = {"nik": "*" * 16, "nip": "*" * 18, "telepon": "*" * 12, "email": "***@***"}
LENGTHS = {"nik": "16", "nip": "18", "telepon": "10,13"}
SHORTEST = 6
LIKELY = re.compile("[0-9][0-9 .-]{8}|@")
_SIGNATURE = (
    r"(?i)^(?:(?:a\.?n\.?|plt\.?|plh\.?|pj\.?|u\.?b\.?) *)*(?:kepala (?:dinas|badan|bidang|bagian|seksi|sub|kantor|upt)"
    r"|sekretaris (?:dinas|badan|daerah)|camat\b|lurah\b|wali ?kota\b|bupati\b|direktur\b|mengetahui\b|ttd\b|"
    r"pejabat pembuat|pembina (?:tk|tingkat|utama))"
)
#: An office alone may be data; with the number of who holds it, it is a signature.
_SIGNED = r"(?i)^n\.?i\.?p\b\.?[ :]*[0-9]"
WHOLE = "***"
#: The kind that is of some rows and of no whole column; with another one it stands behind it.
SIGNED, JOINED = "nama_ttd", "+"
#: What no cell without a name in it has: any number of a person, any address, the number of who signed.
_ANY = f"{_EDGE}(?:{_NIP}|{_NIK}|{_NIK_SPACED}|{_PHONE}){_END}|@|{_SIGNED}"


def mask(value: str, kind: str) -> str:
    """A value without what is personal in it; of other kinds than numbers and addresses nothing is left."""
    if kind not in PATTERNS:
        return WHOLE if value else value
    pattern, plain = re.compile(_inside(kind), re.ASCII), plainly(value)
    if not pattern.search(plain):
        return value
    # Twice: neighbours share the sign between them.
    return pattern.sub(lambda found: _kept(found, kind), pattern.sub(lambda found: _kept(found, kind), plain))


def masked_sql(expression: str, kind: str) -> str:
    """`mask` over an SQL expression."""
    if kind not in PATTERNS:
        return f"CASE WHEN {expression} IS NULL THEN NULL ELSE {literal(WHOLE)} END"
    plain = plainly_sql(expression)
    return (
        f"(CASE WHEN {is_ascii_sql(expression)} THEN {_masked(expression, kind)} "
        f"WHEN regexp_matches({plain}, {literal(_inside(kind))}) THEN {_masked(plain, kind)} ELSE {expression} END)"
    )


def _masked(expression: str, kind: str) -> str:
    once = f"regexp_replace({expression}, {literal(_inside(kind))}, {literal(_replacement(kind))}, 'g')"
    return f"regexp_replace({once}, {literal(_inside(kind))}, {literal(_replacement(kind))}, 'g')"


def may_hold_sql(expression: str, beside: str = "") -> str:
    """Whether something about a person may be in a text, in one look without reading its signs as they look.

    :param beside: a pattern of what else is looked for at the same go
    """
    pattern = f"{_ANY}|{beside}" if beside else _ANY
    return f"(regexp_matches({expression}, {literal(pattern)}) OR {hides_sql(expression)})"


def kinds_in(text: str) -> set[str]:
    """The kinds of personal data in a text."""
    text = plainly(text)
    if len(text) < SHORTEST or not LIKELY.search(text):
        return set()
    held = {kind for kind in LENGTHS if re.search(_inside(kind), text, re.ASCII)}
    if any(_ADDRESS.search(run) and not is_office(run) for run in runs_with_address(text)):
        held.add("email")
    if "nip" in held:
        held -= {"nik", "telepon"}
    return held - {"telepon"} if "nik" in held else held


def is_signed(text: str) -> bool:
    """Whether a cell holds the number of who signed."""
    return bool(re.search(_SIGNED, plainly(text)))


def is_signature(text: str) -> bool:
    """Whether a cell beside a table belongs to the block of signatures."""
    return bool(re.search(_SIGNATURE, plainly(text).strip()))


def has_sql(kind: str, raw: str) -> str:
    """Whether something of a kind is in a text that is read as it looks (`plainly`)."""
    has = others_sql(raw, _MAIL) if kind == "email" else f"regexp_matches({raw}, {literal(_inside(kind))})"
    return f"coalesce({has}, false)"


def _inside(kind: str) -> str:
    return f"({_EDGE})(?:{PATTERNS[kind]})({_END})" if kind != "email" else f"()(?:{_MAIL})()"


def _replacement(kind: str) -> str:
    return rf"\1{_STARS[kind]}\2"


def _kept(found: re.Match[str], kind: str) -> str:
    return found[1] + _STARS[kind] + found[2]
