"""How long a clerk waits for an answer: a file of 10,000 rows is uploaded on the delivery page of the served portal.

The file follows a shipped structure (prices by date, market and commodity) and has one wrong cell in a hundred rows:
words where a price has to be, and commodities that nobody knows. The clock runs from the upload until the page that
names the findings has come, through the redirect. Budget: two seconds, the middle of several goes. What was written is
removed at the end.
"""

from __future__ import annotations

import configparser
import json
import re
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import requests
import sqlalchemy as sa
from _figures import ROOT, close, median, required

from ckanext.satudataserang.core.structures import store

ROWS, ROUNDS = 10_000, 5
BUDGET_SECONDS = 2.0
STRUCTURE, LIST, PERIOD = "harga-pangan-pasar", "komoditas-pangan", "2026-01"
HEADERS = ("Tanggal Pemantauan", "Pasar", "Komoditas", "Satuan Dagang", "Harga Eceran")
WRONG_EACH = 100
CLEAN = (
    "DELETE FROM satudata_submission WHERE entry_id = :entry",
    "DELETE FROM satudata_plan_event WHERE entry_id = :entry",
    "DELETE FROM satudata_plan_entry WHERE id = :entry",
)


def table() -> bytes:
    """The file, as CSV: 31 days, markets and commodities, one row for each."""
    lists = store.load(ROOT / "schemas" / "struktur").lists
    goods = [code.code for code in lists[LIST].codes]
    unit = lists["satuan-dagang"].codes[0].code
    lines = [",".join(HEADERS)]
    for number in range(ROWS):
        day = date(2026, 1, 1) + timedelta(days=number % 31)
        market, good = f"Pasar {number // (31 * len(goods)) + 1}", goods[number // 31 % len(goods)]
        price = "mahal" if number % (2 * WRONG_EACH) == WRONG_EACH else str(10_000 + number % 500 * 10)
        lines.append(f"{day},{market},{'emas' if number % (2 * WRONG_EACH) == 0 else good},{unit},{price}")
    return ("\n".join(lines) + "\n").encode()


class Portal:
    """The served portal, as one account sees it."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["Authorization"] = token

    def act(self, action: str, **data: Any) -> Any:
        """The result of an action."""
        answer = self.session.post(f"{self.url}/api/3/action/{action}", json=data, timeout=60)
        answer.raise_for_status()
        return answer.json()["result"]

    def upload(self, path: str, content: bytes) -> float:
        """Seconds from sending the file until the page with what was found in it is there."""
        page = self.session.get(self.url + path, timeout=60).text
        fields = dict(re.findall(r'type="hidden" name="(dilihat|diubah)" value="([^"]*)"', page))
        files = {"berkas": ("harga.csv", content, "text/csv")}
        begun = time.perf_counter()
        sent = {"cara": "unggah", "aksi": "periksa", **fields}
        answer = self.session.post(self.url + path, data=sent, files=files, timeout=120)
        taken = time.perf_counter() - begun
        answer.raise_for_status()
        if "mahal" not in answer.text or "emas" not in answer.text:
            message = "the page does not name the wrong cells"
            raise RuntimeError(message)
        return taken


def main() -> None:
    url = required("SATUDATA_TEST_URL").rstrip("/")
    accounts = json.loads(Path(required("SATUDATA_TEST_ACCOUNTS")).read_text(encoding="utf-8"))
    ini = configparser.RawConfigParser()
    ini.read(required("SATUDATA_TEST_PORTAL_INI"))
    admin, clerk = (Portal(url, accounts[name]["token"]) for name in ("sysadmin", "opd_editor_1"))
    kode = f"BENCH-{uuid.uuid4().hex[:6].upper()}"
    entry = {
        "kode": kode,
        "judul": "Harga bahan pokok menurut pasar",
        "opd": accounts["opd_editor_1"]["opd"],
        "urusan": "3.30",
        "kelas": "wajib",
        "frequency": "bulanan",
        "deadline_days": 30,
        "grace_days": 14,
        "berlaku_dari": "2026-01-01",
        "level_wilayah": "kota",
        "expected_values": ROWS,
        "state": "berlaku",
    }
    admin.act("satudata_plan_import", entries=[entry])
    made = admin.act("satudata_plan_entry_show", id=kode)["id"]
    dataset = admin.act(
        "package_create", name=kode.lower(), title=entry["judul"], owner_org=entry["opd"], state="draft",
        daftar_data_kode=kode,
    )  # fmt: skip
    try:
        admin.act("satudata_structure_assign", id=STRUCTURE, entries=[kode])
        content = table()
        taken = [clerk.upload(f"/kirim/{kode}/{PERIOD}", content) for _round in range(ROUNDS)]
    finally:
        admin.act("dataset_purge", id=dataset["id"])
        with sa.create_engine(ini["app:main"]["sqlalchemy.url"].replace("%%", "%")).begin() as connection:
            for statement in CLEAN:
                connection.execute(sa.text(statement), {"entry": made})
    print(f"{ROWS:,} rows, {2 * ROWS // (2 * WRONG_EACH)} wrong cells: " + ", ".join(f"{one:.2f} s" for one in taken))
    close("instant", median(taken) / BUDGET_SECONDS, 1)


if __name__ == "__main__":
    main()
