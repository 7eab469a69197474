"""A delivery by hand: the clerk types a small table, the Walidata agrees with one key, the public reads the rows."""

from __future__ import annotations

import uuid

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits

pytestmark = pytest.mark.browser

KECAMATAN = 6
PUBLIC = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
ANNUAL = "http://publications.europa.eu/resource/authority/frequency/ANNUAL"
#: More than this, and a clerk with one figure per kecamatan is kept too long (typing apart).
CLERK_CLICKS, WALIDATA_KEYS = 2, 1


def metadata(kode, opd):
    """A dataset ready to be published, still a draft."""
    return {
        "name": f"pasar-{uuid.uuid4().hex[:8]}",
        "title": "Jumlah pasar rakyat menurut kecamatan",
        "owner_org": opd,
        "state": "draft",
        "daftar_data_kode": kode,
        "notes": "Banyaknya pasar rakyat yang beroperasi tiap kecamatan pada akhir tahun, dari catatan dinas.",
        "konsep": "Pasar rakyat",
        "definisi": "Tempat usaha yang ditata untuk pedagang kecil; pasar tumpah tidak dihitung.",
        "klasifikasi_penyajian": "kecamatan",
        "satuan": "unit",
        "jadwal_rilis": "setiap 31 Maret",
        "kegiatan_judul": "Pendataan pasar rakyat",
        "kegiatan_tujuan": "Merencanakan perbaikan pasar.",
        "kegiatan_cara_pengumpulan": "kompilasi",
        "urusan": "3.30",
        "ukuran": "jumlah",
        "frequency": ANNUAL,
        "level_penyajian": "kecamatan",
        "metode": ["sekunder"],
        "access_rights": PUBLIC,
        "license_id": "cc-by",
        "kode_wilayah": "36.73",
        "contact": [{"name": "Bidang Data", "email": "data@example.org"}],
    }


@pytest.fixture(autouse=True)
def _patience():
    """A busy machine is no fault of the page."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture(scope="module")
def cell(portal, accounts):
    """A plan entry of an OPD whose dataset waits for its first rows; gives its kode."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    opd = accounts["opd_editor_1"]["opd"]
    kode = f"UJI-{uuid.uuid4().hex[:6].upper()}"
    admin.action.satudata_plan_import(
        entries=[
            {
                "kode": kode,
                "judul": "Jumlah pasar rakyat",
                "opd": opd,
                "urusan": "3.30",
                "kelas": "wajib",
                "frequency": "tahunan",
                "deadline_days": 90,
                "grace_days": 14,
                "berlaku_dari": "2024-01-01",
                "level_wilayah": "kecamatan",
                "expected_values": KECAMATAN,
                "state": "berlaku",
            }
        ]
    )
    admin.action.package_create(**metadata(kode, opd))
    return kode


class Clicks:
    """Counts what a person does."""

    def __init__(self):
        self.made = 0

    def click(self, locator):
        self.made += 1
        locator.click()


