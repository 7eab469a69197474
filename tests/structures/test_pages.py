"""The pages of structures: read by everybody, changed by a form without scripts, decided on, drafted, downloaded."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from bs4 import BeautifulSoup

from ckan import model
from ckan.tests import factories

from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import read

from tests.catalogue.datasets import complete_dataset
from tests.plan.city import act, facts

from .conftest import VARIABLE, content

PUBLIC = ("/struktur", "/struktur/kios-pasar", "/struktur/kios-pasar/versi/1", "/variabel", "/variabel/kios_pasar")


@pytest.fixture
def who(city):
    """Headers by role."""
    return {
        role: {"Authorization": factories.APIToken(user=getattr(city, role))["token"]}
        for role in ("walidata", "produsen", "other")
    }


@pytest.fixture
def register(city, kios):
    act("satudata_variable_create", city.walidata, content=VARIABLE)


def soup(answer):
    return BeautifulSoup(answer.body, "html.parser")


def sent(page, **changes):
    """What the page's form would send as it stands, with changes."""
    found = []
    form = page.find(id="formulir") or page.select_one(".primary form:has([name=isi])")
    for field in form.select("input[name], textarea[name], select[name]"):
        if field.name == "select":
            chosen = field.find("option", selected=True) or field.find("option")
            found.append((field["name"], chosen["value"] if chosen else ""))
        elif field.name == "textarea":
            found.append((field["name"], field.get_text().removeprefix("\n")))
        elif field.get("type") != "checkbox" or field.has_attr("checked"):
            found.append((field["name"], field.get("value", "")))
    return [pair for pair in found if pair[0] not in changes] + list(changes.items())


def post(app, address, pairs, headers, **options):
    from werkzeug.datastructures import MultiDict

    return app.post(address, data=MultiDict(pairs), headers=headers, follow_redirects=False, **options)


@pytest.mark.parametrize("language", ["", "/en"])
def test_everybody_reads_them_in_both_languages(app, register, language):
    for address in PUBLIC:
        page = soup(app.get(language + address, status=200))
        assert len(page.find_all("h1")) == 1, address
        assert not page.select(".primary form[method=post]"), address
    page = soup(app.get(language + "/struktur/kios-pasar"))
    assert [cell.contents[0] for cell in page.select(".st-columns tbody th")] == ["Kecamatan", "Kios", "Kios Kosong"]
    assert "PSR-1" not in page.text or page.find("a", href=lambda href: href and href.endswith("/daftar-data/PSR-1"))


@pytest.mark.parametrize(
    "address",
    [
        "/struktur/tidak-ada",
        "/struktur/kios-pasar/versi/9",
        "/struktur/a%00b",
        "/variabel/tidak_ada",
        "/variabel/a%00b",
        "/struktur?halaman=99",
        "/struktur/tidak-ada/indah.xlsx",
        "/struktur/tidak-ada/ubah",
    ],
)
def test_what_is_not_there_is_said_kindly(app, register, who, address):
    page = soup(app.get(address, headers=who["walidata"], status=404))
    assert page.select_one(".dd-problem").text.strip()


@pytest.mark.parametrize(
    "address",
    ["/struktur/kios-pasar/versi/x", "/struktur?halaman=x", "/struktur?opd=tidak-ada", "/variabel?opd=%00"],
)
def test_what_makes_no_sense_is_said_kindly(app, register, address):
    assert app.get(address).status_code in (200, 400, 404)


def test_visitors_log_in_before_they_change_anything(app, register, who):
    for address in ("/struktur/kios-pasar/ubah", "/struktur/baru", "/struktur/susun", "/variabel/baru"):
        assert app.get(address, follow_redirects=False).status_code == 302, address
    for address in ("/struktur/kios-pasar/ubah", "/variabel/baru", "/variabel/kios_pasar/ubah"):
        app.get(address, headers=who["other"], status=403)


def test_the_walidata_adds_a_column_sees_what_changes_and_saves(app, kios, who):
    headers, address = who["walidata"], "/struktur/kios-pasar/ubah"
    page = soup(app.get(address, headers=headers, status=200))
    page = soup(post(app, address, sent(page, langkah="tambah-kolom"), headers, status=200))
    assert read.structure(kios).version == 1
    assert page.select_one("#baris-k3").has_attr("open")
    page = soup(post(app, address, sent(page, langkah="naik:k3", **{"k3.label": "Los", "k3.type": "integer"}), headers))
    assert [one["value"] for one in page.select("input[name=kolom]")] == ["k0", "k1", "k3", "k2"]
    page = soup(post(app, address, sent(page, langkah="periksa"), headers, status=200))
    assert "Los" in page.select_one(".st-changes").text
    assert not page.select(".st-changes .st-breaking")
    refused = soup(post(app, address, sent(page, langkah="simpan", reason=""), headers, status=400))
    assert refused.select_one(".dd-problem")
    done = post(app, address, sent(refused, langkah="simpan", reason="Los dihitung."), headers, status=302)
    assert done.headers["Location"].endswith("/struktur/kios-pasar")
    assert [column.id for column in read.structure(kios).columns] == [
        "kode_wilayah",
        "jumlah_kios",
        "los",
        "kios_kosong",
    ]


