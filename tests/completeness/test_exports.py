"""The exports hold what the pages show, in numbers that machines read and text that spreadsheets do not run."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup

from ckan import model
from ckan.tests import factories
from ckan.tests.helpers import call_action

from ckanext.satudataserang.completeness.exports import BOM, csv_lines, json_lines, workbook
from ckanext.satudataserang.completeness.sheets import Sheet
from ckanext.satudataserang.core.measures import MEASURES

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
        shown = [link["href"].split("?")[0].split("/")[-1] for link in page.select(".sk-league tbody th a")]
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
@pytest.mark.parametrize("address", ["/kelengkapan.xlsx", "/kelengkapan/sel.xlsx", "/kelengkapan/dinkes.xlsx"])
def test_workbooks_are_made_one_at_a_time_and_kept_for_visitors(app, address, made_elsewhere):
    with made_elsewhere():
        assert "Coba lagi" in app.get(f"{address}?tahun=2016", status=503).body
    first = app.get(f"{address}?tahun=2016", status=200).get_data()
    user = {"Authorization": factories.APIToken(user=factories.User()["name"])["token"]}
    with made_elsewhere():
        assert app.get(f"{address}?tahun=2016", status=200).get_data() == first
        app.get(f"{address}?tahun=2015", status=503)
        app.get(f"{address}?tahun=2016", headers=user, status=503)
    # With the figures go the workbooks made of them.
    model.Session.execute(sa.text("UPDATE satudata_stamp SET stamp = stamp || '-lain'"))
    model.Session.commit()
    with made_elsewhere():
        app.get(f"{address}?tahun=2016", status=503)


@city
def test_city_workbook_has_the_same_numbers(app):
    book = book_of(app.get("/kelengkapan.xlsx?tahun=2016"))
    assert book.sheetnames == [
        "Kelengkapan",
        "Bidang urusan",
        "Tema",
        "Peta bulan",
        "Peta waktu",
        "12 bulan berjalan",
        "Keterlambatan",
        "Metode",
    ]
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
def test_every_table_is_a_file_of_its_own_with_the_totals_of_the_actions(app):
    window = {"dari": "2015-07", "sampai": "2016-12"}
    query = "dari=2015-07&sampai=2016-12"
    shown = call_action("satudata_completeness_show", **window)["city"]
    due = shown["measures"]["kelengkapan"]

    def table(key, path="/kelengkapan"):
        return rows_of(app.get(f"{path}.csv?{query}&tabel={key}"))

    assert [row["dari"] for row in table("liga")] == ["2015-07"] * 5
    for key in ("urusan", "tema"):
        whole, *parts = table(key)
        for column in ("kelengkapan_pembilang", "kelengkapan_penyebut", "ketepatan_waktu_pembilang"):
            assert sum(int(row[column]) for row in parts) == int(whole[column]), (key, column)
    months = table("peta-bulan")
    assert sum(int(row["sel_jatuh_tempo"]) for row in months) == due["denominator"]
    assert sum(int(row["sel_lengkap"]) for row in months) == due["numerator"]
    assert {row["bulan"] for row in months} <= {f"2016-{month:02}" for month in range(1, 13)} | {"2015-12"}
    late = call_action("satudata_completeness_lateness", **window)
    rows = {row["kelompok"]: int(row["sel"]) for row in table("keterlambatan")}
    assert rows == {**{one["id"]: one["count"] for one in late["buckets"]}, "belum_lengkap": late["missing"]}
    assert sum(rows.values()) == due["denominator"]
    running = table("berjalan")[-1]
    year = call_action("satudata_completeness_show", year=2016)["city"]["measures"]["kelengkapan"]
    assert (running["bulan"], int(running["kelengkapan_penyebut"])) == ("2016-12", year["denominator"])
    assert int(table("ukuran", "/kelengkapan/dinkes")[0]["kelengkapan_penyebut"]) == int(
        next(row for row in table("liga") if row["id"] == "dinkes")["kelengkapan_penyebut"]
    )
    assert sum(int(row["kelengkapan_penyebut"]) for row in table("bulan", "/kelengkapan/dinkes")) >= 4


@city
def test_json_holds_all_tables_or_the_one_asked_for(app):
    answer = app.get("/kelengkapan.json?tahun=2016")
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    told = json.loads(answer.get_data())
    assert told["tahun"] == 2016
    shown = call_action("satudata_completeness_show", year=2016)
    assert told["aturan"] == shown["rule_version"]
    rows = told["tabel"]["liga"]["baris"]
    assert rows[0]["indeks"] == pytest.approx(shown["city"]["index"], abs=1e-3)
    assert {row["id"]: row["kewajiban"] for row in rows[1:]} == {
        group["name"]: group["obligations"] for group in shown["groups"]
    }
    one = json.loads(app.get("/kelengkapan.json?tahun=2016&tabel=keterlambatan").get_data())
    assert list(one["tabel"]) == ["keterlambatan"]
    listed = json.loads(app.get("/kelengkapan/sel.json?tahun=2016&keadaan=terlewat").get_data())
    found = call_action("satudata_cell_list", year=2016, state="terlewat")
    assert len(listed["tabel"]["sel"]["baris"]) == found["count"]
    assert book_of(app.get("/kelengkapan/entri.xlsx?tahun=2016"))["Entri"].max_row == 13 + 1


@city
def test_lost_points_are_a_file(app):
    rows = rows_of(app.get("/kelengkapan/dinkes/mengapa.csv?tahun=2016"))
    found = call_action("satudata_completeness_mends", opd="dinkes", year=2016, limit=1000)
    assert len(rows) == found["count"]
    assert [row["hal"] for row in rows] == [one["kind"] for one in found["results"]]
    assert all(row["mengapa"] for row in rows)


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
    assert sum(row["terbit"] == "true" for row in rows) == 4, "one dataset holds nothing that is valid"


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
    sheet = Sheet("uji", "Uji", ("teks", "angka"), [(text, -1)])
    _, line = csv_lines(sheet)
    ((neutral, number),) = csv.reader([line])
    assert neutral == "'" + text.replace("\r", "\n") or neutral == f"'{text}"
    assert number == "-1"
    cells = openpyxl.load_workbook(io.BytesIO(workbook([sheet])))["Uji"][2]
    assert cells[0].data_type == "s"
    assert cells[1].value == -1


def test_links_and_long_texts_are_written_as_text():
    address = "https://contoh.test/" + "x" * 40_000
    book = openpyxl.load_workbook(
        io.BytesIO(workbook([Sheet("uji", "Uji", ("a",), [(address,), ("https://contoh.test",)])]))
    )
    assert book["Uji"]["A3"].hyperlink is None
    assert str(book["Uji"]["A2"].value).startswith("https://contoh.test/xxx")


def test_json_of_no_rows_and_hostile_text_is_json():
    sheets = [Sheet("a", 'Uji "1"', ("x",), []), Sheet("b", "B", ("x",), [("=1</script>\n",), (None,)])]
    told = json.loads("".join(json_lines(sheets, {"dihitung": "kini"})))
    assert told == {
        "dihitung": "kini",
        "tabel": {
            "a": {"nama": 'Uji "1"', "baris": []},
            "b": {"nama": "B", "baris": [{"x": "=1</script>\n"}, {"x": None}]},
        },
    }
    assert json.loads("".join(json_lines([], {}))) == {"tabel": {}}
