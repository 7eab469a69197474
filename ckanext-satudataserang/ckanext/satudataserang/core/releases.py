"""When agreed data are due for release: the deadlines of plan entries as days of a calendar."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from ckanext.satudataserang.core.deadlines import next_working_day
from ckanext.satudataserang.core.periods import ANCHORED, Frequency, Period, periods_between

#: So many days a deadline may move because of weekends and holidays in a row; a wide guess costs only a few periods.
_LONGEST_SHIFT = 31
#: Days in which the next period of a frequency surely ends.
_LONGEST_WAIT = {
    Frequency.HARIAN: 1,
    Frequency.MINGGUAN: 14,
    Frequency.BULANAN: 62,
    Frequency.TRIWULANAN: 184,
    Frequency.SEMESTERAN: 368,
    Frequency.TAHUNAN: 732,
    Frequency.DUA_TAHUNAN: 1_462,
    Frequency.LIMA_TAHUNAN: 3_654,
}
_AN_AGE = 40_000


@dataclass(frozen=True)
class Span:
    """Days `dari`..`sampai` (None: open) in which the terms of an entry hold; `anchor` begins periods of many years."""

    entry_id: str
    opd_id: str
    frequency: Frequency
    deadline_days: int
    dari: date
    sampai: date | None
    anchor: date


@dataclass(frozen=True)
class Release:
    """A period of an entry and the day on which it is due, by the terms of its last day."""

    entry_id: str
    opd_id: str
    period: Period
    day: date


def releases(spans: Iterable[Span], first: date, last: date, holidays: Collection[date] = ()) -> list[Release]:
    """What is due in `first`..`last`, both included, in the order of the days; extensions are not looked at."""
    found = [release for span in spans for release in _of(span, first, last, holidays)]
    return sorted(found, key=lambda release: (release.day, release.period.end, release.entry_id))


def next_releases(spans: Iterable[Span], today: date, holidays: Collection[date] = ()) -> dict[str, Release]:
    """For each entry what is due next, today included; entries with nothing ahead are left out."""
    ahead: dict[str, Release] = {}
    for span in spans:
        # A span that begins later may hold the next one, so the wait is counted from its first day.
        start = max(today, span.dari)
        wait = _LONGEST_WAIT.get(span.frequency, _AN_AGE) + span.deadline_days + _LONGEST_SHIFT
        release = next(iter(_of(span, today, _later(start, wait), holidays)), None)
        known = ahead.get(span.entry_id)
        if release and (known is None or release.day < known.day):
            ahead[span.entry_id] = release
    return ahead


def _of(span: Span, first: date, last: date, holidays: Collection[date]) -> Iterator[Release]:
    """What one span owes, oldest first."""
    lowest = max(span.dari, _later(first, -span.deadline_days - _LONGEST_SHIFT))
    highest = min(span.sampai or date.max, _later(last, -span.deadline_days))
    begin = span.anchor if span.frequency in ANCHORED else lowest
    for period in periods_between(span.frequency, begin, highest):
        if lowest <= period.end <= highest:
            day = next_working_day(period.end + timedelta(days=span.deadline_days), holidays)
            if first <= day <= last:
                yield Release(span.entry_id, span.opd_id, period, day)


def _later(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
