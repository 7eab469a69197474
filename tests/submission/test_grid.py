"""Numbers as they are typed: read as meant here, and never guessed where they may mean two things."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.tables.values import Kind, kind_of
from ckanext.satudataserang.submission.grid import Grid, GridColumn, canonical, posted, written
from ckanext.satudataserang.submission.grid_view import readable

NAME = GridColumn("kecamatan", "Kecamatan", key=True)
VALUE = GridColumn("nilai", "Nilai", number=True)


def read(*texts):
    """The numbers of one column and the codes of what is wrong with them."""
    grid = Grid([VALUE], [[text] for text in texts])
    return [row["nilai"] for row in canonical(grid)], [one.code for one in grid.problems]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1234", "1234"),
        ("-7", "-7"),
        ("1.234", "1234"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("0,125", "0.1250"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("1,234,567", "1234567"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_numbers_people_write(text, number):
    assert read(text) == ([number], [])


def test_a_comma_before_three_digits_is_asked_about():
    assert read("1,234") == (["1,234"], ["angka-rancu"])
    assert read("1,234", "12,5") == (["1.2340", "12.5"], [])


def test_a_point_before_three_digits_beside_decimal_points_is_asked_about():
    assert read("1.234", "12.5") == (["1.234", "12.5"], ["angka-rancu"])


@pytest.mark.parametrize("text", ["dua", "1 ribu", "007", "1e5", "²", "=1+1", "12345678901234567890"])
def test_what_is_no_number_is_named(text):
    assert read(text) == ([text], ["bukan-angka"])


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9))
def test_what_is_shown_can_be_sent_again(value):
    [number], problems = read(written(value))
    assert not problems
    assert Decimal(number) == value
    assert kind_of(number) not in (Kind.AMBIGUOUS_POINT, Kind.AMBIGUOUS_COMMA)


def test_boxes_become_rows_and_hostile_names_nothing():
    form = {"s-1-1": " 2 ", "s-0-0": "Serang", "s-0-1": "1\0", "s-1-0": "Kasemen", "s-2-0": "", "s-2-1": " "}
    form |= {"s-9999-1": "x", "s-0-99": "x", "s-1-1-1": "x", "s-a-0": "x", "s-٣-0": "x", "aksi": "kirim"}
    grid = posted(form, [NAME, VALUE])
    assert grid.rows == [["Serang", "1"], ["Kasemen", "2"]]


@pytest.mark.parametrize("text", ["nan", "-Infinity", "1e400", "9" * 40, "9" * 400, "rusak"])
def test_what_cannot_be_grouped_is_read_as_it_stands(text):
    assert readable(text, VALUE) == text
