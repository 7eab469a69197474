"""When two figures are the same, when they differ, and when nothing can be said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.consistency.compare import Figure, compare
from ckanext.satudataserang.core.consistency.convert import conversion
from ckanext.satudataserang.core.consistency.model import Rule, Side
from ckanext.satudataserang.core.units import Unit, UnitTable

UNITS = UnitTable(
    [
        Unit("orang", "cacah orang", "orang", 1, aliases=("jiwa",)),
        Unit("ribu orang", "cacah orang", "orang", 1000),
        Unit("keluarga", "cacah keluarga", "keluarga", 1),
        Unit("meter persegi", "luas", "meter persegi", 1),
        Unit("hektare", "luas", "meter persegi", 10000),
        Unit("persen", "nisbah", "nisbah", 0.01),
        Unit("nisbah", "nisbah", "nisbah", 1),
    ]
)
SAME = Rule("sama", "Sama", "sama", Side(variable="x"), Side(variable="x"))
AT_MOST = replace(SAME, kind="paling_banyak")
NEAR = replace(SAME, relative=Decimal("0.01"))
OFF_BY_FIVE = replace(SAME, absolute=Decimal(5))
MID, END = date(2025, 6, 30), date(2025, 12, 31)


def figure(value, decimals=0, rows=1, **facts):
    told = {"rows": rows, "filled": rows, "parts": rows, "expected": rows, "first": END, "last": END, **facts}
    return Figure(None if value is None else Decimal(value), decimals=decimals, **told)


@pytest.mark.parametrize(
    ("rule", "units", "left", "right", "state", "reason"),
    [
        (SAME, ("orang", "jiwa"), figure(10), figure(10), "sama", ""),
        (SAME, ("orang", "orang"), figure(10), figure(11), "beda", ""),
        (SAME, ("orang", "orang"), None, figure(11), "tak_terbanding", "tanpa-kiri"),
        (SAME, ("orang", "orang"), figure(11), None, "tak_terbanding", "tanpa-kanan"),
        (SAME, ("orang", "orang"), figure(None, filled=0), figure(1), "tak_terbanding", "nilai-kosong"),
        (SAME, ("orang", "orang"), figure(5, rows=6, filled=5), figure(9), "tak_terbanding", "nilai-kosong"),
        (SAME, ("orang", "orang"), figure(5, rows=2, parts=1), figure(5), "tak_terbanding", "baris-ganda"),
        (SAME, ("orang", "orang"), figure(5, rows=5, expected=6), figure(9), "tak_terbanding", "bagian-kurang"),
        (SAME, ("orang", "orang"), figure(5, expected=None), figure(9), "tak_terbanding", "bagian-tidak-jelas"),
        (SAME, ("orang", "orang"), figure(5, first=MID, last=MID), figure(9), "tak_terbanding", "tanggal-beda"),
        # Nothing is not none: an empty value says nothing, a zero does.
        (SAME, ("orang", "orang"), figure(0), figure(None, filled=0), "tak_terbanding", "nilai-kosong"),
        (SAME, ("orang", "orang"), figure(0), figure(5), "beda", ""),
        (SAME, ("orang", "orang"), figure(0), figure(0), "sama", ""),
        (SAME, ("orang", "orang"), figure(5, first=MID, last=MID), figure(9, first=MID, last=MID), "beda", ""),
        (SAME, ("orang", "keluarga"), figure(5), figure(9), "tak_terbanding", "satuan-beda"),
        (SAME, ("orang", ""), figure(5), figure(9), "tak_terbanding", "satuan-tidak-jelas"),
        (SAME, ("", ""), figure(5), figure(9), "beda", ""),
        # Another unit is converted, and what was rounded on the way is no difference.
        (SAME, ("ribu orang", "orang"), figure("756.4", 1), figure(756449), "sama", ""),
        (SAME, ("ribu orang", "orang"), figure("756.4", 1), figure(756451), "beda", ""),
        (SAME, ("ribu orang", "orang"), figure(756), figure(756499), "sama", ""),
        (SAME, ("ribu orang", "orang"), figure(756), figure(756501), "beda", ""),
        (SAME, ("hektare", "meter persegi"), figure("1.25", 2), figure(12549), "sama", ""),
        (SAME, ("hektare", "meter persegi"), figure("1.25", 2), figure(12600), "beda", ""),
        (SAME, ("hektare", "hektare"), figure("12.4", 1), figure(12), "sama", ""),
        (SAME, ("hektare", "hektare"), figure("12.4", 1), figure("12.5", 1), "beda", ""),
        (SAME, ("persen", "nisbah"), figure("12.5", 1), figure("0.125", 3), "sama", ""),
        (SAME, ("persen", "nisbah"), figure("12.5", 1), figure("0.13", 2), "sama", ""),
        (SAME, ("persen", "nisbah"), figure("12.5", 1), figure("0.14", 2), "beda", ""),
        # Shares do not add up.
        (SAME, ("persen", "persen"), figure(60, rows=6), figure(10), "tak_terbanding", "tidak-dapat-dijumlah"),
        # Parts that were rounded each may miss the total by as many halves.
        (SAME, ("hektare", "hektare"), figure("10.2", 1, rows=4), figure("10.4", 1), "sama", ""),
        (SAME, ("hektare", "hektare"), figure("10.1", 1, rows=4), figure("10.4", 1), "beda", ""),
        (SAME, ("orang", "orang"), figure(100, rows=6), figure(101), "beda", ""),
        (AT_MOST, ("orang", "orang"), figure(9), figure(10), "sama", ""),
        (AT_MOST, ("orang", "orang"), figure(11), figure(10), "beda", ""),
        (NEAR, ("orang", "orang"), figure(99), figure(100), "sama", ""),
        (NEAR, ("orang", "orang"), figure(98), figure(100), "beda", ""),
        (OFF_BY_FIVE, ("orang", "orang"), figure(95), figure(100), "sama", ""),
        (OFF_BY_FIVE, ("orang", "orang"), figure(94), figure(100), "beda", ""),
    ],
)
def test_what_figures_say_of_each_other(rule, units, left, right, state, reason):
    outcome = compare(rule, conversion(UNITS, *units), left, right)
    assert (outcome.state, outcome.reason) == (state, reason)


def test_a_declared_rounding_counts_for_more_than_the_digits_show():
    rule = replace(SAME, left=Side(variable="x", rounding=Decimal(1000)))
    said = conversion(UNITS, "orang", "orang")
    assert compare(rule, said, figure(756000), figure(756499)).state == "sama"
    assert compare(rule, said, figure(756000), figure(756501)).state == "beda"


NUMBERS = st.decimals(-(10**9), 10**9, places=3)


@given(NUMBERS, NUMBERS, st.sampled_from(["orang", "ribu orang", "hektare"]), st.integers(0, 3), st.integers(0, 3))
def test_sameness_has_no_side(one, other, unit, digits, more):
    left, right = figure(one, digits), figure(other, more)
    there = compare(SAME, conversion(UNITS, unit, unit), left, right)
    back = compare(SAME, conversion(UNITS, unit, unit), right, left)
    assert there.state == back.state
    assert there.difference == -back.difference


@given(st.integers(0, 10**9), st.integers(0, 3))
def test_a_figure_rounded_to_thousands_never_accuses_the_exact_one(people, digits):
    rounded = round(Decimal(people) / 1000, digits)
    outcome = compare(SAME, conversion(UNITS, "ribu orang", "orang"), figure(rounded, digits), figure(people))
    assert outcome.state == "sama"


@given(NUMBERS, NUMBERS, st.decimals(0, 1, places=3), st.decimals(0, 1000, places=1))
def test_more_tolerance_never_makes_a_difference(one, other, relative, absolute):
    strict = compare(SAME, conversion(UNITS, "orang", "orang"), figure(one, 3), figure(other, 3))
    rule = replace(SAME, relative=relative, absolute=absolute)
    mild = compare(rule, conversion(UNITS, "orang", "orang"), figure(one, 3), figure(other, 3))
    assert strict.state == "beda" or mild.state == "sama"
