"""A form that is taken from the beginning of a file: what the whole file is in truth is found all the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import assumed, engine, proofs
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.structures.model import Column
from ckanext.satudataserang.core.tables import opening
from ckanext.satudataserang.core.tables.grid import Layout

from .tables import structure

AGREED = structure(
    Column("nama", "Nama", key=True),
    Column("wilayah", "Wilayah", code_list="kecamatan"),
    Column("nilai", "Nilai", "integer"),
    Column("porsi", "Porsi", "numeric"),
)
TITLES = "Nama,Wilayah,Nilai,Porsi"
GOOD = ["a,36.73.01,1,2.25", "b,36.73.02,0,0.5", "c,36.73.03,7,10"]
ODD = [
    "",
    ",,,",
    " ",
    "d,36.73.01,1",
    "d,36.73.01,1,2.25,",
    "d,36.73.01,1,2.25,x",
    TITLES,
    "Nama,36.73.01,1,2.25",
    "Jumlah,,8,",
    "Sub total,36.73.01,8,12",
    "grand total,36.73.01,8,1",
    '"d",36.73.01,1,2.25',
    '"d\ne",36.73.01,1,2.25',
    "'01,36.73.01,1,2.25",
    "#REF!,36.73.01,1,2.25",
    "d#1,36.73.01,1,2.25",
    "d\0,36.73.01,1,2.25",
    "d,36.73.01,1,2.25\r",
    "d,Serang,1,2.25",
    "d,36.73.01,satu,2.25",
    "d,36.73.01,,",
    "Sumber: Dinas,,,",
    "a b ,36.73.01,1,2.25",
    "-,36.73.01,1,2.25",
    "3673014101900001,36.73.01,1,2.25",
    "e" * 70_000 + ",36.73.01,1,2.25",
    "é,36.73.01,1,2.25",
]


def outcome(text: str, *, assume: bool, layout: Layout | None = None):
    """All that a file's check says, with its form assumed, or looked through."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        path = directory / "kiriman"
        path.write_text(text, encoding="utf-8", newline="")
        grid = opening.opened(path, "a.csv", directory=directory, structure=AGREED, layout=layout, assume=assume)
        assert (grid.look_through is not None) <= assume
        table = engine.check(grid, Wishes(structure=AGREED, period="2025"), directory=directory)
        dumped = table.dump(directory) if table.usable else None
        lines = dumped.path.read_bytes()[dumped.begin :].decode().splitlines() if dumped else []
        found = [one.as_dict() for one in table.findings]
        records = list(table.records())
        return found, records, table.delivered, table.personal, table.rows, lines, table.grid.layout


@pytest.fixture(autouse=True)
def _small_is_large(monkeypatch):
    monkeypatch.setattr(proofs, "WORTH", 0)
    monkeypatch.setattr(opening, "ASSUMED_FROM", 0)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
@pytest.mark.parametrize("place", [1, 3])
def test_one_odd_line_is_found_as_by_a_look_at_the_whole_file(odd, place, end):
    lines = [TITLES, *GOOD[:place], odd, *GOOD[place:], *[""] * (end == "\n")]
    assert outcome(end.join(lines), assume=True) == outcome(end.join(lines), assume=False)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*GOOD, *ODD]), min_size=1, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans()
)
def test_any_lines_are_read_as_by_a_look_at_the_whole_file(lines, end, ended):
    text = "\N{ZERO WIDTH NO-BREAK SPACE}" * ended + end.join([TITLES, *GOOD, *lines]) + end * ended
    assert outcome(text, assume=True) == outcome(text, assume=False)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_proven_file_is_never_looked_through(monkeypatch, end):
    monkeypatch.setattr(opening, "plain_rows", None)
    found, records, *_others = outcome(end.join([TITLES, *GOOD, ""]), assume=True)
    assert [cells for _row, cells in records] == [line.split(",") for line in GOOD]
    assert not [one for one in found if one["severity"] == "error"]


def test_the_signs_between_cells_are_counted(tmp_path):
    path = tmp_path / "a.csv"
    for text, rows in [
        ("a,b\n1,2\n3,4\n", 2),
        ("a,b\n1,2\n3,4", 2),
        ("a,b\r\n1,2\r\n3,4\r\n", 2),
        ("a,b\n1,2,\n3,4\n", None),
        ("a,b\n1\n3,4\n", None),
        ("a,b\n\n3,4\n", None),
        ("a,b\r\n1,2\n3,4\r\n", None),
        ('a,b\n"1",2\n', None),
        ("a,b\n", None),
    ]:
        path.write_bytes(text.encode())
        assert assumed.plain_lines(path, ",", 2, 1_000) == rows
