"""What the public does: find, look, download, read the dashboard; on a phone and on a laptop."""

from __future__ import annotations

import csv
import io

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .looks import fits, serious

pytestmark = pytest.mark.browser

SAMPLE = "contoh-penduduk-kecamatan"
PAGES = {
    "beranda": "/",
    "cari": "/dataset/?q=penduduk",
    "dataset": f"/dataset/{SAMPLE}",
    "opd": "/organization/",
    "kelengkapan": "/kelengkapan",
    "kelengkapan-opd": "/kelengkapan/disdukcapil",
    "masuk": "/user/login",
}
#: The table of the sample dataset; its address is asked of the API.
TABLE = "berkas"
FIRST_VISIT_BYTES = 300 * 1024


@pytest.fixture(scope="session")
def addresses(portal):
    """The pages by name, with that of the sample dataset's table."""
    resource = RemoteCKAN(portal).action.package_show(id=SAMPLE)["resources"][0]
    return {**PAGES, TABLE: f"/dataset/{SAMPLE}/resource/{resource['id']}?filters=tahun:2024"}


def test_search_open_preview_and_download(page, shoot):
    page.goto("/")
    page.get_by_label("Data apa yang Anda cari?").fill("penduduk")
    page.get_by_role("button", name="Cari", exact=True).first.click()
    page.get_by_role("link", name="Jumlah penduduk menurut kecamatan").first.click()
    expect(page.locator("main, [role=main]").get_by_text("data contoh", exact=True).first).to_be_visible()
    expect(page.get_by_role("cell", name="Serang").first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Unduh CSV").first.click()
    rows = list(csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) == 60
    assert {"kode_wilayah", "tahun", "nilai"} <= set(rows[0])
    shoot(page, "dataset-1280")


@pytest.mark.parametrize("size", ["360", "1280"])
@pytest.mark.parametrize("name", [*PAGES, TABLE])
def test_pages_fit_their_screen(open_browser, addresses, shoot, name, size):
    page = open_browser(size)
    answer = page.goto(addresses[name])
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    assert fits(page)
    shoot(page, f"{name}-{size}")


@pytest.mark.parametrize("name", [*PAGES, TABLE])
def test_pages_are_accessible(page, addresses, name):
    page.goto(addresses[name])
    assert serious(page) == []


@pytest.mark.parametrize("name", ["beranda", "kelengkapan", "dataset"])
def test_a_first_visit_is_light_and_asks_nobody_else(page, portal, name):
    sizes, foreign = [], []

    def weigh(answer):
        if answer.url.startswith(portal):
            sizes.append(answer.request.sizes()["responseBodySize"])
        elif not answer.url.startswith("data:"):
            foreign.append(answer.url)

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    assert foreign == []
    assert sum(sizes) <= FIRST_VISIT_BYTES


@pytest.mark.parametrize("path", ["/kelengkapan", "/dataset/", "/"])
def test_pages_work_without_scripts(open_browser, path):
    page = open_browser(java_script_enabled=False)
    page.goto(path)
    expect(page.locator("h1")).to_be_visible()
    expect(page.get_by_role("link", name="Kelengkapan").first).to_be_visible()


def test_the_dashboard_leads_from_a_figure_to_its_rows(page):
    page.goto("/kelengkapan")
    page.locator("[role=main] a[href*='/kelengkapan/']").first.click()
    expect(page.locator("h1")).to_be_visible()


def test_english_is_complete_on_the_main_pages(page):
    page.goto("/en/kelengkapan")
    expect(page.locator("h1")).to_contain_text("ompleteness")
    page.goto("/en/")
    expect(page.get_by_role("link", name="Completeness").first).to_be_visible()
