"""A workbook that can be read in several ways is confirmed; a large file shows how far its check is, also reloaded."""

from __future__ import annotations

import uuid

import openpyxl
import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits

pytestmark = pytest.mark.browser

STRUCTURE = "penduduk-kecamatan-jenis-kelamin"
KECAMATAN = ["Cipocok Jaya", "Curug", "Kasemen", "Serang", "Taktakan", "Walantaka"]
#: Above what is checked while the sender waits.
LARGE = 6 * 1024 * 1024


@pytest.fixture(autouse=True)
def _patience():
    expect.set_options(timeout=4 * PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def make_cell(portal, accounts):
    """Return a function that makes an entry nobody has delivered for; gives the address of its page for 2025."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])

    def make(structure=None, **entry):
        kode = f"BACA-{uuid.uuid4().hex[:6].upper()}"
        plan = {
            "kode": kode,
            "judul": "Jumlah penduduk",
            "opd": accounts["opd_editor_1"]["opd"],
            "urusan": "2.12",
            "kelas": "wajib",
            "frequency": "tahunan",
            "deadline_days": 365,
            "grace_days": 14,
            "berlaku_dari": "2025-01-01",
            "state": "berlaku",
        }
        admin.action.satudata_plan_import(entries=[{**plan, **entry}])
        if structure:
            admin.action.satudata_structure_assign(id=structure, entries=[kode])
        return f"/kirim/{kode}/2025"

    return make


def workbook(path):
    """Two sheets; in the second years stand as columns, and one title is spelled otherwise."""
    book = openpyxl.Workbook()
    book.active.title = "Catatan"
    book.active.append(["Keterangan", "Isi"])
    book.active.append(["Dibuat", "seksi data"])
    sheet = book.create_sheet("Rekap")
    sheet.append(["Nama Kecamatan", "Jenis Kelamn", 2024, 2025])
    for place, area in enumerate(KECAMATAN):
        for kind in ("Laki-laki", "Perempuan"):
            sheet.append([area, kind, 4000 + place, 5000 + place])
    book.save(path)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_doubtful_workbook_is_confirmed(make_cell, open_browser, accounts, log_in, shoot, tmp_path, scripts):
    cell = make_cell(STRUCTURE)
    path = tmp_path / "rekap.xlsx"
    workbook(path)
    clerk = open_browser("360", java_script_enabled=scripts)
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(f"{cell}?cara=unggah")
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    expect(clerk.get_by_role("heading", name="Begini berkas Anda dibaca")).to_be_visible()
    if clerk.locator("#baca-lembar").is_hidden():
        clerk.locator("#cara-baca > summary").click()
    shoot(clerk, f"baca-{'js' if scripts else 'tanpa'}-360")
    if scripts:
        assert fits(clerk)
    sheet = clerk.locator("#baca-lembar")
    assert sheet.locator("option").all_inner_texts() == ["Catatan", "Rekap"]
    if sheet.input_value() != "Rekap":
        sheet.select_option("Rekap")
        clerk.locator("#cara-baca button[value=periksa]").click()
        expect(clerk.locator("#baca-lembar")).to_have_value("Rekap")
    expect(clerk.get_by_text("2024 → 2024")).to_be_visible()
    expect(clerk.locator("input[name=baca-lebur][value=ya]")).to_be_checked()
    expect(clerk.locator(".kr-match--doubtful select")).to_have_value("jenis_kelamin")
    expect(clerk.get_by_text("dibaca sebagai periode")).to_be_visible()
    shoot(clerk, f"baca-lembar-{'js' if scripts else 'tanpa'}-360")
    clerk.locator("#cara-baca button[value=periksa]").click()
    # The years are rows now, and what belongs to another period is named.
    expect(clerk.locator(".kr-findings")).to_contain_text("2024")
    expect(clerk.locator(".kr-match--doubtful")).to_have_count(0)
    shoot(clerk, f"baca-jawab-{'js' if scripts else 'tanpa'}-360")


def test_a_large_file_shows_how_far_its_check_is(make_cell, open_browser, accounts, log_in, shoot, tmp_path, portal):
    cell = make_cell()
    path = tmp_path / "besar.csv"
    with path.open("w") as file:
        file.write("no_urut,keterangan,nilai\n")
        number = 0
        while file.tell() < LARGE:
            number += 1
            file.write(f"{number},catatan panjang tentang objek nomor {number},{number % 977}\n")
    clerk = open_browser("360")
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto(f"{cell}?cara=unggah")
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    done = clerk.get_by_text("Sudah dikirim, menunggu Walidata")
    running = clerk.locator(".kr-progress progress")
    expect(running.or_(done)).to_be_visible()
    shoot(clerk, "kemajuan-360")
    # Where the worker was faster than the browser there is no bar left to see.
    for _again in range(2):
        clerk.reload()
        expect(running.or_(done)).to_be_visible()
    expect(done).to_be_visible()
    kode = cell.split("/")[2]
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    [sent] = admin.action.satudata_submission_list(entry=kode)["results"]
    assert sent["state"] == "menunggu_pemeriksaan"
    assert sent["file_size"] > LARGE - 200
