"""Rows that head sections are told from rows whose figures are missing by a mark that no row with figures carries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.tables.sectioning import Line, heads


def lines(*rows):
    """Rows of cells, the last of which is a figure or empty."""
    return [Line(number, tuple(cells), not figure) for number, (*cells, figure) in enumerate(rows, start=2)]


def found(*rows):
    return [line.number for line in heads(lines(*rows))]


GURU, SISWA, DOKTER = ("Guru", "1"), ("Siswa", "2"), ("Dokter", "3")


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([("A. Pendidikan", ""), GURU, SISWA, ("B. Kesehatan", ""), DOKTER], [2, 5]),
        ([("PENDIDIKAN", ""), GURU, ("Siswa", ""), ("KESEHATAN", ""), DOKTER, ("JUMLAH", "6")], [2, 5]),
        ([("JUMLAH", "6"), ("PENDIDIKAN", ""), GURU, ("KESEHATAN", ""), DOKTER], [3, 5]),
        ([("Kecamatan Serang", ""), ("Kaligandu", "1"), ("Kecamatan Curug", ""), ("Tinggar", "1")], [2, 4]),
        ([("Kec. Serang", ""), ("Kel. Kaligandu", "1"), ("Kec. Curug", ""), ("Kel. Tinggar", "1")], [2, 4]),
        ([("I  Negeri", ""), GURU, ("II  Swasta", ""), GURU, ("III  Lain", ""), GURU], [2, 4, 6]),
        ([("I", "Negeri", ""), ("1", "Guru", "1"), ("II", "Swasta", ""), ("1", "Guru", "1")], [2, 4]),
        ([("A.", "Negeri", ""), ("", "Guru", "1"), ("B.", "Swasta", ""), ("", "Guru", "1")], [2, 4]),
        ([("1", "Negeri", ""), ("", "Guru", "1"), ("2", "Swasta", ""), ("", "Guru", "1")], [2, 4]),
        ([("Negeri", "", ""), ("1", "Guru", "1"), ("Swasta", "", ""), ("1", "Guru", "1")], [2, 4]),
        (
            [("A. X", ""), ("1. Negeri", ""), GURU, ("2. Swasta", ""), GURU, ("B. Y", ""), ("1. Z", ""), GURU],
            [2, 3, 5, 7, 8],
        ),
        # A section whose figures are all missing is one, too.
        ([("A. X", ""), GURU, ("B. Y", ""), ("Siswa", ""), ("C. Z", ""), DOKTER], [2, 4, 6]),
    ],
)
def test_heads_are_told_by_a_mark_of_their_own(rows, wanted):
    assert found(*rows) == wanted


@pytest.mark.parametrize(
    "rows",
    [
        [("Serang", ""), ("Kasemen", "5"), ("Curug", ""), ("Taktakan", "6")],
        [("A. Serang", ""), ("B. Kasemen", "5"), ("C. Curug", ""), ("D. Taktakan", "6")],
        [("A. Serang", ""), ("Kasemen", "5"), ("D. Curug", ""), ("Taktakan", "6")],
        [("SERANG", ""), ("KASEMEN", "5"), ("CURUG", ""), ("TAKTAKAN", "6")],
        [("Guru", "1"), ("SERANG", ""), ("Kasemen", "5"), ("CURUG", ""), ("Taktakan", "6")],
        [("Kecamatan Serang", ""), ("Kecamatan Curug", "5"), ("Kecamatan Kasemen", ""), ("Kecamatan X", "6")],
        [("1", "Serang", ""), ("2", "Kasemen", "5"), ("3", "Curug", ""), ("4", "Taktakan", "6")],
        [("A. X", ""), GURU, SISWA],
        [("A. X", ""), ("B. Y", ""), GURU],
        [("A. X", ""), GURU, ("B. Y", "")],
        [("A. X", ""), ("Jumlah", "0"), ("B. Y", ""), ("Jumlah", "0")],
        [("A. X", ""), ("B. Y", ""), ("Jumlah", "5")],
        [("V Koto", ""), ("Serang", "1"), ("X Koto", ""), ("Curug", "2")],
        [],
    ],
)
def test_rows_whose_figures_are_missing_are_rows(rows):
    assert found(*rows) == []


WAYS = (
    lambda number, name: (name,),
    lambda number, name: (name.upper(),),
    lambda number, name: (f"Kecamatan {name}",),
    lambda number, name: (f"{number}. {name}",),
    lambda number, name: (f"{chr(ord('a') + number)}) {name}",),
    lambda number, name: (str(number), name),
    lambda number, name: (str(number), name.upper()),
    lambda number, name: (("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")[number - 1], name),
)
NAMES = st.text(st.characters(categories=["Ll"]), min_size=2, max_size=9).map(str.capitalize)


@given(st.sampled_from(WAYS), st.lists(st.tuples(NAMES, st.booleans()), min_size=1, max_size=10))
def test_rows_written_one_way_are_never_eaten(way, rows):
    written = lines(*((*way(number, name), "5" * there) for number, (name, there) in enumerate(rows, start=1)))
    assert heads(written) == []


CELLS = st.sampled_from(["", "I", "II", "A.", "1", "A. X", "B. Y", "KOTA", "Kec. A", "Guru", "JUMLAH", "12", "Ⅷ", "ǆ"])


@given(st.lists(st.tuples(CELLS | st.text(max_size=5), CELLS | st.text(max_size=5), st.booleans()), max_size=12))
def test_a_row_with_figures_is_never_a_head(rows):
    written = lines(*((*cells, "5" * there) for *cells, there in rows))
    told = heads(written)
    assert all(line.bare and line.name for line in told)
    assert len(told) != 1
    assert [line.number for line in told] == sorted({line.number for line in told})
