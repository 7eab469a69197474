"""From the link in a reminder to a published, checked table, on a phone, by somebody who never saw the portal.

Three ways: the template filled in, a file as offices keep them, and typing. Clicks are counted in the page by itself;
seconds are those of the machine, told and not judged.
"""

from __future__ import annotations

import calendar
import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
import uuid
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pytest
from aiosmtpd.controller import Controller
from ckanapi import RemoteCKAN
from playwright.sync_api import expect

from .conftest import PATIENCE
from .looks import fits
from .test_delivery import metadata

pytestmark = pytest.mark.browser

STRUCTURE = "padi-luas-panen-produksi"
MONTHLY = "http://publications.europa.eu/resource/authority/frequency/MONTHLY"
WIB = timezone(timedelta(hours=7))
WAYS = ("templat", "berkas", "ketik")
#: Clicks from the letter to "sent": its link and the login among them, the choice of a file counted as one.
MOST_CLICKS = {"templat": 6, "berkas": 10, "ketik": 4}
MOST_CLICKS_TO_PUBLISH = 2
COUNTER = """
    sessionStorage.klik ??= "0";
    addEventListener("click", (event) => {
      if (event.isTrusted) sessionStorage.klik = Number(sessionStorage.klik) + 1;
    }, true);
"""


@pytest.fixture(autouse=True)
def _patience():
    expect.set_options(timeout=PATIENCE)
    yield
    expect.set_options(timeout=5_000)


def last_month():
    """The month that ended last, as its key and its last day."""
    end = datetime.now(WIB).date().replace(day=1) - timedelta(days=1)
    assert end.day == calendar.monthrange(end.year, end.month)[1]
    return f"{end:%Y-%m}", end


@pytest.fixture(scope="module")
def cells(portal, accounts):
    """An entry for each way, with an agreed structure and a dataset that waits; due in three days. Kode by way."""
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    opd = accounts["opd_editor_1"]["opd"]
    _key, end = last_month()
    due_in = (datetime.now(WIB).date() + timedelta(days=3) - end).days
    found = {}
    for way in WAYS:
        kode = f"ALUR-{uuid.uuid4().hex[:6].upper()}"
        admin.action.satudata_plan_import(
            entries=[
                {
                    "kode": kode,
                    "judul": f"Panen dan produksi padi {kode}",
                    "opd": opd,
                    "urusan": "3.27",
                    "kelas": "wajib",
                    "frequency": "bulanan",
                    "deadline_days": due_in,
                    "grace_days": 3,
                    "berlaku_dari": end.replace(day=1).isoformat(),
                    "level_wilayah": "kecamatan",
                    "state": "berlaku",
                }
            ]
        )
        admin.action.satudata_structure_assign(id=STRUCTURE, entries=[kode])
        dataset = {**metadata(kode, opd), "name": f"padi-{kode.casefold()}", "title": f"Panen padi {kode}"}
        admin.action.package_create(**{**dataset, "urusan": "3.27", "frequency": MONTHLY, "satuan": "ton"})
        found[way] = kode
    return found


