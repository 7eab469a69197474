"""The dataset form and the dataset page in the browser's eyes, without JavaScript."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

import ckan.plugins.toolkit as tk
from ckan.config.middleware.flask_app import csrf
from ckan.tests import factories
from ckan.tests.helpers import call_action

from .datasets import complete_dataset
from .test_publishing import LEGACY, act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


class Browser:
    """A logged-in browser: opens pages and sends forms as they stand there."""

    def __init__(self, app, user=None):
        self.app = app
        self.headers = {"Authorization": user["token"]} if user else {}

    def open(self, url, status=200):
        response = self.app.get(url, headers=self.headers, status=status)
        return BeautifulSoup(response.body, "html.parser")

    def send(self, address, **data):
        response = self.app.post(address, headers=self.headers, data=data, follow_redirects=True)
        assert response.status_code == 200, response.status
        return BeautifulSoup(response.body, "html.parser")


@pytest.fixture
def browser(app, editor):
    return Browser(app, editor)


def fields(page):
    """What the dataset form would send as it stands."""
    sent = {}
    for control in page.select("#dataset-edit [name]"):
        name = control["name"]
        if "REPEATING" in name or name == "save":
            continue
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            sent[name] = chosen["value"] if chosen else ""
        elif control.name == "textarea":
            sent[name] = control.text.strip("\r\n")
        elif control.get("type") != "checkbox" or control.has_attr("checked"):
            sent[name] = control.get("value", "")
    return sent


def as_form(dataset):
    """A dataset as the form sends it."""
    flat = {key: value for key, value in dataset.items() if key != "contact"}
    for part, value in dataset["contact"][0].items():
        flat[f"contact-0-{part}"] = value
    return flat


class TestForm:
    def test_sections_labels_and_conditions(self, browser, opd):
        page = browser.open("/dataset/new")
        sections = [title.text for title in page.select(".satudata-section > summary")]
        assert [title.strip() for title in sections] == [
            "Tentang data ini", "Standar data", "Cakupan dan jadwal", "Kegiatan statistik", "Rincian kegiatan",
            "Akses dan kontak", "Keterangan tambahan",
        ]  # fmt: skip
        assert not page.select_one("#bagian-lanjutan").has_attr("open")
        label = page.select_one('label[for="field-konsep"]')
        assert "wajib untuk terbit" in label.text
        conditional = page.select_one(".satudata-conditional:has(#field-akses_alasan)")
        assert "Isi hanya bila Hak akses: Terbatas atau Tidak untuk umum (dikecualikan)." in " ".join(
            conditional.text.replace("“", "").replace("”", "").split()
        )
        assert page.select_one("#field-kode_wilayah")["value"] == "36.73"
        assert page.select_one("#field-private option[selected]")["value"] == "False"
        assert page.select_one("#saran-satuan option[value='orang']")

    def test_the_form_is_english_for_english_readers(self, browser, opd):
        page = browser.open("/en/dataset/new")
        assert page.select_one("#bagian-standar > summary").text.strip() == "Data standard"
        assert "Concept" in page.select_one('label[for="field-konsep"]').text

    def test_half_filled_is_saved_as_a_draft_and_publishing_says_what_is_missing(self, browser, opd, editor):
        form = fields(browser.open("/dataset/new"))
        page = browser.send(
            "/dataset/new",
            **{**form, "title": "Jumlah penduduk", "owner_org": opd["id"], "konsep": "Penduduk", "save": ""},
        )
        draft = act("package_show", editor, id="jumlah-penduduk")
        assert (draft["state"], draft["konsep"]) == ("draft", "Penduduk")
        assert page.select_one("#resource-edit")

        page = browser.send(
            "/dataset/jumlah-penduduk/resource/new",
            id="",
            url="https://contoh.go.id/a.csv",
            name="a",
            save="go-metadata",
        )
        missing = page.select_one(".satudata-missing")
        assert "Definisi wajib sebelum terbit." in missing.text
        assert "Konsep wajib" not in missing.text
        assert missing.select_one("a")["href"].endswith("/dataset/edit/jumlah-penduduk")
        draft = act("package_show", editor, id="jumlah-penduduk")
        assert draft["state"] == "draft"
        assert len(draft["resources"]) == 1

    def test_a_draft_is_finished_and_published(self, browser, opd, editor):
        act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft", konsep="Penduduk")
        page = browser.open("/dataset/edit/jumlah-penduduk")
        assert page.select_one(".satudata-missing a[href='#field-definisi']")
        whole = as_form(complete_dataset(opd["id"], name="jumlah-penduduk", type=None))
        page = browser.send("/dataset/new", **{**fields(page), **whole, "save": "go-metadata-preview"})
        assert page.select_one(".satudata-ready form")
        dataset = act("package_show", editor, id="jumlah-penduduk")
        assert (dataset["state"], dataset["contact"][0]["name"]) == ("draft", "Subbagian Program dan Evaluasi")

        page = browser.send(page.select_one(".satudata-ready form")["action"])
        assert act("package_show", editor, id="jumlah-penduduk")["state"] == "active"
        assert "sudah terbit" in page.text

    def test_a_wrong_value_is_shown_beside_its_field_and_on_top(self, browser, opd):
        form = fields(browser.open("/dataset/new"))
        page = browser.send(
            "/dataset/new",
            **{
                **form,
                "title": "Jumlah penduduk",
                "owner_org": opd["id"],
                "satuan": "bakul",
                "contact-0-email": "x",
                "save": "",
            },
        )
        top = page.select_one(".error-explanation")
        assert "belum ada dalam daftar satuan baku" in top.text
        assert "bukan alamat surel" in top.text
        assert page.select_one(".error #field-satuan, .error [name=satuan]")
        assert page.select_one("[name=satuan]")["value"] == "bakul"

    def test_a_published_dataset_keeps_everything_when_its_form_is_saved_unchanged(self, browser, opd, editor):
        dataset = act(
            "package_create",
            editor,
            **complete_dataset(
                opd["id"], data_contoh=True, dasar_hukum=["UU 23/2006", "UU 24/2013"], prioritas_tahun=[2026],
                temporal_coverage=[{"start": "2012", "end": "2025"}], tag_string="kecamatan,penduduk",
            ),
        )  # fmt: skip
        page = browser.open(f"/dataset/edit/{dataset['name']}")
        browser.send(f"/dataset/edit/{dataset['name']}", **{**fields(page), "save": ""})
        after = act("package_show", editor, id=dataset["id"])
        ignored = {"metadata_modified", "extras", "url"}
        assert {key: after.get(key) for key in dataset if key not in ignored} == {
            key: value for key, value in dataset.items() if key not in ignored
        }


class TestDatasetPage:
    def test_metadata_in_sections_without_empty_rows(self, browser, opd, editor):
        dataset = act("package_create", editor, **complete_dataset(opd["id"]))
        page = browser.open(f"/dataset/{dataset['name']}")
        rows = {row.th.text.strip(): " ".join(row.td.text.split()) for row in page.select(".satudata-metadata tr")}
        assert rows["Satuan"] == "orang"
        assert rows["Bidang urusan"] == "2.12 Administrasi Kependudukan dan Pencatatan Sipil"
        assert rows["Frekuensi pemutakhiran"] == "Tahunan"
        assert rows["Wilayah yang dicakup"] == "Kota Serang (36.73)"
        assert "Subbagian Program dan Evaluasi" in rows["Kontak"]
        assert "Dasar hukum" not in rows
        assert "Data contoh" not in rows

    def test_a_draft_lists_its_gaps_for_its_editors(self, browser, opd, editor):
        act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        page = browser.open("/dataset/jumlah-penduduk")
        gaps = call_action("satudata_dataset_publish_check", id="jumlah-penduduk")["missing"]
        assert len(page.select(".satudata-missing li")) == len(gaps) > 10

    def test_legacy_metadata_is_said(self, app, opd):
        act("package_create", factories.Sysadmin(), LEGACY, title="Angka lama", owner_org=opd["id"])
        page = Browser(app).open("/dataset/angka-lama")
        assert "aplikasi lama" in page.select_one(".satudata-legacy").text


def test_the_page_about_an_opd_says_what_is_not_confirmed(app, opd):
    admin = factories.Sysadmin()
    facts = {"urusan": ["2.12"], "keyakinan": "sedang", "notes": "Ada pada daftar lama saja.", "alamat": "Jl. Contoh 1"}
    act("organization_patch", admin, id=opd["id"], **facts)
    page = Browser(app).open("/organization/about/disdukcapil")
    assert "belum dipastikan. Ada pada daftar lama saja." in page.select_one(".satudata-unconfirmed").text
    rows = {row.dt.text: " ".join(row.dd.text.split()) for row in page.select(".primary .satudata-facts > div")}
    assert rows["Bidang urusan"] == "2.12 Administrasi Kependudukan dan Pencatatan Sipil"
    assert rows["Alamat kantor"] == "Jl. Contoh 1"
    assert "Telepon kantor" not in rows


class TestPublishView:
    def test_strangers_may_not(self, app, opd, editor):
        act("package_create", editor, title="Jumlah penduduk", owner_org=opd["id"], state="draft")
        stranger = factories.UserWithToken()
        app.post("/dataset/jumlah-penduduk/terbitkan", headers={"Authorization": stranger["token"]}, status=403)
        app.post("/dataset/tidak-ada/terbitkan", headers={"Authorization": stranger["token"]}, status=404)
        app.get("/dataset/jumlah-penduduk/terbitkan", headers={"Authorization": editor["token"]}, status=404)
        assert act("package_show", editor, id="jumlah-penduduk")["state"] == "draft"

    @pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
    @pytest.mark.parametrize("exempt", [(), ("ckanext.satudataserang.catalogue.views.publish",)])
    def test_a_form_without_its_token_is_refused(self, app, opd, editor, monkeypatch, exempt):
        # One request without a session exempts its view from CKAN's check for the rest of the process; and the session
        # cookie of the test client is for localhost.
        monkeypatch.setattr(csrf, "_exempt_views", set(exempt))
        act("package_create", editor, **complete_dataset(opd["id"], state="draft"))
        app.set_session_user(editor["id"])
        app.post("/dataset/jumlah-penduduk-menurut-kecamatan/terbitkan", base_url="http://localhost", status=400)
        assert act("package_show", editor, id="jumlah-penduduk-menurut-kecamatan")["state"] == "draft"


class TestArea:
    def test_the_address_of_an_area_answers(self, app):
        page = Browser(app).open("/wilayah/36.73")
        assert page.h1.text == "Kota Serang"
        assert len(page.select(".satudata-areas a")) == 6
        below = Browser(app).open("/wilayah/36.73.01")
        assert below.h1.text == "Kecamatan Serang"
        assert "3673040" in below.text

    def test_an_unknown_area(self, app):
        app.get("/wilayah/99.99", status=404)

    def test_it_is_the_address_in_metadata(self, app, opd, editor):
        dataset = act("package_create", editor, **complete_dataset(opd["id"]))
        uri = dataset["spatial_coverage"][0]["uri"]
        assert uri.removeprefix(tk.config["ckan.site_url"]) == "/wilayah/36.73"
