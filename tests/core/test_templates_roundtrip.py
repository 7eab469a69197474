"""A template that is filled in comes back without a finding, for every structure that is shipped."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.core.templates import Subject, as_csv, as_workbook, stale, template_of

from .structures.samples import areas, resolved

SUBJECT = Subject("DD-1", "Uji", "Dinas", "2025", "2025")
MADE = date(2026, 1, 5)
#: So many rows of a table without agreed rows are made up.
MADE_UP = 3


def figures(structure):
    """Numbers that keep every rule of a structure: each as small as it may be, wholes as large as their parts."""
    found = {one.id: max(one.minimum or Decimal(1), Decimal(1)) for one in structure.columns if one.is_measure}
    for _again in range(len(structure.rules) + 1):
        for rule in structure.rules:
            if all(name in found for name in (*rule.parts, rule.whole)):
                least = sum((found[name] for name in rule.parts), Decimal(0)) + (rule.relation == "<")
                found[rule.whole] = least if rule.relation == "=" else max(found[rule.whole], least)
    return found


def text_for(column, structure, row):
    """Something that may stand in a cell that holds no measure."""
    codes = structure.codes_of(column)
    if codes is not None:
        return codes.codes[row % len(codes.codes)].label
    if column.type == "integer":
        return int(column.minimum or 1) + row
    return {"date": date(2025, 1, 1 + row), "boolean": "ya"}.get(column.type, f"Contoh {row}")


def filled(template, structure):
    """Rows of a template with every white cell filled in."""
    numbers = figures(structure)
    keys = list(template.lines()) or [()] * MADE_UP
    for row, key in enumerate(keys):
        told = dict(zip((one.id for one in template.laid_out), key, strict=False))
        yield [
            None if one.id in told else float(numbers[one.id]) if one.id in numbers else text_for(one, structure, row)
            for one in structure.columns
        ]


def read_back(path, directory, structure):
    grid = opened(path, path.name, directory=directory, structure=structure)
    wishes = Wishes(structure=structure, period="2025", areas=areas())
    table = check(grid, wishes, directory=directory)
    return grid, [one for one in table.findings if one.severity.value != "info"]


@pytest.mark.parametrize("kode", sorted(resolved()))
def test_a_workbook_comes_back_without_a_finding(kode, tmp_path):
    structure = resolved()[kode]
    template = template_of(SUBJECT, structure, made=MADE)
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(template)))
    for number, cells in enumerate(filled(template, structure), start=2):
        for at, cell in enumerate(cells, start=1):
            if cell is not None:
                book["Data"].cell(number, at).value = cell
    path = tmp_path / "templat.xlsx"
    book.save(path)
    grid, found = read_back(path, tmp_path, structure)
    assert [(one.code, one.row, one.column, one.message) for one in found] == []
    assert grid.titles == tuple(one.label for one in structure.columns)
    assert stale(grid.stamp, structure, entry="DD-1", period="2025") == []
    assert stale(grid.stamp, structure, entry="DD-1", period="2024")


@pytest.mark.parametrize(
    "kode", ["penduduk-kecamatan-jenis-kelamin", "posyandu-kecamatan", "stunting-balita-kelurahan"]
)
def test_a_text_file_comes_back_without_a_finding(kode, tmp_path):
    structure = resolved()[kode]
    template = template_of(SUBJECT, structure, made=MADE)
    lines = list(csv.reader(io.StringIO("".join(as_csv(template)).lstrip("\ufeff")), delimiter=";"))
    for line, cells in zip(lines[2:], filled(template, structure), strict=True):
        for at, cell in enumerate(cells):
            if cell is not None:
                line[at] = str(int(cell)) if isinstance(cell, float) else str(cell)
    path = tmp_path / "templat.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        csv.writer(target, delimiter=";").writerows(lines)
    grid, found = read_back(path, tmp_path, structure)
    assert [(one.code, one.row, one.column, one.message) for one in found] == []
    assert stale(grid.stamp, structure, entry="DD-1", period="2025") == []
