"""The structures, code lists and variables that come with the project."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ckanext.satudataserang.core.structures.lint import lint, lint_variable
from ckanext.satudataserang.core.structures.parse import as_dict, structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.resolve import expected_count
from ckanext.satudataserang.core.structures.store import load

from .samples import SCHEMAS, areas, resolved, shipped, units

KODES = sorted(shipped().structures)
PLACES = [area.name for area in areas().areas]


def test_there_are_enough_of_them():
    assert len(KODES) >= 22
    themes = {shipped().structures[kode].urusan for kode in KODES}
    # Pendidikan, kesehatan, pekerjaan umum, perumahan, trantibum, sosial, lingkungan, kependudukan, UKM, perdagangan,
    # pertanian, keuangan.
    assert themes >= {"1.01", "1.02", "1.03", "1.04", "1.05", "1.06", "2.11", "2.12", "2.17", "3.30", "3.27", "5.02"}


@pytest.mark.parametrize("kode", KODES)
def test_a_shipped_structure_is_sound_and_told_in_full(kode):
    one = shipped().structures[kode]
    assert structure(as_dict(one)) == one
    others = [other.nama for other in shipped().structures.values() if other.kode != kode]
    assert [(advice.path, advice.message) for advice in lint(resolved()[kode], units(), PLACES, others)] == []
    assert one.key
    assert one.referensi
    assert one.description


@pytest.mark.parametrize("kode", KODES)
def test_its_urusan_is_one(kode):
    text = SCHEMAS.joinpath("kode/urusan.csv").read_text(encoding="utf-8")
    assert shipped().structures[kode].urusan in {row["kode"] for row in csv.DictReader(text.splitlines())}


@pytest.mark.parametrize("kode", sorted(shipped().variables))
def test_a_variable_has_one_owner_and_a_meaning(kode):
    one = shipped().variables[kode]
    assert one.opd
    assert [(advice.path, advice.message) for advice in lint_variable(one, kode, units(), PLACES)] == []


def test_every_variable_is_used():
    used = {column.variable for one in shipped().structures.values() for column in one.columns if column.variable}
    assert used == set(shipped().variables)


def test_a_column_has_the_type_of_its_variable():
    for one in shipped().structures.values():
        for column in one.columns:
            if column.variable:
                assert column.type == shipped().variables[column.variable].type, (one.kode, column.id)


def test_every_kecamatan_is_expected():
    assert expected_count(resolved()["penduduk-kecamatan-jenis-kelamin"]) == 12
    assert expected_count(resolved()["stunting-balita-kelurahan"]) == 67


def test_problems_of_all_files_are_told_together(tmp_path: Path):
    for name in ("_daftar_kode.yaml", "_variabel.yaml"):
        (tmp_path / name).write_text("[]", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("kode: a\nnama: A\ncolumns: []\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("kode: c\nnama: B\ncolumns: [{id: x, label: X}]\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("{", encoding="utf-8")
    with pytest.raises(StructureError) as caught:
        load(tmp_path)
    assert {path for path, _ in caught.value.messages} == {"a.yaml: columns", "b.yaml: kode", "c.yaml: ."}


def test_the_documentation_names_them_all():
    text = (Path(__file__).parents[3] / "docs" / "struktur.md").read_text(encoding="utf-8")
    assert [kode for kode in KODES if f"| `{kode}` | {shipped().structures[kode].nama} |" not in text] == []
