"""Names of columns."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.tables.columns import column_ids, is_code, is_key


@pytest.mark.parametrize(
    ("titles", "names"),
    [
        (["Jumlah Penduduk (Jiwa)", "Tahun"], ["jumlah_penduduk_jiwa", "tahun"]),
        (["Jumlah (L)", "Jumlah [L]", "jumlah_l_2"], ["jumlah_l", "jumlah_l_2", "jumlah_l_2_2"]),
        (["_id", "", "%"], ["id", "kolom_2", "kolom_3"]),
        (["Kecamatan\nKasemen", 'a"b', "Café"], ["kecamatan_kasemen", "a_b", "café"]),
        (["é" * 40, "é" * 40], ["é" * 31, "é" * 30 + "_2"]),
        (["Xmin", "Xmax", "ctid"], ["xmin_2", "xmax_2", "ctid_2"]),
    ],
)
def test_names_stay_close_to_titles(titles, names):
    assert column_ids(titles) == names


@given(st.lists(st.text(max_size=80), min_size=1, max_size=30))
def test_names_are_what_the_datastore_takes(titles):
    names = column_ids(titles)
    assert len(set(names)) == len(titles)
    for name in names:
        assert name == name.strip()
        assert 0 < len(name.encode()) <= 63
        assert not name.startswith("_")
        assert '"' not in name
        assert not any(unicodedata.category(sign).startswith("C") for sign in name)


def test_codes_and_keys_by_name():
    assert all(map(is_code, ["kode_wilayah", "nik", "no_telepon", "npsn", "wilayah_kode"]))
    assert not any(map(is_code, ["no", "nomor", "nilai", "kodeks", "idaman", "jumlah"]))
    assert all(map(is_key, ["no", "tahun", "rincian_1", "kode", "lintang"]))
    assert not any(map(is_key, ["nilai", "luas", "jumlah_penduduk"]))
