"""Habits of people who make tables for print: each is read as it was meant, or said."""

from __future__ import annotations

import io
import zipfile

import pytest
import xlsxwriter

from ckanext.satudataserang.core.structures.model import Code, CodeList, Column, Structure
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.plain import plain_rows
from ckanext.satudataserang.core.tables.styles import Runs, as_percent, shows_percent

from .grids import cells, codes
from .reading import read_table

PLACES = CodeList("tempat", "Tempat", (Code("1", "Serang"), Code("2", "Curug"), Code("3", "Kasemen")))
SEXES = CodeList("jk", "Jenis kelamin", (Code("L", "Laki-laki"), Code("P", "Perempuan"), Code("T", "Jumlah")))
PEOPLE = Structure(
    "penduduk",
    "Penduduk",
    columns=(
        Column("kecamatan", "Kecamatan", key=True, required=True, code_list="tempat"),
        Column("jk", "Jenis Kelamin", code_list="jk"),
        Column("n", "Penduduk", "integer"),
    ),
    lists=(PLACES, SEXES),
)


def book(fill, **options):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, options)
    fill(made)
    made.close()
    return out.getvalue()


def test_what_is_shown_as_per_cent_is_read_as_shown(read):
    def fill(made):
        sheet = made.add_worksheet()
        shown = [made.add_format({"num_format": code}) for code in ("0.0%", 9, 10, '0.0"%"', "0.000")]
        sheet.write_row(0, 0, ["Kecamatan", "a", "b", "c", "d", "e"])
        sheet.write(1, 0, "Serang")
        for place, (value, how) in enumerate(zip([0.125, 0.5, 0.98765, 12.5, 1.234], shown, strict=True), start=1):
            sheet.write(1, place, value, how)
        sheet.write(2, 0, "Curug")
        sheet.write(2, 1, 0.25)
        sheet.write_formula(2, 3, "=1/3", shown[2], 1 / 3)

    grid = read(book(fill))
    assert cells(grid) == [
        ["Serang", "12.5", "50", "98.7650", "12.5", "1.2340"],
        ["Curug", "0.25", "", "33.3333333333333", "", ""],
    ]
    assert codes(grid) == ["persen-dibaca"] * 3
    assert next(iter(grid.findings)).column == "a"


@pytest.mark.parametrize(
    ("code", "percent"),
    [("0%", True), ("0.00%", True), ("#,##0.0 %;[Red]-0%", True), ('0"%"', False), ("0\\%", False), ("General", False)],
)
def test_a_sign_in_quotes_multiplies_nothing(code, percent):
    assert shows_percent(code) is percent


def test_runs_of_cells():
    runs = Runs()
    for row in (1, 2, 3, 7):
        runs.add(row, 4)
    runs.add(9, 4, 1_000_000)
    assert [runs.has(row, 4) for row in (0, 1, 3, 4, 7, 8, 9, 1_000_008, 1_000_009)] == [
        False, True, True, False, True, False, True, True, False,
    ]  # fmt: skip
    assert not runs.has(1, 3)
    assert (as_percent("-0"), as_percent("1e-3"), as_percent("x")) == ("0", "0.1", "x")


ODS_HEAD = (
    '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="Data">'
)


