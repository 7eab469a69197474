"""The calendar of a refresh: every period that any plan entry may owe, with its deadline.

Deadlines depend only on the end of the period, the days agreed and the holidays, so they are computed once per
combination by `core` and joined with the entries in the database.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import deadline
from ckanext.satudataserang.core.periods import ANCHORED, Frequency, periods_between

_CREATE = """
    CREATE TEMPORARY TABLE satudata_calendar (
        frequency text, deadline_days integer, grace_days integer, anchor date, period text,
        period_start date, period_end date, year integer, deadline timestamptz, deadline_grace timestamptz
    ) ON COMMIT DROP
"""

_COMBINATIONS = """
    SELECT frequency, deadline_days, grace_days,
           CASE WHEN frequency = ANY(:anchored) THEN anchor END AS counted_from, min(dari) AS first
    FROM satudata_span GROUP BY 1, 2, 3, 4
"""

_INSERT = """
    INSERT INTO satudata_calendar
    SELECT :frequency, :deadline_days, :grace_days, :anchor, * FROM unnest(
        CAST(:period AS text[]), CAST(:period_start AS date[]), CAST(:period_end AS date[]), CAST(:year AS integer[]),
        CAST(:deadline AS timestamptz[]), CAST(:deadline_grace AS timestamptz[]))
"""


def horizon(today: date) -> date:
    """Cells are kept ready up to the end of next year, so that a year may turn without any job having run."""
    return date(today.year + 1, 12, 31)


def prepare(session: Database, today: date, holidays: Collection[date]) -> None:
    """Make the temporary table `satudata_calendar` from `satudata_span`; `today` is the date in Asia/Jakarta."""
    session.execute(sa.text(_CREATE))
    anchored = [frequency.value for frequency in ANCHORED]
    combinations = session.execute(sa.text(_COMBINATIONS), {"anchored": anchored}).mappings().all()
    for combination in combinations:
        if rows := list(_rows(combination, horizon(today), holidays)):
            columns = {key: [row[key] for row in rows] for key in rows[0]}
            shared = {key: combination[key] for key in ("frequency", "deadline_days", "grace_days")}
            shared["anchor"] = combination["counted_from"]
            session.execute(sa.text(_INSERT), {**shared, **columns})
    session.execute(sa.text("ANALYZE satudata_calendar"))


def _rows(combination: Any, last: date, holidays: Collection[date]) -> Iterator[dict[str, Any]]:
    first = combination["counted_from"] or combination["first"]
    for period in periods_between(Frequency(combination["frequency"]), first, last):
        due = deadline(period.end, combination["deadline_days"], combination["grace_days"], holidays)
        yield {
            "period": period.key,
            "period_start": period.start,
            "period_end": period.end,
            "year": period.end.year,
            "deadline": due.due,
            "deadline_grace": due.grace,
        }
