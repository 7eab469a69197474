"""Sample data of the region profile that follow a structure keep it to the letter."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import yaml

from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures.resolve import expected_values
from ckanext.satudataserang.core.tables.opening import opened

from .samples import areas, resolved

FOLDER = Path(__file__).parents[3] / "config/daerah/kota-serang/contoh"
AGREED = [row for row in csv.DictReader((FOLDER / "daftar_data.csv").open(encoding="utf-8")) if row["structure_id"]]
#: The table of an entry, by its kode; an entry without one waits for its first delivery.
TABLES = {
    yaml.safe_load(path.read_text(encoding="utf-8")).get("daftar_data_kode"): path.with_suffix(".csv")
    for path in FOLDER.glob("*.yaml")
}


def test_there_is_one_with_a_table_and_one_without():
    assert {row["kode"] in TABLES for row in AGREED} == {True, False}


@pytest.mark.parametrize("row", AGREED, ids=lambda row: row["kode"])
def test_what_is_due_is_what_the_structure_expects(row):
    assert int(row["expected_values"]) == expected_values(resolved()[row["structure_id"]])


@pytest.mark.parametrize("year", range(2021, 2026))
@pytest.mark.parametrize("row", [row for row in AGREED if row["kode"] in TABLES], ids=lambda row: row["kode"])
def test_a_table_passes_its_check_without_a_word(row, year, tmp_path):
    structure, path = resolved()[row["structure_id"]], tmp_path / "tabel.csv"
    lines = TABLES[row["kode"]].read_text(encoding="utf-8").splitlines(keepends=True)
    column = lines[0].split(",").index("tahun")
    path.write_text("".join(line for line in lines if line.split(",")[column] in ("tahun", str(year))), "utf-8")
    grid = opened(path, path.name, directory=tmp_path, structure=structure)
    wishes = Wishes(structure=structure, period=str(year), frequency=Frequency(row["frequency"]), areas=areas())
    table = check(grid, wishes, directory=tmp_path)
    try:
        assert [(one.code, one.message) for one in table.findings] == []
        assert table.delivered.filled == table.expected_values == int(row["expected_values"])
    finally:
        table.close()
