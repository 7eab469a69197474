"""What a visitor sees: home, list, dataset, table, errors."""

from __future__ import annotations

import re

import pytest

from ckan import model
from ckan.tests import factories

from .conftest import act

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

BADGE = 'class="satudata-sample"'


class TestHome:
    def test_every_figure_is_a_link_to_a_list_that_counts_the_same(self, make_dataset, page, app):
        for number in range(3):
            make_dataset(name=f"data-{number}", title=f"Data nomor {number}")
        tiles = _tiles(page("/"))
        assert tiles["dataset terbit"][0] == "3"
        assert tiles["OPD"][0] == "1"
        assert tiles["diperbarui 7 hari terakhir"][0] == "3"
        for label in ("dataset terbit", "diperbarui 7 hari terakhir"):
            listed = page(tiles[label][1])
            assert listed.count('class="dataset-item"') == 3
        assert "disdukcapil" in page(tiles["OPD"][1])

    def test_an_old_dataset_is_not_updated_this_week(self, make_dataset, page):
        old = make_dataset(name="lama", title="Data lama sekali")
        make_dataset(name="baru", title="Data baru sekali")
        _touch(old["id"], "2020-01-01")
        tiles = _tiles(page("/"))
        assert tiles["dataset terbit"][0] == "2"
        count, link = tiles["diperbarui 7 hari terakhir"]
        assert count == "1"
        listed = page(link)
        assert "Data baru sekali" in listed
        assert "Data lama sekali" not in listed

    def test_themes_are_named_and_lead_to_their_datasets(self, make_dataset, page):
        make_dataset(name="puskesmas", title="Puskesmas menurut kecamatan", urusan="1.02")
        make_dataset(name="penduduk", title="Penduduk menurut kecamatan", urusan="2.12")
        home = page("/")
        assert "Kesehatan" in home
        listed = page("/dataset/?urusan=1.02")
        assert "Puskesmas menurut kecamatan" in listed
        assert "Penduduk menurut kecamatan" not in listed

    def test_an_empty_portal_teaches(self, page):
        home = page("/")
        assert "Belum ada dataset yang terbit." in home
        assert "begitu OPD menerbitkan dataset pertamanya" in home

    def test_queries_do_not_grow_with_datasets(self, make_dataset, page, app):
        make_dataset(name="satu", title="Data nomor satu")
        page("/")
        few = _count_queries(lambda: page("/"))
        for number in range(8):
            make_dataset(name=f"data-{number}", title=f"Data nomor {number}")
        assert _count_queries(lambda: page("/")) == few

    def test_both_languages_are_offered(self, page):
        assert 'hreflang="en"' in page("/")
        assert 'hreflang="id"' in page("/en/")


class TestSample:
    def test_sample_data_is_labelled_once_wherever_it_is_shown(self, make_dataset, page):
        sample = make_dataset(
            data_contoh=True, resources=[{"url": "https://contoh.go.id/a.csv", "name": "Tabel", "format": "CSV"}]
        )
        resource = sample["resources"][0]
        assert page("/").count(BADGE) == 2  # newest, and recently updated
        assert page("/dataset/").count(BADGE) == 1
        assert page(f"/dataset/{sample['name']}").count(BADGE) == 1
        assert page(f"/dataset/{sample['name']}/resource/{resource['id']}").count(BADGE) == 1

    def test_real_data_is_not_labelled(self, make_dataset, page):
        real = make_dataset()
        assert BADGE not in page("/")
        assert BADGE not in page(f"/dataset/{real['name']}")


class TestList:
    def test_filters_are_in_indonesian_and_name_their_values(self, make_dataset, page):
        make_dataset(resources=[{"url": "https://contoh.go.id/a.csv", "name": "Tabel", "format": "CSV"}])
        listed = page("/dataset/")
        titles = re.findall(r'class="satudata-facet__title">([^<]+)<', listed)
        assert titles == ["OPD", "Urusan", "Format", "Frekuensi"]
        labels = {text.strip() for text in re.findall(r'class="item-label">([^<]+)<', listed)}
        assert {"Administrasi Kependudukan dan Pencatatan Sipil", "CSV", "Tahunan"} <= labels

    def test_a_chosen_filter_is_named_and_can_be_taken_off(self, make_dataset, page):
        make_dataset()
        listed = page("/dataset/?urusan=2.12")
        assert re.search(r'href="/dataset/"[^>]*><span[^>]*>Lepas saringan </span>Urusan: Administrasi', listed)

    def test_a_senseless_number_of_days_changes_nothing(self, make_dataset, page):
        make_dataset()
        for days in ("abc", "-1", "0", "99999999", "7 OR *:*", "²", "1" * 5000):
            assert 'class="dataset-item"' in page(f"/dataset/?ext_hari={days}")


class TestDataset:
    def test_says_opd_period_and_offers_the_download(self, make_dataset, page):
        dataset = make_dataset(
            temporal_coverage=[{"start": "2012-01-01", "end": "2016-12-31"}],
            resources=[{"url": "https://contoh.go.id/a.csv", "name": "Tabel penduduk", "format": "CSV"}],
        )
        body = page(f"/dataset/{dataset['name']}")
        facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(?:<a[^>]*>)?([^<]+)", body))
        assert facts["OPD"] == "Dinas Kependudukan dan Pencatatan Sipil"
        assert facts["Periode data"] == "2012–2016"
        assert re.search(r'<a class="btn btn-primary[^"]*" href="https://contoh.go.id/a.csv">Buka sumber CSV</a>', body)


