"""What a structure names is put into it: code lists, areas, variables."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.structures.parse import structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.resolve import (
    area_lists,
    expected_count,
    expected_keys,
    expected_values,
    resolve,
)
from ckanext.satudataserang.core.structures.variables import variable
from ckanext.satudataserang.core.structures.words import plain

from .samples import areas, sample


def test_areas_become_codes():
    lists = {one.id: one for one in area_lists(areas())}
    codes = {code.code: code for code in lists["wilayah:kecamatan"].codes}
    assert len(codes) == 6
    assert codes["36.73.01"].label == "Serang"
    assert set(codes["36.73.01"].synonyms) == {"367301", "3673040"}
    assert len(lists["wilayah:kelurahan"].codes) == 67


def test_a_name_that_two_areas_bear_is_told_with_its_parent():
    codes = next(one for one in area_lists(areas()) if one.id == "wilayah:kelurahan").codes
    assert {code.label for code in codes if code.label.startswith("Sukawana")} == {
        "Sukawana (Serang)",
        "Sukawana (Curug)",
    }
    spoken = [plain(text) for code in codes for text in dict.fromkeys((code.code, code.label, *code.synonyms))]
    bearers = {text: {code.code for code in codes if text in {plain(one) for one in (code.label, *code.synonyms)}}
               for text in spoken}  # fmt: skip
    assert all(len(who) <= 1 for who in bearers.values())


def test_rows_that_are_expected():
    found = resolve(structure(sample()), area_lists(areas()))
    assert [one.id for one in found.lists] == ["wilayah:kecamatan", "jk"]
    keys = list(expected_keys(found))
    assert len(keys) == len(set(keys)) == expected_count(found) == 12
    assert ("36.73.01", "P") in keys
    required = [one for one in found.columns if one.is_measure and one.required]
    assert expected_values(found) == 12 * len(required) > 0


def test_nothing_is_expected_where_nothing_is_said():
    found = resolve(structure(sample(expected=[])), area_lists(areas()))
    assert expected_count(found) is None
    assert expected_values(found) is None
    assert list(expected_keys(found)) == []


def test_what_is_not_there_is_told():
    with pytest.raises(StructureError) as caught:
        resolve(structure(sample()), area_lists(WilayahTable(())))
    assert "profil daerah" in dict(caught.value.messages)["columns[0].code_list"]
    data = sample()
    data["columns"][5]["variable"] = "hilang"
    with pytest.raises(StructureError) as caught:
        resolve(structure(data), area_lists(areas()), {})
    assert "hilang" in dict(caught.value.messages)["columns[5].variable"]


def test_a_column_takes_over_what_it_does_not_say():
    said = {"konsep": "Penduduk", "definisi": "Banyaknya penduduk.", "satuan": "orang", "ukuran": "Jumlah"}
    one = variable({"kode": "jumlah_penduduk", "nama": "Penduduk", **said})
    data = sample()
    data["columns"][5] |= {"variable": "jumlah_penduduk", "definisi": "Yang sendiri."}
    column = resolve(structure(data), area_lists(areas()), {one.kode: one}).column("jumlah")
    assert (column.konsep, column.satuan, column.ukuran) == ("Penduduk", "orang", "Jumlah")
    assert column.definisi == "Yang sendiri."


def test_an_own_list_goes_before_a_shared_one():
    shared = structure(sample(lists=[{"id": "jk", "label": "Lain", "codes": ["X"]}])).lists
    found = resolve(structure(sample()), [*area_lists(areas()), *shared])
    assert [code.code for code in found.lists[1].codes] == ["L", "P"]
