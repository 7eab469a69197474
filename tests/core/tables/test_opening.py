"""Files as they really come become a grid of cells, or one clear sentence."""

from __future__ import annotations

import csv
import io
import os
import time
import zipfile
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
import xlsxwriter

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.tables.layout import Layout, LayoutError
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.opening import opened

from .grids import cells, codes

ROOT = Path(__file__).parents[3]
REAL = Path(os.environ.get("SATUDATA_SHARED") or ROOT.parent / "shared") / "data" / "files"
KEPT = ROOT / "tests" / "fuzz" / "corpus"
PEOPLE = Structure(
    "penduduk",
    "Penduduk",
    columns=(
        Column("kecamatan", "Kecamatan", required=True, key=True, synonyms=("nama kecamatan",)),
        Column("laki_laki", "Jumlah Penduduk Laki-laki", "integer", required=True),
        Column("perempuan", "Jumlah Penduduk Perempuan", "integer", required=True),
        Column("catatan", "Catatan"),
    ),
)


def numbers(grid):
    assert grid.numbered
    with grid.path.open(encoding="utf-8", newline="") as text:
        return [int(row[0]) for row in csv.reader(text)]


def book(fill, **options):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, options)
    fill(made)
    made.close()
    return out.getvalue()


def sheets(**tables):
    def fill(made):
        for name, rows in tables.items():
            sheet = made.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)

    return book(fill)


def test_a_plain_file_stays_as_it_is(read):
    grid = read('kode;nama\n36.73.01;"Serang; Kota"\n36.73.02;Kasemen\n')
    assert (grid.numbered, grid.skip, grid.delimiter, grid.titles) == (False, 1, ";", ("kode", "nama"))
    assert cells(grid) == [["36.73.01", "Serang; Kota"], ["36.73.02", "Kasemen"]]
    assert codes(grid) == []


def test_headings_titles_in_two_rows_totals_and_signatures(read):
    grid = read((KEPT / "bertingkat.csv").read_bytes())
    assert grid.titles == ("No", "Kecamatan", "Penduduk – Laki-laki", "Penduduk – Perempuan", "Luas")
    assert cells(grid) == [["1", "Serang", "10", "12", "3,5"], ["2", "Curug", "7", "8", "2,5"]]
    assert numbers(grid) == [7, 8]
    assert (grid.layout.header, grid.layout.first, grid.layout.last) == ((4, 5), 7, 8)
    assert codes(grid) == ["di-atas-tabel", "judul-bertingkat", "di-bawah-tabel"]


def test_a_last_row_without_values_is_data_not_a_remark(read):
    grid = read("kecamatan,laki,perempuan,luas\nSerang,1,2,3\nCurug,4,5,6\nTaktakan,,,\n")
    assert cells(grid)[-1] == ["Taktakan", "", "", ""]


def test_a_total_that_is_a_class_of_the_table_stays(read):
    grid = read("jenis,tahun,n\nLaki-laki,2023,1\nJumlah,2023,3\nLaki-laki,2024,1\nJumlah,2024,2\n")
    assert len(cells(grid)) == 4


@pytest.mark.parametrize("row", ["Jumlah,,9", "Total,5,9", ",Jumlah,9", "Jumlah Kota Contoh,,9", "Sumber: BPS,,"])
def test_totals_and_sources_under_the_table_are_left_out(read, row):
    grid = read(f"kecamatan,laki,perempuan\nSerang,1,2\nCurug,4,5\n{row}\n")
    assert [cell[0] for cell in cells(grid)] == ["Serang", "Curug"]
    assert codes(grid) == ["di-bawah-tabel"]


def test_empty_rows_and_columns_around_the_table_are_nothing(read):
    grid = read("\n;;;;\na;b;;\n1;2;;\n;;;\n3;4;;;\n;;;\n")
    assert (grid.titles, cells(grid), numbers(grid)) == (("a", "b"), [["1", "2"], ["3", "4"]], [4, 6])


