"""Rules as they are written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ckanext.satudataserang.core.consistency.model import Side
from ckanext.satudataserang.core.consistency.parse import RuleError, as_dict, rule

FULL = {
    "kode": "penduduk-kelurahan",
    "nama": "Penduduk kelurahan berjumlah penduduk kecamatan",
    "jenis": "jumlah",
    "kiri": {
        "entri": "DUK-1",
        "kolom": "jumlah",
        "saring": {"status": ["tetap"]},
        "jumlahkan": ["jenis_kelamin"],
        "satuan": "orang",
        "pembulatan": "1000",
    },
    "kanan": {"variabel": "penduduk"},
    "tingkat": "kecamatan",
    "kelas": ["umur"],
    "toleransi": {"mutlak": "5", "relatif": "0.01"},
    "keparahan": "kesalahan",
    "pemilik": "Disdukcapil",
    "keterangan": "Semua kelurahan.",
    "aktif": False,
}


def test_what_is_written_is_read_and_written_again():
    found = rule(FULL)
    assert found.left == Side(
        "DUK-1", "", "jumlah", (("status", ("tetap",)),), ("jenis_kelamin",), "orang", Decimal(1000)
    )
    assert (found.relative, found.absolute, found.active) == (Decimal("0.01"), Decimal(5), False)
    assert as_dict(found) == FULL
    assert rule(as_dict(found)) == found


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kode": "Tidak Boleh"}, "kode"),
        ({"nama": ""}, "nama"),
        ({"jenis": "mirip"}, "jenis"),
        ({"kiri": {"entri": "A"}}, "kiri.kolom"),
        ({"kiri": {}}, "kiri"),
        ({"kiri": {"entri": "A", "kolom": "b", "variabel": "c"}}, "kiri"),
        ({"kiri": {"entri": "A", "kolom": 'b"; DROP'}}, "kiri.kolom"),
        ({"kiri": "A.b"}, "kiri"),
        ({"kiri": {"variabel": "x", "warna": 1}}, "kiri.warna"),
        ({"kiri": {"entri": "A", "kolom": "b", "pembulatan": "-1"}}, "kiri.pembulatan"),
        ({"tingkat": "RT"}, "tingkat"),
        ({"toleransi": {"relatif": "2"}}, "toleransi.relatif"),
        ({"toleransi": {"mutlak": "banyak"}}, "toleransi.mutlak"),
        ({"toleransi": {"mutlak": "nan"}}, "toleransi.mutlak"),
        ({"toleransi": {"mutlak": "1e999999"}}, "toleransi.mutlak"),
        ({"toleransi": 5}, "toleransi"),
        ({"keparahan": "gawat"}, "keparahan"),
        ({"kelas": {"a": 1}}, "kelas"),
        ({"lain": 1}, "lain"),
        (
            {"kiri": {"entri": "A", "kolom": "b"}, "kanan": {"entri": "A", "kolom": "b"}},
            "kanan",
        ),
    ],
)
def test_a_wrong_rule_says_where(change, path):
    with pytest.raises(RuleError) as problem:
        rule({**FULL, **change})
    assert path in [where for where, _ in problem.value.problems]
    assert all(sentence.endswith(".") for _, sentence in problem.value.problems)


@pytest.mark.parametrize("data", [None, [], "x", 1])
def test_what_is_no_rule_is_refused(data):
    with pytest.raises(RuleError):
        rule(data)