def test_repeated_rows_and_cells_of_an_ods(read):
    text = '<table:table-cell office:value-type="string"{}><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell office:value-type="{}" office:value="{}"{}><text:p>x</text:p></table:table-cell>'
    rows = (
        "<table:table-row>" + "".join(text.format("", one) for one in ("nama", "a", "b", "c")) + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="2">'
        + text.format("", "x")
        + number.format("float", "7", ' table:number-columns-repeated="2"')
        + number.format("percentage", "0.125", "")
        + "</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        made.writestr(
            "content.xml",
            ODS_HEAD + rows + "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    grid = read(out.getvalue())
    assert cells(grid) == [["x", "7", "7", "12.5"], ["x", "7", "7", "12.5"]]


def test_units_under_the_titles_are_no_data(read):
    grid = read("Kecamatan;Laki-laki;Luas\n;(jiwa);(km2)\nSerang;1;3,5\nCurug;4;2,5\n")
    assert cells(grid) == [["Serang", "1", "3,5"], ["Curug", "4", "2,5"]]
    assert codes(grid) == ["baris-satuan"]
    grid = read("Kecamatan;Laki-laki;Persen\n;orang;%\nSerang;1;3,5\n")
    assert cells(grid) == [["Serang", "1", "3,5"]]


def test_a_column_of_units_is_data(read):
    grid = read("satuan,nama\norang,(jiwa)\nkg,(berat)\n")
    assert len(cells(grid)) == 2


def test_totals_between_the_rows_are_left_out_where_the_structure_knows_no_such_class(read):
    content = (
        "Kecamatan,Jenis Kelamin,Penduduk\nSerang,Laki-laki,1\nSerang,Jumlah,3\nSub Total,,4\nKasemen,P,2\n"
        "Jumlah Kecamatan Kasemen,,2\nJumlah,,6\n"
    )
    grid = read(content, structure=PEOPLE)
    assert cells(grid) == [["Serang", "Laki-laki", "1"], ["Serang", "Jumlah", "3"], ["Kasemen", "P", "2"]]
    finding, below = grid.findings
    assert (finding.code, finding.row, finding.value, finding.severity.value) == (
        "jumlah-di-tengah", 4, "Sub Total", "info",
    )  # fmt: skip
    assert "2 baris" in finding.message
    assert (below.code, below.row) == ("di-bawah-tabel", 7)
    again = read(content, structure=PEOPLE, layout=grid.layout)
    assert cells(again) == cells(grid)


def test_totals_between_the_rows_are_pointed_out_without_a_structure(read):
    grid = read("Kecamatan,n\nSerang,1\nJumlah Kecamatan Serang,1\nCurug,2\nJumlah Kecamatan Curug,2\n")
    assert len(cells(grid)) == 4
    assert [(finding.code, finding.severity.value) for finding in grid.findings] == [("jumlah-di-tengah", "warning")]


def test_titles_with_the_word_total_cost_nothing(read):
    grid = read("Kecamatan,Jumlah Penduduk,Total\nSerang,1,2\n", structure=PEOPLE)
    assert not grid.numbered


def test_a_second_table_in_the_sheet_is_refused(read):
    grid = read("Kecamatan,Laki,Perempuan\nSerang,1,2\n\nTabel 2. Luas,,\nKecamatan,Luas,Kelurahan\nSerang,11,12\n")
    assert [(finding.code, finding.row) for finding in grid.findings] == [("tabel-kedua", 5)]


def test_signatures_are_never_data(read):
    grid = read(
        "No;Kecamatan;Laki-laki;Perempuan\n1;Serang;1;2\n2;Curug;3;4\nMengetahui;;Serang, 5 Januari 2024;\n"
        "Kepala Dinas;;Pengelola Data;\nNAMA A;;NAMA B;\nNIP. 19650101;;NIP. 19650102;\n"
    )
    assert [row[1] for row in cells(grid)] == ["Serang", "Curug"]
    assert codes(grid) == ["di-bawah-tabel"]


def test_hidden_rows_and_columns_are_read_and_said(read):
    def fill(made):
        sheet = made.add_worksheet()
        for number, row in enumerate([["nama", "rahasia", "n"], ["a", "x", 1], ["b", "y", 2]]):
            sheet.write_row(number, 0, row)
        sheet.set_column(1, 1, None, None, {"hidden": True})
        sheet.set_column(5, 9, None, None, {"hidden": True})
        sheet.set_row(2, None, None, {"hidden": True})

    grid = read(book(fill))
    assert len(cells(grid)) == 2
    (finding,) = grid.findings
    assert (finding.code, finding.params["rows"], finding.params["columns"]) == ("sel-tersembunyi", "1", "1")


def test_a_mark_that_digits_are_text_is_taken_off(read):
    grid = read("kode;n;nama\n'007;'1.234;'t Hooft\n'008;2;x\n")
    assert cells(grid) == [["007", "1.234", "'t Hooft"], ["008", "2", "x"]]


def test_layout_tables_of_a_web_page_are_none(read):
    grid = read(
        "<html><table><tr><td><table><tr><th rowspan=2>Kecamatan<th colspan=2>Penduduk</tr><tr><th>L<th>P</tr>"
        "<tr><td>Serang<td>1.234<td>2</tr><tr><td>Curug<br>Baru<td><b>3</b><td>4&nbsp;</tr></table></table></html>"
    )
    assert grid.titles == ("Kecamatan", "Penduduk – L", "Penduduk – P")
    assert cells(grid) == [["Serang", "1.234", "2"], ["Curug Baru", "3", "4"]]
    assert codes(grid) == ["judul-bertingkat"]


def test_the_line_that_says_the_delimiter_is_not_worth_a_word(read):
    assert codes(read("sep=;\r\nKecamatan;Nilai\r\nSerang;1,5\r\n")) == []


def test_plain_files_are_told_by_every_byte(tmp_path):
    path = tmp_path / "berkas"
    for content, agreed, rows in [
        (b"a;b\n1;2\n", False, 1),
        (b"a;b\nJumlah;2\n", False, 1),
        (b"a;b\nJumlah;2\n", True, None),
        (b"a;b\nx;Jumlah Kecamatan Serang\n", False, None),
        (b"a;b\nx;'5\n", False, None),
        (b"a;b\na;c\n", False, None),
    ]:
        path.write_bytes(content)
        assert plain_rows(path, ";", 2, Limits().cell, agreed=agreed) == rows


def test_rows_of_separators_and_spaces_are_dropped_and_the_others_keep_their_numbers():
    table = read_table(io.BytesIO(b'a;b\n1;2\n ; \n3;4\n;""\n5;x\n'))
    assert not table.grid.numbered
    assert [(number, list(row)) for number, row in table.records()] == [
        (2, ["1", "2"]),
        (4, ["3", "4"]),
        (6, ["5", "x"]),
    ]


def test_a_point_of_a_workbook_is_one_of_decimals():
    def fill(made):
        sheet = made.add_worksheet()
        for number, row in enumerate([["nama", "n"], ["x", 1.234], ["y", 5.678]]):
            sheet.write_row(number, 0, row)

    table = read_table(io.BytesIO(book(fill)))
    assert [column.type.name for column in table.columns] == ["text", "numeric"]
    assert not table.findings.totals["angka-rancu"]


def side_by_side(read, rows):
    def fill(made):
        sheet = made.add_worksheet()
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                if value != "":
                    sheet.write(number, place, value)

    return read(book(fill))


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ([["Kecamatan", "L", "P", "", "Kecamatan", "L", "P"], ["A", 1, 2, "", "D", 3, 4]], (1, "Kecamatan", "ke-5")),
        ([["Kecamatan", "L", "Kecamatan", "L"], ["A", 1, "D", 3], ["B", 1, "E", 3]], (1, "Kecamatan", "ke-3")),
        (
            [
                ["Tabel 1 Penduduk", "", "", "Tabel 2 Anggaran"],
                ["Kecamatan", "L", "", "Tahun", "Jumlah"],
                ["A", 1, "", 2020, 3],
                ["B", 1, "", 2021, 3],
                ["", "", "", 2022, 5],
            ],
            (2, "Tahun", "ke-4"),
        ),
        (
            [["Kecamatan", "L"], ["A", 1], ["B", 1, "", "Tahun", "Jumlah"], ["C", 1, "", 2022, 5]],
            (3, "4", "ke-4"),
        ),
    ],
)
def test_a_table_beside_another_is_told_as_such(read, rows, place):
    grid = side_by_side(read, rows)
    (finding,) = [one for one in grid.findings if one.severity.value == "error"]
    assert (finding.code, finding.row, finding.column) == ("tabel-bersebelahan", *place[:2])
    assert place[2] in finding.message
    assert "lembar atau berkas tersendiri" in finding.advice