def test_titles_said_again_on_every_page_are_no_data(read):
    grid = read("nama,n\na,1\nnama,n\nb,2\n")
    assert cells(grid) == [["a", "1"], ["b", "2"]]
    assert codes(grid) == ["judul-berulang"]


def test_the_same_layout_gives_the_same_grid_and_survives_json(read):
    content = (KEPT / "bertingkat.csv").read_bytes()
    grid = read(content)
    layout = Layout.from_dict(grid.layout.as_dict())
    again = read(content, layout=layout)
    assert (again.titles, cells(again), again.layout) == (grid.titles, cells(grid), layout)


@pytest.mark.parametrize(
    "data",
    [None, [], {"form": "pdf"}, {"header": [2, 1]}, {"encoding": "rot13"}, {"sheet": "a\0"}, {"first": "x"},
     {"header": [1, 1], "first": 5, "last": 2}, {"columns": {"a": 1}}, {"melt": {"titles": ["a"]}}, {"delimiter": "x"}],
)  # fmt: skip
def test_a_layout_from_outside_is_checked(data):
    if data == {"first": "x"}:
        assert Layout.from_dict(data).open
        return
    with pytest.raises(LayoutError):
        Layout.from_dict(data)


def test_years_as_columns_are_offered_and_melted_when_the_layout_says_so(read):
    content = (KEPT / "kelas_tahun.csv").read_bytes()
    grid = read(content)
    assert grid.offered is not None
    assert (codes(grid), grid.layout.melt) == (["kolom-periode"], None)
    molten = read(content, layout=replace(grid.layout, melt=grid.offered))
    assert molten.titles == ("Wilayah", "Rincian", "Tahun", "Nilai")
    assert cells(molten)[:2] == [["Bogor", "SD", "2017", "1"], ["Bogor", "SD", "2018", "2"]]
    assert numbers(molten) == [2, 2, 2, 2]


def test_years_are_melted_where_the_structure_leaves_no_other_reading(read):
    structure = Structure(
        "miskin",
        "Miskin",
        columns=(Column("wilayah", "Wilayah", key=True), Column("garis", "Garis Kemiskinan", "integer", required=True)),
    )
    grid = read("Wilayah,2019,2020\nA,1,2\n", structure=structure)
    assert grid.titles == ("Wilayah", "Tahun", "Garis Kemiskinan")
    assert cells(grid) == [["A", "2019", "1"], ["A", "2020", "2"]]
    assert codes(grid) == ["kolom-periode"]
    assert read("Wilayah,2019,2020\nA,1,2\n", structure=structure, layout=replace(grid.layout, melt=None)).titles == (
        "Wilayah",
        "2019",
        "2020",
    )


def test_titles_are_taken_for_columns_and_near_ones_are_asked_about(read):
    content = "NAMA KECAMATAN;Jml Penduduk Laki-Laki (orang);Jumlah Pendudk Perempuan\nSerang;1;2\n"
    grid = read(content, structure=PEOPLE)
    assert [(match.column_id, match.how) for match in grid.matches] == [
        ("kecamatan", "synonym"),
        ("laki_laki", "fuzzy"),
        ("perempuan", "fuzzy"),
    ]
    assert codes(grid) == ["judul-ditebak", "judul-ditebak", "kolom-kurang"]
    assert grid.usable
    remembered = {match.title: match.column_id for match in grid.matches}
    known = read(content, structure=PEOPLE, remembered=remembered)
    assert {match.how for match in known.matches} == {"remembered"}
    assert known.layout.columns == remembered


def test_words_that_carry_meaning_are_never_swapped(read):
    structure = Structure("s", "S", columns=(Column("sd", "Jumlah Siswa SD", "integer", required=True),))
    grid = read("Jumlah Siswa SMP,x\n1,2\n", structure=structure)
    assert [match.how for match in grid.matches] == ["none", "none"]
    assert codes(grid) == ["kolom-kurang", "kolom-tidak-dikenal", "kolom-tidak-dikenal"]
    assert not grid.usable
    chosen = read("Jumlah Siswa SMP,x\n1,2\n", structure=structure, layout=replace(grid.layout, columns={"x": "sd"}))
    assert [match.column_id for match in chosen.matches] == ["", "sd"]


