"""States of a cell around midnight in Jakarta, with nothing but the clock moving."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given

from ckanext.satudataserang.core.cells import (
    COMPLETE,
    NOT_COUNTED,
    SOON,
    CellFacts,
    State,
    counts_from,
    is_counted,
    is_on_time,
    state,
)
from ckanext.satudataserang.core.deadlines import WIB, deadline, extended

from tests.core.test_measures import MOMENTS, cells

MIDNIGHT = datetime(2026, 12, 1, tzinfo=WIB)
#: Due at the end of 30 November 2026, a Monday; the last second before midnight in Jakarta.
DUE = deadline(date(2026, 10, 31), 30, 14)
EMPTY = CellFacts(DUE.due, DUE.grace, expected_values=6)


def test_the_deadline_is_the_second_before_midnight_in_jakarta():
    assert DUE.due == MIDNIGHT - timedelta(seconds=1)
    assert DUE.due.astimezone(timezone.utc).hour == 16


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (MIDNIGHT - SOON - timedelta(seconds=2), State.BELUM),
        (MIDNIGHT - SOON - timedelta(seconds=1), State.SEGERA),
        (MIDNIGHT - timedelta(seconds=1), State.SEGERA),
        (MIDNIGHT, State.TERLEWAT),
        (datetime(2026, 11, 30, 16, 59, 59, tzinfo=timezone.utc), State.SEGERA),
        (datetime(2026, 11, 30, 17, 0, 0, tzinfo=timezone.utc), State.TERLEWAT),
    ],
)
def test_a_cell_is_missed_from_midnight_in_jakarta_on(moment, expected):
    assert state(EMPTY, moment) is expected
    assert is_counted(EMPTY, moment) == (expected is State.TERLEWAT)


@pytest.mark.parametrize(("late", "expected"), [(0, State.TEPAT_WAKTU), (1, State.TERLAMBAT)])
def test_on_time_ends_with_the_last_second_of_the_grace(late, expected):
    came = DUE.grace + timedelta(seconds=late)
    whole = replace(
        EMPTY,
        filled_values=6,
        delivered=True,
        valid=True,
        complete=True,
        first_delivered_at=came,
        first_valid_at=came,
    )
    assert state(whole, came) is expected
    assert is_on_time(whole) == (late == 0)
    assert is_on_time(replace(whole, nil=True, expected_values=0, filled_values=0)) == (late == 0)
    assert state(replace(whole, nil=True), came) is State.NIHIL


def test_more_time_moves_deadline_and_grace_and_never_takes_time_away():
    assert extended(DUE, date(2026, 11, 1), 14) == DUE
    more = extended(DUE, date(2026, 12, 20), 14)
    assert more.due == datetime(2026, 12, 20, 23, 59, 59, tzinfo=WIB)
    assert more.grace - more.due == timedelta(days=14)


def test_a_standing_publication_stays_complete_while_a_correction_waits_or_fails():
    came = DUE.due - timedelta(days=3)
    standing = replace(
        EMPTY,
        filled_values=6,
        delivered=True,
        valid=True,
        complete=True,
        first_delivered_at=came,
        first_valid_at=came,
    )
    for correction in ({"pending": True}, {"returned": True}, {"valid": False}):
        assert state(replace(standing, **correction), DUE.grace) is State.TEPAT_WAKTU


@given(cells(), MOMENTS)
def test_states_agree_with_what_is_counted(cell, now):
    found = state(cell, now)
    assert (found in NOT_COUNTED) == (not is_counted(cell, now))
    assert (found in COMPLETE) == (cell.complete and is_counted(cell, now))


@given(cells())
def test_only_two_moments_change_a_state(cell):
    """It becomes due soon, and it starts to count; nothing else about a state depends on the clock."""
    moments = sorted({cell.deadline - SOON, counts_from(cell)})
    step = timedelta(seconds=1)
    for earlier, later in zip([moments[0] - 10 * step, *moments], [*moments, moments[-1] + 10 * step], strict=True):
        assert state(cell, earlier) is state(cell, later - step) or earlier > later - step
