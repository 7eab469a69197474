"""The exports hold what the pages show, in numbers that machines read and text that spreadsheets do not run."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from bs4 import BeautifulSoup

from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness.exports import BOM, Sheet, csv_lines, workbook

MEASURES = ("ketersediaan", "kelengkapan", "kelengkapan_isian", "kelengkapan_metadata", "validitas")
city = pytest.mark.usefixtures("with_plugins", "seeded_city")


def rows_of(answer):
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=kelengkapan")
    text = answer.get_data().decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def book_of(answer):
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.get_data()))


@city
def test_city_table_has_the_rows_of_the_page_in_its_order(app):
    for query in ("tahun=2016", "tahun=2015&urut=nama", "tahun=2016&urusan=1.02&urut=-validitas"):
        page = BeautifulSoup(app.get(f"/kelengkapan?{query}").body, "html.parser")
        shown = [link["href"].split("?")[0].split("/")[-1] for link in page.select(".sk-table tbody th a")]
        rows = rows_of(app.get(f"/kelengkapan.csv?{query}"))
        assert rows[0]["lingkup"] == ("urusan" if "urusan" in query else "kota")
        assert [row["id"] for row in rows[1:]] == shown


@city
def test_city_table_has_the_numbers_of_the_action(app):
    shown = call_action("satudata_completeness_show", year=2016)
    figures = {"": shown["city"], **{group["name"]: group for group in shown["groups"]}}
    rows = rows_of(app.get("/kelengkapan.csv?tahun=2016"))
    assert len(rows) == len(figures)
    for row in rows:
        figure = figures[row["id"]]
        assert row["kewajiban"] == str(figure["obligations"])
        assert row["sel_sedikit"] == str(figure["few"]).lower()
        for name in MEASURES:
            measure = figure["measures"][name]
            assert row[f"{name}_pembilang"] == str(measure["numerator"])
            assert row[f"{name}_penyebut"] == str(measure["denominator"])
            if measure["rate"] is None:
                assert row[f"{name}_rasio"] == ""
            else:
                assert float(row[f"{name}_rasio"]) == pytest.approx(measure["rate"], abs=1e-6)
        assert (row["indeks"] == "") == (figure["index"] is None)
        assert row["pita"] == (figure["band"] or "")
    assert rows[0]["data_contoh"] == "1"


@city
def test_city_workbook_has_the_same_numbers(app):
    book = book_of(app.get("/kelengkapan.xlsx?tahun=2016"))
    assert book.sheetnames == ["Kelengkapan", "Peta waktu", "Metode"]
    lines = rows_of(app.get("/kelengkapan.csv?tahun=2016"))
    head, *rows = book["Kelengkapan"].iter_rows(values_only=True)
    assert [row[0:3] for row in rows] == [
        tuple(line[key] or None for key in ("lingkup", "id", "nama")) for line in lines
    ]
    column = head.index("kelengkapan_penyebut")
    assert [row[column] for row in rows] == [int(line["kelengkapan_penyebut"]) for line in lines]
    heat = list(book["Peta waktu"].iter_rows(values_only=True))
    assert ("dinkes", "Dinas Kesehatan", 2015, 2, 6, False) in heat
    assert {row[0] for row in heat if row[-1] is True} == {"disdik"}
    assert any("aturan" in str(row[0]) for row in book["Metode"].iter_rows(values_only=True))


@city
def test_opd_export_has_the_cells_of_its_grid(app):
    page = BeautifulSoup(app.get("/kelengkapan/dinkes?tahun=2016").body, "html.parser")
    squares = [link["href"].split("/")[-2:] for link in page.select(".sk-grid td a")]
    rows = rows_of(app.get("/kelengkapan/dinkes.csv?tahun=2016"))
    assert sorted([row["kode"], row["periode"]] for row in rows) == sorted(squares)
    by_cell = {(row["kode"], row["periode"]): row for row in rows}
    assert by_cell["KES-2", "2016"]["keadaan"] == "tidak_valid"
    assert by_cell["KES-2", "2016"]["nilai_terisi"] == "3"
    assert by_cell["KES-2", "2016"]["alasan"] == "nol-belum-dipastikan"
    book = book_of(app.get("/kelengkapan/dinkes.xlsx?tahun=2016"))
    assert book["Periode"].max_row == len(rows) + 1
    assert book["Entri"].max_row == 7 + 1


@city
def test_list_of_cells_is_exported_whole(app):
    for query in ("tahun=2016", "tahun=2016&keadaan=terlewat", "ukuran=kelengkapan&bagian=pembilang"):
        page = BeautifulSoup(app.get(f"/kelengkapan/sel?{query}").body, "html.parser")
        rows = rows_of(app.get(f"/kelengkapan/sel.csv?{query}"))
        assert len(rows) == int(page.select_one("[data-jumlah]")["data-jumlah"])
        assert {row["keadaan"] for row in rows} <= {"tepat_waktu", "terlambat", "nihil", "terlewat", "tidak_valid"}


@city
def test_list_of_entries_is_exported_whole(app):
    rows = rows_of(app.get("/kelengkapan/entri.csv?tahun=2016"))
    assert len(rows) == 13
    assert [row["kode"] for row in rows if row["data_contoh"] == "true"] == ["DIK-5"]
    assert sum(row["terbit"] == "true" for row in rows) == 5


@city
def test_title_that_looks_like_a_formula_is_only_text(app):
    """dishub's entry is called "=Terminal"."""
    (row,) = rows_of(app.get("/kelengkapan/dishub.csv?tahun=2016"))[-1:]
    assert row["judul"] == "'=Terminal"
    sheet = book_of(app.get("/kelengkapan/dishub.xlsx?tahun=2016"))["Periode"]
    cells = [cell for line in sheet.iter_rows() for cell in line if cell.value == "=Terminal"]
    assert cells
    assert all(cell.data_type == "s" for cell in cells)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1"])
def test_formulas_are_neutralised_and_numbers_stay_numbers(text):
    sheet = Sheet("Uji", ("teks", "angka"), [(text, -1)])
    _, line = csv_lines(sheet)
    ((neutral, number),) = csv.reader([line])
    assert neutral == "'" + text.replace("\r", "\n") or neutral == f"'{text}"
    assert number == "-1"
    cells = openpyxl.load_workbook(io.BytesIO(workbook([sheet])))["Uji"][2]
    assert cells[0].data_type == "s"
    assert cells[1].value == -1


def test_links_and_long_texts_are_written_as_text():
    address = "https://contoh.test/" + "x" * 40_000
    book = openpyxl.load_workbook(io.BytesIO(workbook([Sheet("Uji", ("a",), [(address,), ("https://contoh.test",)])])))
    assert book["Uji"]["A3"].hyperlink is None
    assert str(book["Uji"]["A2"].value).startswith("https://contoh.test/xxx")