@pytest.fixture(scope="module")
def links(portal, accounts, cells):
    """The addresses in the letter that the reminder really sent, by kode."""
    envelopes = []

    class Inbox:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (aiosmtpd's name)
            envelopes.append(envelope)
            return "250 OK"

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(Inbox(), hostname="127.0.0.1", port=port, ready_timeout=30)
    server.start()
    try:
        told = subprocess.run(
            (Path(sys.executable).parent / "ckan", "-c", os.environ["SATUDATA_TEST_PORTAL_INI"], "satudata", "remind"),
            env={
                **os.environ,
                "CKAN_SMTP_SERVER": f"127.0.0.1:{port}",
                "CKAN_SMTP_MAIL_FROM": "portal@contoh.go.id",
            },
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
    finally:
        server.stop()
    assert told.returncode == 0, told.stdout + told.stderr
    admin = RemoteCKAN(portal, apikey=accounts["sysadmin"]["token"])
    address = admin.action.user_show(id=accounts["opd_editor_1"]["name"])["email"]
    letters = [
        email.message_from_bytes(one.content, policy=email.policy.default).get_body(("plain",)).get_content()
        for one in envelopes
        if address in one.rcpt_tos
    ]
    text = "\n".join(letters)
    found = {}
    for kode in cells.values():
        match = re.search(rf"https?://\S+/{kode}/\S+", text)
        assert match, f"{kode} stands in no letter to {address}: {told.stdout}{text}"
        found[kode] = match[0]
    return found


def figures(place):
    """Harvested area, production and yield of a row: the same on every way, so that nothing contradicts."""
    return 10.5 + place, 60.25 + 5 * place, 55.5


def indonesian(number):
    return str(number).replace(".", ",")


def template(clerk, tmp_path):
    """The template is fetched, filled in and handed in."""
    with clerk.expect_download() as download:
        clerk.get_by_role("link", name="Unduh templat Excel").first.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["Data"]
    titles = [cell.value for cell in sheet[1]]
    columns = [titles.index(title) + 1 for title in ("Luas Panen", "Produksi", "Produktivitas")]
    rows = [row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 1).value]
    assert len(rows) == 12
    for place, row in enumerate(rows):
        for column, value in zip(columns, figures(place), strict=True):
            sheet.cell(row, column).value = value
    book.save(path)
    clerk.get_by_role("link", name="Unggah berkas", exact=True).click()
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()


def messy(rows):
    """An office's own file: a heading, `;`, decimal commas, a title of its own, a total, notes, two wrong cells."""
    lines = ["Laporan bulanan panen padi;;;;", "Nama Kecamatan;Jenis;Luas Panen (ha);Produksi (ton);Produktifitas"]
    for place, (area, kind) in enumerate(rows):
        land, tons, gain = map(indonesian, figures(place))
        lines.append(f"{area};{kind};{land};{tons};{gain}")
    lines[3] = lines[3].replace(indonesian(figures(1)[1]), "enam puluh")
    lines[5] = lines[5].replace(indonesian(figures(3)[0]), "-13,5")
    total = indonesian(sum(figures(place)[0] for place in range(len(rows))))
    return "\r\n".join([*lines, f"Jumlah;;{total};;", "", "Catatan: angka sementara;;;;", "Sumber: laporan mantri;;;;"])


def untidy(clerk, tmp_path):
    """The office's own file: how it is read is confirmed, two cells are mended where they stand."""
    rows = classes(clerk)
    assert len(rows) == 12
    path = tmp_path / "padi oktober FINAL.csv"
    path.write_bytes(messy(rows).encode("cp1252"))
    clerk.get_by_role("link", name="Unggah berkas", exact=True).click()
    clerk.locator("#berkas").set_input_files(path)
    clerk.get_by_role("button", name="Kirim", exact=True).click()
    expect(clerk.get_by_role("heading", name="Begini berkas Anda dibaca. Benar?")).to_be_visible()


def classes(clerk):
    """What the rows are about, as the page words it: kecamatan and kind."""
    return [
        tuple(part.strip() for part in row.locator(".kr-class").all_inner_texts())[:2]
        for row in clerk.locator("[data-kr-grid] tbody tr").all()
    ]


def mend(clerk, shoot):
    """Confirm, mend both cells, check again, send."""
    shoot(clerk, "alur-pastikan-360")
    expect(clerk.locator(".kr-match--doubtful")).to_have_count(1)
    expect(clerk.locator(".kr-match--doubtful select")).to_have_value("produktivitas")
    clerk.get_by_role("button", name="Benar, kirim").click()
    wrong = clerk.locator(".kr-mend input[aria-invalid=true]")
    expect(wrong).to_have_count(2)
    shoot(clerk, "alur-perbaiki-360")
    # Sending is not offered while something is in the way.
    expect(clerk.locator(".kr-form--grid").get_by_role("button", name="Kirim", exact=True)).to_have_count(0)
    for box, value in zip(wrong.all(), (figures(1)[1], figures(3)[0]), strict=True):
        box.click()
        box.fill(indonesian(value))
    clerk.get_by_role("button", name="Periksa lagi").last.click()
    expect(clerk.get_by_text("tidak ada yang menghalangi").first).to_be_visible()
    shoot(clerk, "alur-diperiksa-360")
    clerk.get_by_role("button", name="Kirim", exact=True).first.click()


def typing(clerk):
    """Every figure typed, from box to box by the keyboard."""
    boxes = clerk.locator("[data-kr-grid] tbody input[inputmode=decimal]")
    expect(boxes).to_have_count(36)
    boxes.first.click()
    for place in range(12):
        for value in figures(place):
            clerk.keyboard.insert_text(indonesian(value))
            clerk.keyboard.press("Tab")
    clerk.get_by_role("button", name="Kirim", exact=True).click()


@pytest.mark.parametrize("way", WAYS)
def test_from_the_letter_to_the_published_table(
    way, cells, links, open_browser, accounts, walidata, portal, shoot, log_in, tmp_path, capsys
):
    kode = cells[way]
    key, _end = last_month()
    clerk = open_browser("360")
    clerk.add_init_script(COUNTER)
    begun = time.monotonic()
    link = urlsplit(links[kode])
    clerk.goto(link.path + (f"?{link.query}" if link.query else ""))
    # Nobody is signed in: the link leads over the login back to where it points.
    account = accounts["opd_editor_1"]
    clerk.get_by_label("Nama pengguna").fill(account["name"])
    clerk.get_by_label("Kata sandi").fill(account["password"])
    clerk.locator("form:has(input[name=password]) button[type=submit]").click()
    expect(clerk.get_by_role("heading", level=1)).to_contain_text(kode)
    assert urlsplit(clerk.url).path == f"/kirim/{kode}/{key}"
    assert fits(clerk)
    shoot(clerk, f"alur-{way}-360")
    chosen = 1
    if way == "templat":
        template(clerk, tmp_path)
        chosen += 1
    elif way == "berkas":
        untidy(clerk, tmp_path)
        chosen += 1
        assert fits(clerk)
        mend(clerk, shoot)
    else:
        typing(clerk)
    expect(clerk.get_by_text("Sudah dikirim, menunggu Walidata")).to_be_visible()
    seconds = time.monotonic() - begun
    clicks = int(clerk.evaluate("sessionStorage.klik")) + chosen
    assert fits(clerk)

    desk = open_browser("360")
    log_in(desk, walidata)
    desk.add_init_script(COUNTER)
    begun = time.monotonic()
    desk.goto("/pemeriksaan")
    desk.evaluate("sessionStorage.klik = '0'")
    desk.locator("[data-pr-row]", has_text=kode).first.click()
    expect(desk.get_by_role("heading", level=2, name=re.compile(kode))).to_be_visible()
    shoot(desk, f"alur-{way}-periksa-360")
    assert fits(desk)
    # What a row is about is told by names, not by codes.
    expect(desk.locator(".kr-table tbody th").first).to_have_text(re.compile(r"^[A-Z][\w ]+, Padi (Sawah|Ladang)$"))
    desk.get_by_role("button", name="Setujui dan terbitkan").click()
    expect(desk.get_by_text(re.compile(f"Terbit: .*{kode}"))).to_be_visible()
    decided = time.monotonic() - begun
    approving = int(desk.evaluate("sessionStorage.klik"))

    visible(portal, open_browser, kode, key, accounts, shoot, way)
    with capsys.disabled():
        print(
            f"\n{way}: {clicks} klik dan {seconds:.1f} detik sampai terkirim; "
            f"{approving} klik dan {decided:.1f} detik sampai terbit"
        )
    assert clicks <= MOST_CLICKS[way]
    assert approving <= MOST_CLICKS_TO_PUBLISH


def visible(portal, open_browser, kode, key, accounts, shoot, way):
    """The public reads the rows on the dataset's page, and the dashboard counts the cell as in time."""
    reader = open_browser("360")
    assert reader.goto(f"/dataset/padi-{kode.casefold()}").status == 200
    expect(reader.get_by_role("heading", level=1)).to_contain_text(kode)
    shoot(reader, f"alur-{way}-dataset-360")
    dataset = RemoteCKAN(portal).action.package_show(id=f"padi-{kode.casefold()}")
    resource = dataset["resources"][0]["id"]
    rows = RemoteCKAN(portal).action.datastore_search(resource_id=resource)["records"]
    assert sorted(float(row["luas_panen"]) for row in rows) == sorted(figures(place)[0] for place in range(12))
    assert sorted(float(row["produksi"]) for row in rows) == sorted(figures(place)[1] for place in range(12))
    assert {row["periode"] for row in rows} == {key}
    reader.locator(f"a[href*='{resource}']").first.click()
    expect(reader.get_by_role("cell", name=re.compile("Taktakan|36.73.06")).first).to_be_visible()
    shoot(reader, f"alur-{way}-berkas-360")
    assert reader.goto(f"/kelengkapan/entri/{kode}/{key}").status == 200
    expect(reader.locator("main, [role=main]").first).to_contain_text("tepat waktu")
    year = date.fromisoformat(f"{key}-01").year
    reader.goto(f"/kelengkapan/{accounts['opd_editor_1']['opd']}?tahun={year}")
    expect(reader.locator("main, [role=main]").first).to_contain_text(kode)
