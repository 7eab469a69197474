"""A million rows on their way into the DataStore: checked, queryable, searchable; beside plain COPY and xloader.

Everything runs in one go against the PostgreSQL of the test instance. What is loaded is made from a seed: codes, names,
years, whole and decimal numbers, dates, in ten columns. The file is read, checked against its structure and loaded as a
file that somebody puts on a dataset. Budgets: check, load and queryable within 1.5 times plain COPY of the same
rows into a table of the same types; searchable within a fifth of what xloader takes in all; checking alone a million
rows a second. With BENCH_LARGE=1 ten million rows go the same way once, for the memory they take (512 MB at most).
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from _figures import ROOT, close, median, required

ROWS, LARGE_ROWS, ROUNDS = 1_000_000, 10_000_000, 3
QUERYABLE, SEARCHABLE, CHECKING, MEMORY_MB = 1.5, 0.2, 1.0, 512
XLOADER = ROOT / "var" / "bench-xloader"
#: One after the other: xloader wants a newer urllib3 than CKAN names.
PINS = ("ckan[requirements]==2.12.0", "ckanext-xloader==2.6.0")
DISTRICTS = ("Serang", "Kasemen", "Walantaka", "Curug", "Cipocok Jaya", "Taktakan")
TYPES = {
    "kode": "text",
    "kecamatan": "text",
    "tahun_lahir": "integer",
    "jenis": "text",
    "kelompok": "text",
    "jumlah": "integer",
    "nilai": "numeric",
    "persen": "numeric",
    "tanggal": "date",
    "urutan": "integer",
}
PG = {"text": "text", "integer": "bigint", "numeric": "numeric", "date": "date"}
XLOADER_RUN = """
import json, logging, sys, time
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
ini, path, resource_id = sys.argv[1:]
config = CKANConfigLoader(ini).get_config()
config["ckan.plugins"] = "datastore"
app = make_app(config)
from ckanext.xloader import loader
log = logging.getLogger("xloader")
with app._wsgi_app.test_request_context():
    begun = time.perf_counter()
    fields = loader.load_csv(path, resource_id, logger=log)
    loaded = time.perf_counter() - begun
    loader.create_column_indexes(fields, resource_id, log)
    print(json.dumps([loaded, time.perf_counter() - begun]))
"""


def write(path: Path, rows: int) -> None:
    """The file: the same bytes for the same number of rows."""
    chance = random.Random(11)
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(TYPES) + "\n")
        for n in range(rows):
            place, year = n % 6, 1950 + n // 6 % 60
            stream.write(
                f"36.73.{place + 1:02d}.{n:08d},{DISTRICTS[place]},{year},{'LP'[n % 2]},Kelompok {n // 1000},"
                f"{chance.randrange(100_000)},{chance.randrange(10**9) / 100:.2f},{chance.random() * 100:.3f},"
                f"{year}-{n % 12 + 1:02d}-{n % 28 + 1:02d},{n % 2000}\n"
            )


def structure() -> Any:
    """What the rows are checked against: types, a code list, bounds, the key and one rule between columns."""
    from ckanext.satudataserang.core.structures.parse import structure as parsed  # noqa: PLC0415

    more = {
        "kode": {"key": True, "required": True, "pattern": r"36\.73\.\d\d\.\d+"},
        "jenis": {"code_list": "jk"},
        "jumlah": {"minimum": 0, "maximum": 100_000},
        "persen": {"minimum": 0, "maximum": 100},
    }
    return parsed(
        {
            "kode": "ukuran",
            "nama": "Ukuran kinerja",
            "columns": [
                {"id": name, "label": name, "type": kind, **more.get(name, {})} for name, kind in TYPES.items()
            ],
            "lists": [
                {"id": "jk", "label": "Jenis kelamin", "codes": [{"code": code, "label": code} for code in "LP"]}
            ],
            "rules": [
                {"id": "kurang", "parts": ["urutan"], "relation": "<=", "whole": "tahun_lahir", "tolerance": 100}
            ],
        }
    )


def plain(path: Path) -> float:
    """Seconds of COPY alone, into a table that stands and has no index."""
    from ckanext.satudataserang.submission import datastore_seam as seam  # noqa: PLC0415

    table = f"_bench_{uuid.uuid4().hex}"
    columns = ", ".join(f"{name} {PG[kind]}" for name, kind in TYPES.items())
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f"CREATE TABLE {table} ({columns})")
    begun = time.perf_counter()
    with seam.write_engine().begin() as connection, path.open("rb") as stream:
        cursor: Any = connection.connection.cursor()
        cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv, HEADER)", stream, size=1 << 20)
    taken = time.perf_counter() - begun
    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    return taken


def ours(path: Path) -> tuple[float, float]:
    """Seconds until the file is checked and its table can be queried, and until it is searchable."""
    from ckanext.satudataserang.core.checks.wishes import Wishes  # noqa: PLC0415
    from ckanext.satudataserang.submission import ahead, full_text, loading, reading  # noqa: PLC0415

    agreement, resource_id = structure(), str(uuid.uuid4())
    begun = time.perf_counter()
    with (
        ahead.early() as early,
        reading.opened(
            path,
            path.name,
            Wishes(structure=agreement),
            begin=partial(loading.begin, early),
        ) as found,
    ):
        expect_clean(found.table)
        loading.write(resource_id, found, early)
        queryable = time.perf_counter() - begun
    full_text.complete(resource_id)
    searchable = time.perf_counter() - begun
    drop(resource_id)
    return queryable, searchable


def checked(path: Path) -> float:
    """Seconds until the form and all cells of the file are checked."""
    from ckanext.satudataserang.core.checks.wishes import Wishes  # noqa: PLC0415
    from ckanext.satudataserang.submission import reading  # noqa: PLC0415

    begun = time.perf_counter()
    with reading.opened(path, path.name, Wishes(structure=structure())) as found:
        expect_clean(found.table)
        return time.perf_counter() - begun


def expect_clean(table: Any) -> None:
    """End where the check found something in the bench's own file, or did not see all of it."""
    if not table.usable or table.rows < ROWS:
        sys.exit(f"the bench's own file has findings: {[one.message for one in table.findings][:3]}")


