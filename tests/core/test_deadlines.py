"""Deadlines fall on working days, at the last second by Jakarta's clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.cells import CellFacts, State, is_counted, state
from ckanext.satudataserang.core.deadlines import deadline

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(DAYS, st.integers(0, 400), st.integers(0, 60), st.sets(DAYS, max_size=5))
def test_a_deadline_is_a_working_day_not_before_the_days_agreed(end, days, grace, holidays):
    due = deadline(end, days, grace, holidays)
    assert due.due.weekday() < 5
    assert due.due.date() not in holidays
    assert due.due.date() >= end + timedelta(days=days)
    assert due.grace - due.due == timedelta(days=grace)


def test_a_deadline_is_the_last_second_of_the_day_in_jakarta():
    due = deadline(date(2025, 9, 30), 10, 0)
    assert due.due.astimezone(timezone.utc) == datetime(2025, 10, 10, 16, 59, 59, tzinfo=timezone.utc)


def test_a_holiday_and_a_weekend_move_the_deadline():
    # Thursday 25 December 2025 is a holiday, Friday the 26th is made one, then comes the weekend.
    moved = deadline(date(2025, 12, 24), 1, 0, {date(2025, 12, 25), date(2025, 12, 26)})
    assert moved.due.date() == date(2025, 12, 29)


@pytest.mark.parametrize(("days", "grace"), [(-1, 0), (0, -1)])
def test_negative_days_are_refused(days, grace):
    with pytest.raises(ValueError, match="negatif"):
        deadline(date(2025, 1, 1), days, grace)


@pytest.mark.parametrize(
    ("seconds", "counted", "expected"), [(-1, False, State.SEGERA), (0, False, State.SEGERA), (1, True, State.TERLEWAT)]
)
def test_an_undelivered_cell_counts_one_second_after_its_deadline(seconds, counted, expected):
    due = deadline(date(2025, 9, 30), 10, 14)
    facts = CellFacts(due.due, due.grace, expected_values=6)
    now = due.due + timedelta(seconds=seconds)
    assert is_counted(facts, now) is counted
    assert state(facts, now) is expected


@pytest.mark.parametrize(
    ("seconds", "expected"), [(-1, State.TEPAT_WAKTU), (0, State.TEPAT_WAKTU), (1, State.TERLAMBAT)]
)
def test_on_time_ends_with_the_grace(seconds, expected):
    due = deadline(date(2025, 9, 30), 10, 14)
    came = due.grace + timedelta(seconds=seconds)
    facts = CellFacts(
        due.due,
        due.grace,
        expected_values=6,
        filled_values=6,
        delivered=True,
        valid=True,
        complete=True,
        first_delivered_at=came,
        first_valid_at=came,
    )
    assert state(facts, came) is expected
