"""A column of which many cells are numbers and some are not is stored as text, and a person is told."""

from __future__ import annotations

import random

import pytest

from ckanext.satudataserang.core.structures.model import Column

from .tables import checked, structure


def told(values, title="Jumlah", **wishes):
    """What is said of a column: the cells that are no numbers, those that are, the first row and its text."""
    table = checked(["Nama", title], [[f"n{at}", value] for at, value in enumerate(values)], **wishes)
    found = [one for one in table.findings if one.code == "angka-sebagian"]
    assert len(found) <= 1
    assert not found or table.columns[1].type.name == "text"
    return [(int(one.params["count"]), int(one.params["numbers"]), one.row, one.value) for one in found]


@pytest.mark.parametrize(
    ("values", "found"),
    [
        (["1", "2", "belum", "4"], [(1, 3, 4, "belum")]),
        (["1", "2", "tidak ada data hari itu", "libur"], [(2, 2, 4, "tidak ada data hari itu")]),
        (["12", "14 orang", "15", "nihil"], [(2, 2, 3, "14 orang")]),
        (["", "1", "-", "2", "tutup"], [(1, 2, 6, "tutup")]),
        (["1,5", "2,5", "1.234,5", "lihat catatan"], [(1, 3, 5, "lihat catatan")]),
        (["5000-6000", "5500", "6000", "7000"], [(1, 3, 2, "5000-6000")]),
        (["2024-01-01", "5", "6"], [(1, 2, 2, "2024-01-01")]),
        (["Rp 1.000", "Rp 2.000", "gratis"], [(1, 2, 4, "gratis")]),
        (["10 %", "12,5 %", "14 %", "naik"], [(1, 3, 5, "naik")]),
        # Fewer than half, or nothing but numbers.
        (["1", "dua", "tiga"], []),
        (["Rp 1.000", "gratis", "gratis"], []),
        (["1", "x"], []),
        (["1", "2", "3"], []),
        (["", "-", ""], []),
        # Codes: leading zeros, numbers of persons, parts of addresses.
        (["001", "2", "3", "tanpa"], []),
        (["3673010101010001", "3673010101010002", "tanpa"], []),
        (["12", "14", "12A", "16/3"], []),
        (["1", "2", "3", "3A", "IV-b"], []),
        (["1.01", "1.02", "5.01;5.05", "1, 2, 3"], []),
    ],
)
def test_what_is_said(values, found):
    assert told(values) == found


def test_the_sentence_says_where_and_what_to_do():
    table = checked(["Nama", "Jumlah"], [["a", "1"], ["b", "2"], ["c", "libur"]])
    (finding,) = table.findings
    assert (finding.code, finding.severity.value, finding.row, finding.column) == (
        "angka-sebagian", "warning", 4, "Jumlah",
    )  # fmt: skip
    assert "2 angka dan 1 isi lain" in finding.message
    assert "“libur”" in finding.message
    assert "kosongkan" in finding.advice
    assert table.usable


@pytest.mark.parametrize(
    "title",
    ["Alamat", "Alamat Kantor", "Kelas", "RT", "Golongan", "Keterangan", "Kode", "No. Telp", "No", "Tahun", "Rincian"],
)
def test_names_that_are_partly_numbers_are_none(title):
    assert told(["1", "2", "3", "lain-lain"], title) == []


def test_a_type_that_is_known_decides():
    values = ["1", "2", "3", "libur"]
    assert told(values, types={"jumlah": "text"}) == []
    assert told(values, types={"jumlah": "integer"}) == [(1, 3, 5, "libur")]
    agreed = structure(Column("nama", "Nama", key=True), Column("jumlah", "Jumlah", "text"))
    assert told(values, structure=agreed) == []


def test_a_few_among_many_are_told_one_by_one_still():
    table = checked(["Nama", "N"], [[f"n{at}", str(at)] for at in range(30)] + [["x", "libur"]])
    assert [(one.code, one.row) for one in table.findings] == [("bukan-angka", 32)]


@pytest.mark.parametrize("seed", range(20))
def test_every_share_from_half_on_is_told(seed):
    luck = random.Random(seed)
    numbers, others = luck.randrange(0, 40), luck.randrange(1, 20)
    values = [str(luck.randrange(1, 500)) for _ in range(numbers)] + [luck.choice(["libur", "belum masuk"])] * others
    luck.shuffle(values)
    first = next(at for at, value in enumerate(values) if not value.isdigit())
    expected = [(others, numbers, first + 2, values[first])]
    table = checked(["Nama", "N"], [[f"n{at}", value] for at, value in enumerate(values)])
    one_by_one = [one for one in table.findings if one.code == "bukan-angka"]
    assert bool(one_by_one) == (numbers >= 9 * others)
    assert told(values, "N") == (expected if numbers >= max(2, others) and not one_by_one else [])
