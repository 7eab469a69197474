"""States of plan entries, changes of their validity, and codes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.plan import (
    NEXT,
    STATES,
    WAYS_OUT,
    goes_forward,
    kode_problem,
    next_kodes,
    transition_problem,
    validity_problem,
)

TODAY = date(2026, 6, 15)
days = st.dates(date(2020, 1, 1), date(2032, 12, 31))


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("to", [*STATES, *WAYS_OUT])
def test_only_the_steps_of_the_table_are_allowed(state, to):
    problem = transition_problem(state, to, "karena")
    assert (problem is None) == (to in NEXT[state])
    if problem:
        assert problem.field == "to"
        assert problem.template.format(**problem.values)


@pytest.mark.parametrize("to", WAYS_OUT)
@pytest.mark.parametrize("note", ["", "  \n"])
def test_a_proposal_is_not_taken_out_without_a_word(to, note):
    problem = transition_problem("usulan", to, note)
    assert problem is not None
    assert problem.field == "note"


def test_an_unknown_state_is_named():
    problem = transition_problem("usulan", "dihapus", "x")
    assert problem is not None
    assert "“dihapus”" in problem.template.format(**problem.values)


def test_a_list_takes_entries_forward_only():
    assert [goes_forward("disepakati", to) for to in STATES] == [False, True, True, True]


def in_force(day, validity):
    first, last = validity
    return first <= day and (last is None or day <= last)


@given(days, st.none() | days, days, st.none() | days)
def test_no_day_before_today_enters_or_leaves_the_validity_of_an_entry_in_force(first, last, new_first, new_last):
    old, new = (first, last), (new_first, new_last)
    if validity_problem(old, old, TODAY, binding=False) or validity_problem(old, new, TODAY, binding=True):
        return
    assert new_last is None or new_first <= new_last
    for back in range(1, 2400):
        day = TODAY - timedelta(days=back)
        assert in_force(day, old) == in_force(day, new)


@given(days, st.none() | days, st.integers(0, 400), st.none() | st.integers(0, 400))
def test_what_lies_ahead_can_be_changed(first, last, start, length):
    """From today on anything goes, and an entry that is not in force takes any validity that makes sense."""
    old = (first, max(last, first) if last else None)
    new_last = None if length is None else TODAY + timedelta(days=start + length)
    assert validity_problem(old, (TODAY + timedelta(days=start), new_last), TODAY, binding=False) is None
    if old[1] is None or old[1] >= TODAY:
        kept = (first, None if new_last is None else max(new_last, first))
        assert validity_problem(old, kept, TODAY, binding=True) is None


@pytest.mark.parametrize("kode", ["A-1", "2.12.dukcapil.003", "CONTOH-01", "a", "x_y"])
def test_codes_that_an_address_can_hold(kode):
    assert kode_problem(kode) is None


@pytest.mark.parametrize("kode", ["", "a/b", "../x", "a b", "a\x00", "ä", "-a", "a-", ".", "impor", "Usul", "x" * 101])
def test_other_codes_are_refused(kode):
    problem = kode_problem(kode)
    assert problem is not None
    assert problem.template.format(**problem.values)


def test_the_next_code_follows_the_highest_of_its_own():
    taken = {
        "2.12.disdukcapil.001",
        "2.12.disdukcapil.007",
        "2.12.disdukcapil.x",
        "1.02.disdukcapil.040",
        "2.12.dis.099",
    }
    assert next_kodes("2.12", "disdukcapil", taken, 2) == ["2.12.disdukcapil.008", "2.12.disdukcapil.009"]
    assert next_kodes("2.12", "dinkes", taken) == ["2.12.dinkes.001"]


@given(st.sets(st.integers(1, 3000)), st.integers(1, 50))
def test_proposed_codes_are_new_and_well_formed(numbers, count):
    taken = {f"1.02.dinkes.{number:03d}" for number in numbers}
    found = next_kodes("1.02", "dinkes", taken, count)
    assert len({*found} - taken) == count
    assert all(kode_problem(kode) is None for kode in found)
