"""What changed between two versions, and what of it breaks."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings

from ckanext.satudataserang.core.structures.diff import diff, renamed
from ckanext.satudataserang.core.structures.parse import structure

from .samples import plain_structures, sample


def changes(alter):
    before, after = sample(), copy.deepcopy(sample())
    alter(after)
    return diff(structure(before), structure(after))


def column(index, **members):
    def alter(data):
        data["columns"][index].update(members)

    return alter


def without(index):
    def alter(data):
        del data["columns"][index]
        data["rules"] = []

    return alter


def codes(*wanted):
    def alter(data):
        data["lists"][0]["codes"] = list(wanted)

    return alter


L, P = {"code": "L", "label": "Laki-laki", "synonyms": ["Pria"]}, {"code": "P", "label": "Perempuan"}


@settings(deadline=None)
@given(plain_structures())
def test_nothing_changed(data):
    assert diff(structure(data), structure(copy.deepcopy(data))) == []


@pytest.mark.parametrize(
    ("alter", "code", "breaking", "word"),
    [
        (without(6), "kolom-dihapus", True, "Luas"),
        (lambda data: data["columns"].append({"id": "baru", "label": "Baru"}), "kolom-baru", False, "boleh kosong"),
        (lambda data: data["columns"].append({"id": "baru", "label": "Baru", "required": True}),
         "kolom-wajib-baru", True, "Baru"),
        (column(6, id="luas_ha"), "kolom-berganti-nama", True, "luas_ha"),
        (column(5, label="Jiwa", synonyms=["Penduduk"]), "judul", False, "Penduduk"),
        (column(5, label="Orang"), "judul", True, "tidak lagi dikenali"),
        (column(5, synonyms=[]), "sinonim", True, "Jiwa"),
        (column(3, type="numeric"), "tipe", False, "numeric"),
        (column(6, type="integer", decimals=None, minimum=1), "tipe", True, "integer"),
        (column(7, type="text"), "tipe", False, "text"),
        (column(3, required=True), "wajib", True, "wajib"),
        (column(5, required=False), "wajib", False, "boleh kosong"),
        (column(7, required=True, key=True), "kunci", True, "kunci"),
        (column(6, minimum=1), "batas", True, "0.5 menjadi 1"),
        (column(6, minimum=0), "batas", False, "0"),
        (column(6, maximum=200), "batas", False, "200"),
        (column(6, maximum=None), "batas", False, "(kosong)"),
        (column(6, decimals=1), "desimal", True, "1"),
        (column(6, decimals=None), "desimal", False, "tidak lagi"),
        (column(2, pattern="[0-9]+"), "pola", True, "Pola"),
        (column(2, personal=False), "data-pribadi", False, "apa adanya"),
        (column(5, satuan="orang"), "arti", False, "orang"),
        (codes(L), "kode-dihapus", True, "Perempuan"),
        (codes(L, P, "X"), "kode-baru", False, "X"),
        (codes(L, {"code": "P", "label": "Wanita"}), "kode-berganti-label", True, "Wanita"),
        (codes(L, {"code": "P", "label": "Wanita", "synonyms": ["Perempuan"]}), "kode-berganti-label", False, "Wanita"),
        (lambda data: data.update(expected=["jk"]), "baris", True, "Jenis Kelamin"),
        (lambda data: data.update(expected=[]), "baris", False, "tidak lagi"),
        (lambda data: data.update(rules=[]), "aturan", False, "dihapus"),
        (lambda data: data["rules"].append({"id": "b", "parts": ["laki"], "relation": "<=", "whole": "jumlah"}),
         "aturan", True, "Laki-laki tidak boleh melebihi Penduduk"),
        (lambda data: data["rules"][0].update(tolerance=1), "aturan", False, "Toleransi"),
        (lambda data: data.update(nama="Lain"), "keterangan", False, "Lain"),
    ],
)  # fmt: skip
def test_each_change_is_told(alter, code, breaking, word):
    found = [one for one in changes(alter) if one.code == code]
    assert len(found) == 1, changes(alter)
    assert found[0].breaking is breaking
    assert word in found[0].message


def test_another_unit_is_another_meaning():
    before, after = sample(), sample()
    before["columns"][6]["satuan"], after["columns"][6]["satuan"] = "hektare", "meter persegi"
    (found,) = diff(structure(before), structure(after))
    assert found.breaking
    assert found.column == "luas"


def test_a_renamed_column_is_neither_gone_nor_new():
    found = changes(column(6, id="luas_ha"))
    assert [one.code for one in found] == ["kolom-berganti-nama"]
    before, after = structure(sample()), sample()
    after["columns"][6] |= {"id": "luas_ha", "label": "Luas (ha)", "synonyms": ["Luas"]}
    assert renamed(before, structure(after)) == {"luas_ha": "luas"}


@settings(deadline=None)
@given(plain_structures(), plain_structures())
def test_any_two_are_told_apart(one, other):
    before, after = structure(one), structure(other)
    found = diff(before, after)
    assert all(change.message for change in found)
    gone = {column.id for column in before.columns} - {column.id for column in after.columns}
    assert not gone or any(change.breaking for change in found)