def test_from_the_clerk_to_the_public(cell, open_browser, accounts, walidata, log_in, shoot, portal):
    address = f"/kirim/{cell}/2025"
    clerk, hand = open_browser("360"), Clicks()
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(address)
    expect(clerk.get_by_role("heading", level=1)).to_have_text("Jumlah pasar rakyat, 2025")
    shoot(clerk, "kirim-360")
    assert fits(clerk)
    boxes = clerk.locator("tbody input[inputmode=decimal]")
    expect(boxes).to_have_count(KECAMATAN)
    hand.click(boxes.first)
    # One column copied from a spreadsheet fills the boxes below, too.
    clerk.evaluate(
        """() => {
            const data = new DataTransfer();
            data.setData("text", "4\\r\\n7\\r\\n3\\r\\n9\\r\\n2\\r\\n1.205\\r\\n");
            document.activeElement.dispatchEvent(
                new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    assert [box.input_value() for box in boxes.all()] == ["4", "7", "3", "9", "2", "1.205"]
    expect(clerk.locator("[data-kr-pasted]")).to_be_visible()
    hand.click(clerk.get_by_role("button", name="Kirim", exact=True))
    expect(clerk.get_by_text("Sudah dikirim, menunggu Walidata")).to_be_visible()
    shoot(clerk, "terkirim-360")
    assert hand.made <= CLERK_CLICKS

    desk = open_browser("1280")
    log_in(desk, walidata)
    desk.goto("/pemeriksaan")
    desk.locator("[data-pr-row]", has_text="Jumlah pasar rakyat").filter(has_text="2025").first.click()
    # The list and the delivery are exchanged together, and the address with them.
    desk.wait_for_url("**/pemeriksaan/*-*")
    desk.wait_for_load_state("networkidle")
    expect(desk.locator("[data-pr-row][aria-current]")).to_contain_text("Jumlah pasar rakyat")
    expect(desk.locator("[data-pr-keys]")).to_be_visible()
    shoot(desk, "pemeriksaan-1280")
    # Keys do nothing while somebody writes.
    desk.locator(".pr-return > summary").click()
    desk.locator("#catatan").press_sequentially("ara")
    desk.locator("#catatan").fill("")
    assert desk.locator("[data-pr-approve]").count() == 1
    desk.locator("h1").first.click()
    desk.wait_for_timeout(600)
    desk.keyboard.press("a")
    expect(desk.get_by_text("Terbit: Jumlah pasar rakyat, 2025")).to_be_visible()
    shoot(desk, "diputuskan-1280")

    reader = RemoteCKAN(portal)
    found = reader.action.package_search(q=f'daftar_data_kode:"{cell}"', rows=1)["results"]
    dataset = found[0] if found else reader.action.package_show(id=dataset_of(portal, accounts, cell))
    table = reader.action.datastore_search(resource_id=dataset["resources"][0]["id"])
    values = [name for name in table["records"][0] if name.casefold() == "nilai"]
    assert sorted(int(one[values[0]]) for one in table["records"]) == [2, 3, 4, 7, 9, 1205]
    assert {one["periode"] for one in table["records"]} == {"2025"}

    visitor = open_browser("360")
    visitor.goto(f"/riwayat/{cell}/2025")
    expect(visitor.get_by_text("Terbit, belum pernah dikoreksi.")).to_be_visible()
    shoot(visitor, "riwayat-360")


def dataset_of(portal, accounts, kode):
    """The dataset that serves an entry, where the search index is still behind."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    sent = admin.action.satudata_submission_list(entry=kode)["results"]
    return sent[0]["dataset_id"]


def test_without_scripts_everything_works(cell, open_browser, accounts, walidata, log_in, shoot):
    clerk = open_browser("1280", java_script_enabled=False)
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(f"/kirim/{cell}/2024")
    # The year after stands beside the boxes once it is published.
    boxes = clerk.locator("tbody input[inputmode=decimal]")
    for number, box in enumerate(boxes.all(), start=1):
        box.fill(f"{number}")
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    expect(clerk.get_by_text("Sudah dikirim, menunggu Walidata")).to_be_visible()

    desk = open_browser("1280", java_script_enabled=False)
    log_in(desk, walidata)
    desk.goto("/pemeriksaan")
    desk.locator("[data-pr-row]", has_text="Jumlah pasar rakyat").filter(has_text="2024").first.click()
    desk.locator(".pr-return > summary").click()
    desk.locator("#catatan").fill("Angka Taktakan perlu dilihat lagi.")
    desk.locator(".pr-return button[type=submit]").click()
    expect(desk.get_by_text("Dikembalikan ke")).to_be_visible()

    clerk.goto(f"/kirim/{cell}/2024")
    expect(clerk.get_by_text("Angka Taktakan perlu dilihat lagi.")).to_be_visible()
    expect(boxes.first).to_have_value("1")
    shoot(clerk, "dikembalikan-1280")
