"""The Daftar Data in a browser: what everybody reads and what the Walidata fills in, on a phone and on a laptop."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import expect

from ckanext.satudataserang.core.deadlines import WIB

from .looks import walk

pytestmark = pytest.mark.browser

PAGES = {
    "daftar-data": "/daftar-data",
    "daftar-data-kalender": "/daftar-data/kalender",
    "daftar-data-entri": "/daftar-data/CONTOH-04",
}
FORMS = {
    "daftar-data-usul": "/daftar-data/usul",
    "daftar-data-impor": "/daftar-data/impor",
    "daftar-data-ubah": "/daftar-data/CONTOH-04/ubah",
    "daftar-data-ketentuan": "/daftar-data/CONTOH-04/ubah-ketentuan",
    "daftar-data-teruskan": "/daftar-data/impor/tahun",
}


@pytest.mark.parametrize("size", ["360", "1280"])
def test_public_pages_fit_their_screen_and_are_accessible(open_browser, shoot, size):
    page = open_browser(size)
    walk(page, PAGES, shoot, size)


@pytest.mark.parametrize("size", ["360", "1280"])
def test_forms_fit_their_screen_and_are_accessible(open_browser, accounts, log_in, shoot, size):
    page = open_browser(size)
    log_in(page, accounts["walidata"])
    walk(page, FORMS, shoot, size)
    page.goto(FORMS["daftar-data-usul"])
    page.get_by_role("button", name="Simpan usulan").click()
    expect(page.locator(".dd-errors")).to_be_visible()
    page.locator(".dd-errors a").first.click()
    assert page.evaluate("document.activeElement.id").startswith("field-")
    shoot(page, f"daftar-data-usul-salah-{size}")


def test_the_list_is_narrowed_and_an_entry_opened_without_scripts(open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("link", name="Daftar Data", exact=True).click()
    page.get_by_label("Cari nama atau kode").fill("kebakaran")
    page.get_by_role("button", name="Saring").click()
    expect(page.locator("h1 [data-jumlah]")).to_have_text("1")
    page.get_by_role("link", name="Jumlah kejadian kebakaran").click()
    expect(page.locator("h1")).to_contain_text("kebakaran")
    expect(page.get_by_role("heading", name=f"Jadwal {datetime.now(WIB).year}")).to_be_visible()