def test_what_breaks_files_is_marked_before_saving(app, kios, who):
    headers, address = who["walidata"], "/struktur/kios-pasar/ubah"
    page = soup(app.get(address, headers=headers))
    page = soup(post(app, address, sent(page, langkah="hapus:a0"), headers))
    page = soup(post(app, address, sent(page, langkah="hapus:k2"), headers))
    page = soup(post(app, address, sent(page, langkah="periksa"), headers, status=200))
    assert "Kios Kosong" in page.select_one(".st-changes .st-breaking").text
    back = soup(post(app, address, sent(page, langkah="kembali"), headers, status=200))
    assert len(back.select("input[name=kolom]")) == 2


def test_problems_stand_at_their_fields_and_on_top(app, kios, who):
    headers, address = who["walidata"], "/struktur/kios-pasar/ubah"
    page = soup(app.get(address, headers=headers))
    page = soup(post(app, address, sent(page, langkah="periksa", **{"k1.minimum": "banyak"}), headers, status=400))
    assert page.select_one(".dd-errors a")["href"] == "#field-k1-minimum"
    assert page.select_one("#field-k1-minimum")["aria-invalid"] == "true"
    assert page.select_one("#baris-k1").has_attr("open")
    assert page.select_one("#field-k1-minimum")["value"] == "banyak"


def test_a_proposal_of_an_opd_waits_for_the_walidata(app, city, kios, who):
    address = "/struktur/kios-pasar/ubah"
    page = soup(app.get(address, headers=who["produsen"]))
    page = soup(post(app, address, sent(page, langkah="periksa", **{"k1.definisi": "Petak."}), who["produsen"]))
    assert not page.select("button[value=simpan]")
    post(app, address, sent(page, langkah="simpan", reason="Nakal."), who["produsen"], status=403)
    model.Session.remove()
    done = post(app, address, sent(page, langkah="usulkan", reason="Agar jelas."), who["produsen"], status=302)
    assert done.headers["Location"].endswith("/struktur/kios-pasar/versi/2")
    app.get("/struktur/kios-pasar/versi/2", status=404)
    assert "usulan versi 2" in soup(app.get("/struktur?usulan=ya", headers=who["walidata"])).text
    assert "usulan struktur" in soup(app.get("/daftar-data", headers=who["walidata"])).text
    page = soup(app.get("/struktur/kios-pasar/versi/2", headers=who["walidata"]))
    assert page.select_one("button[value=terima]")
    assert "Agar jelas." in page.text
    decide = "/struktur/kios-pasar/versi/2/putusan"
    post(app, decide, [("putusan", "terima")], who["produsen"], status=403)
    post(app, decide, [("putusan", "tolak")], who["walidata"], status=400)
    post(app, decide, [("putusan", "terima"), ("note", "Baik.")], who["walidata"], status=302)
    assert read.structure(kios).version == 2
    post(app, decide, [("putusan", "terima")], who["walidata"], status=409)


