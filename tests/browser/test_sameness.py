"""Two OPDs publish the same figure and it is not the same: found, explained, accepted, and told to everybody."""

from __future__ import annotations

import time
import uuid

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits, serious
from .test_delivery import metadata

pytestmark = pytest.mark.browser

STRUCTURE = "penduduk-kecamatan-jenis-kelamin"
WHY = "Angka kami adalah hasil pendataan lapangan pada Desember, bukan catatan administrasi."


@pytest.fixture(autouse=True)
def _patience():
    """A busy machine is no fault of the page."""
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


def wait_until(condition, seconds=90):
    """Wait for a job of the worker; its time is not what is tested."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(1)
    pytest.fail(f"not within {seconds} s")
    return None


def published(portal, accounts, account, one):
    """An entry of an OPD by the structure of penduduk, published for 2025 with `one` in the first of its rows."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    opd = accounts[account]["opd"]
    kode = f"UJI-{uuid.uuid4().hex[:6].upper()}"
    entry = {
        "kode": kode,
        "judul": f"Jumlah penduduk menurut {opd}",
        "opd": opd,
        "urusan": "2.12",
        "kelas": "wajib",
        "frequency": "tahunan",
        "deadline_days": 90,
        "grace_days": 14,
        "berlaku_dari": "2024-01-01",
        "level_wilayah": "kecamatan",
        "expected_values": 12,
        "state": "berlaku",
    }
    admin.action.satudata_plan_import(entries=[entry])
    admin.action.satudata_structure_assign(id=STRUCTURE, entries=[kode])
    admin.action.package_create(**metadata(kode, opd))
    rows = [
        {"kode_wilayah": f"36.73.0{place}", "jenis_kelamin": sex, "jumlah_penduduk": 5000 + place}
        for place in range(1, 7)
        for sex in ("L", "P")
    ]
    rows[0]["jumlah_penduduk"] = one
    clerk = RemoteCKAN(portal, apikey=accounts[account]["token"])
    delivery = clerk.action.satudata_submission_create(entry=kode, period="2025", rows=rows)
    judge = RemoteCKAN(portal, apikey=accounts["walidata"]["token"])
    judge.action.satudata_submission_transition(id=delivery["id"], to="disetujui", publish=True)
    wait_until(lambda: judge.action.satudata_submission_show(id=delivery["id"])["state"] == "terbit")
    return kode


@pytest.mark.usefixtures("walidata")
def test_from_the_difference_to_its_published_explanation(portal, accounts, open_browser, log_in, shoot):
    mine = published(portal, accounts, "opd_editor_1", 5001)
    other = published(portal, accounts, "opd_editor_2", 5101)
    anonymous = RemoteCKAN(portal)

    def between():
        found = anonymous.action.satudata_conflict_list(entry=mine)["results"]
        return [one for one in found if {one["left_kode"], one["right_kode"]} == {mine, other}]

    # All but the one are the same, by kecamatan and sex, and none of these is a difference.
    [conflict] = wait_until(between)
    assert (conflict["classes"], conflict["area"], abs(conflict["difference"])) == ("L", "36.73.01", 100)

    clerk = open_browser("360")
    log_in(clerk, accounts["opd_editor_1"])
    clerk.goto("/tugas")
    assert fits(clerk)
    shoot(clerk, "kesamaan-tugas-360")
    clerk.locator(f"a[href$='/kesamaan/{conflict['id']}']").click()
    expect(clerk.locator("[role=main]").first).to_contain_text("5.001")
    expect(clerk.locator("[role=main]").first).to_contain_text("5.101")
    expect(clerk.locator("h1")).to_contain_text("Serang, Laki-laki")
    assert fits(clerk)
    shoot(clerk, "kesamaan-jelaskan-360")
    assert serious(clerk) == []
    clerk.get_by_label("Penjelasan").fill(WHY)
    clerk.get_by_role("button", name="Kirim penjelasan").click()
    expect(clerk.get_by_text("menunggu keputusan Walidata").first).to_be_visible()

    reader = open_browser("360")
    reader.goto(f"/kesamaan/{conflict['id']}")
    expect(reader.get_by_text(WHY)).to_have_count(0)

    judge = open_browser()
    log_in(judge, accounts["walidata"])
    judge.goto(f"/kesamaan/{conflict['id']}")
    shoot(judge, "kesamaan-putuskan-1280")
    judge.get_by_role("button", name="Terima dan terbitkan penjelasan").click()
    expect(judge.get_by_text("dijelaskan").first).to_be_visible()

    reader.goto(f"/kesamaan/{conflict['id']}")
    expect(reader.get_by_text(WHY)).to_be_visible()
    assert fits(reader)
    assert serious(reader) == []
    shoot(reader, "kesamaan-terbit-360")
    reader.goto(f"/kesamaan?entri={mine}")
    listed = anonymous.action.satudata_conflict_list(entry=mine)
    expect(reader.locator("[data-jumlah]")).to_have_attribute("data-jumlah", str(listed["count"]))
    assert fits(reader)
    shoot(reader, "kesamaan-360")
    for address in (
        "/variabel/jumlah_penduduk/banding?tingkat=kecamatan",
        "/kesamaan/aturan",
        "/kesamaan/perbandingan",
    ):
        assert reader.goto(address).status == 200
        assert fits(reader), address
    shown = anonymous.action.satudata_completeness_show(year=2025, group_by="opd", opd=accounts["opd_editor_1"]["opd"])
    told = shown["groups"][0]["measures"]["konsistensi"]
    assert told["denominator"] > 0


@pytest.mark.parametrize("size", ["360", "1280"])
def test_seven_measures_fit_the_dashboard(open_browser, shoot, size):
    page = open_browser(size)
    for name, address in (("kelengkapan", "/kelengkapan"), ("kelengkapan-opd", "/kelengkapan/dinkes")):
        assert page.goto(address).status == 200, name
        expect(page.get_by_text("onsistensi").first).to_be_attached()
        assert fits(page), name
        shoot(page, f"tujuh-ukuran-{name}-{size}")
