"""The calendar of releases holds exactly the deadlines of the periods, whatever the window it is asked for."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.deadlines import deadline
from ckanext.satudataserang.core.periods import Frequency, periods_between
from ckanext.satudataserang.core.releases import Span, next_releases, releases

HOLIDAYS = frozenset({date(2026, 1, 1), date(2026, 3, 20), date(2026, 3, 23), date(2026, 12, 25)})


def span(frequency, days=15, dari=date(2024, 1, 1), sampai=None, anchor=None, entry="a"):
    return Span(entry, "opd", Frequency(frequency), days, dari, sampai, anchor or dari)


def test_a_quarter_is_due_after_its_days_on_a_working_day():
    found = releases([span("triwulanan")], date(2026, 1, 1), date(2026, 12, 31), HOLIDAYS)
    assert [(one.period.key, one.day.isoformat()) for one in found] == [
        ("2025-Q4", "2026-01-15"),
        ("2026-Q1", "2026-04-15"),
        ("2026-Q2", "2026-07-15"),
        ("2026-Q3", "2026-10-15"),
    ]


def test_what_is_never_due_by_itself_is_in_no_calendar():
    assert releases([span("insidental")], date(2020, 1, 1), date(2030, 1, 1)) == []
    assert next_releases([span("insidental")], date(2026, 1, 1)) == {}


def test_a_period_lives_under_the_terms_of_its_last_day():
    old = span("tahunan", days=90, sampai=date(2025, 6, 30))
    new = span("bulanan", days=10, dari=date(2025, 7, 1))
    found = releases([old, new], date(2024, 1, 1), date(2025, 9, 30))
    assert [one.period.key for one in found] == ["2024", "2025-07", "2025-08"]


def test_periods_of_many_years_are_counted_from_the_anchor():
    found = releases(
        [span("dua_tahunan", dari=date(2025, 3, 1), anchor=date(2024, 1, 1))], date(2024, 1, 1), date(2029, 12, 31)
    )
    assert [one.period.key for one in found] == ["2024-2025", "2026-2027"]


@settings(max_examples=300, deadline=None)
@given(
    frequency=st.sampled_from(list(Frequency)),
    days=st.integers(0, 400),
    dari=st.dates(date(2015, 1, 1), date(2027, 12, 31)),
    length=st.none() | st.integers(0, 2000),
    first=st.dates(date(2015, 1, 1), date(2028, 12, 31)),
    window=st.integers(0, 500),
)
def test_a_window_holds_every_deadline_that_falls_into_it(frequency, days, dari, length, first, window):
    sampai = None if length is None else dari + timedelta(days=length)
    last = first + timedelta(days=window)
    one = Span("a", "opd", frequency, days, dari, sampai, dari)
    found = releases([one], first, last, HOLIDAYS)
    periods = periods_between(frequency, dari, min(sampai or date(2032, 12, 31), date(2032, 12, 31)))
    due = {period.key: deadline(period.end, days, 0, HOLIDAYS).due.date() for period in periods}
    assert {release.period.key: release.day for release in found} == {
        key: day for key, day in due.items() if first <= day <= last
    }
    ahead = [day for day in due.values() if day >= first]
    following = next_releases([one], first, HOLIDAYS)
    if ahead and min(ahead) <= date(2031, 1, 1):
        assert following["a"].day == min(ahead)
