"""Region profiles: the one that comes with the project, a different one, and wrong ones."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from ckanext.satudataserang.catalogue.region import RegionError, load_region

KABUPATEN = Path(__file__).parent / "data" / "kabupaten-lebak.yaml"


def test_kota_serang():
    region = load_region("kota-serang")
    assert (region.kode, region.jenis, len(region.opd)) == ("36.73", "kota", 34)
    assert region.opd_by_name(region.walidata).urusan == ("2.16", "2.20", "2.21")
    assert {opd.name for opd in region.opd if opd.keyakinan != "tinggi"} == {
        "disnakertrans",
        "dpmptsp",
        "damkar",
        "rsud",
    }
    assert all(opd.catatan for opd in region.opd if opd.keyakinan != "tinggi")


def test_a_kabupaten_by_its_path():
    region = load_region(str(KABUPATEN))
    assert (region.kode, region.nama, region.jenis) == ("36.02", "Kabupaten Lebak", "kabupaten")
    assert region.wilayah.canonical("Rangkasbitung", level="kecamatan").area.code == "36.02.14"
    assert {area.level for area in region.wilayah.areas} == {"provinsi", "kabupaten", "kecamatan", "desa", "kelurahan"}


def test_an_unknown_name_says_what_there_is():
    with pytest.raises(RegionError, match="Yang tersedia: kota-serang"):
        load_region("kota-atlantis")


def test_a_missing_file_names_the_key():
    with pytest.raises(RegionError, match=r"ckanext\.satudataserang\.daerah"):
        load_region("/tidak/ada.yaml")


@pytest.fixture
def copy(tmp_path):
    """A copy of the regency's profile that a test may spoil."""
    folder = tmp_path / KABUPATEN.stem
    shutil.copytree(KABUPATEN.parent / KABUPATEN.stem, folder)
    path = tmp_path / KABUPATEN.name
    shutil.copy(KABUPATEN, path)
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kode: "36.02"', "kode: 36.02", "tanda kutip"),
        ('kode: "36.02"', 'kode: "36.09"', "36.09 tidak ada dalam tabel wilayah"),
        ("walidata: kominfo", "walidata: kominfoo", '"kominfoo" bukan salah satu opd'),
        ("jenis: kabupaten", "jenis: kerajaan", "kota"),
        ("nama: kominfo", "nama: bappeda", "lebih dari sekali"),
        ('urusan: ["1.01"]', 'urusan: ["9.99"]', "urusan 9.99 tidak dikenal"),
        ("induk: dinkes", "induk: dinkesss", '"dinkesss" bukan salah satu opd'),
        ("berlaku_dari: 2017-01-03", "berlaku_dari: tahun lalu", "bukan tanggal"),
        ("keyakinan: sedang", "keyakinan: entah", "keyakinan"),
        ("wilayah: kabupaten-lebak/wilayah.csv", "wilayah: tidak-ada.csv", "tidak ada"),
        ("versi: 1", "versi: [", "tidak terbaca sebagai YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(copy, old, new, message):
    text = copy.read_text(encoding="utf-8")
    assert old in text
    copy.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(RegionError, match=message) as refused:
        load_region(str(copy))
    assert copy.name in str(refused.value)


def test_all_problems_are_said_at_once(copy):
    text = copy.read_text(encoding="utf-8")
    copy.write_text(text.replace("walidata: kominfo", "walidata: x").replace('["1.01"]', '["9.99"]'), encoding="utf-8")
    with pytest.raises(RegionError) as refused:
        load_region(str(copy))
    assert str(refused.value).count("\n- ") == 2


def test_a_table_without_a_column_is_refused(copy):
    table = copy.parent / "kabupaten-lebak" / "wilayah.csv"
    rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
    with table.open("w", newline="", encoding="utf-8") as out:
        csv.writer(out).writerows(row[:-3] for row in rows)
    with pytest.raises(RegionError, match="wilayah"):
        load_region(str(copy))
