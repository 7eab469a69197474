"""The file with what was found written on its cells."""

from __future__ import annotations

import io
import tracemalloc
from pathlib import Path

import openpyxl
import pytest

from ckanext.satudataserang.core.annotate import annotated, rows_of
from ckanext.satudataserang.core.findings import Findings, error, warning
from ckanext.satudataserang.core.tables.grid import Grid, Layout

CSV = "kode;jumlah\n0361;12\n=1+1;dua\n0363;9999\n"


@pytest.fixture
def grid(tmp_path):
    path = Path(tmp_path / "a.csv")
    path.write_text(CSV)
    return Grid(path, Findings(), Layout("csv"), ("kode", "jumlah"), ";", skip=1)


FOUND = [
    error("bukan-angka", "“dua” bukan angka.", "Tulis angkanya.", row=3, column="jumlah", value="dua"),
    warning("lonjakan", "Melonjak.", "Periksa.", row=4, column="Jumlah ", value="9999"),
    warning("nilai-kosong", "Baru 2 dari 3 nilai."),
]


def opened(grid, findings=FOUND, totals=None, **more):
    given = [one.as_dict() for one in findings]
    return openpyxl.load_workbook(io.BytesIO(annotated(grid, given, totals or {}, **more)))


def test_cells_stand_where_they_stood_as_text(grid):
    page = opened(grid)["Data"]
    assert [[cell.value for cell in row] for row in page.iter_rows()] == [
        ["kode", "jumlah"],
        ["0361", "12"],
        ["=1+1", "dua"],
        ["0363", "9999"],
    ]
    assert page["A3"].data_type == "s"


def test_bad_cells_are_coloured_and_say_why(grid):
    page = opened(grid)["Data"]
    assert "HARUS DIPERBAIKI: “dua” bukan angka. Tulis angkanya." in page["B3"].comment.text
    assert page["B3"].fill.fgColor.rgb.endswith("F8D7D3")
    assert "PERLU DILIHAT" in page["B4"].comment.text
    assert page["B2"].comment is None


def test_the_list_is_grouped_counted_and_linked(grid):
    page = opened(grid, totals={"bukan-angka": 40}, title_of=lambda code: code.upper())["Temuan"]
    cells = [[cell.value for cell in row] for row in page.iter_rows()]
    assert cells[1][0] == "BUKAN-ANGKA (40×)"
    assert cells[2][2:7] == [3, "jumlah", "dua", "“dua” bukan angka.", "Tulis angkanya."]
    assert page["H3"].hyperlink.location == "'Data'!B3"
    assert "39 lagi" in cells[3][0]
    assert {row[0] for row in cells if row[0]} >= {"LONJAKAN (1×)", "NILAI-KOSONG (1×)"}


def test_it_speaks_the_language_of_who_opens_it(grid):
    words = {
        "Temuan": "Findings",
        "Data": "Data",
        "harus diperbaiki": "must be mended",
        "“{v}” bukan angka.": "“{v}” is no number.",
    }
    found = [error("bukan-angka", "“{v}” bukan angka.", params={"v": "dua"}, row=3, column="jumlah")]
    book = opened(grid, found, translate=lambda text: words.get(text, text))
    assert book.sheetnames == ["Findings", "Data"]
    assert "MUST BE MENDED: “dua” is no number." in book["Data"]["B3"].comment.text


def test_rows_of_a_file_made_plain_keep_their_numbers(tmp_path):
    path = tmp_path / "grid.csv"
    path.write_text("7,a,1\n7,b,2\n9,c,x\n")
    grid = Grid(path, Findings(), Layout("xlsx", header=(5, 6), first=7), ("nama", "nilai"), ",", numbered=True)
    assert [number for number, _cells in rows_of(grid)] == [7, 7, 9]
    page = opened(grid, [error("x", "Salah.", row=9, column="nilai")])["Data"]
    assert page["A6"].value == "nama"
    assert [page[f"A{n}"].value for n in (7, 8, 9)] == ["a", "b", "c"]
    assert page["B9"].comment is not None


def test_long_files_are_bounded_and_lose_no_finding(tmp_path, monkeypatch):
    monkeypatch.setattr("ckanext.satudataserang.core.annotate.MOST_ROWS", 100)
    path = tmp_path / "panjang.csv"
    path.write_text("a;b\n" + "x;1\n" * 20_000)
    grid = Grid(path, Findings(), Layout("csv"), ("a", "b"), ";", skip=1)
    tracemalloc.start()
    book = opened(grid, [error("x", "Salah.", row=15_000, column="b")])
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert book["Data"]["B15000"].comment is not None
    assert book["Data"]["A5000"].value is None
    assert most < 16 * 1024 * 1024


def test_what_cannot_be_read_still_lists_what_was_found(tmp_path):
    found = Findings()
    found.add(error("berkas-kosong", "Berkas ini kosong.", "Unggah berkas yang berisi."))
    grid = Grid(tmp_path / "tiada.csv", found, Layout("csv"))
    page = opened(grid, list(found))["Temuan"]
    assert page["F3"].value == "Berkas ini kosong."
