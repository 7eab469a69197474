"""What the league, its curves and its trends are made of: rules without a database."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.completeness import trends


def month(numerator, denominator):
    return {"measures": {"kelengkapan": {"numerator": numerator, "denominator": denominator}}}


def test_a_running_share_is_over_the_twelve_months_that_end_there():
    monthly = [month(number % 2, 1) for number in range(trends.REACH)]
    shares = trends.running(monthly, "kelengkapan")
    assert len(shares) == trends.POINTS
    for number, share in enumerate(shares):
        inside = range(number, number + trends.RUNNING)
        assert share == {"numerator": sum(one % 2 for one in inside), "denominator": trends.RUNNING}


def test_a_running_share_is_none_where_nothing_was_due():
    monthly = [None] * (trends.REACH - 1) + [month(1, 2)]
    assert trends.running(monthly, "kelengkapan") == [None] * (trends.POINTS - 1) + [{"numerator": 1, "denominator": 2}]
    assert trends.running([None] * trends.REACH, "kelengkapan") == [None] * trends.POINTS


def test_a_curve_breaks_where_nothing_was_due_and_stays_in_its_frame():
    share = {"numerator": 1, "denominator": 2}
    full, none = {"numerator": 2, "denominator": 2}, {"numerator": 0, "denominator": 2}
    drawn = trends.curve([full, none, None, share, full])
    assert len(drawn["lines"]) == 2
    points = [tuple(map(float, point.split(","))) for line in drawn["lines"] for point in line.split()]
    assert all(0 <= x <= drawn["width"] and 0 <= y <= drawn["height"] for x, y in points)
    assert points[0][1] < points[1][1], "more stands higher"
    assert (drawn["last"]["x"], drawn["last"]["y"]) == points[-1]
    assert trends.curve([None, share, None]) is None
    assert trends.curve([]) is None


def test_sums_of_members_are_by_month():
    first, second = [month(1, 2), None], [month(1, 1), None]
    assert trends.summed([first, second]) == [month(2, 3), None]
    assert trends.summed([]) == []


@pytest.mark.usefixtures("with_request_context")
@pytest.mark.parametrize(
    ("delta", "name", "number"), [(4.26, "naik", "4,2"), (-0.06, "turun", "0,1"), (0.01, "tetap", "")]
)
def test_a_move_is_told_by_symbol_word_and_number(delta, name, number):
    moved = trends.moved(delta)
    assert (moved["name"], moved["number"]) == (name, number)
    assert moved["symbol"]
    assert moved["word"]


def test_only_what_can_be_ranked_rises():
    def row(name, delta, *, ranked=True):
        return {"title": name, "trend_shown": {"delta": delta}, "shown_index": {"ranked": ranked}}

    rows = [row("a", 3), row("b", 9), row("few", 50, ranked=False), row("down", -2), {"trend_shown": None}]
    assert [one["title"] for one in trends.risers(rows)] == ["b", "a"]
