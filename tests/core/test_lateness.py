"""Days late: counted from the last second of the grace, and the distribution adds up."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.cells import CellFacts, is_counted, is_on_time
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.lateness import BUCKETS, bucket, days_late, distribution, summary

from tests.core.test_measures import MOMENTS, cells

DUE = datetime(2026, 3, 31, 23, 59, 59, tzinfo=WIB)


def delivered(at: datetime, **facts: bool) -> CellFacts:
    whole = {"delivered": True, "valid": True, "complete": True, **facts}
    return CellFacts(DUE, DUE + timedelta(days=14), 6, 6, first_delivered_at=at, first_valid_at=at, **whole)


@pytest.mark.parametrize(
    ("after_grace", "days"),
    [
        (timedelta(days=-40), 0),
        (timedelta(0), 0),
        (timedelta(seconds=1), 1),
        (timedelta(days=1), 1),
        (timedelta(days=1, microseconds=1), 2),
        (timedelta(days=180), 180),
        (timedelta(days=400), 400),
    ],
)
def test_days_are_counted_from_the_end_of_the_grace(after_grace, days):
    assert days_late(delivered(DUE + timedelta(days=14) + after_grace)) == days


def test_what_is_not_complete_is_not_late_but_missing():
    assert days_late(delivered(DUE, complete=False)) is None
    assert days_late(CellFacts(DUE, DUE, 6)) is None


@given(st.integers(0, 5000))
def test_every_number_of_days_has_one_bucket(days):
    assert [one for one in BUCKETS if one.first <= days and (one.last is None or days <= one.last)] == [bucket(days)]


@given(st.lists(cells(), max_size=12), MOMENTS)
def test_the_distribution_adds_up_to_the_obligations(some, now):
    told = summary(distribution(some, now))
    counted = [cell for cell in some if is_counted(cell, now)]
    assert told["count"] == len(counted) == sum(one["count"] for one in told["buckets"]) + told["missing"]
    assert told["complete"] == sum(cell.complete and cell.first_valid_at is not None for cell in counted)
    on_time = next(one["count"] for one in told["buckets"] if one["id"] == "tepat_waktu")
    assert on_time == sum(is_on_time(cell) for cell in counted)
    assert (told["median"] is None) == (told["complete"] == 0)


def test_the_median_is_the_lower_middle():
    assert summary({0: 2, 3: 1, 10: 1, None: 7})["median"] == 0
    assert summary({0: 1, 3: 1, 10: 1})["median"] == 3
