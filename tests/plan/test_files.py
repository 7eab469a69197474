"""Files of the Daftar Data: what is exported comes back unchanged; what is brought in is shown before it is saved."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest
from bs4 import BeautifulSoup

from ckan.tests.helpers import call_action

from ckanext.satudataserang.core.plan_columns import OWN_COLUMNS
from ckanext.satudataserang.core.sheets import BOM
from ckanext.satudataserang.plan.model import PlanEntry


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def upload(app, headers, content, name="daftar.csv", status=200, **fields):
    data = {"upload": (io.BytesIO(content), name), **fields}
    return app.post("/daftar-data/impor", headers=headers, data=data, content_type="multipart/form-data", status=status)


def confirm(app, headers, page, status=200):
    token = page.select_one("input[name=pratinjau]")["value"]
    return app.post("/daftar-data/impor", headers=headers, data={"pratinjau": token}, status=status)


def rows_of(answer):
    text = answer.get_data().decode("utf-8")
    assert text.startswith(BOM)
    return list(csv.DictReader(io.StringIO(text.removeprefix(BOM))))


def lines(*rows, head="kode,judul,opd,urusan,frequency,deadline_days,berlaku_dari"):
    return "\n".join((head, *rows)).encode()


class TestExport:
    def test_own_shape_has_the_entries_with_their_opd_by_name(self, app, plan_city):
        rows = rows_of(app.get("/daftar-data.csv"))
        assert tuple(rows[0]) == OWN_COLUMNS
        assert [row["kode"] for row in rows] == ["KES-1", "PSR-1", "PSR-2", "PSR-3", "PSR-5"]
        assert {row["opd"] for row in rows} == {"dinas-pasar", "dinas-kesehatan"}
        assert next(row["judul"] for row in rows if row["kode"] == "PSR-2") == "'=Omzet pasar harian"

    def test_the_workbook_holds_text_only(self, app, plan_city):
        book = openpyxl.load_workbook(io.BytesIO(app.get("/daftar-data.xlsx?q=PSR-2").get_data()))
        cells = {cell.value: cell.data_type for row in book.active.iter_rows() for cell in row}
        assert cells["=Omzet pasar harian"] == "s"

    def test_workbooks_are_made_one_at_a_time(self, app, plan_city, made_elsewhere):
        with made_elsewhere():
            assert "Coba lagi" in app.get("/daftar-data.xlsx", status=503).body
            assert rows_of(app.get("/daftar-data.csv"))
        assert app.get("/daftar-data.xlsx", status=200)
        with made_elsewhere():
            # It may hold what others do not see, so it is not kept.
            app.get("/daftar-data.xlsx", status=503)
        assert app.get("/daftar-data.xlsx?bentuk=lain", status=400)

    def test_the_national_shape_has_its_headers_and_years(self, app, plan_city):
        (row,) = rows_of(app.get("/daftar-data.csv?bentuk=nasional&q=PSR-1"))
        assert (row["ID DDP"], row["Nama Data"], row["Instansi Produsen Data"]) == (
            "PSR-1",
            "Jumlah pasar",
            "Dinas Pasar",
        )
        assert row["Klasifikasi Data Sesuai Resiko"] == "Terbuka"
        assert row[str(plan_city.year)] == "Ya"
        assert row["Satuan"] == "-"


class TestImport:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    @pytest.mark.parametrize("shape", ["sendiri", "nasional"])
    def test_what_was_exported_changes_nothing(self, app, plan_city, kind, shape):
        walidata = plan_city.headers["walidata"]
        content = app.get(f"/daftar-data.{kind}?bentuk={shape}", headers=walidata).get_data()
        page = soup(upload(app, walidata, content, f"daftar.{kind}"))
        assert page.h1.get_text(strip=True) == "0 data baru, 0 berubah, 6 tetap"
        assert not page.select("input[name=pratinjau]")

    def test_a_preview_says_what_would_change_and_only_confirming_does_it(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        content = lines(
            "PSR-5,Jumlah retribusi pasar,dinas-pasar,3.30,triwulanan,15," + f"{plan_city.year}-01-01",
            "PSR-9,Jumlah los terisi,Disar,3.30,tahunan,30,2026-01-01",
        )
        page = soup(upload(app, walidata, content))
        assert page.h1.get_text(strip=True) == "1 data baru, 1 berubah, 0 tetap"
        assert "Jumlah retribusi pasar" in page.select_one("#berubah ~ ul").get_text()
        assert "Jumlah los terisi" in page.select_one("#baru ~ ul").get_text()
        assert "PSR-1" in page.select_one("#hilang ~ ul").get_text()
        assert PlanEntry.by_kode("PSR-9") is None
        confirm(app, walidata, page)
        assert PlanEntry.by_kode("PSR-9").state == "usulan"
        assert PlanEntry.by_kode("PSR-5").judul == "Jumlah retribusi pasar"
        assert PlanEntry.by_kode("PSR-1") is not None

    def test_faults_are_named_by_row_and_column_and_nothing_is_saved(self, app, plan_city):
        content = lines(
            "PSR-9,Jumlah los,dinas-pasar,3.30,tahunan,30,2026-01-01",
            "PSR-10,Jumlah lapak,dinas-antah,3.30,tahunan,30,2026-01-01",
            "PSR-11,Jumlah tenda,dinas-pasar,3.30,tahunan,banyak,2026-01-01",
        )
        page = soup(upload(app, plan_city.headers["walidata"], content, status=400))
        shown = [[cell.get_text() for cell in row.select("th, td")][:2] for row in page.select("tbody tr")]
        assert shown == [["baris 3", "opd"], ["baris 4", "deadline_days"]]
        assert PlanEntry.by_kode("PSR-9") is None

    def test_faults_that_only_the_plan_knows_have_their_row_too(self, app, plan_city):
        content = lines(
            "PSR-9,Jumlah los,dinas-pasar,3.30,tahunan,30,2026-01-01",
            "PSR-1,Jumlah pasar,dinas-pasar,3.30,tahunan,15,2024-01-01",
        )
        page = soup(upload(app, plan_city.headers["walidata"], content, status=400))
        (row,) = [[cell.get_text() for cell in row.select("th, td")] for row in page.select("tbody tr")]
        assert row[:2] == ["baris 3", "Mulai berlaku"] or row[:2] == ["baris 3", "frequency"]

    def test_terms_change_with_a_day_and_a_reason(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        content = lines("PSR-1,Jumlah pasar,dinas-pasar,3.30,triwulanan,45,2024-01-01")
        fields = {"effective_from": plan_city.tomorrow.isoformat(), "reason": "Rapat Forum"}
        confirm(app, walidata, soup(upload(app, walidata, content, **fields)))
        (_, step) = call_action("satudata_plan_entry_show", id="PSR-1")["terms"]
        assert (step["deadline_days"], step["reason"]) == (45, "Rapat Forum")

    def test_a_national_file_brings_proposals_with_what_it_says(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        head = (
            "ID DDP;Nama Data;Instansi Produsen Data;Jadwal Pemutakhiran;Klasifikasi Data Sesuai Resiko;2025;2026;2027"
        )
        content = (
            BOM + lines("1234;Jumlah bidan;DINAS KESEHATAN;Semesteran;Terbuka;-;Ya;Ya", head=head).decode()
        ).encode()
        page = soup(upload(app, walidata, content))
        assert "urusan pertama OPD itu" in page.get_text()
        confirm(app, walidata, page)
        entry = PlanEntry.by_kode("1234")
        assert (entry.state, entry.frequency, entry.urusan, entry.prioritas) == (
            "usulan",
            "semesteran",
            "1.02",
            [2026, 2027],
        )
        assert (entry.berlaku_dari.isoformat(), entry.berlaku_sampai.isoformat()) == ("2026-01-01", "2027-12-31")

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "kosong.csv"),
            (b"PK\x03\x04 bukan", "palsu.xlsx"),
            (b"\x89PNG\r\n\x1a\n\0\0", "gambar.png"),
            (b"a,b\n1,2\n", "lain.csv"),
        ],
    )
    def test_a_file_that_is_none_is_refused_kindly(self, app, plan_city, content, name):
        page = soup(upload(app, plan_city.headers["walidata"], content, name, status=400))
        assert page.select_one(".dd-errors p").get_text()

    def test_no_file_at_all_is_said(self, app, plan_city):
        answer = app.post("/daftar-data/impor", headers=plan_city.headers["walidata"], data={}, status=400)
        assert "Belum ada berkas" in answer.body

    def test_a_preview_cannot_be_forged_or_lent(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        content = lines("PSR-9,Jumlah los,dinas-pasar,3.30,tahunan,30,2026-01-01")
        page = soup(upload(app, walidata, content))
        token = page.select_one("input[name=pratinjau]")["value"]
        for text in ("x", token[:-2] + "AA", token.split(".")[0]):
            app.post("/daftar-data/impor", headers=walidata, data={"pratinjau": text}, status=400)
        confirm(app, plan_city.headers["sysadmin"], page, status=400)
        assert PlanEntry.by_kode("PSR-9") is None

    def test_a_preview_that_the_plan_has_left_behind_is_made_again(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        content = lines(f"PSR-5,Jumlah retribusi,dinas-pasar,3.30,tahunan,15,{plan_city.year}-01-01")
        page = soup(upload(app, walidata, content))
        call_action("satudata_plan_entry_transition", {"user": plan_city.names["walidata"]}, id="PSR-5", to="berlaku")
        assert "berubah sejak pratinjau" in confirm(app, walidata, page, status=409).body

    @pytest.mark.parametrize("role", ["produsen", "orang"])
    def test_only_the_walidata_imports(self, app, plan_city, role):
        app.get("/daftar-data/impor", headers=plan_city.headers[role], status=403)
        upload(app, plan_city.headers[role], lines(), status=403)


class TestMinutes:
    def test_the_minutes_hold_every_agreed_entry_and_posts_to_sign(self, app, plan_city):
        from pypdf import PdfReader

        answer = app.get(f"/daftar-data/berita-acara/{plan_city.year}.pdf")
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.get_data() == app.get(f"/daftar-data/berita-acara/{plan_city.year}.pdf").get_data()
        text = " ".join(
            "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.get_data())).pages).split()
        )
        for kode in ("KES-1", "PSR-1", "PSR-2", "PSR-3", "PSR-5"):
            assert kode in text
        assert "PSR-4" not in text
        assert "Pasal 27" in text
        for post in ("Koordinator Forum", "Walidata", "Pembina Data", "Kepala Dinas Pasar", "Kepala Dinas Kesehatan"):
            assert post in text


class TestCommands:
    @pytest.mark.parametrize("ending", ["csv", "xlsx"])
    def test_export_and_import_are_a_round_trip(self, plan_city, cli, tmp_path, ending):
        file = tmp_path / f"daftar.{ending}"
        done = cli.invoke(command(), ["satudata", "plan", "export", str(file)])
        assert (done.exit_code, "6 data" in done.output) == (0, True), done.output
        done = cli.invoke(command(), ["satudata", "plan", "import", str(file), "--dry-run"])
        assert done.exit_code == 0, done.output
        assert "0 baru, 0 berubah, 6 tetap" in done.output

    def test_faults_end_the_command_and_change_nothing(self, plan_city, cli, tmp_path):
        file = tmp_path / "salah.csv"
        file.write_bytes(lines("PSR-9,Jumlah los,dinas-antah,3.30,tahunan,30,2026-01-01"))
        done = cli.invoke(command(), ["satudata", "plan", "import", str(file)])
        assert done.exit_code == 1
        assert "Baris 2, kolom opd" in done.output
        assert PlanEntry.by_kode("PSR-9") is None

    def test_carrying_over(self, plan_city, cli):
        year = plan_city.year
        done = cli.invoke(command(), ["satudata", "plan", "carry-over", str(year), str(year + 1), "--dry-run"])
        assert "KES-1" in done.output
        done = cli.invoke(command(), ["satudata", "plan", "carry-over", str(year), str(year - 1)])
        assert (done.exit_code, "harus sesudah" in done.output) == (1, True)


def command():
    from ckan.cli.cli import ckan

    return ckan
