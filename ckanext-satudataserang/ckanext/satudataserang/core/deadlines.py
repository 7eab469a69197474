"""Deadlines: when a period's figure is due, by the clock of Asia/Jakarta (WIB).

Rule: end of the period + `deadline_days`, moved to the next working day, 23:59:59 WIB; then `grace_days` more.
Holidays are data and are given by the caller.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WIB = ZoneInfo("Asia/Jakarta")
_SATURDAY = 5
_LAST_SECOND = time(23, 59, 59)


@dataclass(frozen=True)
class Deadline:
    """`due`: the last second to deliver; `grace`: the last second that still counts as on time. Both are aware."""

    due: datetime
    grace: datetime


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """`day` itself when it is a working day, else the first one after it."""
    while day.weekday() >= _SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def deadline(period_end: date, deadline_days: int, grace_days: int, holidays: Collection[date] = ()) -> Deadline:
    """The deadline of a period that ends on `period_end`.

    `deadline_days` and `grace_days` are calendar days and never negative. Raises ValueError when they are.
    """
    if deadline_days < 0 or grace_days < 0:
        message = "Tenggat dan masa tenggang tidak boleh negatif."
        raise ValueError(message)
    last_day = next_working_day(period_end + timedelta(days=deadline_days), holidays)
    due = datetime.combine(last_day, _LAST_SECOND, tzinfo=WIB)
    return Deadline(due=due, grace=due + timedelta(days=grace_days))


def extended(agreed: Deadline, until: date, grace_days: int) -> Deadline:
    """The deadline with more time granted: due at the end of the day `until`, the grace after it; never earlier."""
    due = datetime.combine(until, _LAST_SECOND, tzinfo=WIB)
    return agreed if due <= agreed.due else Deadline(due=due, grace=due + timedelta(days=grace_days))
