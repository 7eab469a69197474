"""The pages of the Daftar Data: what anybody reads, what the OPD proposes, what the Walidata decides."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from ckan.config.middleware.flask_app import csrf
from ckan.tests.helpers import call_action

from ckanext.satudataserang.plan import entries, pages
from ckanext.satudataserang.plan.model import PlanEntry

from tests.catalogue.datasets import complete_dataset


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def kodes(answer):
    return [re.split(r"\s|·", one.get_text().strip())[0] for one in soup(answer).select("tbody th .dd-sub")]


@pytest.mark.parametrize(
    ("state", "days", "ended"),
    [
        ("berlaku", -1, True),
        ("berlaku", 0, False),
        ("berlaku", None, False),
        ("berakhir", -1, True),
        ("berakhir", 5, False),
        ("disepakati", -1, False),
    ],
)
def test_an_entry_whose_last_day_has_passed_reads_as_ended(state, days, ended):
    last = None if days is None else entries.today() + timedelta(days=days)
    entry = {"state": state, "berlaku_sampai": last.isoformat() if last else None}
    assert pages.ended_on(entry) == (last if ended else None)


class TestList:
    def test_everybody_sees_what_is_agreed_and_nothing_that_is_only_proposed(self, app, plan_city):
        page = app.get("/daftar-data")
        assert kodes(page) == ["KES-1", "PSR-1", "PSR-2", "PSR-3", "PSR-5"]
        assert soup(page).select_one("h1").get_text(" ", strip=True) == "5 data dalam Daftar Data"
        assert kodes(app.get("/daftar-data", headers=plan_city.headers["walidata"])).count("PSR-4") == 1
        assert kodes(app.get("/daftar-data", headers=plan_city.headers["produsen"])).count("PSR-4") == 1

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("q=puskesmas", ["KES-1"]),
            ("opd=dinas-kesehatan", ["KES-1"]),
            ("urusan=3.30&kelas=wajib", ["PSR-1", "PSR-3", "PSR-5"]),
            ("frekuensi=insidental", ["PSR-3"]),
            ("keadaan=disepakati", ["PSR-5"]),
            ("tahun=2024&kelas=opsional", ["PSR-2"]),
            ("q=tidak+ada+yang+begini", []),
        ],
    )
    def test_filters_narrow_the_list_and_its_files_alike(self, app, plan_city, query, found):
        page = app.get(f"/daftar-data?{query}")
        assert kodes(page) == found
        assert soup(page).select_one("[data-jumlah]")["data-jumlah"] == str(len(found))
        assert [row["kode"] for row in json.loads(app.get(f"/daftar-data.json?{query}").body)] == found

    def test_priority_is_a_filter(self, app, plan_city):
        assert kodes(app.get(f"/daftar-data?prioritas={plan_city.year}")) == ["PSR-1"]

    def test_the_next_release_stands_beside_each_entry(self, app, plan_city):
        page = soup(app.get("/daftar-data?q=PSR-1"))
        day = page.select_one("tbody time")["datetime"]
        assert day >= plan_city.today.isoformat()
        assert "triwulan" in page.select_one("tbody td[data-label='Rilis berikutnya']").get_text()
        assert "bila ada" in soup(app.get("/daftar-data?q=PSR-3")).select_one("tbody").get_text()

    @pytest.mark.parametrize(
        "path",
        [
            "/daftar-data?kelas=lain",
            "/daftar-data?tahun=abc",
            "/daftar-data?tahun=99999",
            "/daftar-data?halaman=0",
            "/daftar-data?halaman=²",
            "/daftar-data?keadaan=usulan%2Cberlaku",
            "/daftar-data.csv?bentuk=lain",
            "/daftar-data/kalender?bulan=2026-13",
            "/daftar-data/kalender?bulan=%00",
            "/daftar-data/kalender?bulan=٢٠٢٦-01",
            "/daftar-data/berita-acara/abcd.pdf",
        ],
    )
    def test_an_address_that_makes_no_sense_is_answered_kindly(self, app, plan_city, path):
        page = soup(app.get(path, status=400))
        assert page.select_one("[role=alert]").get_text().strip()
        assert page.select_one("a.btn[href$='/daftar-data']")

    @pytest.mark.parametrize(
        "path",
        [
            "/daftar-data?halaman=99999",
            "/daftar-data?opd=tidak-ada",
            "/daftar-data?opd=%00",
            "/daftar-data/tidak-ada",
            "/daftar-data/%00",
            "/daftar-data/PSR-4",
            "/daftar-data/kalender?opd=tidak-ada",
            "/daftar-data/kalender/tidak-ada.ics",
            "/daftar-data/kalender/%00.ics",
            "/daftar-data/berita-acara/1990.pdf",
        ],
    )
    def test_what_is_not_there_is_not_found(self, app, plan_city, path):
        assert soup(app.get(path, status=404)).select_one("h1")

    def test_nul_in_a_search_finds_nothing(self, app, plan_city):
        assert kodes(app.get("/daftar-data?q=%00")) == []

    def test_a_list_costs_the_same_queries_however_long_it_is(self, app, plan_city):
        import sqlalchemy as sa

        from ckan import model

        def count():
            seen = []
            listen = lambda *args: seen.append(args[2])  # noqa: E731
            sa.event.listen(model.meta.engine, "before_cursor_execute", listen)
            try:
                app.get("/daftar-data")
            finally:
                sa.event.remove(model.meta.engine, "before_cursor_execute", listen)
            return len(seen)

        count()
        few = count()
        more = [
            {"kode": f"X-{n}", "judul": f"Data ke {n} huruf {'abcdefghij'[n % 10]}", "opd": "dinas-pasar",
             "urusan": "3.30", "frequency": "bulanan", "deadline_days": 10, "berlaku_dari": "2025-01-01",
             "state": "berlaku"}
            for n in range(40)
        ]  # fmt: skip
        call_action("satudata_plan_import", {"user": plan_city.names["sysadmin"]}, entries=more)
        assert count() == few


class TestEntry:
    def test_it_says_what_was_agreed_and_when_it_is_due(self, app, plan_city):
        page = soup(app.get("/daftar-data/PSR-1"))
        facts = {one.dt.get_text(): one.dd.get_text() for one in page.select(".dd-facts > div")}
        assert facts["Kode Daftar Data"] == "PSR-1"
        assert facts["Tenggat"] == "15 hari setelah periode berakhir, kelonggaran 5 hari"
        assert facts["Data Prioritas untuk tahun"] == str(plan_city.year)
        first = page.select_one("#jadwal ~ table tbody tr th")
        assert first.get_text() == f"triwulan IV {plan_city.year - 1}"
        assert len(page.select("#jadwal ~ table tbody tr")) == 4
        assert not page.select("#langkah, #riwayat")

    def test_its_history_is_for_those_who_may(self, app, plan_city):
        assert soup(app.get("/daftar-data/PSR-1", headers=plan_city.headers["walidata"])).select("#riwayat ~ ol > li")
        assert soup(app.get("/daftar-data/PSR-1", headers=plan_city.headers["produsen"])).select("#riwayat ~ ol > li")
        assert not soup(app.get("/daftar-data/PSR-1", headers=plan_city.headers["orang"])).select("#riwayat")

    def test_a_proposal_shows_to_its_own_opd(self, app, plan_city):
        page = soup(app.get("/daftar-data/PSR-4", headers=plan_city.headers["produsen"]))
        assert page.select("button[value=ditarik]")
        assert not page.select("button[value=disepakati], button[value=ditolak]")

    def test_the_dataset_that_serves_it_is_linked(self, app, plan_city):
        fields = complete_dataset("dinas-pasar", daftar_data_kode="PSR-1", urusan="3.30")
        dataset = call_action("package_create", {"user": plan_city.names["sysadmin"]}, **fields)
        page = soup(app.get("/daftar-data/PSR-1"))
        assert page.select(f".dd-facts a[href$='/dataset/{dataset['name']}']")


class TestChanging:
    def form(self, **changes):
        return {
            "judul": "Luas lahan parkir",
            "opd": "dinas-pasar",
            "urusan": "3.30",
            "kelas": "wajib",
            "frequency": "tahunan",
            "deadline_days": "60",
            "grace_days": "0",
            "berlaku_dari": "",
            "berlaku_sampai": "",
            "level_wilayah": "kota",
            "access": "terbuka",
            "access_reason": "",
            "dasar_hukum": "",
            "source_system": "",
            **changes,
        }

    def test_an_opd_proposes_and_the_walidata_agrees_and_puts_in_force(self, app, plan_city):
        shown = soup(app.get("/daftar-data/usul", headers=plan_city.headers["produsen"]))
        assert shown.select_one("#field-opd option[selected]")["value"] == "dinas-pasar"
        assert [one["value"] for one in shown.select("#field-opd option")] == ["dinas-pasar"]
        assert not shown.select("#field-prioritas, #field-expected_values")
        answer = app.post("/daftar-data/usul", headers=plan_city.headers["produsen"], data=self.form())
        assert "Luas lahan parkir" in soup(answer).h1.get_text()
        (made,) = call_action("satudata_plan_entry_list", q="lahan parkir")["results"]
        assert made["state"] == "usulan"
        walidata = plan_city.headers["walidata"]
        app.post(f"/daftar-data/{made['kode']}/langkah", headers=walidata, data={"to": "disepakati"})
        dates = {"to": "berlaku", "berlaku_dari": f"{plan_city.year + 1}-01-01", "berlaku_sampai": ""}
        app.post(f"/daftar-data/{made['kode']}/langkah", headers=walidata, data=dates)
        assert call_action("satudata_plan_entry_show", id=made["kode"])["state"] == "berlaku"

    def test_what_is_wrong_is_said_on_top_and_at_its_field(self, app, plan_city):
        wrong = self.form(judul="", deadline_days="segera", access="tertutup")
        page = soup(app.post("/daftar-data/usul", headers=plan_city.headers["produsen"], data=wrong, status=400))
        links = [one["href"] for one in page.select(".dd-errors a")]
        assert set(links) == {"#field-judul", "#field-deadline_days"}
        assert all(page.select_one(one) for one in links)
        assert page.select_one("#field-deadline_days")["value"] == "segera"
        assert page.select_one("#field-deadline_days")["aria-invalid"] == "true"

    def test_a_near_duplicate_is_shown_before_anything_is_saved(self, app, plan_city):
        twin = self.form(judul="Jumlah puskesmas di kota")
        page = soup(app.post("/daftar-data/usul", headers=plan_city.headers["produsen"], data=twin, status=400))
        assert page.select(".dd-alike a[href$='/daftar-data/KES-1']")
        assert call_action("satudata_plan_entry_list", q="puskesmas")["count"] == 1
        app.post("/daftar-data/usul", headers=plan_city.headers["produsen"], data={**twin, "similar_ok": "ya"})
        assert call_action("satudata_plan_entry_list", q="puskesmas")["count"] == 2

    def test_who_agrees_sees_what_another_opd_proposed_alike(self, app, plan_city):
        other = {
            "judul": "Jumlah pedagang kaki lima",
            "opd": "dinas-kesehatan",
            "urusan": "1.02",
            "frequency": "tahunan",
            "deadline_days": 30,
        }
        made = call_action(
            "satudata_plan_entry_create", {"user": plan_city.names["sysadmin"]}, similar_ok=True, **other
        )
        page = soup(app.get("/daftar-data/PSR-4", headers=plan_city.headers["walidata"]))
        assert made["kode"] in page.select_one(".dd-alike").get_text()
        assert not page.select("[name=similar_ok]")
        assert not soup(app.get("/daftar-data/PSR-4", headers=plan_city.headers["produsen"])).select(".dd-alike")
        assert not soup(app.get("/daftar-data/PSR-1", headers=plan_city.headers["walidata"])).select(".dd-alike")

    def test_nobody_proposes_for_another_opd(self, app, plan_city):
        foreign = self.form(opd="dinas-kesehatan")
        app.post("/daftar-data/usul", headers=plan_city.headers["produsen"], data=foreign, status=403)
        app.get("/daftar-data/usul", headers=plan_city.headers["orang"], status=403)
        visitor = app.get("/daftar-data/usul", follow_redirects=False)
        assert visitor.status_code == 302
        assert "/user/login" in visitor.headers["Location"]

    def test_the_walidata_edits_and_the_form_begins_with_what_holds(self, app, plan_city):
        page = soup(app.get("/daftar-data/PSR-1/ubah", headers=plan_city.headers["walidata"]))
        assert page.select_one("#field-prioritas")["value"] == str(plan_city.year)
        assert not page.select("#field-frequency, #field-deadline_days, #field-opd")
        values = {one["name"]: one.get("value", "") for one in page.select("form.dd-form input.form-control")}
        values |= {
            one["name"]: (one.select_one("[selected]") or one.option)["value"]
            for one in page.select("form.dd-form select")
        }
        values |= {one["name"]: one.get_text() for one in page.select("form.dd-form textarea")}
        app.post("/daftar-data/PSR-1/ubah", headers=plan_city.headers["walidata"], data=values)
        assert [event["action"] for event in self.events("PSR-1")] == ["impor"]
        changed = {**values, "judul": "Jumlah pasar rakyat", "similar_ok": "ya", "prioritas": ""}
        app.post("/daftar-data/PSR-1/ubah", headers=plan_city.headers["walidata"], data=changed)
        entry = PlanEntry.by_kode("PSR-1")
        assert (entry.judul, entry.prioritas) == ("Jumlah pasar rakyat", [])

    def events(self, kode):
        return call_action("satudata_plan_entry_history", id=kode)["events"]

    def test_terms_change_from_a_day_on_with_a_reason(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        page = soup(app.get("/daftar-data/PSR-1/ubah-ketentuan", headers=walidata))
        assert page.select_one("#field-deadline_days")["value"] == "15"
        data = {"frequency": "triwulanan", "deadline_days": "30", "grace_days": "5", "kelas": "wajib"}
        bad = {**data, "effective_from": "2020-01-01", "reason": ""}
        refused = soup(app.post("/daftar-data/PSR-1/ubah-ketentuan", headers=walidata, data=bad, status=400))
        assert refused.select(".dd-errors li")
        good = {**data, "effective_from": plan_city.tomorrow.isoformat(), "reason": "Kesepakatan Forum"}
        shown = soup(app.post("/daftar-data/PSR-1/ubah-ketentuan", headers=walidata, data=good))
        assert "Kesepakatan Forum" in shown.select_one("#ketentuan ~ ol").get_text()
        app.post("/daftar-data/PSR-1/ubah-ketentuan", headers=plan_city.headers["produsen"], data=good, status=403)

    def test_many_are_agreed_on_at_once(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        page = soup(app.get("/daftar-data?keadaan=usulan", headers=walidata))
        chosen = [one["value"] for one in page.select("input[name=pilih]")]
        assert len(chosen) == 1
        app.post("/daftar-data?keadaan=usulan", headers=walidata, data={"pilih": chosen, "to": "disepakati"})
        agreed = soup(app.get("/daftar-data?keadaan=disepakati", headers=walidata))
        both = [one["value"] for one in agreed.select("input[name=pilih]")]
        assert len(both) == 2
        data = {"pilih": both, "to": "berlaku", "tahun": str(plan_city.year + 1)}
        app.post("/daftar-data?keadaan=disepakati", headers=walidata, data=data)
        entry = PlanEntry.by_kode("PSR-4")
        assert (entry.state, entry.berlaku_dari.year, entry.berlaku_sampai.year) == (
            "berlaku",
            plan_city.year + 1,
            plan_city.year + 1,
        )

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            ({"to": "disepakati"}, 400),
            ({"to": "hapus", "pilih": "PSR-5"}, 400),
            ({"to": "berlaku", "pilih": "PSR-5", "tahun": "kapan"}, 400),
            ({"to": "disepakati", "pilih": "PSR-1"}, 409),
            ({"to": "disepakati", "pilih": "\0"}, 404),
        ],
    )
    def test_a_step_that_cannot_be_taken_is_refused(self, app, plan_city, data, status):
        page = soup(app.post("/daftar-data", headers=plan_city.headers["walidata"], data=data, status=status))
        assert page.select_one("[role=alert]")
        assert PlanEntry.by_kode("PSR-1").state == "berlaku"

    def test_only_the_walidata_takes_steps(self, app, plan_city):
        for role in ("produsen", "orang"):
            data = {"pilih": "PSR-5", "to": "berlaku", "tahun": str(plan_city.year)}
            app.post("/daftar-data", headers=plan_city.headers[role], data=data, status=403)
            app.post("/daftar-data/PSR-5/langkah", headers=plan_city.headers[role], data={"to": "berlaku"}, status=403)
        assert PlanEntry.by_kode("PSR-5").state == "disepakati"

    def test_a_forbidden_step_of_one_entry_is_said_on_its_page(self, app, plan_city):
        answer = app.post(
            "/daftar-data/PSR-1/langkah", headers=plan_city.headers["walidata"], data={"to": "disepakati"}, status=409
        )
        assert soup(answer).select_one(".dd-errors li").get_text()

    def test_an_opd_takes_its_proposal_back(self, app, plan_city):
        data = {"to": "ditarik", "note": "Sudah ada di aplikasi lain"}
        app.post("/daftar-data/PSR-4/langkah", headers=plan_city.headers["produsen"], data=data)
        assert PlanEntry.by_kode("PSR-4") is None

    def test_carrying_over_shows_first_and_then_does_it(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        page = soup(app.get("/daftar-data/impor/tahun", headers=walidata))
        assert "KES-1" in page.select_one(".dd-diff").get_text()
        assert PlanEntry.by_kode("KES-1").berlaku_sampai.year == plan_city.year
        data = {"dari": str(plan_city.year), "ke": str(plan_city.year + 1)}
        app.post("/daftar-data/impor/tahun", headers=walidata, data=data)
        assert PlanEntry.by_kode("KES-1").berlaku_sampai.year == plan_city.year + 1
        app.get("/daftar-data/impor/tahun?dari=2026&ke=2020", headers=walidata, status=400)
        app.get("/daftar-data/impor/tahun", headers=plan_city.headers["produsen"], status=403)

    def test_a_change_of_opds_shows_what_it_means_and_then_does_it(self, app, plan_city):
        path, walidata = "/daftar-data/perubahan-opd", plan_city.headers["walidata"]
        assert soup(app.get("/daftar-data", headers=walidata)).select_one(f"a[href$='{path}']")
        asked = {
            "kind": "split",
            "from_opd": "dinas-pasar",
            "to_opd": "dinas-kesehatan",
            "entries": "PSR-1",
            "new_title": "tidak dipakai",
            "effective": plan_city.today.isoformat(),
            "reason": "Perwal tentang susunan OPD",
        }
        before = PlanEntry.by_kode("PSR-1").opd_id
        page = soup(app.post(path, headers=walidata, data=asked))
        assert page.select_one("[data-akibat] li").get_text() == "PSR-1"
        assert PlanEntry.by_kode("PSR-1").opd_id == before
        sent = {one["name"]: one["value"] for one in page.select("[data-akibat] input[type=hidden]")}
        app.post(path, headers=walidata, data={**sent, "yakin": "ya"})
        assert PlanEntry.by_kode("PSR-1").opd_id == PlanEntry.by_kode("KES-1").opd_id != before
        assert PlanEntry.by_kode("PSR-2").opd_id == before
        events = soup(app.get("/daftar-data/PSR-1", headers=walidata)).get_text(" ")
        assert "pindah karena OPD dipecah" in events

    def test_a_change_of_opds_that_cannot_be_is_said_at_its_field(self, app, plan_city):
        path, walidata = "/daftar-data/perubahan-opd", plan_city.headers["walidata"]
        asked = {"kind": "merge", "from_opd": "dinas-pasar", "effective": plan_city.tomorrow.isoformat(), "reason": ""}
        page = soup(app.post(path, headers=walidata, data={**asked, "yakin": "ya"}, status=400))
        assert page.select_one("#error-reason")
        asked |= {"reason": "Perwal", "to_opd": "dinas-kesehatan"}
        page = soup(app.post(path, headers=walidata, data={**asked, "yakin": "ya"}, status=400))
        assert "belum tiba" in page.select_one("#error-effective").get_text()
        assert PlanEntry.by_kode("PSR-1").opd_id != PlanEntry.by_kode("KES-1").opd_id
        app.get(path, headers=plan_city.headers["produsen"], status=403)
        app.post(path, headers=plan_city.headers["produsen"], data={**asked, "yakin": "ya"}, status=403)

    @pytest.mark.parametrize(
        "path",
        [
            "/daftar-data",
            "/daftar-data/usul",
            "/daftar-data/impor",
            "/daftar-data/PSR-1/langkah",
            "/daftar-data/PSR-1/ubah",
        ],
    )
    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    def test_a_form_without_its_token_is_refused(self, app, plan_city, monkeypatch, path):
        # One request without a session exempts its view from CKAN's check for the rest of the process; and the session
        # cookie of the test client is for localhost.
        monkeypatch.setattr(csrf, "_exempt_views", set())
        app.set_session_user(plan_city.ids["walidata"])
        answer = app.post(path, base_url="http://localhost", data={"to": "berakhir"}, status=400)
        assert "CSRF" in answer.body
        assert PlanEntry.by_kode("PSR-1").state == "berlaku"

    def test_every_form_carries_its_token(self, app, plan_city):
        walidata = plan_city.headers["walidata"]
        for end in (
            "?keadaan=usulan",
            "/PSR-4",
            "/usul",
            "/PSR-1/ubah",
            "/PSR-1/ubah-ketentuan",
            "/impor",
            "/impor/tahun",
            "/perubahan-opd",
        ):
            path = f"/daftar-data{end}"
            forms = soup(app.get(path, headers=walidata)).select(".dd form[method=post]")
            assert forms, path
            assert all(form.select_one("input[name=_csrf_token]") for form in forms), path


def test_the_home_page_says_what_is_promised_this_month(app, plan_city):
    monthly = {
        "kode": "PSR-B",
        "judul": "Jumlah karcis parkir",
        "opd": "dinas-pasar",
        "urusan": "3.30",
        "frequency": "bulanan",
        "deadline_days": 10,
        "berlaku_dari": "2024-01-01",
        "state": "berlaku",
    }
    call_action("satudata_plan_import", {"user": plan_city.names["sysadmin"]}, entries=[monthly])
    page = soup(app.get("/"))
    assert "Jumlah karcis parkir" in page.select_one("#judul-dijanjikan ~ ul").get_text()
    assert page.select(".satudata-nav a[href$='/daftar-data']")


def test_pages_stand_in_english_addresses_too(app, plan_city):
    for path in ("/en/daftar-data", "/en/daftar-data/PSR-1", "/en/daftar-data/kalender"):
        assert app.get(path).status_code == 200
