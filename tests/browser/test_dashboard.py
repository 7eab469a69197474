"""The dashboard in a real browser: its charts, by keyboard, on a phone, on paper, without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .looks import fits, serious

pytestmark = pytest.mark.browser

OPD = "dinkes"
PAGES = {
    "dasbor": "/kelengkapan",
    "dasbor-bulan": "/kelengkapan?dari=2024-01&sampai=2025-06&banding=3",
    "dasbor-opd": f"/kelengkapan/{OPD}",
    "dasbor-mengapa": f"/kelengkapan/{OPD}/mengapa",
}
FIRST_VISIT_BYTES = 300 * 1024


@pytest.mark.parametrize("size", ["360", "1280"])
@pytest.mark.parametrize("name", PAGES)
def test_pages_fit_their_screen(open_browser, shoot, name, size):
    page = open_browser(size)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    assert page.goto(PAGES[name]).status == 200
    assert page.locator("h1").count() == 1
    assert fits(page)
    for frame in page.locator("[data-sk-chart]").all():
        frame.locator("xpath=..").scroll_into_view_if_needed()
        expect(frame.locator("canvas")).to_be_visible()
    small = page.evaluate(
        """[...document.querySelectorAll('.sk a, .sk button, .sk summary, .sk select, .sk input:not([type=hidden])')]
        .filter(one => one.offsetParent && !one.closest('p:not(.sk-compare):not(.sk-downloads), .u-legend'))
        .map(one => [one.textContent.trim().slice(0, 40), one.getBoundingClientRect().height])
        .filter(([, height]) => height && height < 43.5)"""
    )
    assert small == []
    alike = page.evaluate(
        """[...document.querySelectorAll('.sk .btn')].filter(one => one.offsetParent).map(one => getComputedStyle(one))
        .filter(style => style.color === style.backgroundColor).length"""
    )
    assert alike == 0
    assert faults == []
    page.evaluate("window.scrollTo(0, 0)")
    shoot(page, f"{name}-{size}")


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_accessible(page, name):
    page.goto(PAGES[name])
    for frame in page.locator("[data-sk-chart]").all():
        frame.locator("xpath=..").scroll_into_view_if_needed()
        expect(frame.locator("canvas")).to_be_visible()
    assert serious(page) == []


def test_a_chart_is_read_out_by_the_arrow_keys_and_says_what_its_table_says(page):
    page.goto(PAGES["dasbor-opd"])
    frame = page.locator("[aria-labelledby=terlambat] [data-sk-chart]")
    frame.locator("xpath=..").scroll_into_view_if_needed()
    expect(frame.locator("canvas")).to_be_visible()
    frame.focus()
    page.keyboard.press("ArrowLeft")
    label = page.locator("[aria-labelledby=terlambat] tbody th").last.inner_text()
    count = page.locator("[aria-labelledby=terlambat] tbody tr").last.locator("td").first.inner_text()
    expect(frame.locator(".sk-told")).to_have_text(f"{label}: {count}")
    page.keyboard.press("ArrowLeft")
    expect(frame.locator(".sk-told")).not_to_have_text(f"{label}: {count}")


def test_from_the_league_down_to_the_finding_by_keyboard_and_clicks(page):
    page.goto(PAGES["dasbor"])
    page.locator(".sk-league tbody th a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/kelengkapan/*?*")
    square = page.locator(".sk-grid td a").first
    square.click()
    page.wait_for_url("**/kelengkapan/entri/*/*")
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".sk-facts")).to_contain_text("Tenggat")


@pytest.mark.parametrize("name", ["dasbor", "dasbor-opd"])
def test_a_first_visit_is_light(page, portal, name):
    sizes, foreign = [], []

    def weigh(answer):
        if answer.url.startswith(portal):
            sizes.append((answer.request.sizes()["responseBodySize"], answer.url))
        elif not answer.url.startswith("data:"):
            foreign.append(answer.url)

    page.on("requestfinished", lambda request: weigh(request.response()))
    page.goto(PAGES[name])
    page.wait_for_load_state("networkidle")
    assert foreign == []
    assert sum(size for size, _ in sizes) <= FIRST_VISIT_BYTES, sorted(sizes)


@pytest.mark.parametrize("name", ["dasbor", "dasbor-opd"])
def test_it_prints_on_a4_without_losing_columns(page, name):
    page.goto(PAGES[name])
    page.emulate_media(media="print")
    # A4 landscape less its margins, at 96 dots per inch.
    page.set_viewport_size({"width": 1032, "height": 703})
    wide = page.evaluate(
        """[...document.querySelectorAll('.sk table')].filter(one => one.offsetParent)
        .map(one => [one.className, Math.round(one.getBoundingClientRect().right)])
        .filter(([, right]) => right > 1040)"""
    )
    assert wide == []
    assert not page.locator(".sk-filter").first.is_visible()


def test_the_same_is_there_without_scripts(open_browser):
    page = open_browser(java_script_enabled=False)
    page.goto(PAGES["dasbor"])
    expect(page.locator("[aria-labelledby=terlambat] table")).to_be_visible()
    expect(page.locator("[data-sk-chart]").first).to_be_hidden()
    page.get_by_text("Pilih rentang bulan lain").click()
    page.locator("#field-dari").fill("2024-01")
    page.locator("#field-sampai").fill("2024-12")
    page.locator("form:has(#field-dari) button").click()
    expect(page.locator("h1")).to_contain_text("2024")
