"""Lateness: by how many days what was due came late, as a distribution.

Days are counted from the end of the grace: a cell on time is 0 days late, one second later is 1 day. The same rule
stands once more as SQL in `completeness/sql.py`; a test holds the two together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ckanext.satudataserang.core.cells import CellFacts, is_counted

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Bucket:
    """A range of days late, both ends included; `last` None is open."""

    id: str
    first: int
    last: int | None


#: On time, within a week, a month, a quarter, half a year, later.
BUCKETS = (
    Bucket("tepat_waktu", 0, 0),
    Bucket("1-7", 1, 7),
    Bucket("8-30", 8, 30),
    Bucket("31-90", 31, 90),
    Bucket("91-180", 91, 180),
    Bucket("181+", 181, None),
)


def days_late(facts: CellFacts) -> int | None:
    """By how many days the first valid delivery of a complete cell came late; None where nothing complete came."""
    if not facts.complete or facts.first_valid_at is None:
        return None
    late = facts.first_valid_at - facts.deadline_grace
    return max(0, -(-late // _DAY))


def bucket(days: int) -> Bucket:
    """The bucket of a number of days, at least 0."""
    return next(one for one in BUCKETS if one.last is None or days <= one.last)


def distribution(cells: Iterable[CellFacts], now: datetime) -> dict[int | None, int]:
    """How many of the cells that are counted at `now` came so many days late; None: nothing complete came."""
    return dict(Counter(days_late(cell) for cell in cells if is_counted(cell, now)))


def summary(by_days: Mapping[int | None, int]) -> dict[str, Any]:
    """The distribution of counted cells by days late (None: nothing complete came).

    Gives ``{"count", "complete", "missing", "median", "buckets": [{"id", "first", "last", "count"}]}``; the median is
    the lower one of complete cells, None without any.
    """
    counts = {one.id: 0 for one in BUCKETS}
    for days, cells in by_days.items():
        if days is not None:
            counts[bucket(days).id] += cells
    complete, missing = sum(counts.values()), by_days.get(None, 0)
    return {
        "count": complete + missing,
        "complete": complete,
        "missing": missing,
        "median": _median(by_days, complete),
        "buckets": [{"id": one.id, "first": one.first, "last": one.last, "count": counts[one.id]} for one in BUCKETS],
    }


def _median(by_days: Mapping[int | None, int], complete: int) -> int | None:
    seen = 0
    for days in sorted(day for day in by_days if day is not None):
        seen += by_days[days]
        if seen * 2 >= complete:
            return days
    return None