def drop(resource_id: str) -> None:
    """Leave nothing behind."""
    from ckanext.satudataserang.submission import datastore_seam as seam  # noqa: PLC0415

    with seam.write_engine().begin() as connection:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{resource_id}" CASCADE')


def xloader(ini: str, path: Path) -> list[float]:
    """Seconds until xloader has loaded, and until it has made its indexes; empty where it cannot be had."""
    python = XLOADER / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    if not python.exists():
        for command in (
            [uv, "venv", "--quiet", "--python", sys.executable, XLOADER],
            *([uv, "pip", "install", "--quiet", "--python", python, pin] for pin in PINS),
        ):
            if subprocess.run(command, check=False).returncode:
                print("  xloader could not be installed: no comparison")
                return []
    resource_id = a_resource()
    command = [python, "-c", XLOADER_RUN, ini, path, resource_id]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    drop(resource_id)
    forget(resource_id)
    if done.returncode:
        print(f"  xloader failed: {done.stderr.strip().splitlines()[-1:]}")
        return []
    return json.loads(done.stdout.strip().splitlines()[-1])


def a_resource() -> str:
    """A resource that xloader can give a table to."""
    from ckan import model  # noqa: PLC0415

    package = model.Package(name=f"bench-{uuid.uuid4().hex}", title="Bench", type="dataset")
    model.Session.add(package)
    model.Session.flush()
    made = model.Resource(package_id=package.id, url="data.csv", url_type="upload", format="CSV")
    made.position = 0
    model.Session.add(made)
    model.Session.commit()
    return made.id


def forget(resource_id: str) -> None:
    """Take the resource and its dataset away again."""
    import sqlalchemy as sa  # noqa: PLC0415

    from ckan import model  # noqa: PLC0415

    package_id = model.Session.get_one(model.Resource, resource_id).package_id
    model.Session.execute(sa.delete(model.Resource).where(model.Resource.id == resource_id))
    model.Session.execute(sa.delete(model.Package).where(model.Package.id == package_id))
    model.Session.commit()


def app_of(ini: str) -> Any:
    """CKAN, as its own commands make it."""
    from ckan.cli import CKANConfigLoader  # noqa: PLC0415
    from ckan.config.middleware import make_app  # noqa: PLC0415

    return make_app(CKANConfigLoader(ini).get_config())


def rounds(count: int, work: Callable[[], Any]) -> list[Any]:
    """The outcomes of several goes."""
    return [work() for _go in range(count)]


def main() -> None:
    ini = required("SATUDATA_TEST_PORTAL_INI")
    app = app_of(ini)
    with tempfile.TemporaryDirectory() as folder, app._wsgi_app.test_request_context():
        path = Path(folder) / "data.csv"
        if os.environ.get("BENCH_LARGE"):
            write(path, LARGE_ROWS)
            queryable, searchable = ours(path)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{LARGE_ROWS:,} rows: queryable {queryable:.1f} s, searchable {searchable:.1f} s, ", end="")
            print(f"{peak:.0f} MB at most")
            close("loading-memory", peak, MEMORY_MB)
            return
        write(path, ROWS)
        taken = rounds(ROUNDS, lambda: (plain(path), checked(path), *ours(path)))
        copied, alone, queryable, searchable = (median([one[i] for one in taken]) for i in range(4))
        print(f"{ROWS:,} rows x {len(TYPES)} columns, {path.stat().st_size / 1e6:.0f} MB, medians of {ROUNDS}:")
        print(
            f"  plain COPY {copied:.2f} s; checked alone {alone:.2f} s; checked and queryable {queryable:.2f} s, ",
            end="",
        )
        print(f"searchable {searchable:.2f} s")
        close("loading-checked", alone, CHECKING)
        close("loading-queryable", queryable / copied, QUERYABLE)
        theirs = [one for one in rounds(ROUNDS, lambda: xloader(ini, path)) if one]
        if theirs:
            loaded, indexed = (median([one[i] for one in theirs]) for i in range(2))
            print(f"  xloader: loaded {loaded:.2f} s, with its indexes {indexed:.2f} s")
            close("loading-searchable", searchable / indexed, SEARCHABLE)


if __name__ == "__main__":
    main()