@pytest.mark.parametrize(
    ("titles", "told"),
    [
        ("x,y", ["kolom-kurang", "kolom-tidak-dikenal", "kolom-tidak-dikenal"]),
        ("Tahun,y", ["kolom-kurang", "kolom-tidak-dikenal"]),
    ],
)
def test_a_file_without_any_agreed_column_is_refused(read, titles, told):
    columns = (Column("tahun", "Tahun", "integer"), Column("siswa", "Siswa", "integer"), Column("guru", "Guru"))
    grid = read(f"{titles}\n2020,2\n", structure=Structure("s", "S", columns=columns))
    assert codes(grid) == told
    assert [one.message for one in grid.findings if one.severity == "error"] == [
        "Tidak satu pun kolom dari struktur data ditemukan dalam berkas ini."
    ]
    assert read("Siswa,y\n1,2\n", structure=Structure("s", "S", columns=columns)).usable


def test_a_workbook_of_several_sheets_is_read_where_the_data_is(read):
    content = sheets(Petunjuk=[["Isi lembar Data"]], Data=[["a", "b"], ["x", 1.5], ["y", "007"]])
    grid = read(content)
    assert (grid.layout.sheet, grid.sheets) == ("Data", ("Petunjuk", "Data"))
    assert cells(grid) == [["x", "1.5"], ["y", "007"]]
    other = read(content, layout=Layout("xlsx", sheet="Petunjuk", header=(0, 0), first=0))
    assert other.layout.sheet == "Petunjuk"
    assert codes(read(content, layout=Layout("xlsx", sheet="Lain", header=(0, 0), first=0))) == ["lembar-tidak-ada"]


def test_merged_titles_dates_and_failed_formulas_of_a_workbook(read):
    grid = read((KEPT / "gabung.xlsx").read_bytes())
    found = {(finding.code, finding.row, finding.column, finding.sheet) for finding in grid.findings}
    assert found == {("rumus-galat", 5, "Luas", "Tabel"), ("rumus-tanpa-hasil", 6, "Luas", "Tabel")}


def test_a_workbook_of_the_old_kind(read):
    grid = read((KEPT / "lama.xls").read_bytes())
    assert grid.titles == ("Kecamatan", "Sekolah – SD", "Sekolah – SMP", "Tanggal")
    assert cells(grid)[0] == ["Serang", "5", "3", "2024-01-01"]
    assert (grid.layout.form, grid.layout.last, grid.sheets) == ("xls", 6, ("Tabel", "Catatan"))


def test_an_old_workbook_is_read_as_it_is_shown(read):
    grid = read((KEPT / "persen.xls").read_bytes())
    assert cells(grid) == [
        ["Serang", "12.5", "98.7650", "12.5", "1.2340"],
        ["Curug", "50", "-2", "7", "10"],
        ["Kasemen", "100", "33.3333333333333", "3", ""],
        ["Taktakan", "-", "", "", "5"],
    ]
    told = [(finding.code, finding.column) for finding in grid.findings if finding.code == "persen-dibaca"]
    assert told == [("persen-dibaca", "Cakupan"), ("persen-dibaca", "Naik")]


def test_an_old_workbook_says_where_formulas_failed_and_what_is_hidden(read):
    grid = read((KEPT / "galat.xls").read_bytes())
    assert not grid.usable
    found = {(finding.code, finding.row, finding.column, finding.value) for finding in grid.findings}
    assert found == {
        ("sel-tersembunyi", None, "", ""),
        ("rumus-galat", 6, "Luas", "#REF!"),
        ("rumus-galat", 6, "Penduduk", "#DIV/0!"),
    }


def test_an_old_workbook_cut_off_is_refused(read):
    content = (KEPT / "persen.xls").read_bytes()
    for length in (600, 1_500, 3_000):
        assert codes(read(content[:length])) == ["buku-kerja-rusak"]


