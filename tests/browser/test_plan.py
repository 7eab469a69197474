"""The Daftar Data in a browser: what everybody reads and what the Walidata fills in, on a phone and on a laptop."""

from __future__ import annotations

from datetime import datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from ckanext.satudataserang.core.deadlines import WIB

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


def serious(page):
    return [
        f"{violation['id']}: {node['target']}"
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("size", ["360", "1280"])
def test_public_pages_fit_their_screen_and_are_accessible(open_browser, shoot, size):
    page = open_browser(size)
    for name, address in PAGES.items():
        assert page.goto(address).status == 200
        assert page.locator("h1").count() == 1
        assert fits(page), name
        shoot(page, f"{name}-{size}")
        assert serious(page) == [], name


@pytest.mark.parametrize("size", ["360", "1280"])
def test_forms_fit_their_screen_and_are_accessible(open_browser, accounts, log_in, shoot, size):
    page = open_browser(size)
    log_in(page, accounts["walidata"])
    for name, address in FORMS.items():
        assert page.goto(address).status == 200, name
        assert fits(page), name
        shoot(page, f"{name}-{size}")
        assert serious(page) == [], name
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
