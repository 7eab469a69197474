"""Heads of sections are no rows of an agreed table, and are pointed out in any other."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.structures.model import Code, CodeList, Column

from .tables import checked, codes, structure

LETTERED = [
    ["", "A. PENDIDIKAN", "", ""],
    ["1", "Guru", "1", "2"],
    ["2", "Siswa", "", ""],
    ["", "B. KESEHATAN", "", ""],
    ["1", "Dokter", "3", "4"],
]
TITLES = ["No", "Uraian", "L", "P"]
FREE = structure(
    Column("uraian", "Uraian", key=True), Column("l", "L", "integer", required=True), Column("p", "P", "integer")
)


def rows_of(table):
    return [number for number, _cells in table.records()]


def said(table):
    (finding,) = [one for one in table.findings if one.code == "judul-bagian"]
    return finding


def test_an_agreed_table_leaves_them_out():
    table = checked(TITLES, LETTERED, structure=FREE)
    assert (rows_of(table), table.rows, table.usable) == ([3, 4, 6], 3, True)
    finding = said(table)
    assert (finding.severity.value, finding.row, finding.column, finding.value) == (
        "info", 2, "Uraian", "A. PENDIDIKAN",
    )  # fmt: skip
    assert "2 baris" in finding.message
    # The row whose figures are missing is one, and is told as such.
    assert [one.row for one in table.findings if one.code == "nilai-wajib-kosong"] == [4]
    assert table.delivered.rows == 0
    assert sum(fact.rows for fact in table.facts.values()) in (0, 3)


def test_another_table_keeps_them_and_says_so():
    table = checked(TITLES, LETTERED)
    assert (rows_of(table), said(table).severity.value) == ([2, 3, 4, 5, 6], "warning")
    assert said(table).advice.startswith("Hapus")


def test_names_that_no_list_knows_are_no_errors_then():
    agreed = structure(Column("kecamatan", "Kecamatan", key=True, code_list="kecamatan"), Column("n", "N", "integer"))
    rows = [["KAWASAN KOTA", ""], ["Serang", "1"], ["KAWASAN LAIN", ""], ["Kasemen", "2"], ["Walantaka", "3"]]
    table = checked(["Kecamatan", "N"], rows, structure=agreed)
    assert [cells for _row, cells in table.records()] == [["36.73.01", "1"], ["36.73.02", "2"], ["36.73.03", "3"]]
    assert codes(table) == ["judul-bagian"]
    once = checked(["Kecamatan", "N"], [["KAWASAN", ""], ["Serang", "1"]], structure=agreed)
    assert codes(once) == ["kode-tidak-dikenal"]


def test_what_a_list_knows_is_a_row():
    own = CodeList("uraian", "Uraian", (Code("A", "A. Pendidikan"), Code("g", "Guru"), Code("B", "B. Lain")))
    agreed = structure(
        Column("uraian", "Uraian", key=True, code_list="uraian"), Column("n", "N", "integer"), lists=(own,)
    )
    table = checked(
        ["Uraian", "N"], [["A. PENDIDIKAN", ""], ["Guru", "1"], ["B. LAIN", ""], ["Guru", "2"]], structure=agreed
    )
    assert len(rows_of(table)) == 4
    assert "judul-bagian" not in codes(table)


@pytest.mark.parametrize(
    ("titles", "rows"),
    [
        (["Uraian", "N"], [["A. X", "1"], ["Guru", ""], ["B. Y", "2"]]),
        (["Uraian", "Rincian", "N"], [["A. X", "L", ""], ["Guru", "L", "1"], ["B. Y", "L", ""], ["Guru", "P", "2"]]),
        (["Kode", "N"], [["A. X", ""], ["Guru", "1"], ["B. Y", ""], ["Guru", "2"]]),
        (["N", "Uraian"], [["", "A. X"], ["1", "Guru"], ["", "B. Y"], ["2", "Guru"]]),
        (["Uraian", "Catatan"], [["A. X", ""], ["Guru", "a"], ["B. Y", ""], ["Guru", "b"]]),
    ],
)
def test_where_figures_or_names_cannot_be_told_nothing_is_said(titles, rows):
    table = checked(titles, rows)
    assert "judul-bagian" not in codes(table)
    assert len(rows_of(table)) == len(rows)


def test_a_period_stays_with_its_rows():
    agreed = structure(Column("uraian", "Uraian", key=True), Column("n", "N", "integer"))
    rows = [["A. X", "", ""], ["Guru", "1", "2024"], ["B. Y", "", ""], ["Dokter", "2", "2023"]]
    table = checked(["Uraian", "N", "Tahun"], rows, structure=agreed)
    assert (rows_of(table), set(table.facts), codes(table)) == ([3, 5], {"2024", "2023"}, ["judul-bagian"])
