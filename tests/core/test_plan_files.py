"""A file of the Daftar Data is read in both shapes, comes back as it went out, and says where it is wrong."""

from __future__ import annotations

import csv
import io

import pytest

from ckanext.satudataserang.core import plan_columns as columns
from ckanext.satudataserang.core import plan_files as files
from ckanext.satudataserang.core.sheets import Sheet, csv_lines, workbook

KNOWN = files.Known(
    opds={files.folded(name): "dinkes" for name in ("dinkes", "Dinas Kesehatan", "Dinkes")},
    urusan={"1 02": "1.02", "kesehatan": "1.02"},
)
ENTRY = {
    "kode": "KES-1",
    "judul": "=Jumlah “balita”; menurut kecamatan",
    "opd": "dinkes",
    "opd_title": "Dinas Kesehatan",
    "urusan": "1.02",
    "kelas": "wajib",
    "prioritas": [2025, 2027],
    "dasar_hukum": "Perpres 39/2019",
    "frequency": "dua_tahunan",
    "deadline_days": 90,
    "grace_days": 14,
    "berlaku_dari": "2025-01-01",
    "berlaku_sampai": "2029-12-31",
    "level_wilayah": "kecamatan",
    "expected_values": 6,
    "access": "terbatas",
    "access_reason": "-1 alasan",
    "source_system": "e-Puskesmas",
    "state": "berlaku",
}
SPARSE = {
    **ENTRY,
    "kode": "KES-2",
    "prioritas": [],
    "berlaku_sampai": None,
    "expected_values": None,
    "access_reason": "",
}


def as_csv(head, rows, delimiter=","):
    text = "".join(csv_lines(Sheet("Daftar Data", head, rows)))
    if delimiter != ",":
        out = io.StringIO()
        csv.writer(out, delimiter=delimiter).writerows(csv.reader(io.StringIO(text)))
        text = out.getvalue()
    return text.encode()


def own(*entries):
    return columns.OWN_COLUMNS, list(columns.own_rows(entries))


def values(*rows, head=columns.OWN_COLUMNS):
    return files.read_plan(as_csv(head, rows), KNOWN)


@pytest.mark.parametrize("make", [as_csv, lambda *table: workbook([Sheet("Daftar Data", *table)])])
def test_what_went_out_comes_back(make):
    found = files.read_plan(make(*own(ENTRY, SPARSE)), KNOWN)
    assert (found.shape, found.problems, found.ignored) == (columns.OWN, [], [])
    assert [line.row for line in found.lines] == [2, 3]
    back = [files.joined(found, line, None, {}) for line in found.lines]
    for entry, read in zip((ENTRY, SPARSE), back, strict=True):
        assert {key: "" if value is None else value for key, value in entry.items() if key != "opd_title"} == read


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimiters_and_a_byte_order_mark_are_borne(delimiter):
    found = files.read_plan(as_csv(*own(ENTRY), delimiter), KNOWN)
    assert found.lines[0].values["judul"] == ENTRY["judul"]


def test_the_national_shape_is_read_by_its_headers():
    rows = list(columns.national_rows([ENTRY], 2026))
    found = files.read_plan(as_csv(columns.national_columns(2026), rows), KNOWN)
    assert (found.shape, found.years) == (columns.NATIONAL, (2025, 2026, 2027, 2028, 2029))
    new = files.joined(found, found.lines[0], None, {"deadline_days": 30, "urusan": "1.02"})
    assert new == {
        "kode": "KES-1",
        "judul": ENTRY["judul"],
        "opd": "dinkes",
        "dasar_hukum": "Perpres 39/2019",
        "access": "terbatas",
        "frequency": "dua_tahunan",
        "prioritas": [2025, 2027],
        "berlaku_dari": "2025-01-01",
        "berlaku_sampai": "2027-12-31",
        "deadline_days": 30,
        "urusan": "1.02",
    }


