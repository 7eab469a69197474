"""What changed between two states of a table."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.diffs import compare

OLD = [{"kode": "1", "nilai": "10"}, {"kode": "2", "nilai": "0"}, {"kode": "3", "nilai": "5"}]

rows = st.dictionaries(st.sampled_from("abcdef"), st.integers(-9, 9), max_size=6).map(
    lambda found: [{"kode": kode, "nilai": str(value)} for kode, value in found.items()]
)


def test_changes_jumps_and_rows_that_came_or_went():
    new = [{"kode": "1", "nilai": "16"}, {"kode": "2", "nilai": "3"}, {"kode": "4", "nilai": "5"}]
    found = compare(OLD, new, ["kode"])
    assert [(row.key, [(c.column, c.old, c.new, c.percent, c.jump) for c in row.changes]) for row in found.changed] == [
        ({"kode": "1"}, [("nilai", "10", "16", 60.0, True)]),
        ({"kode": "2"}, [("nilai", "0", "3", None, True)]),
    ]
    assert (found.added, found.removed, found.unchanged, found.jumps) == ([new[2]], [OLD[2]], 0, 2)
    assert compare(OLD, new, ["kode"], jump_percent=60).jumps == 1


def test_numbers_are_equal_however_they_are_written():
    assert compare([{"k": "a", "n": "1.50"}], [{"k": "a", "n": "1.5"}], ["k"]).unchanged == 1
    assert compare([{"k": "a", "n": None}], [{"k": "a", "n": ""}], ["k"]).unchanged == 1
    changed = compare([{"k": "a", "n": "1"}], [{"k": "a", "n": "nan"}], ["k"]).changed
    assert (changed[0].changes[0].percent, changed[0].changes[0].jump) == (None, False)


@pytest.mark.parametrize("far", ["1e9999999", "-1e400", "1e-9999999", "1e999999999999999999", "sNaN", "9" * 400])
def test_a_number_beyond_reckoning_is_a_text(far):
    for old, new in (("5", far), (far, "5"), (far, "-" + far)):
        (row,) = compare([{"k": "a", "n": old}], [{"k": "a", "n": new}], ["k"]).changed
        assert (row.changes[0].percent, row.changes[0].jump) == (None, False)


def test_a_share_beyond_telling_is_a_jump_without_one():
    (row,) = compare([{"k": "a", "n": "0.01"}], [{"k": "a", "n": "9" * 20}], ["k"]).changed
    assert (row.changes[0].percent, row.changes[0].jump) == (None, True)


def test_rows_that_cannot_be_told_apart_are_compared_whole():
    old = [{"k": "a", "n": "1"}, {"k": "a", "n": "1"}, {"k": "a", "n": "2"}]
    found = compare(old, [{"k": "a", "n": "1"}, {"k": "a", "n": "3"}], ["k"])
    assert not found.matched
    assert (found.unchanged, found.added, found.removed, found.changed) == (
        1,
        [{"k": "a", "n": "3"}],
        [{"k": "a", "n": "1"}, {"k": "a", "n": "2"}],
        [],
    )


@given(rows, rows)
def test_every_row_is_counted_once(old, new):
    found = compare(old, new, ["kode"])
    assert len(found.added) + len(found.changed) + found.unchanged == len(new)
    assert len(found.removed) + len(found.changed) + found.unchanged == len(old)
    back = compare(new, old, ["kode"])
    assert (len(back.added), len(back.removed), len(back.changed)) == (
        len(found.removed),
        len(found.added),
        len(found.changed),
    )
    assert compare(old, old, ["kode"]).unchanged == len(old)
