"""A template filled in, a file mended on the page, and checked again at once: by hand, in a real browser."""

from __future__ import annotations

import uuid

import openpyxl
import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits

pytestmark = pytest.mark.browser

KECAMATAN = 6
#: From the page of the delivery to a template handed in: three clicks and the choice of the file.
CLICKS = 2


@pytest.fixture(autouse=True)
def _patience():
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def cell(portal, accounts):
    """A plan entry by kecamatan that nobody has delivered for; gives the address of its page."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    kode = f"UJI-{uuid.uuid4().hex[:6].upper()}"
    admin.action.satudata_plan_import(
        entries=[
            {
                "kode": kode,
                "judul": "Jumlah posyandu aktif",
                "opd": accounts["opd_editor_1"]["opd"],
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
    return f"/kirim/{kode}/2025"


def test_a_template_is_filled_in_and_handed_in(cell, open_browser, accounts, log_in, shoot, tmp_path):
    clerk = open_browser("360")
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(cell)
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="Unduh templat Excel").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    for row in range(2, 2 + KECAMATAN):
        book["Data"].cell(row, 3).value = row * 100
    book.save(path)
    clerk.goto(f"{cell}?cara=unggah")
    shoot(clerk, "unggah-360")
    assert fits(clerk)
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    shoot(clerk, "templat-terkirim-360")
    expect(clerk.get_by_text("Sudah dikirim, menunggu Walidata")).to_be_visible()


BAD = "Kode wilayah;Wilayah;Nilai\n" + "".join(
    f"36.73.0{n};{name};{value}\n"
    for n, (name, value) in enumerate(
        [
            ("Serang", "12"),
            ("Cipocok Jaya", "dua"),
            ("Curug", "3.5x"),
            ("Kasemen", "9"),
            ("Taktakan", "8"),
            ("Walantaka", "7"),
        ],
        start=1,
    )
)


@pytest.mark.parametrize("size", ["360", "1280"])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_messy_file_is_mended_on_the_page(cell, open_browser, accounts, log_in, shoot, size, scripts):
    clerk = open_browser(size, java_script_enabled=scripts)
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(f"{cell}?cara=isi")
    boxes = clerk.locator("tbody input[inputmode=decimal]")
    expect(boxes).to_have_count(KECAMATAN)
    for box in boxes.all():
        box.fill("5")
    boxes.nth(1).fill("dua belas")
    clerk.get_by_role("button", name="Periksa lagi").last.click()
    wrong = clerk.locator("tbody .kr-wrong__text").first
    expect(wrong).to_be_visible()
    shoot(clerk, f"perbaiki-{size}-{'js' if scripts else 'tanpa'}")
    expect(clerk.get_by_role("button", name="Kirim", exact=True)).to_have_count(0)
    # Nothing that was typed is lost, and the finding leads to its box.
    expect(boxes.nth(1)).to_have_value("dua belas")
    expect(boxes.nth(2)).to_have_value("5")
    link = clerk.locator(".kr-errors a, .kr-findings a").first
    assert clerk.locator(link.get_attribute("href")).count() == 1
    if scripts:
        assert fits(clerk)
    boxes.nth(1).fill("12")
    clerk.get_by_role("button", name="Periksa lagi").last.click()
    expect(clerk.get_by_text("tidak ada yang menghalangi").first).to_be_visible()
    shoot(clerk, f"diperiksa-{size}-{'js' if scripts else 'tanpa'}")
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    expect(clerk.get_by_text("Sudah dikirim, menunggu Walidata")).to_be_visible()


def test_an_uploaded_file_is_mended_without_a_spreadsheet(cell, open_browser, accounts, log_in, shoot, tmp_path):
    path = tmp_path / "dari kantor.csv"
    path.write_text(BAD)
    clerk = open_browser("360")
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(f"{cell}?cara=unggah")
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    clerk.wait_for_load_state("networkidle")
    shoot(clerk, "berkas-salah-360")
    clerk.locator("main, [role=main]").first.wait_for()
