"""Patterns that an editor writes: what is ordinary passes, what would take long is refused, and nothing breaks."""

from __future__ import annotations

import time

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.structures import sound
from ckanext.satudataserang.core.structures.costs import MOST_BOUNDED, MOST_UNBOUNDED, cost
from ckanext.satudataserang.core.structures.parse import structure
from ckanext.satudataserang.core.structures.problems import StructureError

ORDINARY = [
    "[0-9]{16}",
    r"\d{2}\.\d{2}\.\d{2}(\.\d{4})?",
    "[a-z0-9]+(?:-[a-z0-9]+)*",
    r"[1-9](?:\.[0-9]{1,2})*",
    "(?:[A-Z]{1,3} [0-9]{1,4} [A-Z]{1,3})",
    ".{1,255}",
    "(?i)rw? ?[0-9]{1,3}(/[0-9]{1,3})?",
    r"https?://[^ ]+",
    r"[^\]]{1,20}|[[:alpha:]]{3}",
    r"\p{L}+( \p{L}+)*",
    r"\x{41}{3}\pL{2,}",
    "TW[1-4]-20[0-9]{2}|S[12]-20[0-9]{2}",
    "a{b}c",
]
#: Exponential or polynomial for engines that go back, or long for one that does not.
COSTLY = [
    "(a+)+",
    "(a*)*b",
    "([a-zA-Z]+)*",
    "(?:(?:a+)+)+b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(a|b*)+c",
    "((ab)*|c)*",
    "(x+x+)+y",
    "(.*a){2,}",
    r"^([a-zA-Z0-9])(([\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+[.]{1}(([a-z]{2,3})|([a-z]{2,3}[.]{1}[a-z]{2,3}))$",
    "[ab]*a[ab]{100}",
    ".*a.{900}",
    "(?:(?:a?){30}){30}",
    "(((a{10}){10}){6})",
    "(.{0,50},){20}",
]


@pytest.mark.parametrize("pattern", ORDINARY)
def test_ordinary_patterns_pass(pattern):
    assert sound.pattern_fault(pattern) == ""
    found = cost(pattern)
    assert (found.nested, found.is_high) == (False, False)


@pytest.mark.parametrize("pattern", COSTLY)
def test_costly_patterns_are_refused(pattern):
    found = cost(pattern)
    assert found.nested or found.is_high
    with pytest.raises(StructureError) as caught:
        structure(_with(pattern))
    ((path, sentence),) = caught.value.messages
    assert path == "columns[0].pattern"
    assert "sudah berulang" in sentence or "terlalu berat" in sentence


def test_what_passes_is_quick_on_texts_made_to_be_slow():
    """The worst that may be written, over a hundred thousand signs in which it never knows where it is."""
    worst = f"[ab]*a[ab]{{{MOST_UNBOUNDED - 2}}}"
    assert not cost(worst).is_high
    assert cost(f"[ab]*a[ab]{{{MOST_UNBOUNDED}}}").is_high
    with duckdb.connect(":memory:", config={"threads": 1}) as database:
        database.execute("SELECT setseed(0.5)")
        database.execute(
            "CREATE TABLE t AS SELECT string_agg(CASE WHEN random() < .5 THEN 'a' ELSE 'b' END, '') AS x "
            "FROM range(100000) r(n) GROUP BY n // 1000"
        )
        for pattern in (worst, *ORDINARY, f"[ab]{{0,{MOST_BOUNDED - 1}}}a"):
            began = time.process_time()
            database.execute("SELECT count(*) FILTER (WHERE regexp_full_match(x, ?)) FROM t", [pattern]).fetchall()
            # Measured: 0.3 s for the worst, a hundredth of it for the others.
            assert time.process_time() - began < 3


def test_only_so_many_columns_have_patterns():
    data = _with("[0-9]{2}")
    data["columns"] = [{"id": f"k{n}", "label": f"Kolom {n}", "pattern": "[0-9]+"} for n in range(41)]
    with pytest.raises(StructureError, match="paling banyak 40"):
        structure(data)


@given(st.text("ab0\\[](){}|*+?.^$,:-<>PpxQ1359", max_size=60) | st.text(max_size=30))
def test_whatever_is_written_has_a_cost(pattern):
    assert cost(pattern).steps >= 0


@pytest.mark.parametrize(
    "pattern", ["(" * 200, "(?:" * 66, "[" * 200, "\\", "a{", "a{1", "(?P<", "[[:alpha", "x)" * 100]
)
def test_pieces_of_patterns_end(pattern):
    assert cost(pattern).steps >= 0


def _with(pattern):
    return {
        "kode": "uji",
        "nama": "Uji",
        "columns": [{"id": "x", "label": "X", "pattern": pattern}],
    }
