"""Titles as they are shortened by hand: guessed where one column alone can be meant, certain only where they say it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.tables.matching import matched

LABELS = (
    "Jenis Kelamin", "Jumlah Penduduk", "Kecamatan", "Kelurahan", "Tahun Ajaran", "Keterangan", "Provinsi",
    "Kabupaten/Kota", "Rata-rata Lama Sekolah", "Nomor Telepon", "Nama Sekolah", "Kode Wilayah", "Kelompok Umur",
    "Kepala Keluarga", "Jumlah Rumah Tangga", "Persentase Miskin", "Tingkat Pendidikan", "Tanggal Lahir", "Laki-laki",
    "Perempuan", "Anggaran",
)  # fmt: skip


def of(*labels):
    return Structure("uji", "Uji", columns=tuple(Column(f"k{n}", label) for n, label in enumerate(labels)))


def guesses(titles, *labels):
    labels = labels or LABELS
    names = {f"k{n}": label for n, label in enumerate(labels)}
    return [(names.get(match.column_id, ""), match.how) for match in matched(titles, of(*labels))]


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("J. Kelamin", "Jenis Kelamin"),
        ("Jns. Kelamin", "Jenis Kelamin"),
        ("L/P", "Jenis Kelamin"),
        ("JK", "Jenis Kelamin"),
        ("Jml Pddk", "Jumlah Penduduk"),
        ("Jml. Pend. (jiwa)", "Jumlah Penduduk"),
        ("Kec.", "Kecamatan"),
        ("Kel.", "Kelurahan"),
        ("Kel. Umur", "Kelompok Umur"),
        ("Thn Ajaran", "Tahun Ajaran"),
        ("Ket.", "Keterangan"),
        ("Prov.", "Provinsi"),
        ("Kab/Kota", "Kabupaten/Kota"),
        ("Rata2 Lama Sekolah", "Rata-rata Lama Sekolah"),
        ("Rerata Lama Sklh", "Rata-rata Lama Sekolah"),
        ("No. Telp", "Nomor Telepon"),
        ("Kd. Wil.", "Kode Wilayah"),
        ("Tk. Pendidikan", "Tingkat Pendidikan"),
        ("Tkt. Pend.", "Tingkat Pendidikan"),
        ("Tgl. Lhr", "Tanggal Lahir"),
        ("% Miskin", "Persentase Miskin"),
        ("KK", "Kepala Keluarga"),
        ("Jml Ruta", "Jumlah Rumah Tangga"),
        ("Lk", "Laki-laki"),
    ],
)
def test_usual_short_titles_are_guessed(title, label):
    assert guesses([title]) == [(label, "fuzzy")]


def test_a_total_is_found_by_its_short_name():
    assert guesses(["Jml."], "Jumlah") == [("Jumlah", "fuzzy")]


@pytest.mark.parametrize(
    ("title", "labels"),
    [
        ("L+P", ("Jenis Kelamin", "Laki-laki", "Perempuan")),
        ("Kel.", ("Kelompok", "Keluarga")),
        ("Kab", ("Kabupaten/Kota",)),
        ("Jml.", LABELS),
        ("Jumlah RT", ("Jumlah Rumah Tangga",)),
        ("% Penduduk", ("Penduduk",)),
        ("Umur > 60", ("Umur 60", "Umur < 60")),
        ("L+P", ("L/P",)),
        ("Luas km2", ("Luas km",)),
    ],
)
def test_what_may_be_something_else_is_not_guessed(title, labels):
    assert guesses([title], *labels) == [("", "none")]


def test_two_titles_are_never_one_column():
    assert guesses(["Kec.", "Kecamatan"]) == [("", "none"), ("Kecamatan", "label")]
    assert guesses(["Jml Pddk", "Jml Pend."]) == [("", "none")] * 2
    assert guesses(["L/P", "J. Kelamin"]) == [("", "none")] * 2


SHORT = st.sampled_from(
    [
        "J.",
        "Jml",
        "Kel.",
        "Kec",
        "Pend.",
        "Pddk",
        "Umur",
        "Usia",
        "L/P",
        "L",
        "P",
        "KK",
        "RT",
        "%",
        "Rata2",
        "No.",
        "Thn",
    ]
)


@given(st.lists(st.lists(SHORT, min_size=1, max_size=3).map(" ".join), max_size=6), st.permutations(LABELS))
def test_short_titles_are_never_certain_and_never_two_of_one(titles, labels):
    told = [label for label, how in guesses(titles, *labels) if how != "none"]
    assert len(told) == len(set(told))
    assert {how for _label, how in guesses(titles, *labels)} <= {"fuzzy", "none"}