def test_who_was_slower_sees_it_and_loses_nothing(app, city, kios, who):
    address = "/struktur/kios-pasar/ubah"
    page = soup(app.get(address, headers=who["walidata"]))
    page = soup(post(app, address, sent(page, langkah="periksa", nama="Kios Pasar"), who["walidata"]))
    act(
        "satudata_structure_propose",
        city.walidata,
        id=kios,
        content=content(nama="Kios dan Los"),
        base_version=1,
        reason="Lain.",
        in_force=True,
    )
    answer = soup(post(app, address, sent(page, langkah="simpan", reason="Ringkas."), who["walidata"], status=409))
    assert "versi 2" in answer.select_one(".dd-problem").text
    assert json.loads(answer.select_one("[name=isi]")["value"])["nama"] == "Kios Pasar"
    assert read.structure(kios).nama == "Kios dan Los"


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [("langkah", "simpan"), ("isi", "")],
        [("langkah", "simpan"), ("isi", "[" * 3000)],
        [("langkah", "usulkan"), ("isi", '{"columns": [1]}')],
        [("langkah", "kembali"), ("isi", '{"columns": {"a": 1}}')],
        [
            ("langkah", "kembali"),
            ("isi", '{"columns": [{"id": "a", "synonyms": 7}], "rules": [{"id": "a", "parts": 9}]}'),
        ],
        [("langkah", "simpan"), ("isi", '{"kode": "kios-pasar", "nama": "N", "columns": [{"id": "a"}]}')],
        [("langkah", "naik:k0"), ("kolom", "k0"), ("kolom", "k0"), ("k0.label", "\0")],
        [("langkah", "periksa"), ("kolom", "k0"), ("k0.label", "\0"), ("nama", "<script>")],
        [("langkah", "\0" * 40), ("dasar", "9" * 40)],
    ],
)
def test_hostile_forms_end_in_a_sentence(app, kios, who, pairs):
    answer = post(app, "/struktur/kios-pasar/ubah", pairs, who["walidata"])
    assert answer.status_code in (200, 400, 409)
    assert "<script>alert" not in answer.body
    assert read.structure(kios).version == 1


def test_a_structure_is_drafted_from_an_example(app, city, who):
    table = "Kecamatan;Jumlah Kios (unit);Kios Kosong (unit)\n" + "".join(
        f"{name};{number * 7};{number}\n"
        for number, name in enumerate(("Serang", "Kasemen", "Walantaka", "Curug", "Cipocok Jaya", "Taktakan"), 1)
    )
    data = {"upload": (io.BytesIO(table.encode()), "kios.csv")}
    page = soup(app.post("/struktur/susun", data=data, headers=who["produsen"], status=200))
    assert page.select_one("#field-k0-code_list option[selected]")["value"] == "wilayah:kecamatan"
    assert page.select_one("#field-k1-type option[selected]")["value"] == "integer"
    pairs = sent(page, langkah="periksa", nama="Kios menurut Kecamatan", kode="kios-kecamatan")
    review = soup(post(app, "/struktur/baru", pairs, who["produsen"], status=200))
    done = post(app, "/struktur/baru", sent(review, langkah="usulkan", reason=""), who["produsen"], status=302)
    assert done.headers["Location"].endswith("/struktur/kios-kecamatan/versi/1")
    found = act("satudata_structure_show", city.produsen, id="kios-kecamatan")
    assert found["opd_name"] == "dinas-pasar"
    assert found["version"]["state"] == "usulan"


def test_numbers_of_persons_in_an_example_become_no_codes(app, city, who):
    table = "Jenis;Pengenal;Jumlah\n" + "".join(f"A{n % 3};36730141019000{n % 3 + 1:02};{n}\n" for n in range(30))
    data = {"upload": (io.BytesIO(table.encode()), "contoh.csv")}
    page = app.post("/struktur/susun", data=data, headers=who["produsen"], status=200)
    assert "3673014101900001" not in page.text
    assert "A1" in page.text
    assert soup(page).select_one("#field-k1-personal").has_attr("checked")


@pytest.mark.parametrize("sample", [b"", b"\0" * 5000, b"MZ\x90\0" * 100, b"PK\x03\x04" + b"\xff" * 60, b"a,b\n"])
def test_an_example_that_is_no_table_is_refused_with_a_sentence(app, city, who, sample):
    data = {"upload": (io.BytesIO(sample), "contoh.xlsx")}
    page = soup(app.post("/struktur/susun", data=data, headers=who["walidata"], status=400))
    assert page.select_one(".dd-errors li").text.strip()
    soup(app.post("/struktur/susun", data={}, headers=who["walidata"], status=400))


def test_files_of_a_structure(app, register):
    found = json.loads(app.get("/struktur/kios-pasar/tableschema.json", status=200).body)
    assert [one["name"] for one in found["fields"]] == ["kode_wilayah", "jumlah_kios", "kios_kosong"]
    assert json.loads(app.get("/struktur/kios-pasar/csvw.json", status=200).body)["@context"]
    workbook = app.get("/struktur/kios-pasar/indah.xlsx", status=200)
    assert zipfile.ZipFile(io.BytesIO(workbook.get_data())).testzip() is None
    assert "attachment" in workbook.headers["Content-Disposition"]


