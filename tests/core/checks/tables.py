"""Small tables for the tests of the checks."""

from __future__ import annotations

import csv
import tempfile
from decimal import Decimal
from pathlib import Path

from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.structures.model import Code, CodeList, Column, Rule, Structure
from ckanext.satudataserang.core.tables.grid import Grid, Layout

AREAS = CodeList(
    "kecamatan",
    "Kecamatan",
    (
        Code("36.73.01", "Serang", ("3673040", "Kec. Serang")),
        Code("36.73.02", "Kasemen", ("3673050",)),
        Code("36.73.03", "Walantaka", ("3673020",)),
    ),
)


def structure(*columns: Column, rules: tuple[Rule, ...] = (), expected: tuple[str, ...] = (), lists=(AREAS,)):
    return Structure("uji", "Uji", columns=columns, rules=rules, expected=expected, lists=tuple(lists))


def grid(titles, rows, folder: Path) -> Grid:
    path = folder / "isi.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(titles)
        writer.writerows(rows)
    return Grid(path, Findings(), Layout("csv", encoding="utf-8", delimiter=","), tuple(titles), skip=1)


def checked(titles, rows, **wishes):
    folder = Path(tempfile.mkdtemp(prefix="uji-"))
    return check(grid(titles, rows, folder), Wishes(**wishes), directory=folder)


def column(values, **options):
    """A table of one agreed column beside a key that keeps rows from being blank."""
    agreed = structure(Column("k", "k", key=True), Column("x", "x", **options))
    return checked(["k", "x"], [[str(n), value] for n, value in enumerate(values)], structure=agreed)


def values(table, number=1):
    return [cells[number] for _row, cells in table.records()]


def codes(table):
    return sorted(finding.code for finding in table.findings)


def places(table, *wanted):
    return [(one.code, one.row) for one in table.findings if not wanted or one.code in wanted]


def number(text):
    return Decimal(text)
