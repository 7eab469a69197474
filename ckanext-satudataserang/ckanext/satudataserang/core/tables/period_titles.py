"""Titles of columns that are periods: years, months, quarters, halves."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_MONTHS = (
    "januari jan january",
    "februari feb february pebruari peb",
    "maret mar march mrt",
    "april apr",
    "mei may",
    "juni jun june",
    "juli jul july",
    "agustus agu ags agt agst august aug",
    "september sep sept",
    "oktober okt october oct",
    "november nov nopember nop",
    "desember des december dec",
)
MONTH_NAMES = tuple(names.split()[0].capitalize() for names in _MONTHS)
_MONTH_NUMBERS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PART = r"(?P<kind>triwulan|trw|tw|kuartal|q|semester|smt|sem)[\s._-]*(?P<part>iv|i{1,3}|[1-4])"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?:tahun|thn\.?|th\.?|t\.a\.|ta|year)?[\s._-]*{_YEAR}(?:\s*[*r]{{1,3}}\)?)?",
        rf"(?P<month>{_MONTH})\.?[\s._/'-]*{_YEAR}",
        rf"{_YEAR}[\s._/-]*(?P<month>{_MONTH})\.?",
        rf"{_YEAR}[-/](?P<number>0[1-9]|1[0-2])(?:-01(?: 00:00:00)?)?",
        rf"{_PART}[\s._/-]*(?:tahun\s+)?{_YEAR}",
        rf"{_YEAR}[\s._/-]*{_PART}",
        rf"(?:bulan\s+)?(?P<month>{_MONTH})\.?",
        _PART,
    )
)
_LONGEST = 120


@dataclass(frozen=True)
class TitlePeriod:
    """The period a title names: as a cell (`text`) of a column called `title`, and the class that stands before it."""

    text: str
    title: str
    group: str = ""


def period_of_title(title: str) -> TitlePeriod | None:
    """Read a title as a period by itself (``2019``, ``Januari``, ``TW II 2024``); None where it is none."""
    plain = " ".join(title.split())
    if not plain or len(plain) > _LONGEST:
        return None
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(plain):
            return _named(found.groupdict())
    return None


def grouped_period(title: str) -> TitlePeriod | None:
    """Read a title as a class and a period behind it (``SD_2017``, ``Produksi – Padi – 2020``)."""
    plain = " ".join(title.split())
    if len(plain) > _LONGEST:
        return None
    for sign in (" – ", " - ", "_", " ", "."):
        for cut in range(min(plain.count(sign), 3), 0, -1):
            parts = plain.rsplit(sign, cut)
            period = period_of_title(sign.join(parts[1:]).strip("() "))
            if period and parts[0].strip(" –-_.(") and not period_of_title(parts[0]):
                return TitlePeriod(period.text, period.title, parts[0].strip(" –-_.("))
    return None


def _named(found: dict[str, str | None]) -> TitlePeriod:
    year = found.get("year") or ""
    if month := found.get("month"):
        number = _MONTH_NUMBERS[month.lower()]
        return TitlePeriod(f"{year}-{number:02d}", "Periode") if year else TitlePeriod(MONTH_NAMES[number - 1], "Bulan")
    if month := found.get("number"):
        return TitlePeriod(f"{year}-{month}", "Periode")
    if part := found.get("part"):
        number = _ROMAN.get(part.lower()) or int(part)
        half = (found.get("kind") or "").lower().startswith(("s",))
        if not year:
            return TitlePeriod(str(number), "Semester" if half else "Triwulan")
        return TitlePeriod(f"{year}-{'S' if half else 'Q'}{number}", "Periode")
    return TitlePeriod(year, "Tahun")
