"""Measures: what no delivery, good or bad, may ever do to a figure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ckanext.satudataserang.core.cells import (
    COMPLETE,
    NOT_COUNTED,
    CellFacts,
    State,
    counts_from,
    is_counted,
    is_on_time,
    state,
)
from ckanext.satudataserang.core.measures import Band, EntryFacts, Ratio, band, index, measure

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
MOMENTS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
WEIGHTS = {
    "ketersediaan": 15,
    "kelengkapan": 25,
    "ketepatan_waktu": 20,
    "kelengkapan_isian": 10,
    "kelengkapan_metadata": 10,
    "validitas": 10,
    "konsistensi": 10,
}
BANDS = (Band("perlu diperbaiki", 60), Band("cukup", 81), Band("baik", 90), Band("sangat baik", float("inf")))


@st.composite
def cells(draw):
    """Facts that can occur: what is complete is delivered and filled, what is invalid fills nothing."""
    deadline = draw(MOMENTS)
    expected = draw(st.integers(1, 60))
    facts = CellFacts(deadline, deadline + timedelta(days=14), expected, exempt=draw(st.booleans()))
    if not draw(st.booleans()):
        return facts
    came = draw(MOMENTS)
    nil = draw(st.booleans())
    valid = nil or draw(st.booleans())
    filled = draw(st.integers(0, expected)) if valid and not nil else 0
    comparable = draw(st.integers(0, 9))
    return replace(
        facts,
        expected_values=0 if nil else expected,
        filled_values=filled,
        delivered=True,
        valid=valid,
        nil=nil,
        complete=nil or (valid and filled >= expected),
        pending=draw(st.booleans()),
        returned=draw(st.booleans()),
        first_delivered_at=came,
        first_valid_at=came if valid else None,
        comparable=comparable,
        consistent=draw(st.integers(0, comparable)),
    )


ENTRIES = st.builds(
    lambda published, points, possible: EntryFacts(published, min(points, possible) * published, possible),
    st.booleans(),
    st.integers(0, 810),
    st.integers(0, 810),
)
CITIES = st.tuples(st.lists(ENTRIES, max_size=6), st.lists(cells(), max_size=8), MOMENTS)


@given(CITIES)
def test_no_rate_leaves_0_to_1_and_nothing_due_is_no_obligation(city):
    for ratio in measure(*city).values():
        assert (ratio.rate is None) == (ratio.denominator == 0)
        assert ratio.rate is None or 0 <= ratio.rate <= 1


@given(CITIES)
def test_the_parts_add_up_to_the_whole(city):
    entries, some, now = city
    whole = measure(entries, some, now)
    for cut in range(len(some) + 1):
        left, right = measure(entries, some[:cut], now), measure([], some[cut:], now)
        assert {name: left[name] + right[name] for name in whole} == whole


@given(CITIES)
def test_the_states_add_up_to_the_obligations(city):
    entries, some, now = city
    counted = [cell for cell in some if state(cell, now) not in NOT_COUNTED]
    whole = measure(entries, some, now)["kelengkapan"]
    assert len(counted) == whole.denominator
    assert sum(state(cell, now) in COMPLETE for cell in counted) == whole.numerator


@given(CITIES)
def test_on_time_is_part_of_what_is_complete(city):
    entries, some, now = city
    measured = measure(entries, some, now)
    complete, on_time = measured["kelengkapan"], measured["ketepatan_waktu"]
    assert on_time.denominator == complete.denominator
    assert on_time.numerator <= complete.numerator
    states = [state(cell, now) for cell in some if is_on_time(cell)]
    assert on_time.numerator == sum(one in (State.TEPAT_WAKTU, State.NIHIL) for one in states)


@given(CITIES, st.data())
def test_an_invalid_delivery_never_raises_a_figure(city, data):
    """Not for a cell that had nothing, nor for one that was delivered, nor before its deadline."""
    entries, some, now = city
    if not some:
        return
    place = data.draw(st.integers(0, len(some) - 1))
    before = measure(entries, some, now)
    old = some[place]
    assume(old.first_delivered_at is None or old.first_delivered_at <= now)
    worse = replace(old, delivered=True, valid=False, first_delivered_at=old.first_delivered_at or now)
    after = measure(entries, [*some[:place], worse, *some[place + 1 :]], now)
    for name, ratio in before.items():
        assert (after[name].rate or 0) <= (ratio.rate or 0)
    assert (index(after, WEIGHTS) or 0) <= (index(before, WEIGHTS) or 0) + 1e-9


@given(cells(), MOMENTS, MOMENTS)
def test_a_cell_once_counted_stays_counted(cell, one, other):
    early, late = sorted((one, other))
    assert not is_counted(cell, early) or is_counted(cell, late)
    assert cell.exempt or is_counted(cell, counts_from(cell))


def test_a_ratio_above_one_cannot_be_made():
    with pytest.raises(ValueError, match="2/1"):
        Ratio(2, 1)


def test_the_index_is_the_weighted_mean_of_what_is_defined():
    ratios = {name: Ratio(1, 1) for name in WEIGHTS}
    assert index(ratios, WEIGHTS) == 100
    assert index({name: Ratio() for name in WEIGHTS}, WEIGHTS) is None
    half = {**ratios, "kelengkapan": Ratio(1, 2), "validitas": Ratio()}
    assert index(half, WEIGHTS) == pytest.approx(100 * (15 + 12.5 + 20 + 10 + 10 + 10) / 90)


@pytest.mark.parametrize(
    ("value", "word"),
    [
        (None, None),
        (0, "perlu diperbaiki"),
        (59.99, "perlu diperbaiki"),
        (60, "cukup"),
        (80.99, "cukup"),
        (81, "baik"),
        (90, "sangat baik"),
        (100, "sangat baik"),
    ],
)
def test_bands_by_their_bounds(value, word):
    found = band(value, BANDS)
    assert (found.id if found else None) == word
