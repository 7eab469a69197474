"""Changes of terms never reach back; moves to another OPD reach back as far as they say and no further."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.plan_terms import Step, Terms, change_problem, changed, moved, on

TODAY = date(2026, 6, 15)
BEGINS = date(2024, 1, 1)
FIRST = Terms("dinkes", "tahunan", 90, 14, "wajib")

terms = st.builds(
    Terms,
    opd_id=st.just("dinkes"),
    frequency=st.sampled_from(["bulanan", "triwulanan", "tahunan"]),
    deadline_days=st.integers(0, 200),
    grace_days=st.integers(0, 30),
    kelas=st.sampled_from(["wajib", "diharapkan", "opsional"]),
)
#: Changes one after another: the day on which each is made, counted from TODAY, and how far ahead it takes effect.
changes = st.lists(st.tuples(st.integers(0, 200), st.integers(0, 300), terms), max_size=6)
moves = st.lists(st.tuples(st.integers(0, 1200), st.sampled_from(["dinsos", "dishub", "distan"])), max_size=4)


def days(first=BEGINS, count=2200):
    return [first + timedelta(days=number) for number in range(0, count, 7)]


def newest(history):
    return history[-1].terms if history else FIRST


@given(changes)
def test_days_before_a_change_keep_their_terms(made):
    history, standing, today = [], FIRST, TODAY
    for wait, ahead, wanted in made:
        today += timedelta(days=wait)
        since = today + timedelta(days=ahead)
        before = {day: on(history, standing, day) for day in days()}
        if change_problem(history, (BEGINS, None), since, today, "karena"):
            continue
        history = changed(history, BEGINS, standing, wanted, since)
        standing = wanted
        assert all(on(history, standing, day) == terms for day, terms in before.items() if day < since)
        assert all(on(history, standing, day) == wanted for day in days() if day >= since)
        assert [step.since for step in history] == sorted({step.since for step in history})
        assert newest(history) == standing


@given(changes, moves)
def test_a_move_changes_the_opd_from_its_day_on_and_nothing_else(made, moved_by):
    history, standing = [], FIRST
    for _, ahead, wanted in made:
        since = TODAY + timedelta(days=ahead)
        if not change_problem(history, (BEGINS, None), since, TODAY, "karena"):
            history, standing = changed(history, BEGINS, standing, wanted, since), wanted
    for back, opd in moved_by:
        since = TODAY - timedelta(days=back)
        before = {day: on(history, standing, day) for day in days()}
        history = moved(history, BEGINS, standing, opd, since)
        standing = Terms(**{**vars(standing), "opd_id": opd})
        for day, old in before.items():
            new = on(history, standing, day)
            assert new.opd_id == (opd if day >= since or since <= BEGINS else old.opd_id)
            assert {**vars(new), "opd_id": ""} == {**vars(old), "opd_id": ""}


def test_a_change_before_the_entry_ever_held_needs_no_history():
    later = date(2027, 1, 1)
    assert changed([], later, FIRST, Terms("dinkes", "bulanan", 10, 0, "wajib"), TODAY) == []


def test_what_may_not_be_changed_is_said():
    pending = [Step(BEGINS, FIRST), Step(date(2027, 1, 1), FIRST)]
    cases = [
        (([], (BEGINS, None), TODAY - timedelta(days=1), TODAY, "karena"), "effective_from"),
        (([], (BEGINS, None), TODAY, TODAY, "  "), "reason"),
        (([], (BEGINS, TODAY), TODAY + timedelta(days=1), TODAY, "karena"), "effective_from"),
        ((pending, (BEGINS, None), TODAY, TODAY, "karena"), "effective_from"),
    ]
    for arguments, field in cases:
        problem = change_problem(*arguments)
        assert problem is not None
        assert problem.field == field
        assert problem.template.format(**problem.values)
    assert change_problem(pending, (BEGINS, None), date(2027, 1, 1), TODAY, "karena") is None
