"""The dashboard's page against stock CKAN's search page, in the same run on the same data.

Beside the portal a stock CKAN is started on the same database and index, without any plugin of this project. Requests
to both are interleaved, one at a time and then four at a time. Budget: p95 at most half of the stock search page's.
"""

from __future__ import annotations

import configparser
import csv
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from _figures import ROOT, close, median, percentile, required, seconds

ROUNDS = 40
CLIENTS = 4
BUDGET = 0.5
FAMILIES = 220
#: Of a stock CKAN, what its own documentation switches on.
STOCK_PLUGINS = "datastore datatables_view image_view text_view activity"


def write_export(folder: Path) -> None:
    """A synthetic SIKONDANG export of `FAMILIES` indicators for five years and six kecamatan."""
    areas = ["Serang", "Curug", "Taktakan", "Walantaka", "Cipocok Jaya", "Kasemen", "Kota Serang"]
    offices = ["Pendidikan", "Kesehatan", "Sosial", "Perhubungan", "Pertanian"]

    def table(name: str, header: str, rows: Iterator[tuple[object, ...]]) -> None:
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(header.split(","))
            writer.writerows(rows)

    table("tb_bidang_urusan.csv", "id,nama_bidang", ((i + 1, name) for i, name in enumerate(offices)))
    table("tb_wilayah.csv", "id,nama_wilayah", ((i + 1, name) for i, name in enumerate(areas)))
    table(
        "tb_jenis_data.csv",
        "id,jenis_data,id_bidang,id_parent,deskripsi,file",
        ((i, f"Jumlah Layanan Jenis {i:03d}", i % len(offices) + 1, 0, "", "") for i in range(1, FAMILIES + 1)),
    )
    table(
        "tb_simpatik.csv",
        "id_simpatik,bidang_urusan,jenis_data,tahun,triwulan,wilayah,jumlah,satuan,sumber_data,ket,created_date,updated_date",
        (
            (
                n,
                i % len(offices) + 1,
                i,
                year,
                4,
                area,
                (i * area + year) % 97,
                "orang",
                ".",
                "",
                f"{year + 1}-02-01 08:00:00",
                "",
            )
            for n, (i, year, area) in enumerate(
                ((i, year, area) for i in range(1, FAMILIES + 1) for year in range(2012, 2017) for area in range(1, 7)),
                1,
            )
        ),
    )


def seed(ini: str) -> None:
    """Import the synthetic export into the test portal."""
    with tempfile.TemporaryDirectory() as folder:
        write_export(Path(folder))
        subprocess.run(
            ["ckan", "-c", ini, "satudata", "sikondang", "import", folder], check=True, stdout=subprocess.DEVNULL
        )


@contextmanager
def stock_ckan(ini: str, folder: Path) -> Iterator[str]:
    """A stock CKAN over the same services; gives its address."""
    config = configparser.RawConfigParser()
    config.optionxform = str  # type: ignore[assignment]
    config.read(ini)
    main = config["app:main"]
    for key in [key for key in main if key.startswith(("scheming.", "ckanext."))]:
        del main[key]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    main["ckan.plugins"] = STOCK_PLUGINS
    main["ckan.site_url"] = f"http://127.0.0.1:{port}"
    target = folder / "stock.ini"
    target.touch(mode=0o600)
    with target.open("w") as file:
        config.write(file)
    process = subprocess.Popen(
        [
            "gunicorn",
            "--bind",
            f"127.0.0.1:{port}",
            "--worker-class",
            "gthread",
            "--workers",
            "2",
            "--threads",
            "4",
            "wsgi:application",
        ],
        cwd=ROOT / "config",
        env={**os.environ, "CKAN_INI": str(target)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/api/3/action/status_show")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(url: str) -> None:
    """Wait until the address answers; ends the script after two minutes."""
    for _ in range(120):
        if answers(url):
            return
        time.sleep(1)
    sys.exit(f"no answer from {url}")


def answers(url: str) -> bool:
    """Whether the address answers with a page."""
    try:
        fetch(url)
    except OSError:
        return False
    return True


def fetch(url: str) -> int:
    """The size of a page in bytes."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return len(answer.read())


def interleaved(pages: dict[str, str], clients: int) -> dict[str, list[float]]:
    """Seconds per request of each page, requested in turns by so many clients at once."""
    taken: dict[str, list[float]] = {name: [] for name in pages}

    def one(name: str) -> None:
        taken[name].append(seconds(lambda: fetch(pages[name])))

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(one, list(pages) * ROUNDS))
    return taken


def main() -> None:
    ini, url = required("SATUDATA_TEST_PORTAL_INI"), required("SATUDATA_TEST_URL")
    seed(ini)
    with tempfile.TemporaryDirectory() as folder, stock_ckan(ini, Path(folder)) as stock:
        pages = {"dashboard": f"{url}/kelengkapan?tahun=2016", "stock search": f"{stock}/dataset/"}
        for page in pages.values():
            for _ in range(4):
                fetch(page)
        ratios = []
        for clients in (1, CLIENTS):
            taken = interleaved(pages, clients)
            p95 = {name: percentile(values, 0.95) for name, values in taken.items()}
            for name, values in taken.items():
                print(
                    f"{clients} client(s), {name}: median {median(values) * 1000:.0f} ms, p95 {p95[name] * 1000:.0f} ms"
                )
            ratios.append(p95["dashboard"] / p95["stock search"])
    close("dashboard", max(ratios), BUDGET)


if __name__ == "__main__":
    main()
