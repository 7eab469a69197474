"""Periods: the slices of time for which an agreed figure is due.

A period has a key that sorts by time within one frequency (``2025``, ``2025-S1``, ``2025-Q3``, ``2025-07``,
``2025-07-21``, ``2021-2025``, ``statis``, ``statis-2027``) and a first and a last day. What is due when, is said by
`deadlines`.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

STATIC_KEY = "statis"
_STATIC_YEAR = f"{STATIC_KEY}-"
_MIN_YEAR = 1900
_MAX_YEAR = 2200


class Frequency(str, Enum):
    """How often a plan entry is due, in the words of the Daftar Data."""

    HARIAN = "harian"
    MINGGUAN = "mingguan"
    BULANAN = "bulanan"
    TRIWULANAN = "triwulanan"
    SEMESTERAN = "semesteran"
    TAHUNAN = "tahunan"
    DUA_TAHUNAN = "dua_tahunan"
    LIMA_TAHUNAN = "lima_tahunan"
    SEKALI = "sekali"
    STATIS = "statis"
    INSIDENTAL = "insidental"


_SPANS = {Frequency.DUA_TAHUNAN: 2, Frequency.LIMA_TAHUNAN: 5}
#: Frequencies whose periods are counted from the first year of the entry, not from the calendar.
ANCHORED = frozenset({*_SPANS, Frequency.SEKALI, Frequency.STATIS})


@dataclass(frozen=True, order=True)
class Period:
    """A slice of time: `start` and `end` are its first and last day, both included."""

    start: date
    end: date
    key: str


class PeriodError(ValueError):
    """The text names no period; the message is an Indonesian sentence for the user."""


def year_period(year: int) -> Period:
    """The calendar year as a period."""
    return Period(date(year, 1, 1), date(year, 12, 31), f"{year:04d}")


def _months(year: int, first: int, count: int, key: str) -> Period:
    last = first + count - 1
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), key)


def _span(first: int, last: int) -> Period:
    return Period(date(first, 1, 1), date(last, 12, 31), f"{first:04d}-{last:04d}")


def confirmation_period(year: int) -> Period:
    """The calendar year at whose end it is confirmed that static data still hold."""
    return Period(date(year, 1, 1), date(year, 12, 31), f"{_STATIC_YEAR}{year:04d}")


def is_confirmation(key: str) -> bool:
    """Whether a period key asks for the yearly confirmation of static data."""
    return key.startswith(_STATIC_YEAR)


def _week(monday: date) -> Period:
    iso = monday.isocalendar()
    return Period(monday, monday + timedelta(days=6), f"{iso.year:04d}-W{iso.week:02d}")


def _in_year(year: int, frequency: Frequency) -> list[Period]:
    """The periods of a frequency that divides the year."""
    parts = {Frequency.BULANAN: 12, Frequency.TRIWULANAN: 4, Frequency.SEMESTERAN: 2, Frequency.TAHUNAN: 1}[frequency]
    if parts == 1:
        return [year_period(year)]
    months = 12 // parts
    suffix = {12: "{:02d}", 4: "Q{}", 2: "S{}"}[parts]
    return [_months(year, 1 + months * part, months, f"{year:04d}-{suffix.format(part + 1)}") for part in range(parts)]


def _days(first: date, last: date) -> Iterator[Period]:
    day = first
    while day <= last:
        yield Period(day, day, day.isoformat())
        day += timedelta(days=1)


def _weeks(first: date, last: date) -> Iterator[Period]:
    monday = first - timedelta(days=first.weekday())
    while monday + timedelta(days=6) <= last:
        yield _week(monday)
        monday += timedelta(days=7)


def periods_between(frequency: Frequency, first: date, last: date) -> list[Period]:
    """The periods of `frequency` whose end lies in `first`..`last`, both included, oldest first.

    Spans of several years are counted from `first`'s year, so that an entry agreed for 2025-2029 has exactly that
    period. `sekali` has one period; `statis` has one on its first day and then, for every later calendar year, the
    confirmation that the data still hold; `insidental` is never due by itself and has none.
    """
    if last < first or frequency is Frequency.INSIDENTAL:
        return []
    if frequency is Frequency.STATIS:
        confirmed = (confirmation_period(year) for year in range(first.year + 1, last.year + 1))
        return [Period(first, first, STATIC_KEY), *(period for period in confirmed if period.end <= last)]
    return [period for period in _candidates(frequency, first, last) if first <= period.end <= last]


def _candidates(frequency: Frequency, first: date, last: date) -> Iterator[Period]:
    """Periods of `frequency` around `first`..`last`, oldest first; some may end outside."""
    if frequency is Frequency.HARIAN:
        yield from _days(first, last)
    elif frequency is Frequency.MINGGUAN:
        yield from _weeks(first, last)
    elif frequency is Frequency.SEKALI:
        yield year_period(first.year)
    elif frequency in _SPANS:
        step = _SPANS[frequency]
        for year in range(first.year, last.year + 1, step):
            yield _span(year, year + step - 1)
    else:
        for year in range(first.year, last.year + 1):
            yield from _in_year(year, frequency)


def _checked_year(text: str) -> int:
    year = int(text)
    if not _MIN_YEAR <= year <= _MAX_YEAR:
        message = f"Tahun {year} di luar rentang {_MIN_YEAR}–{_MAX_YEAR}. Periksa kembali penulisan periodenya."
        raise PeriodError(message)
    return year


def _parse_span(match: re.Match[str]) -> Period | None:
    first, last = _checked_year(match["first"]), _checked_year(match["last"])
    return _span(first, last) if last > first else None


def _parse_day(match: re.Match[str]) -> Period | None:
    _checked_year(match["y"])
    try:
        day = date.fromisoformat(match[0])
    except ValueError:
        return None
    return Period(day, day, day.isoformat())


def _parse_week(match: re.Match[str]) -> Period | None:
    try:
        monday = date.fromisocalendar(_checked_year(match["y"]), int(match["n"]), 1)
    except ValueError:
        return None
    return _week(monday)


def _parse_part(frequency: Frequency) -> Callable[[re.Match[str]], Period | None]:
    def parse(match: re.Match[str]) -> Period | None:
        periods = _in_year(_checked_year(match["y"]), frequency)
        number = int(match["n"])
        return periods[number - 1] if 1 <= number <= len(periods) else None

    return parse


_SHAPES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Period | None]], ...] = (
    (re.compile(r"(?P<y>\d{4})"), lambda match: year_period(_checked_year(match["y"]))),
    (re.compile(r"(?P<first>\d{4})-(?P<last>\d{4})"), _parse_span),
    (re.compile(r"(?P<y>\d{4})-S(?P<n>[12])"), _parse_part(Frequency.SEMESTERAN)),
    (re.compile(r"(?P<y>\d{4})-Q(?P<n>[1-4])"), _parse_part(Frequency.TRIWULANAN)),
    (re.compile(r"(?P<y>\d{4})-(?P<n>\d{2})"), _parse_part(Frequency.BULANAN)),
    (re.compile(r"(?P<y>\d{4})-W(?P<n>\d{2})"), _parse_week),
    (re.compile(r"STATIS-(?P<y>\d{4})"), lambda match: confirmation_period(_checked_year(match["y"]))),
    (re.compile(r"(?P<y>\d{4})-(?P<m>\d{2})-(?P<d>\d{2})"), _parse_day),
)


def parse_period(text: str) -> Period:
    """Read a period key.

    `statis` has no dates of its own (its plan entry gives them), so it is refused here like any other text that
    names no slice of time. Raises PeriodError.
    """
    cleaned = text.strip().upper()
    for pattern, parse in _SHAPES:
        match = pattern.fullmatch(cleaned)
        if match:
            period = parse(match)
            if period:
                return period
            break
    message = (
        f"Periode “{text.strip()}” tidak dikenali. Tulis misalnya 2025, 2025-S1, 2025-Q3, 2025-07, atau 2025-07-21."
    )
    raise PeriodError(message)