def test_the_workbook_of_a_structure_is_made_once_and_one_at_a_time(app, city, kios, who, made_elsewhere):
    address = "/struktur/kios-pasar/indah.xlsx"
    with made_elsewhere():
        assert "Coba lagi" in app.get(address, status=503).body
        assert app.get("/struktur/kios-pasar/csvw.json", status=200)
    first = app.get(address, status=200).get_data()
    with made_elsewhere():
        assert app.get(address, status=200).get_data() == first
    act("satudata_structure_create", city.walidata, content=content(kode="kios-lain", nama="Kios lain"))
    other = {"headers": who["walidata"]}
    with made_elsewhere():
        app.get("/struktur/kios-lain/indah.xlsx", status=503, **other)
    assert app.get("/struktur/kios-lain/indah.xlsx", status=200, **other).get_data() != first


def test_an_entry_names_its_structure_and_its_form_offers_them(app, city, kios, who):
    page = soup(app.get("/daftar-data/PSR-1", headers=who["walidata"]))
    assert page.find("a", href="/struktur/kios-pasar").text == "Kios Pasar menurut Kecamatan"
    form = soup(app.get("/daftar-data/PSR-1/ubah", headers=who["walidata"]))
    assert form.select_one("#field-structure_id option[selected]")["value"] == kios
    assert not soup(app.get("/daftar-data/usul", headers=who["produsen"])).select("#field-structure_id")
    from tests.plan.city import errors

    assert "structure_id" in errors("satudata_plan_entry_update", city.walidata, id="PSR-1", structure_id="tidak-ada")


def test_the_page_of_an_entry_in_force_offers_its_next_template(app, city, kios, who):
    def offered():
        return soup(app.get("/daftar-data/PSR-1", headers=who["produsen"])).select('dd a[href$="templat.xlsx"]')

    assert offered() == []
    for state in ("disepakati", "berlaku"):
        act("satudata_plan_entry_transition", city.walidata, id="PSR-1", to=state)
    (link,) = offered()
    assert "/kirim/PSR-1/" in link["href"]
    answer = app.get(link["href"], headers=who["produsen"])
    assert answer.headers["Content-Type"].startswith("application/vnd.openxmlformats")
    act("satudata_structure_assign", city.walidata, id="", entries=["PSR-1"])
    assert offered() == []


def test_data_are_put_on_a_structure_and_taken_off(app, city, kios, who):
    act("satudata_plan_entry_create", city.walidata, **facts(kode="PSR-2", judul="Los pasar tradisional"))
    post(app, "/struktur/kios-pasar/data", [("entri", " PSR-2 , PSR-1")], who["walidata"], status=302)
    assert PlanEntry.by_kode("PSR-2").structure_id == kios
    post(app, "/struktur/kios-pasar/data", [("lepas", "PSR-2")], who["walidata"], status=302)
    model.Session.expire_all()
    assert PlanEntry.by_kode("PSR-2").structure_id is None
    post(app, "/struktur/kios-pasar/data", [("entri", "TIDAK-ADA")], who["walidata"], status=404)
    post(app, "/struktur/kios-pasar/data", [("entri", "PSR-2")], who["produsen"], status=403)


def test_the_dataset_page_says_what_its_columns_mean(app, city, kios):
    dataset = act("package_create", city.sysadmin, **complete_dataset("dinas-pasar", daftar_data_kode="PSR-1"))
    page = soup(app.get(f"/dataset/{dataset['name']}", status=200))
    assert [cell.contents[0] for cell in page.select("section.st .st-columns tbody th")] == [
        "Kecamatan",
        "Kios",
        "Kios Kosong",
    ]


def test_the_form_of_a_variable(app, register, who):
    address = "/variabel/kios_pasar/ubah"
    form = {"nama": "Kios", "opd": "Disar", "definisi": "Petak berdinding.", "type": "integer", "keyakinan": "sedang"}
    page = soup(app.post(address, data={**form, "dasar": "1"}, headers=who["walidata"], status=400))
    assert page.select_one("#error-reason")
    page = soup(app.post(address, data={**form, "dasar": "7", "reason": "Baku."}, headers=who["walidata"], status=409))
    assert page.select_one(".dd-errors")
    data = {**form, "dasar": "1", "reason": "Baku.", "akses_umum": "ya"}
    app.post(address, data=data, headers=who["walidata"], follow_redirects=False, status=302)
    assert "Petak berdinding." in soup(app.get("/variabel/kios_pasar")).text
    new = {**form, "kode": "Los Pasar", "akses_umum": "ya"}
    page = soup(app.post("/variabel/baru", data=new, headers=who["walidata"], status=400))
    assert page.select_one("#error-kode")
    new["kode"] = "los_pasar"
    app.post("/variabel/baru", data=new, headers=who["walidata"], follow_redirects=False, status=302)
