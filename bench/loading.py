"""A million rows on their way into the DataStore: checked, queryable, searchable; beside plain COPY and xloader.

Everything runs in one go against the PostgreSQL of the test instance. What is loaded is made from a seed: codes, names,
years, whole and decimal numbers, dates, in ten columns. The file is read and checked against its structure; what that
hands on is loaded as a publication loads it. Budgets: check, load and queryable within 1.5 times plain COPY of the same
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


def ours(path: Path) -> tuple[float, float, float]:
    """Seconds until the file is checked, until its table can be queried, and until it is searchable."""
    from ckanext.satudataserang.core.checks import engine  # noqa: PLC0415
    from ckanext.satudataserang.core.checks.wishes import Wishes  # noqa: PLC0415
    from ckanext.satudataserang.core.tables.opening import opened  # noqa: PLC0415
    from ckanext.satudataserang.submission import agreed, constraints, full_text, store  # noqa: PLC0415

    agreement, resource_id = structure(), str(uuid.uuid4())
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        grid = opened(path, path.name, directory=Path(folder), structure=agreement)
        table = engine.check(grid, Wishes(structure=agreement), directory=Path(folder))
        checked = time.perf_counter() - begun
        if not table.usable or table.rows < ROWS:
            sys.exit(f"the bench's own file has findings: {[one.message for one in table.findings][:3]}")
        columns = agreed.columns(agreement, [column.id for column in table.columns])
        dumped = table.dump(Path(folder))
        store.replace_table(resource_id, columns, dumped, demanded=constraints.of_structure(agreement))
        queryable = time.perf_counter() - begun
        full_text.complete(resource_id)
        searchable = time.perf_counter() - begun
    drop(resource_id)
    return checked, queryable, searchable


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
            taken = ours(path)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{LARGE_ROWS:,} rows: checked {taken[0]:.1f} s, queryable {taken[1]:.1f} s, {peak:.0f} MB at most")
            close("loading-memory", peak, MEMORY_MB)
            return
        write(path, ROWS)
        pairs = rounds(ROUNDS, lambda: (plain(path), ours(path)))
        copied = median([one for one, _ours in pairs])
        checked, queryable, searchable = (median([taken[i] for _one, taken in pairs]) for i in range(3))
        print(f"{ROWS:,} rows x {len(TYPES)} columns, {path.stat().st_size / 1e6:.0f} MB, medians of {ROUNDS}:")
        print(f"  plain COPY {copied:.2f} s; checked {checked:.2f} s, queryable {queryable:.2f} s, ", end="")
        print(f"searchable {searchable:.2f} s")
        close("loading-checked", checked, CHECKING)
        close("loading-queryable", queryable / copied, QUERYABLE)
        theirs = [taken for taken in rounds(ROUNDS, lambda: xloader(ini, path)) if taken]
        if theirs:
            loaded, indexed = (median([taken[i] for taken in theirs]) for i in range(2))
            print(f"  xloader: loaded {loaded:.2f} s, with its indexes {indexed:.2f} s")
            close("loading-searchable", searchable / indexed, SEARCHABLE)


if __name__ == "__main__":
    main()