def test_an_old_workbook_with_a_password_says_so(read):
    content = bytearray((KEPT / "persen.xls").read_bytes())
    begins = content.index(b"\x09\x08\x10\x00\x00\x06")
    following = begins + 4 + content[begins + 2]
    content[following : following + 2] = b"\x2f\x00"
    assert codes(read(bytes(content))) == ["buku-kerja-bersandi"]


def test_columns_that_only_stand_beside_are_no_table(read):
    assert codes(read("‹2024: Jumlah›;‹2023: Jumlah›\n4;5\n")) == ["berkas-kosong"]


def test_an_open_document(read):
    grid = read((KEPT / "data.ods").read_bytes())
    assert (grid.layout.form, cells(grid)) == (
        "ods",
        [["Serang", "10", "2.5"], ["Curug", "12", ""], ["Walantaka", "7", "1"]],
    )


def test_a_web_page_that_calls_itself_a_workbook(read):
    grid = read((KEPT / "html.xls").read_bytes())
    assert grid.titles == ("Wilayah", "Garis Kemiskinan – 2019", "Garis Kemiskinan – 2020")
    assert cells(grid) == [["Jawa", "1.234", "5"], ["Jawa", "3", "4"]]


def test_a_template_says_what_it_is(read):
    grid = read((KEPT / "templat.xlsx").read_bytes())
    assert (grid.stamp["entri"], grid.stamp["versi"], grid.layout.sheet) == ("DD-1", "3", "Data")
    grid = read((KEPT / "stempel.csv").read_bytes())
    assert (grid.stamp["struktur"], grid.stamp["versi"], cells(grid)) == ("penduduk", "3", [["Serang", "4"]])


def test_what_stands_beside_in_a_template_is_left_out(read):
    grid = read("Kecamatan;‹2024: Jumlah›;Jumlah\nSerang;4;5\n")
    assert (grid.titles, cells(grid)) == (("Kecamatan", "Jumlah"), [["Serang", "5"]])


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), body)
    return out.getvalue()


def changed_sheet(change):
    out = io.BytesIO()
    content = sheets(S=[["a", "b"], [1, 2]])
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            new.writestr(name, change(body) if name == "xl/worksheets/sheet1.xml" else body)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        (b"", "berkas-kosong", "kosong"),
        (b"\0" * 100_000, "berkas-kosong", "byte nol"),
        (b"%PDF-1.7\n%x", "bukan-csv", "PDF"),
        (b"MZ\x90\0\x03\0", "bukan-csv", "program"),
        (b"\x89PNG\r\n\x1a\n\0", "bukan-csv", "PNG"),
        (b'{"a": [1]}', "bukan-csv", "JSON"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>', "bukan-csv", "XML"),
        (b"<html><body><p>Halo</p></body></html>", "bukan-csv", "tanpa tabel"),
        (zipped(readme_dot_txt="x"), "bukan-csv", "ZIP"),
        (zipped(word__document_dot_xml="x"), "bukan-csv", "Word"),
        (zipped(xl__workbook_dot_bin="x"), "buku-kerja-xlsb", "xlsb"),
        (zipped(xl__workbook_dot_xml="x", xl__vbaProject_dot_bin="x"), "buku-kerja-makro", "makro"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "buku-kerja-bersandi", "kata sandi"),
        (OLE + "WordDocument".encode("utf-16-le"), "bukan-csv", "Word"),
        (sheets(S=[["a"], [1]])[:-200], "buku-kerja-rusak", "rusak"),
        (changed_sheet(lambda body: b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + body), "buku-kerja-rusak", "rusak"),
        (changed_sheet(lambda body: body.replace(b'r="B2"', b'r="XFD1048576"')), "lembar-terlalu-luas", "terlalu"),
        (changed_sheet(lambda body: body + b" " * 3_000_000), "buku-kerja-terlalu-besar", "terlalu besar"),
        (",".join(f"k{number}" for number in range(1_000_000)) + "\n1\n", "kolom-terlalu-banyak", "lebih dari"),
        ("a;b;c\n1,2,3\n4,5,6\n", "pemisah-campur", "“;”"),
        ("a^b^c\n1^2^3\n4^5^6\n", "pemisah-tidak-dikenal", "“^”"),
        ('a,b\n1,"tak tutup\n2,3\n', "kutip-rusak", "kutip"),
        (b"a,b\n" + b"1,2\n" * 30_000 + b"1,x\0y\n", "karakter-nol", "Baris 30002"),
        ("a,b\n1,#REF!\n", "rumus-galat", "#REF!"),
        ("a,b\n", "tanpa-baris", "judul"),
    ],
    # Whole files make poor names, and those that are made now are never called the same twice.
    ids=map(str, count()),
)  # fmt: skip
def test_bad_input_ends_in_one_clear_sentence(read, content, code, said):
    began = time.monotonic()
    grid = read(content, limits=Limits(unpacked_bytes=2_000_000))
    assert time.monotonic() - began < 30
    assert not grid.usable
    assert codes(grid) == [code]
    finding = next(iter(grid.findings))
    assert said in finding.message
    assert finding.message.endswith(".")
    assert finding.advice
    assert finding.template


