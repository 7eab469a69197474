"""Mends: what is promised for a mend is exactly what the measures say once it is done."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.cells import CellFacts, is_counted, is_on_time
from ckanext.satudataserang.core.measures import MEASURES, EntryFacts, index, measure
from ckanext.satudataserang.core.mends import Facts, Kind, Loss, Owed, apply, gaps, losses, preview, valued
from ckanext.satudataserang.core.metadata import Rule

START = datetime(2025, 1, 1, tzinfo=timezone.utc)
NOW = START + timedelta(days=400)
MOMENTS = st.integers(0, 900).map(lambda days: START + timedelta(days=days))
WEIGHTS = {name: 7 + 5 * number for number, name in enumerate(MEASURES)}


@st.composite
def cells(draw):
    """Facts that can occur, pending and returned ones among them."""
    deadline = draw(MOMENTS)
    expected = draw(st.integers(1, 60))
    grace = timedelta(days=draw(st.sampled_from([0, 14])))
    facts = CellFacts(deadline, deadline + grace, expected, exempt=draw(st.integers(0, 9)) == 0)
    if draw(st.booleans()):
        return facts
    came = draw(MOMENTS)
    nil = draw(st.integers(0, 5)) == 0
    valid = nil or draw(st.booleans())
    filled = draw(st.integers(0, expected)) if valid and not nil else 0
    comparable = draw(st.integers(0, 9)) if valid and not nil else 0
    newest = draw(st.sampled_from(["terbit", "menunggu", "dikembalikan"]))
    return replace(
        facts,
        delivered=True,
        valid=valid,
        nil=nil,
        expected_values=0 if nil else expected,
        filled_values=filled,
        complete=nil or filled == expected,
        pending=newest == "menunggu",
        returned=newest == "dikembalikan",
        first_delivered_at=came,
        first_valid_at=came + timedelta(days=draw(st.integers(0, 90))) if valid else None,
        comparable=comparable,
        consistent=draw(st.integers(0, comparable)),
    )


@st.composite
def owed(draw):
    """An entry whose gaps are just the points it lacks, or one without a published dataset."""
    if draw(st.booleans()):
        return Owed(EntryFacts(False, 0, 100), draft_points=draw(st.integers(0, 100)))
    parts = draw(st.lists(st.integers(1, 30), max_size=4))
    missing = {f"bidang{number}": points for number, points in enumerate(parts) if sum(parts) <= 100}
    return Owed(EntryFacts(True, 100 - sum(missing.values()), 100), missing)


@st.composite
def offices(draw):
    entries = draw(st.lists(owed(), min_size=0, max_size=4))
    found = {}
    for number in range(len(entries)):
        for period in range(draw(st.integers(0, 4))):
            found[f"e{number}", f"2025-{period + 1:02}"] = draw(cells())
    return Facts({f"e{number}": one for number, one in enumerate(entries)}, found)


@settings(max_examples=120)
@given(offices(), MOMENTS)
def test_what_is_promised_for_one_mend_is_the_index_after_it(facts, now):
    before = index(facts.measures(now), WEIGHTS)
    for one in valued(facts, WEIGHTS, now):
        done = apply(facts, [one.loss], now)
        # Counted from nothing by the reference, over the facts as they are then.
        after = index(measure([o.facts for o in done.entries.values()], done.cells.values(), now), WEIGHTS)
        assert one.index == pytest.approx(after, abs=1e-9)
        assert one.gain == pytest.approx(after - before, abs=1e-9)


@settings(max_examples=120)
@given(offices(), MOMENTS)
def test_what_is_promised_for_three_together_is_the_index_after_them(facts, now):
    ranked = valued(facts, WEIGHTS, now)
    best = preview(facts, ranked, WEIGHTS, now)
    done = apply(facts, [one.loss for one in best.mends], now)
    assert best.after == index(measure([o.facts for o in done.entries.values()], done.cells.values(), now), WEIGHTS)
    assert best.before == index(facts.measures(now), WEIGHTS)
    assert len(best.mends) <= 3
    doable = [one for one in ranked if one.loss.doable]
    if best.mends:
        assert best.mends[0].gain == pytest.approx(max(one.gain for one in doable))
        assert best.after > best.before


@settings(max_examples=120)
@given(offices(), MOMENTS)
def test_no_mend_takes_points_away_and_all_together_leave_nothing_to_do(facts, now):
    ranked = valued(facts, WEIGHTS, now)
    assert all(one.gain >= -1e-9 for one in ranked if one.loss.kind is not Kind.TUNGGU)
    gains = [round(one.gain, 9) for one in ranked]
    assert gains == sorted(gains, reverse=True)
    done = facts
    for _ in range(2):  # a dataset that was just published may still be described better
        done = apply(done, [loss for loss in losses(done, now) if loss.kind is not Kind.TERLAMBAT], now)
    left = losses(done, now)
    assert all(loss.kind is Kind.TERLAMBAT for loss in left)
    ratios = done.measures(now)
    assert ratios["kelengkapan"].numerator == ratios["kelengkapan"].denominator
    assert ratios["validitas"].numerator == ratios["validitas"].denominator
    assert ratios["ketersediaan"].numerator == ratios["ketersediaan"].denominator


@settings(max_examples=120)
@given(offices(), MOMENTS)
def test_every_counted_cell_that_is_not_whole_and_in_time_is_a_loss_with_one_reason(facts, now):
    found = [loss for loss in losses(facts, now) if loss.period]
    keys = [(loss.entry_id, loss.period) for loss in found]
    assert len(keys) == len(set(keys))
    for key, cell in facts.cells.items():
        faultless = (
            cell.complete
            and cell.valid
            and is_on_time(cell)
            and not cell.returned
            and cell.consistent == cell.comparable
        )
        assert (key in keys) == (is_counted(cell, now) and not faultless)


def test_each_kind_of_loss_has_its_name():
    due = START + timedelta(days=100)
    cell = CellFacts(due, due, 10)
    came = due - timedelta(days=1)
    here = replace(cell, delivered=True, valid=True, first_delivered_at=came, first_valid_at=came)
    facts = Facts(
        {
            "a": Owed(EntryFacts(True, 60, 100), {"konsep": 45}),
            "b": Owed(EntryFacts(False, 0, 100)),
        },
        {
            ("a", "1"): cell,
            ("a", "2"): replace(here, valid=False, first_valid_at=None),
            ("a", "3"): replace(here, filled_values=4),
            ("a", "4"): replace(here, filled_values=4, pending=True),
            ("a", "5"): replace(here, returned=True),
            ("a", "6"): replace(here, filled_values=10, complete=True, first_valid_at=due + timedelta(days=9)),
            ("a", "7"): replace(here, filled_values=10, complete=True),
            ("a", "8"): replace(cell, deadline=NOW + timedelta(days=30), deadline_grace=NOW + timedelta(days=30)),
            ("a", "9"): replace(cell, exempt=True),
            ("b", "1"): replace(here, filled_values=10, complete=True, comparable=3, consistent=2),
        },
    )
    assert losses(facts, NOW) == [
        Loss(Kind.KIRIM, "a", "1"),
        Loss(Kind.PERBAIKI, "a", "2"),
        Loss(Kind.LENGKAPI, "a", "3"),
        Loss(Kind.TUNGGU, "a", "4"),
        Loss(Kind.PERBAIKI, "a", "5"),
        Loss(Kind.TERLAMBAT, "a", "6"),
        Loss(Kind.SAMAKAN, "b", "1"),
        Loss(Kind.TERANGKAN, "a", field="konsep"),
        Loss(Kind.TERBITKAN, "b"),
    ]
    best = preview(facts, valued(facts, WEIGHTS, NOW), WEIGHTS, NOW)
    assert {one.loss.kind for one in best.mends}.isdisjoint({Kind.TUNGGU, Kind.TERLAMBAT})


def test_values_filled_in_a_delivery_that_came_in_time_are_in_time():
    due = START + timedelta(days=100)
    half = CellFacts(
        due, due, 10, filled_values=4, delivered=True, valid=True,
        first_delivered_at=due - timedelta(days=1), first_valid_at=due - timedelta(days=1),
    )  # fmt: skip
    facts = Facts({"a": Owed(EntryFacts(True, 100, 100))}, {("a", "1"): half})
    done = apply(facts, losses(facts, NOW), NOW)
    assert is_on_time(done.cells["a", "1"])


def test_points_of_a_field_are_those_of_all_its_rules():
    table = (
        Rule("judul", "title", 20, "min_length", "Judul", argument=10),
        Rule("lisensi", "license_id", 20, "pattern", "Lisensi", argument="x"),
        Rule("hak", "license_id", 5, "pattern", "Hak", argument="x"),
        Rule("unduh", "file_url", 20, "present", "Unduh"),
        Rule("wajib", "title", 30, "all_present", "Wajib", argument=["title", "notes", "file_url"]),
    )
    assert gaps(("lisensi", "hak"), table) == {"license_id": 25}
    assert gaps(("unduh", "wajib"), table) == {"file_url": 50}
    assert gaps(("judul", "unduh", "wajib"), table) == {"title": 20, "file_url": 20}
    assert gaps((), table) == {}


def test_an_office_of_three_thousand_entries_is_quick():
    due = START + timedelta(days=100)
    entries = {
        f"e{n}": Owed(EntryFacts(n % 3 > 0, 500 * (n % 3 > 0), 810), {"konsep": 45, "definisi": 45, "satuan": 40})
        for n in range(3000)
    }
    months = {
        (f"e{n}", f"2025-{month:02}"): CellFacts(due, due, 1 + n % 7, delivered=(n + month) % 2 == 0)
        for n in range(3000)
        for month in range(1, 13)
    }
    facts = Facts(entries, months)
    begun = time.perf_counter()
    best = preview(facts, valued(facts, WEIGHTS, NOW), WEIGHTS, NOW)
    assert len(best.mends) == 3
    assert time.perf_counter() - begun < 5
