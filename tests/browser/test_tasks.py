"""From login to the open form in two clicks; the Walidata finds who is late, a message to send, and logs a visit."""

from __future__ import annotations

import re
import time
import uuid

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .looks import fits, serious

pytestmark = pytest.mark.browser

MOST_CLICKS = 2
COUNTER = """
    sessionStorage.klik ??= "0";
    addEventListener("click", (event) => {
      if (event.isTrusted) sessionStorage.klik = Number(sessionStorage.klik) + 1;
    }, true);
"""


@pytest.fixture(scope="module")
def late(portal, accounts):
    """A plan entry of an OPD with nothing delivered; gives its kode, once the dashboard knows what it owes."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    opd = accounts["opd_editor_1"]["opd"]
    kode = f"TGS-{uuid.uuid4().hex[:6].upper()}"
    admin.action.satudata_plan_import(
        entries=[
            {
                "kode": kode,
                "judul": f"Jumlah kunjungan perpustakaan keliling {kode}",
                "opd": opd,
                "urusan": "2.23",
                "kelas": "wajib",
                "frequency": "triwulanan",
                "deadline_days": 14,
                "grace_days": 7,
                "berlaku_dari": "2025-01-01",
                "level_wilayah": "kota",
                "expected_values": 1,
                "state": "berlaku",
            }
        ]
    )
    end = time.monotonic() + 120
    while time.monotonic() < end:
        if admin.action.satudata_cell_list(entry=kode, state="terlewat", limit=0)["count"]:
            return kode
        time.sleep(1)
    pytest.fail("no cell within two minutes")
    return None


def test_two_clicks_from_login_to_the_form(page, accounts, late):
    page.add_init_script(COUNTER)
    page.goto("/user/login")
    account = accounts["opd_editor_1"]
    page.get_by_label("Nama pengguna").fill(account["name"])
    page.get_by_label("Kata sandi").fill(account["password"])
    page.evaluate("sessionStorage.klik = '0'")
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url("**/tugas")
    task = page.locator(".sc-tasks li", has_text=late).first
    period = task.locator("p").first.inner_text()
    task.get_by_role("link", name="Isi").click()
    page.wait_for_url(f"**/kirim/{late}/**")
    assert int(page.evaluate("sessionStorage.klik")) <= MOST_CLICKS
    expect(page.locator("main, [role=main]").first).to_contain_text(period.split(" · ", maxsplit=1)[0].split()[-1])


def test_the_address_of_a_mail_leads_back_after_login(page, accounts, late):
    page.goto("/tugas?kelompok=terlambat")
    account = accounts["opd_editor_1"]
    page.get_by_label("Nama pengguna").fill(account["name"])
    page.get_by_label("Kata sandi").fill(account["password"])
    page.locator("form:has(input[name=password]) button[type=submit]").click()
    page.wait_for_url("**/tugas?kelompok=terlambat")
    expect(page.get_by_role("heading", name="Terlambat")).to_be_visible()


@pytest.mark.parametrize("size", ["360", "1280"])
def test_tasks_fit_the_screen_and_can_be_used_by_all(open_browser, accounts, late, log_in, shoot, size):
    page = open_browser(size)
    log_in(page, accounts["opd_editor_1"])
    page.goto("/tugas")
    shoot(page, f"tugas-{size}")
    assert page.locator("h1").count() == 1
    assert fits(page)
    assert serious(page) == []


@pytest.mark.parametrize("size", ["360", "1280"])
def test_the_walidata_chases(open_browser, accounts, late, walidata, log_in, shoot, size):
    page = open_browser(size)
    log_in(page, walidata)
    opd = accounts["opd_editor_1"]["opd"]
    page.goto("/penagihan")
    shoot(page, f"penagihan-{size}")
    assert fits(page)
    assert serious(page) == []
    page.locator(f"a[href$='/penagihan/{opd}#catat']").click()
    expect(page.get_by_label("Teks untuk WhatsApp")).to_have_value(re.compile(f"data yang kami tunggu[\\s\\S]*{late}"))
    page.get_by_label("Topik").fill(f"Klinik {size}")
    page.get_by_label("Data yang dibahas").fill(late)
    page.get_by_role("button", name="Catat", exact=True).click()
    expect(page.get_by_role("heading", name=f"Klinik {size}").first).to_be_visible()
    shoot(page, f"pembinaan-{size}")
    assert fits(page)
    assert serious(page) == []
    letter = page.request.get(f"/tugas/{opd}/surat.pdf")
    assert letter.status == 200
    assert letter.body().startswith(b"%PDF-")
