"""An OPD publishes: half a draft, a refusal that says what is missing, a CSV, and within seconds a table."""

from __future__ import annotations

import time
import uuid

import pytest
from ckanapi import NotAuthorized, NotFound, RemoteCKAN, ValidationError
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

KECAMATAN = ["Serang", "Kasemen", "Walantaka", "Curug", "Cipocok Jaya", "Taktakan"]
TABLE = "kode_wilayah;nama_wilayah;tahun;kode_pos;nilai;satuan\r\n" + "".join(
    f"36.73.{place:02d};{name};2025;0421{place};{place * 7};unit\r\n" for place, name in enumerate(KECAMATAN, 1)
)
TEXTS = {
    "notes": "Banyaknya pasar rakyat yang beroperasi tiap kecamatan pada akhir tahun, dari catatan dinas.",
    "konsep": "Pasar rakyat",
    "definisi": "Tempat usaha yang ditata untuk pedagang kecil; pasar tumpah tidak dihitung.",
    "klasifikasi_penyajian": "kecamatan",
    "satuan": "unit",
    "jadwal_rilis": "setiap 31 Maret",
    "kegiatan_judul": "Pendataan pasar rakyat",
    "kegiatan_tujuan": "Merencanakan perbaikan pasar.",
    "contact-0-name": "Bidang Data",
    "contact-0-email": "data@example.org",
}
CHOICES = {
    "urusan": "3.30",
    "ukuran": "jumlah",
    "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
    "level_penyajian": "kecamatan",
    "kegiatan_cara_pengumpulan": "kompilasi",
}


def wait_until(condition, seconds=60):
    """Wait for a job of the worker; its time is not what is tested."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(1)
    pytest.fail(f"not within {seconds} s")
    return None


def outside_plan(site, opd):
    """How many published datasets of the OPD serve no plan entry, by the dashboard's own figures."""
    shown = site.action.satudata_completeness_show(year=2025, opd=opd)
    return shown["groups"][0]["outside_plan"]


def test_in_the_browser(open_browser, page, portal, accounts, log_in, shoot, tmp_path):
    account = accounts["opd_editor_1"]
    anonymous = RemoteCKAN(portal)
    before = outside_plan(anonymous, account["opd"])
    name = f"pasar-rakyat-{uuid.uuid4().hex[:8]}"
    file = tmp_path / "pasar.csv"
    file.write_bytes(TABLE.encode("cp1252"))

    log_in(page, account)
    page.goto("/dataset/new")
    page.locator("[name=title]").fill(f"Jumlah pasar {name}")
    page.get_by_role("button", name="Simpan draf").click()
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="Terbitkan").click()
    refusal = page.locator("main, [role=main]").first
    expect(refusal).to_contain_text("belum dapat diterbitkan")
    for asked in ("Definisi", "Satuan", "Frekuensi"):
        expect(refusal).to_contain_text(f"{asked}")
    shoot(page, "terbit-ditolak-1280")

    page.get_by_role("link", name="Lengkapi metadata").first.click()
    for field, text in TEXTS.items():
        page.locator(f"[name='{field}']").fill(text)
    for field, choice in CHOICES.items():
        page.locator(f"select[name='{field}']").select_option(choice)
    page.locator("input[name=metode][value=sekunder]").check()
    shoot(page, "formulir-1280")
    page.get_by_role("button", name="Simpan draf", exact=True).click()
    expect(page.get_by_text("siap terbit")).to_be_visible()
    page.get_by_role("button", name="Terbitkan").click()
    page.wait_for_load_state()

    slug = page.url.rstrip("/").split("/")[-1].split("?")[0]
    dataset = anonymous.action.package_show(id=slug)
    assert dataset["state"] == "active"
    resource = dataset["resources"][0]["id"]
    found = wait_until(lambda: loaded(anonymous, resource))
    assert {one["kode_pos"] for one in found["records"]} == {f"0421{place}" for place in range(1, 7)}
    reader = open_browser()
    reader.goto(f"/dataset/{slug}/resource/{resource}?cari=Cipocok")
    expect(reader.get_by_role("cell", name="Cipocok Jaya").first).to_be_visible()
    expect(reader.get_by_role("cell", name="Taktakan")).to_have_count(0)
    shoot(reader, "berkas-1280")
    wait_until(lambda: outside_plan(anonymous, account["opd"]) == before + 1)


def loaded(site, resource):
    """The table of a resource, once it is there."""
    try:
        return site.action.datastore_search(resource_id=resource)
    except NotFound:
        return None


def test_by_the_api(portal, accounts, tmp_path):
    account = accounts["opd_editor_2"]
    site = RemoteCKAN(portal, apikey=account["token"])
    name = f"pasar-api-{uuid.uuid4().hex[:8]}"
    poor = {"name": name, "title": "Jumlah pasar lewat API", "owner_org": account["opd"]}
    with pytest.raises(ValidationError) as refused:
        site.action.package_create(**poor, state="active")
    assert {"definisi", "satuan", "frequency"} <= set(refused.value.error_dict)
    site.action.package_create(**poor, state="draft")
    file = tmp_path / "pasar.csv"
    file.write_bytes(TABLE.encode("utf-8-sig"))
    with file.open("rb") as upload:
        resource = site.action.resource_create(package_id=name, name="Pasar 2025", format="CSV", upload=upload)
    fields = {key: value for key, value in {**TEXTS, **CHOICES}.items() if not key.startswith("contact")}
    site.action.package_patch(
        id=name,
        **fields,
        metode=["sekunder"],
        access_rights="http://publications.europa.eu/resource/authority/access-right/PUBLIC",
        license_id="cc-by",
        kode_wilayah="36.73",
        contact=[{"name": "Bidang Data", "email": "data@example.org"}],
        state="active",
    )
    anonymous = RemoteCKAN(portal)
    found = wait_until(lambda: loaded(anonymous, resource["id"]))
    assert found["total"] == len(KECAMATAN)
    types = {field["id"]: field["type"] for field in found["fields"]}
    assert (types["nilai"], types["kode_pos"], types["kode_wilayah"]) == ("int8", "text", "text")


def test_another_opd_is_refused(portal, accounts):
    site = RemoteCKAN(portal, apikey=accounts["opd_editor_1"]["token"])
    with pytest.raises(NotAuthorized):
        site.action.package_create(
            name="bukan-milik-sendiri",
            title="Bukan milik sendiri",
            owner_org=accounts["opd_editor_2"]["opd"],
            state="draft",
        )
