"""Periods: they lie side by side, end in the window, and their keys read back."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.periods import Frequency, PeriodError, is_confirmation, parse_period, periods_between

DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))
RECURRING = [
    Frequency.HARIAN,
    Frequency.MINGGUAN,
    Frequency.BULANAN,
    Frequency.TRIWULANAN,
    Frequency.SEMESTERAN,
    Frequency.TAHUNAN,
    Frequency.DUA_TAHUNAN,
    Frequency.LIMA_TAHUNAN,
]


@given(st.sampled_from(RECURRING), DAYS, st.integers(0, 2500))
def test_periods_of_a_window_end_in_it_and_touch_each_other(frequency, first, length):
    last = first + timedelta(days=length)
    periods = periods_between(frequency, first, last)
    assert all(first <= period.end <= last for period in periods)
    assert all(older.end + timedelta(days=1) == newer.start for older, newer in pairwise(periods))
    assert len({period.key for period in periods}) == len(periods)


@given(st.sampled_from(RECURRING), DAYS)
def test_a_key_reads_back_as_its_period(frequency, first):
    for period in periods_between(frequency, first, first + timedelta(days=2200))[:8]:
        assert parse_period(period.key) == period


@given(st.sampled_from([f for f in RECURRING if "tahunan" not in f.value]), DAYS, st.integers(1, 800))
def test_cutting_a_window_in_two_loses_no_period(frequency, first, length):
    middle, last = first + timedelta(days=length), first + timedelta(days=2 * length)
    cut = periods_between(frequency, first, middle) + periods_between(frequency, middle + timedelta(days=1), last)
    assert cut == periods_between(frequency, first, last)


def test_an_entry_of_half_a_year_owes_six_months():
    keys = [period.key for period in periods_between(Frequency.BULANAN, date(2025, 2, 1), date(2025, 7, 31))]
    assert keys == ["2025-02", "2025-03", "2025-04", "2025-05", "2025-06", "2025-07"]


def test_spans_of_years_are_counted_from_the_first_year():
    assert [p.key for p in periods_between(Frequency.LIMA_TAHUNAN, date(2025, 1, 1), date(2034, 12, 31))] == [
        "2025-2029",
        "2030-2034",
    ]


def test_incidental_is_never_due_and_once_is_one_period():
    window = (date(2020, 1, 1), date(2030, 12, 31))
    assert periods_between(Frequency.INSIDENTAL, *window) == []
    assert [p.key for p in periods_between(Frequency.SEKALI, *window)] == ["2020"]


def test_static_data_are_due_at_once_and_confirmed_for_every_later_year():
    periods = periods_between(Frequency.STATIS, date(2024, 6, 15), date(2027, 3, 1))
    assert [period.key for period in periods] == ["statis", "statis-2025", "statis-2026"]
    assert (periods[0].start, periods[0].end) == (date(2024, 6, 15), date(2024, 6, 15))
    assert [period.end for period in periods[1:]] == [date(2025, 12, 31), date(2026, 12, 31)]
    assert [is_confirmation(period.key) for period in periods] == [False, True, True]
    assert parse_period("statis-2026") == periods[2]


@pytest.mark.parametrize(
    "text",
    ["statis", "statis-26", "", "2025-Q5", "2025-S3", "2025-13", "2025-02-30", "2029-2025", "99", "Q1", "2025-W54"],
)
def test_what_is_no_period_is_refused_with_examples(text):
    with pytest.raises(PeriodError, match="2025-Q3"):
        parse_period(text)


def test_a_year_outside_reason_is_refused():
    with pytest.raises(PeriodError, match="rentang"):
        parse_period("1612")
