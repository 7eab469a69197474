"""Structures in a browser: read on a phone, changed by a form with and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .looks import fits, walk

pytestmark = pytest.mark.browser

KODE = "penduduk-kecamatan-jenis-kelamin"
PAGES = {
    "struktur": "/struktur",
    "struktur-satu": f"/struktur/{KODE}",
    "variabel": "/variabel",
    "variabel-satu": "/variabel/jumlah_penduduk",
}
FORMS = {
    "struktur-ubah": f"/struktur/{KODE}/ubah",
    "struktur-baru": "/struktur/baru",
    "struktur-susun": "/struktur/susun",
    "variabel-ubah": "/variabel/jumlah_penduduk/ubah",
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


@pytest.mark.parametrize("scripts", [True, False])
def test_a_column_is_added_and_seen_before_anything_is_saved(open_browser, accounts, log_in, shoot, scripts):
    page = open_browser("360", java_script_enabled=scripts)
    log_in(page, accounts["walidata"])
    page.goto(FORMS["struktur-ubah"])
    rows = page.locator("input[name=kolom]")
    before = rows.count()
    page.get_by_role("button", name="Tambah kolom").click()
    expect(rows).to_have_count(before + 1)
    added = page.locator("details.st-row").last
    expect(added).to_have_attribute("open", "")
    added.get_by_label("Judul kolom").fill("Kepala Keluarga")
    added.get_by_label("Isi", exact=True).select_option("integer")
    added.get_by_role("button", name="Naik").click()
    expect(page.locator("details.st-row summary b").nth(before - 1)).to_contain_text("Kepala Keluarga")
    page.get_by_role("button", name="Periksa perubahan").last.click()
    expect(page.locator("h1")).to_have_text("Ini yang berubah")
    expect(page.locator(".st-changes")).to_contain_text("Kepala Keluarga")
    assert fits(page)
    shoot(page, f"struktur-perubahan-{'skrip' if scripts else 'tanpa-skrip'}-360")
    page.get_by_role("button", name="Kembali mengubah").click()
    expect(page.locator("input[name=kolom]")).to_have_count(before + 1)
    page.goto(PAGES["struktur-satu"])
    expect(page.locator(".st-columns")).not_to_contain_text("Kepala Keluarga")
