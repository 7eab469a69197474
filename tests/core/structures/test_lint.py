"""Advice by the naming rules of INDAH and the completeness of concepts."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.structures.lint import lint, lint_column, lint_name, lint_variable
from ckanext.satudataserang.core.structures.model import Column
from ckanext.satudataserang.core.structures.parse import structure
from ckanext.satudataserang.core.structures.variables import Variable

from .samples import sample, units

PLACES = ("Kota Serang", "Curug", "Banten")


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("Konsumsi Makanan", set()),
        ("Nomor Pokok Wajib Pajak (NPWP)", set()),
        ("Penduduk menurut Kecamatan dan Jenis Kelamin", set()),
        ("Anak Berumur 0 sampai 17 Tahun", set()),
        ("Jumlah", set()),
        ("Rata-rata Konsumsi Makanan", {"awal-ukuran"}),
        ("Jumlah Penduduk", {"awal-ukuran"}),
        ("Persentase Penduduk Miskin", {"awal-ukuran"}),
        ("konsumsi makanan", {"huruf-kapital"}),
        ("Jml Penduduk", {"awal-ukuran", "singkatan"}),
        ("Kepemilikan KTP", {"singkatan"}),
        ("Perekaman KTP-el", {"singkatan"}),
        ("Nama Kec.", {"singkatan"}),
        ("Penduduk Tahun 2024", {"memuat-periode"}),
        ("Penduduk 2024", {"memuat-periode"}),
        ("Harga Beras Januari", {"memuat-periode"}),
        ("Laporan Triwulanan", {"memuat-periode"}),
        ("Penduduk Kota Serang", {"memuat-wilayah"}),
        ("Sekolah di Curug", {"memuat-wilayah"}),
        ("Curugan Air", set()),
    ],
)
def test_names(name, codes):
    found = lint_name(name, "nama", PLACES)
    assert {one.code for one in found} == codes
    assert all(name in one.message and one.what_to_do and one.severity == "warning" for one in found)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_any_name_is_answered(name):
    assert all(one.message and one.what_to_do for one in lint_name(name, "nama", PLACES))


def test_a_concept_is_told_in_full():
    bare = lint_column(Column("a", "Penduduk", "integer"), "columns[0]")
    assert {one.path for one in bare} == {
        f"columns[0].{name}" for name in ("konsep", "definisi", "referensi", "ukuran", "satuan")
    }
    assert all(one.severity == "error" for one in bare)
    text = lint_column(Column("a", "Nama", konsep="Nama", definisi="Nama orang.", referensi="UU"), "columns[0]")
    assert text == []


def test_a_definition_must_say_something():
    column = Column("a", "Penduduk", konsep="Penduduk", definisi="Penduduk", referensi="UU")
    assert [one.code for one in lint_column(column)] == ["definisi-kosong"]


def test_units_are_those_of_the_vocabulary():
    told = {"konsep": "A", "definisi": "Banyaknya orang di sana.", "referensi": "UU", "ukuran": "Jumlah"}
    assert lint_column(Column("a", "Orang", "integer", satuan="orang", **told), "", units()) == []
    (near,) = lint_column(Column("a", "Orang", "integer", satuan="jiwa", **told), "", units())
    assert (near.code, near.what_to_do) == ("satuan-tidak-baku", "Pakai “orang”.")
    (none,) = lint_column(Column("a", "Orang", "integer", satuan="qwxz", **told), "", units())
    assert "Walidata" in none.what_to_do


def test_a_structure_as_a_whole():
    data = sample(nama="Jumlah Penduduk", expected=[])
    data["columns"][3]["satuan"], data["columns"][5]["satuan"] = "rupiah", "orang"
    data["columns"][3]["variable"] = data["columns"][4]["variable"] = "jumlah_penduduk"
    codes = {one.code for one in lint(structure(data), units(), others=["jumlah penduduk"])}
    assert {
        "awal-ukuran",
        "tidak-unik",
        "tanpa-pemilik",
        "tanpa-baris",
        "aturan-beda-satuan",
        "variabel-ganda",
    } <= codes


def test_counts_of_different_things_may_be_compared_but_not_added():
    data = sample()
    data["columns"][3]["satuan"], data["columns"][5]["satuan"] = "rombongan belajar", "orang"
    assert "aturan-beda-satuan" in {one.code for one in lint(structure(data), units())}
    data["rules"][0]["relation"] = "<="
    assert "aturan-beda-satuan" not in {one.code for one in lint(structure(data), units())}


def test_a_variable_has_an_owner():
    found = lint_variable(Variable("a", "Penduduk", konsep="A", definisi="Banyaknya orang.", referensi="UU"), "a")
    assert {(one.path, one.severity) for one in found} == {
        ("a.opd", "error"), ("a.ukuran", "error"), ("a.satuan", "error"),
    }  # fmt: skip
