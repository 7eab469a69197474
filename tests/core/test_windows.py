"""Windows of months: they shift, they hold their days, and nonsense is refused in a sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.windows import Window, WindowError, month_key, month_of, parse_month, shifted

MONTHS = st.builds(lambda year, month: year * 100 + month, st.integers(1950, 2150), st.integers(1, 12))


@given(MONTHS, st.integers(-500, 500))
def test_shifting_there_and_back_is_nothing(month, by):
    assert shifted(shifted(month, by), -by) == month
    assert 1 <= shifted(month, by) % 100 <= 12


@given(MONTHS, st.integers(0, 60), st.integers(-100, 100))
def test_a_shifted_window_has_the_same_length(first, more, by):
    window = Window(first, shifted(first, more))
    assert window.length == window.shifted(by).length == more + 1 == len(window.months())


@given(MONTHS, st.integers(0, 60))
def test_a_window_holds_the_days_of_its_months_and_no_other(first, more):
    window = Window(first, shifted(first, more))
    assert month_of(window.start) == window.first
    assert month_of(window.end) == window.last
    assert window.start.day == 1
    assert month_of(window.end + timedelta(days=1)) == shifted(window.last, 1)


@given(MONTHS)
def test_a_key_reads_back_as_its_month(month):
    assert parse_month(month_key(month)) == month


def test_a_year_is_a_window():
    assert Window.of_year(2024) == Window(202401, 202412)
    assert Window.of_year(2024).year == 2024
    assert Window(202402, 202501).year is None
    assert Window(202402, 202402).end == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-00", "26-01", "2026-1", "2026-01-01", "²026-01", "x\0"])
def test_what_is_no_month_is_refused_with_an_example(text):
    with pytest.raises(WindowError, match="2026-07"):
        parse_month(text)


def test_a_window_that_runs_backwards_or_for_ever_is_refused():
    with pytest.raises(WindowError, match="terbalik"):
        Window(202602, 202601)
    with pytest.raises(WindowError, match="terlalu panjang"):
        Window(190001, 220012)
    with pytest.raises(WindowError, match="rentang"):
        parse_month("1492-01")
