"""The pages: what a reader, an OPD and the Walidata see, and what they can do there."""

from __future__ import annotations

import io
import uuid

import openpyxl
import pytest
from bs4 import BeautifulSoup

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.tests.helpers import call_action

from .conftest import NOW


@pytest.fixture
def conflict(counted):
    from ckanext.satudataserang.consistency.evaluate import evaluate

    counted(each=5000, city="61.0")
    evaluate(model.Session, NOW)
    [found] = tk.get_action("satudata_conflict_list")({"user": ""}, {})["results"]
    return found


def visit(app, address, user="", status=200, **form):
    """A page as somebody sees it; with a form it is sent."""
    headers = {}
    if user:
        token = call_action("api_token_create", {"user": user}, user=user, name=f"uji-{uuid.uuid4()}")["token"]
        headers = {"Authorization": token}
    if form:
        answer = app.post(address, data=form, headers=headers, follow_redirects=False)
    else:
        answer = app.get(address, headers=headers, follow_redirects=False)
    assert answer.status_code == status, answer.body[:2000]
    return BeautifulSoup(answer.body, "html.parser")


def test_everybody_sees_both_figures_and_whose_they_are(app, conflict):
    page = visit(app, "/kesamaan")
    assert page.select_one("[data-jumlah]")["data-jumlah"] == "1"
    text = page.select_one(".ks-table tbody").text
    for said in ("Penduduk uji", "Bappeda", "Dinas Kependudukan", "60.000 orang", "61 ribu orang", "terbuka"):
        assert said in text
    assert visit(app, "/kesamaan?keadaan=selesai").select(".ks-table") == []
    page = visit(app, page.select_one(".ks-table tbody a")["href"])
    assert "1.000 orang" in page.text
    assert page.select("form[method=post]") == page.select("form[action*=logout]")
    page = visit(app, "/kesamaan/perbandingan?entri=DUK-1&periode=2025")
    assert page.select_one("[data-jumlah]")["data-jumlah"] == "1"


def test_lists_leave_as_files(app, conflict):
    text = app.get("/kesamaan.csv").body
    assert "aturan,periode" in text
    assert "Penduduk uji,2025,36.73" in text
    book = openpyxl.load_workbook(io.BytesIO(app.get("/kesamaan/perbandingan.xlsx").data))
    assert book.active.max_row == 2
    visit(app, "/kesamaan.pdf", status=404)


def test_from_difference_to_published_explanation(app, conflict):
    address = f"/kesamaan/{conflict['id']}"
    page = visit(app, address, "bayu")
    assert page.select_one(f"form[action$='{conflict['id']}/penjelasan']")
    visit(app, f"{address}/penjelasan", "bayu", 400, penjelasan=" ")
    visit(app, f"{address}/penjelasan", "bayu", 302, penjelasan="Proyeksi <b>BPS</b>")
    page = visit(app, address, "wati")
    assert "Proyeksi <b>BPS</b>" in page.text
    visit(app, f"{address}/keputusan", "wati", 400, keputusan="tolak", catatan="")
    visit(app, f"{address}/keputusan", "bayu", 403, keputusan="terima")
    visit(app, f"{address}/keputusan", "wati", 302, keputusan="terima")
    page = visit(app, address)
    assert "Proyeksi <b>BPS</b>" in page.select_one(".dd-notice").text
    assert "dijelaskan" in visit(app, "/kesamaan").select_one(".ks-table tbody").text


def test_the_walidata_tries_a_rule_before_keeping_it(app, conflict):
    assert visit(app, "/kesamaan/aturan").select_one("a[href$='aturan/baru']") is None
    visit(app, "/kesamaan/aturan/baru", status=302)
    visit(app, "/kesamaan/aturan/baru", "dina", 403)
    form = {
        "kode": "kota-sama",
        "nama": "Penduduk kota",
        "jenis": "sama",
        "kiri_entri": "DUK-1",
        "kiri_kolom": "jumlah",
        "kanan_entri": "BPS-1",
        "kanan_kolom": "jumlah",
        "relatif": "0,05",
        "keparahan": "peringatan",
        "aktif": "ya",
    }
    page = visit(app, "/kesamaan/aturan/baru", "wati", **form, langkah="coba")
    assert "1 sama, 0 berbeda" in page.select_one("[role=status]").text
    assert page.select_one("#field-nama")["value"] == "Penduduk kota"
    page = visit(app, "/kesamaan/aturan/baru", "wati", 400, **{**form, "kiri_kolom": ""}, langkah="simpan")
    assert page.select_one(".dd-errors a")["href"] == "#field-kiri_kolom"
    visit(app, "/kesamaan/aturan/baru", "wati", 302, **form, langkah="simpan")
    assert "Penduduk kota" in visit(app, "/kesamaan/aturan").text
    page = visit(app, "/kesamaan/aturan/kota-sama", "wati")
    assert page.select_one("#field-relatif")["value"] == "0.05"
    changed = {**form, "version": "1", "note": "Lebih ketat", "relatif": "0.01"}
    visit(app, "/kesamaan/aturan/kota-sama", "wati", 302, **changed, langkah="simpan")
    assert "versi 2" in visit(app, "/kesamaan/aturan/kota-sama").text
    assert visit(app, "/kesamaan/aturan/variabel:penduduk_uji").select_one("form.dd-form") is None


def test_one_variable_side_by_side(app, conflict):
    page = visit(app, "/variabel/penduduk_uji/banding")
    text = page.select_one(".ks-wide tbody").text
    for said in ("60.000", "61.000", "61 ribu orang", "Kota Serang", "berbeda"):
        assert said in text
    assert "Cipocok" in visit(app, "/variabel/penduduk_uji/banding?tingkat=kecamatan").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/kesamaan/tidak-ada", 404),
        ("/kesamaan/a%00b", 404),
        ("/kesamaan?keadaan=aneh", 400),
        ("/kesamaan?halaman=9", 404),
        ("/kesamaan?halaman=x", 400),
        ("/kesamaan?opd=tidak-ada", 404),
        ("/kesamaan?periode=a%00b", 200),
        ("/kesamaan/aturan/tidak-ada", 404),
        ("/variabel/tidak_ada/banding", 404),
        ("/variabel/a%00b/banding", 404),
        ("/variabel/penduduk_uji/banding?tingkat=RT", 400),
    ],
)
def test_what_is_not_there_is_said_kindly(app, two, address, status):
    page = visit(app, address, status=status)
    if status != 200:
        assert page.select_one("[role=alert]").text.strip().endswith(".")


def test_both_opds_have_it_among_their_tasks(app, conflict, two):
    for user, other in (("dina", "Bappeda"), ("bayu", "Dinas Kependudukan")):
        page = visit(app, "/tugas", user)
        task = page.select_one("[aria-labelledby=kelompok-kesamaan]")
        assert f"Kota Serang · berbeda dengan angka {other}" in task.text
        assert task.select_one("a.btn")["href"] == f"/kesamaan/{conflict['id']}"
        told = call_action("satudata_todo_list", opd="dukcapil" if user == "dina" else "bappeda")
        assert told["conflicts"]["count"] == 1


def test_a_list_that_is_too_long_for_a_file_is_to_be_narrowed_first(app, conflict, monkeypatch):
    from ckanext.satudataserang.consistency import pages

    monkeypatch.setattr(pages, "MOST_ROWS", 0)
    for address in ("/kesamaan.csv", "/kesamaan/perbandingan.xlsx"):
        assert "Saring dahulu" in visit(app, address, status=400).text
    visit(app, "/kesamaan.pdf", status=404)
