"""Text that says nothing, and text that does."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.placeholders import is_placeholder

NOTHING = [
    None, "", " ", "\t\n", "-", "--", "—", "...", "…", ".", "?", "n/a", "N/A", "NaN", "null", "NULL", "None", "#N/A",
    "tidak ada", "Tidak  Ada", "(tidak ada)", "belum ada.", "belum diisi", "kosong", "menyusul", "akan diisi", "0",
    "0000", "0.0", "xxx", "XXXX", "aaa", "1111", "123", "12345", "asdf", "test", "tes", "lorem ipsum dolor",
    "Lorem ipsum", "tba...", "todo", "dst.", "idem", "deskripsi", "contoh",
]  # fmt: skip
SOMETHING = [
    "Penduduk",
    "Jumlah penduduk menurut kecamatan",
    "kecamatan; jenis kelamin",
    "Orang yang tinggal menetap",
    "Tidak ada data sebelum 2015 karena pencatatan baru dimulai",
    "2026",
    "Rp 10.000",
    "test drive kendaraan dinas",
    "tanpa rincian",
    "Data dihimpun tiap bulan",
    "setiap 31 Maret",
]


@pytest.mark.parametrize("text", NOTHING)
def test_filler_says_nothing(text):
    assert is_placeholder(text)


@pytest.mark.parametrize("text", SOMETHING)
def test_a_real_text_says_something(text):
    assert not is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["Jumlah Penduduk", "jumlah penduduk.", "JUMLAH  PENDUDUK!", "Jumlah penduduk jumlah penduduk", "Jumlah-penduduk"],
)
def test_the_title_again_says_nothing(text):
    assert is_placeholder(text, title="Jumlah penduduk")


def test_more_than_the_title_says_something():
    assert not is_placeholder("Jumlah penduduk hasil pencatatan administrasi", title="Jumlah penduduk")