def test_a_national_file_changes_only_what_it_says():
    head = ("Nama Data", "ID DDP", "Instansi Produsen Data", "Jadwal Pemutakhiran", "Satuan", "2026")
    found = values(("Nama baru", "KES-1", "DINAS KESEHATAN", "-", "Orang", "Ya"), head=head)
    assert found.ignored == ["Satuan"]
    whole = files.joined(found, found.lines[0], ENTRY, {})
    assert whole == {**ENTRY, "judul": "Nama baru", "prioritas": [2025, 2026, 2027]}


def test_a_column_that_is_not_there_leaves_the_agreed_value_and_an_empty_cell_empties_it():
    found = values(("KES-1", ""), head=("kode", "berlaku_sampai"))
    whole = files.joined(found, found.lines[0], ENTRY, {})
    assert whole["berlaku_sampai"] == ""
    assert whole["judul"] == ENTRY["judul"]


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("judul", "", "wajib diisi"),
        ("opd", "Dinas Antah", "belum terdaftar"),
        ("urusan", "9.99", "tidak dikenal"),
        ("frequency", "kadang-kadang", "Tulis salah satu: harian"),
        ("deadline_days", "-3", "bukan bilangan bulat"),
        ("deadline_days", "9" * 40, "bukan bilangan bulat"),
        ("berlaku_dari", "31/02/2026", "bukan tanggal"),
        ("prioritas", "dua ribu", "tidak terbaca"),
        ("access", "rahasia", "tidak dikenal"),
        ("judul", "x" * 5000, "lebih dari 4000 huruf"),
    ],
)
def test_a_fault_is_named_by_its_row_and_column(column, text, said):
    row = [text if key == column else value for key, value in zip(columns.OWN_COLUMNS, own(ENTRY)[1][0], strict=True)]
    found = values(own(SPARSE)[1][0], row)
    assert [(problem.row, problem.column) for problem in found.problems] == [(3, column)]
    assert said in found.problems[0].message
    assert [line.row for line in found.lines] == [2]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Tahunan", "tahunan"),
        ("2 Tahunan", "dua_tahunan"),
        ("setiap bulan", "bulanan"),
        ("Sewaktu-waktu", "insidental"),
    ],
)
def test_frequencies_are_read_as_people_write_them(text, word):
    assert values(("A", text), head=("kode", "Frekuensi")).lines[0].values["frequency"] == word


def test_days_are_read_as_people_write_them():
    found = values(("A", "31/1/2026", "2026-12-31 00:00:00"), head=("kode", "berlaku dari", "berlaku_sampai"))
    assert found.lines[0].values == {"kode": "A", "berlaku_dari": "2026-01-31", "berlaku_sampai": "2026-12-31"}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "kosong"),
        (b"\n\n \n", "kosong"),
        (b"kode,judul\n", "hanya berisi judul"),
        (b"nama,opd\nA,B\n", "belum memuat kolom"),
        (b"kode,kode\nA,B\n", "lebih dari sekali"),
        (b"kode\n" + b"," * 300 + b"x\n", "kolom"),
        (b'kode,judul\nA,"tak tertutup\n', "kutip"),
        (b"kode\n" + b"A\n" * 10_002, "lebih dari 10000 baris"),
        (b"kode\n" + b"x" * (5 * 1024 * 1024), "lebih besar dari 5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_none_is_refused_kindly(content, said):
    with pytest.raises(files.PlanFileError, match=said):
        files.read_plan(content, KNOWN)


def test_bytes_without_meaning_never_raise_anything_else():
    for content in (b"\x00\x01\x02", b"\xff\xfe\x00", b"kode\n\x00\n", b"\xef\xbb\xbfkode\nA\x00B\n", b"PK\x03\x04zzz"):
        try:
            found = files.read_plan(content, KNOWN)
        except files.PlanFileError:
            continue
        assert not any("\0" in str(line.values) for line in found.lines)
