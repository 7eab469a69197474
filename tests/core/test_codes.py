"""Looking up areas by code and by name."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from ckanext.satudataserang.core.codes import Ambiguous, WilayahTable

ROWS = [
    ("36", "36", "provinsi", "Banten", "", ""),
    ("36.73", "3673", "kota", "Kota Serang", "36", ""),
    ("36.73.01", "3673040", "kecamatan", "Serang", "36.73", ""),
    ("36.73.01.1001", "3673040001", "kelurahan", "Serang", "36.73.01", ""),
    ("36.73.01.1003", "", "kelurahan", "Sumur Pecung", "36.73.01", "Sumurpecung"),
    ("36.73.01.1008", "3673040012", "kelurahan", "Sukawana", "36.73.01", ""),
    ("36.73.01.1004", "3673040005", "kelurahan", "Kota Baru", "36.73.01", ""),
    ("36.73.02", "3673060", "kecamatan", "Kasemen", "36.73", ""),
    ("36.73.02.1002", "3673060003", "kelurahan", "Mesjid Priyayi", "36.73.02", "Masjid Priyayi"),
    ("36.73.04", "3673010", "kecamatan", "Curug", "36.73", ""),
    ("36.73.04.1007", "3673010007", "kelurahan", "Sukawana", "36.73.04", ""),
]
KEYS = ("kode", "kode_bps", "level", "nama", "induk", "ejaan_lain")


@pytest.fixture(scope="module")
def wilayah() -> WilayahTable:
    return WilayahTable.from_rows(dict(zip(KEYS, row, strict=True)) for row in ROWS)


@pytest.mark.parametrize(
    ("text", "code", "rule"),
    [
        ("36.73.01", "36.73.01", "kode"),
        ("3673040", "36.73.01", "kode_bps"),
        ("3673010", "36.73.04", "kode_bps"),
        ("Kasemen", "36.73.02", "nama"),
        ("KASEMEN ", "36.73.02", "nama"),
        ("Kec. Serang", "36.73.01", "nama"),
        ("Kecamatan Serang", "36.73.01", "nama"),
        ("Kel. Serang", "36.73.01.1001", "nama"),
        ("Kota Serang", "36.73", "nama"),
        ("kota  serang", "36.73", "nama"),
        ("Kota Baru", "36.73.01.1004", "nama"),
        ("Sumurpecung", "36.73.01.1003", "nama"),
        ("Masjid Priyayi", "36.73.02.1002", "ejaan"),
        ("kelurahan masjid priyayi", "36.73.02.1002", "ejaan"),
    ],
)
def test_known_areas(wilayah, text, code, rule):
    match = wilayah.canonical(text)
    assert (match.area.code, match.rule) == (code, rule)


@pytest.mark.parametrize(
    "text", [None, "", " ", "367301", "3673", "Kab. Serang", "Kabupaten Serang", "Cilegon", "99.99"]
)
def test_unknown_areas(wilayah, text):
    found = wilayah.canonical(text)
    assert found is None or (text == "3673" and found.rule == "kode_bps")


def test_dots_are_never_stripped_to_make_a_bps_code(wilayah):
    """36.73.01 without dots and padded is another district in BPS's list."""
    assert wilayah.canonical("3673010").area.name == "Curug"
    assert wilayah.canonical("36.73.01").area.name == "Serang"


def test_a_name_of_several_areas_is_reported_with_all_of_them(wilayah):
    found = wilayah.canonical("Serang")
    assert isinstance(found, Ambiguous)
    assert [area.code for area in found.areas] == ["36.73", "36.73.01", "36.73.01.1001"]


def test_level_and_parent_decide(wilayah):
    assert wilayah.canonical("Serang", level="kecamatan").area.code == "36.73.01"
    assert isinstance(wilayah.canonical("Sukawana"), Ambiguous)
    assert wilayah.canonical("Sukawana", parent="36.73.04").area.code == "36.73.04.1007"
    assert wilayah.canonical("36.73.01", level="kelurahan") is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"kode": "3673"}, "tidak berbentuk kode Kemendagri"),
        ({"level": "dusun"}, "tidak dikenal"),
        ({"induk": "11.01"}, "tidak ada dalam tabel"),
    ],
)
def test_a_wrong_row_is_refused(change, message):
    row = {**dict(zip(KEYS, ROWS[2], strict=True)), **change}
    with pytest.raises(ValueError, match=message):
        WilayahTable.from_rows([row])


def test_the_same_code_twice_is_refused():
    row = dict(zip(KEYS, ROWS[0], strict=True))
    with pytest.raises(ValueError, match="lebih dari sekali"):
        WilayahTable.from_rows([row, row])


def test_the_table_of_kota_serang_is_whole():
    """6 kecamatan, 67 kelurahan; every code, and every name with its parent, leads back to its area."""
    folder = files("ckanext.satudataserang.daerah").joinpath("kota-serang/wilayah.csv")
    table = WilayahTable.from_rows(csv.DictReader(folder.read_text(encoding="utf-8").splitlines()))
    assert len(table.at_level("kecamatan")) == 6
    assert len(table.at_level("kelurahan")) == 67
    for area in table.areas:
        assert table.canonical(area.code).area == area
        if area.bps:
            assert table.canonical(area.bps).area == area
        for spelling in (area.name, *area.spellings):
            assert table.canonical(spelling, parent=area.parent, level=area.level).area == area
