"""Personal data hold publication until the Walidata has decided; nothing can be approved before."""

from __future__ import annotations

import uuid

import pytest
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits

pytestmark = pytest.mark.browser

TABLE = "no_urut,nik_penerima,nilai\n" + "".join(f"{n},36730141019000{n:02d},{n * 10}\n" for n in range(1, 13))


@pytest.fixture(autouse=True)
def _patience():
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def waiting(portal, accounts, walidata, tmp_path):
    """The title of an entry whose delivery, with the numbers of persons, waits for the Walidata."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    kode = f"PRIB-{uuid.uuid4().hex[:6].upper()}"
    admin.action.satudata_plan_import(
        entries=[
            {
                "kode": kode,
                "judul": f"Penerima bantuan {kode}",
                "opd": accounts["opd_editor_1"]["opd"],
                "urusan": "1.06",
                "kelas": "wajib",
                "frequency": "tahunan",
                "deadline_days": 365,
                "grace_days": 14,
                "berlaku_dari": "2025-01-01",
                "state": "berlaku",
            }
        ]
    )
    path = tmp_path / "penerima.csv"
    path.write_text(TABLE)
    with path.open("rb") as upload:
        RemoteCKAN(portal, apikey=accounts["opd_editor_1"]["token"]).action.satudata_submission_create(
            entry=kode, period="2025", submit=True, upload=upload
        )
    return kode


def test_the_walidata_decides_on_personal_data_first(waiting, open_browser, accounts, log_in, shoot):
    wide, phone = open_browser("1280"), open_browser("360")
    for size, desk in (("1280", wide), ("360", phone)):
        log_in(desk, accounts["walidata"])
        desk.goto("/pemeriksaan")
        desk.locator("[data-pr-row]", has_text=waiting).first.click()
        expect(desk.get_by_role("heading", name="Ada data pribadi dalam berkas ini")).to_be_visible()
        expect(desk.get_by_role("button", name="Setujui dan terbitkan")).to_have_count(0)
        shoot(desk, f"data-pribadi-{size}")
        assert fits(desk)
    phone.locator("button[value=disamarkan]").click()
    expect(phone.get_by_text("Disamarkan saat terbit").first).to_be_visible()
    phone.goto("/pemeriksaan")
    phone.locator("[data-pr-row]", has_text=waiting).first.click()
    expect(phone.get_by_role("button", name="Setujui dan terbitkan")).to_be_visible()
