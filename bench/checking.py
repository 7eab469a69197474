"""Checking alone: rows per second with a structure (types, codes, bounds, a key, a rule), and memory at ten million.

A file of 1,000,000 rows x 10 columns is checked against a structure as a delivery is, its form and all cells.
Budget: 1,000,000 rows a second. With BENCH_LARGE=1 ten million rows follow, each size in a process of its own, whose
peak memory may be 512 MB. No service is needed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from _figures import close, median

from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.structures.model import Code, CodeList, Column, Rule, Structure
from ckanext.satudataserang.core.tables.opening import opened

ROWS = 1_000_000
LARGE = 10_000_000
BUDGET_SECONDS = 1.0
BUDGET_MB = 512
RUNS = 3

DISTRICTS = CodeList(
    "kecamatan", "Kecamatan", tuple(Code(f"36.73.{n:02d}", f"Kecamatan {n}", (f"K{n}",)) for n in range(1, 7))
)
SEXES = CodeList("jenis_kelamin", "Jenis kelamin", (Code("L", "Laki-laki"), Code("P", "Perempuan")))
STRUCTURE = Structure(
    "bench",
    "Penduduk",
    columns=(
        Column("kode_wilayah", "Kode Wilayah", code_list="kecamatan", key=True, required=True),
        Column("jenis_kelamin", "Jenis Kelamin", code_list="jenis_kelamin", key=True, required=True),
        Column("nomor", "Nomor", "integer", key=True, required=True, minimum=Decimal(0)),
        Column("laki", "Laki", "integer", required=True, minimum=Decimal(0), maximum=Decimal(10_000)),
        Column("perempuan", "Perempuan", "integer", required=True, minimum=Decimal(0), maximum=Decimal(10_000)),
        Column("jumlah", "Jumlah", "integer", required=True, minimum=Decimal(0)),
        Column("rasio", "Rasio", "numeric", decimals=2, minimum=Decimal(0), maximum=Decimal(1_000)),
        Column("tanggal", "Tanggal", "date"),
        Column("keterangan", "Keterangan"),
        Column("sumber", "Sumber"),
    ),
    rules=(Rule("jumlah", ("laki", "perempuan"), "=", "jumlah"),),
    lists=(DISTRICTS, SEXES),
)


def write(path: Path, rows: int) -> None:
    """A clean file of so many rows."""
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(column.label for column in STRUCTURE.columns) + "\n")
        for n in range(rows):
            men, women = n % 5_000, n * 7 % 3_000
            file.write(
                f"36.73.{n % 6 + 1:02d},{'LP'[n % 2]},{n},{men},{women},{men + women},{n % 70_000 / 70:.2f},"
                f"2025-{n % 12 + 1:02d}-{n % 28 + 1:02d},catatan ke-{n % 997},Dinas {n % 31}\n"
            )


def run(path: Path, rows: int) -> tuple[float, float]:
    """Read, check and write out once; returns the seconds of form and cells, and of what is handed on."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder)
        begun = time.perf_counter()
        grid = opened(path, path.name, directory=directory, structure=STRUCTURE, assume=True)
        table = check(grid, Wishes(structure=STRUCTURE, period="2025"), directory=directory)
        checked = time.perf_counter()
        assert table.usable, [finding.message for finding in table.findings]
        assert table.rows == rows
        copy = table.dump(directory)
        written = time.perf_counter()
        assert copy.rows == rows
        table.close()
    return checked - begun, written - checked


def measure(path: Path, rows: int, runs: int) -> float:
    """Print what several runs took; returns the median of the checks."""
    times = [run(path, rows) for _ in range(runs)]
    checked, written = (median([one[i] for one in times]) for i in range(2))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{rows:,} rows x {len(STRUCTURE.columns)}: form and cells {checked:.2f} s "
        f"({rows / checked:,.0f} rows/s), dump {written:.2f} s, peak memory {peak:.0f} MB"
    )
    return checked


def main() -> None:
    """Measure one size per process, so that the peak memory is its own."""
    if len(sys.argv) > 1:
        path, rows = Path(sys.argv[1]), int(sys.argv[2])
        checked = measure(path, rows, RUNS if rows <= ROWS else 1)
        if rows == ROWS:
            close("checking", checked, BUDGET_SECONDS)
        else:
            close("checking-memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, BUDGET_MB)
        return
    for rows in (ROWS, LARGE) if os.environ.get("BENCH_LARGE") else (ROWS,):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "penduduk.csv"
            write(path, rows)
            subprocess.run([sys.executable, __file__, str(path), str(rows)], check=True)


if __name__ == "__main__":
    main()