def test_ten_gigabytes_of_zeros_are_answered_at_once(tmp_path):
    path = tmp_path / "nol"
    with path.open("wb") as out:
        out.truncate(10 << 30)
    began = time.monotonic()
    assert codes(opened(path, "nol.csv", directory=tmp_path)) == ["berkas-kosong"]
    with path.open("r+b") as out:
        out.write(b"a,b\n1,2\n")
    assert codes(opened(path, "nol.csv", directory=tmp_path)) in (["bukan-csv"], ["berkas-terlalu-besar"])
    assert time.monotonic() - began < 2


def test_what_takes_too_much_memory_ends_its_own_process_only(read):
    def fill(made):
        sheet = made.add_worksheet("S")
        sheet.write(0, 0, "a")
        sheet.write(150_000, 100, "b")

    grid = read(book(fill), limits=Limits(memory=200 << 20))
    assert codes(grid)[0] in ("buku-kerja-terlalu-berat", "buku-kerja-terlalu-besar")


def test_an_open_document_that_repeats_without_end_is_refused(read):
    cell = '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="16000"/>'
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="a"><table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    assert codes(read(zipped(mimetype=kind, content_dot_xml=body))) == ["lembar-terlalu-luas"]


@pytest.mark.skipif(not REAL.is_dir(), reason="the real files are not here")
@pytest.mark.parametrize(
    ("name", "titles", "rows", "last"),
    [
        ("angka_garis_kemiskinan_per_kapita_per_bulan__provinsi.csv", 4, 1, ["JAWA BARAT", "410988"]),
        ("apm_jabar.csv", 13, 28, ["Kota Banjar"]),
        ("jumlah_penduduk_miskin_berdasarkan_kabupatenkota_data.csv", 8, 513, ["513", "32", "JAWA BARAT", "3279"]),
        ("Angka Partisipasi Kasar.xlsx", 13, 28, ["Kota Banjar", "102.74"]),
        ("penduduk_goldar.csv", 8, 286, ["286", "32", "JAWA BARAT", "TIDAK TAHU", "PEREMPUAN", "21324275"]),
        ("produksi_sampah.csv", 8, 243, ["243", "32", "JAWA BARAT", "3279", "KOTA BANJAR", ""]),
    ],
)  # fmt: skip
def test_real_files(tmp_path, name, titles, rows, last):
    grid = opened(REAL / name, name, directory=tmp_path)
    assert grid.usable, list(grid.findings)
    found = cells(grid)
    assert (len(grid.titles), len(found)) == (titles, rows)
    assert found[-1][: len(last)] == last
    assert not {finding.severity.value for finding in grid.findings} - {"info"}