class TestErrors:
    def test_not_found_offers_a_search(self, page):
        body = page("/tidak-ada", 404)
        assert "Halaman ini tidak ada" in body
        assert 'action="/dataset/"' in body

    def test_forbidden_tells_a_visitor_to_log_in_and_a_user_whom_to_ask(self, app, make_dataset, page):
        dataset = make_dataset()
        assert "Halaman ini tidak terbuka untuk Anda" in page("/ckan-admin/", 403)
        user = factories.UserWithToken()
        headers = {"Authorization": user["token"]}
        body = app.get(f"/dataset/edit/{dataset['name']}", headers=headers, status=403).body
        assert "Akun Anda belum diberi izin" in body

    def test_a_fault_of_ours_is_a_page_without_its_inside(self, app, page, monkeypatch):
        def broken() -> None:
            secret = "kata-rahasia"
            raise RuntimeError(secret)

        monkeypatch.setitem(app.flask_app.view_functions, "home.about", broken)
        monkeypatch.setitem(app.flask_app.config, "PROPAGATE_EXCEPTIONS", False)
        monkeypatch.setattr(app.flask_app, "testing", False)
        body = page("/about", 500)
        assert "ada gangguan di pihak kami" in body
        assert "kata-rahasia" not in body

    def test_tentang_leads_to_the_page_about_the_portal(self, app):
        response = app.get("/tentang", follow_redirects=False, status=302)
        assert response.headers["Location"].endswith("/about")
        assert "Produsen Data" in app.get("/about").body


class TestTable:
    @pytest.fixture
    def resource(self, make_dataset):
        dataset = make_dataset()
        return act(
            "datastore_create",
            resource={"package_id": dataset["id"], "name": "Tabel", "format": "CSV"},
            fields=[
                {"id": "nama_wilayah", "type": "text", "info": {"label": "Kecamatan"}},
                {"id": "tahun", "type": "int4"},
                {"id": "nilai", "type": "numeric"},
            ],
            records=[
                {"nama_wilayah": f"Kecamatan {number:02d}", "tahun": 2016, "nilai": f"{number}234567.25"}
                for number in range(1, 31)
            ],
        ) | {"dataset": dataset["name"]}

    @pytest.fixture
    def address(self, resource):
        return f"/dataset/{resource['dataset']}/resource/{resource['resource_id']}"

    def test_dataset_page_shows_the_first_rows_as_people_write_numbers(self, resource, page):
        body = page(f"/dataset/{resource['dataset']}")
        assert "Cuplikan tabel" in body
        assert "Kecamatan 01" in body
        assert "1.234.567,25" in body
        assert ">2016<" in body
        assert "Kecamatan 11" not in body

    def test_pages_follow_on_each_other(self, address, page):
        first, second = page(address), page(f"{address}?hal=2")
        assert "Kecamatan 25" in first
        assert "Kecamatan 26" not in first
        assert "Kecamatan 26" in second
        assert "Halaman 2 dari 2 · 30 baris" in second

    def test_sorting_and_searching_stand_in_the_address(self, address, page):
        assert _rows(page(f"{address}?urut=-nilai"))[0] == "Kecamatan 30"
        assert _rows(page(f"{address}?cari=07")) == ["Kecamatan 07"]
        assert "Tidak ada baris yang memuat" in page(f"{address}?cari=mustahil")
        for senseless in ("urut=tidak_ada", 'urut=nilai";drop', "hal=abc", "hal=-3", "hal=0"):
            assert _rows(page(f"{address}?{senseless}"))[0] == "Kecamatan 01"

    def test_no_script_of_ckan_is_needed(self, address, page):
        body = page(address)
        scripts = re.findall(r'<script[^>]*src="([^"]+)"', body)
        assert len(scripts) == 1
        assert "satudata-portal" in scripts[0]
        assert "fontawesome" not in body


def _rows(body: str) -> list[str]:
    return re.findall(r"<tr><td>(Kecamatan \d+)</td>", body)


def _tiles(body: str) -> dict[str, tuple[str, str]]:
    """Label of each tile of the home page with its figure and its link."""
    block = body[body.index('class="satudata-figures"') :]
    block = block[: block.index("</ul>")]
    found = re.findall(r'<a href="([^"]+)">\s*<strong>([^<]+).*?</strong>\s*<span>([^<]+)</span>', block, re.DOTALL)
    return {label: (figure, link.replace("&amp;", "&")) for link, figure, label in found}


def _touch(dataset_id: str, day: str) -> None:
    """Have a dataset last changed on a day in the past."""
    model.Session.query(model.Package).filter_by(id=dataset_id).update({"metadata_modified": day})
    model.Session.commit()
    from ckan.lib.search import rebuild

    rebuild(dataset_id, force=True)


def _count_queries(read) -> int:
    from sqlalchemy import event

    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(model.meta.engine, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(model.meta.engine, "before_cursor_execute", note)
    return len(seen)
