"""Figures beside their own history."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ckanext.satudataserang.core.checks.outliers import comparable, norm
from ckanext.satudataserang.core.structures.model import Column

from .tables import checked, structure


def series(*values, frequency="Q"):
    return [(f"{2018 + n // 4}-{frequency}{n % 4 + 1}", Decimal(value)) for n, value in enumerate(values)]


@pytest.mark.parametrize(
    ("values", "value", "far"),
    [
        ([10, 12, 11, 13, 12, 11], 12, False),
        ([10, 12, 11, 13, 12, 11], 120, True),
        ([10, 12, 11, 13, 12, 11], -40, True),
        ([5, 5, 5, 5, 5, 5], 5, False),
        ([5, 5, 5, 5, 5, 5], 6, False),
        ([5, 5, 5, 5, 5, 5], 50, True),
        ([5, 5, 5, 5, 5, 9], 7, False),
        ([5, 5, 5, 5, 5, 9], 40, True),
    ],
)
def test_the_modified_z_score(values, value, far):
    usual = norm([Decimal(one) for one in values])
    assert usual is not None
    assert usual.is_far(value) is far


def test_the_score_is_that_of_iglewicz_and_hoaglin():
    usual = norm([Decimal(one) for one in (1, 2, 3, 4, 5, 6, 7)])
    assert usual is not None
    # Median 4, MAD 2: 0.6745 |x - 4| / 2 = 3.5 at |x - 4| = 10.378.
    assert (usual.is_far(14.37), usual.is_far(14.39)) == (False, True)


def test_short_histories_say_nothing():
    assert norm([Decimal(1)] * 5) is None


def test_seasons_are_compared_with_their_own():
    history = series(*[100, 1, 1, 1] * 6)
    assert comparable(history, "2025-Q1", "seasonal") == [Decimal(100)] * 6
    assert len(comparable(history, "2025-Q1", "history")) == 24


@pytest.mark.parametrize(("how", "flagged"), [("seasonal", []), ("history", [2]), ("off", [])])
def test_a_season_is_no_outlier(how, flagged):
    agreed = structure(Column("k", "K", key=True), Column("n", "N", "integer", outliers=how))
    history = {"n": {("a",): series(*[1000, 10, 11, 12] * 6)}}
    table = checked(["K", "N"], [["a", "1005"], ["b", "7"]], structure=agreed, period="2025-Q1", history=history)
    assert [one.row for one in table.findings if one.code == "nilai-mencolok"] == flagged
    assert table.usable