@pytest.mark.parametrize(
    "rows",
    [
        [["Kecamatan", "L", "", "Keterangan"], ["A", 1], ["B", 1, "", "x"]],
        [["Kecamatan", "L", "", "P", "Jumlah"], ["A", 1, "", 3, 4], ["B", 1, "", 3, 4]],
        [
            ["Kecamatan", "L", "", "P", "Jumlah"],
            ["A", 1, "", 3, 4],
            ["B", 1, "", 3, 4],
            [],
            ["", "", "", "Serang,", "1 Januari"],
            ["", "", "", "Kepala Dinas"],
        ],
        [["Kecamatan", "Jumlah", "Jumlah 2"], ["A", 1, 2]],
    ],
)
def test_an_empty_column_within_a_table_parts_nothing(read, rows):
    assert side_by_side(read, rows).usable


def test_a_title_twice_is_no_second_table(read):
    assert "judul-ganda" in codes(read("Kecamatan;Jumlah;Luas;Jumlah\nA;1;2;3\n"))
    assert "judul-ganda" in codes(read("Kecamatan;Kecamatan;Luas\nA;1;2\n"))
    assert "judul-ganda" in codes(read("Jumlah;Luas;Jumlah\n1;1;2\n"))


def test_a_total_under_sub_totals_is_no_data(read):
    text = "No;Kecamatan;Jumlah\n1;Serang;10\nSub Total;;10\n2;Curug;5\nSub Total;;5\nTOTAL;;15\n"
    grid = read(text)
    assert [row[0] for row in cells(grid)] == ["1", "Sub Total", "2", "Sub Total"]
    assert codes(grid) == ["jumlah-di-tengah", "di-bawah-tabel"]
    whole = read("Kecamatan;Kelas;Jumlah\nSerang;L;1\nJumlah;;1\nCurug;L;2\nJumlah;;2\n")
    assert len(cells(whole)) == 4


def test_blank_rows_above_the_titles_are_not_worth_a_word(read):
    assert codes(read("\ufeff;;;\r\nNama;2020;2019;2018\r\nA;1;2;3\r\n")) == ["kolom-periode"]
    assert codes(read("Judul;;\r\nNama;L;P\r\nA;1;2\r\n")) == ["di-atas-tabel"]


def test_a_column_of_marks_beside_the_figures_is_left_out_and_said(read):
    rows = [["Kecamatan", "Produksi", "", "Luas"], ["A", 120, "r", 5], ["B", 130, "*)", 6], ["C", 140, "", 7]]
    grid = side_by_side(read, rows)
    assert (grid.titles, len(cells(grid))) == (("Kecamatan", "Produksi", "Luas"), 3)
    (finding,) = grid.findings
    assert (finding.code, finding.row, finding.column, finding.severity.value) == ("kolom-tanda", 2, "3", "info")
    assert codes(side_by_side(read, [*rows, ["D", 150, "x", 8]])) == ["judul-kosong"]
    assert codes(side_by_side(read, [*rows, ["D", 150, 12, 8]])) == ["judul-kosong"]
