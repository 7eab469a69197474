"""Reading files as offices make them."""

from __future__ import annotations

import io
import tracemalloc

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.tables.cells import ERROR_VALUES, is_note, is_total

from .reading import read_table


def read(content: str | bytes, **options):
    data = content if isinstance(content, bytes) else content.encode()
    return read_table(io.BytesIO(data), **options)


def rows(table):
    return [cells for _number, cells in table.records()]


def types(table):
    return {column.id: column.type.name for column in table.columns}


def codes(table):
    return [finding.code for finding in table.findings]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(delimiter, encoding, newline):
    lines = ["Kecamatan|Tahun|Jumlah", "Walantaka é|2016|12", "Curug|2016|7"]
    content = newline.join(line.replace("|", delimiter) for line in lines) + newline
    table = read(content.encode(encoding))
    assert table.usable, list(table.findings)
    assert rows(table) == [["Walantaka é", "2016", "12"], ["Curug", "2016", "7"]]
    assert types(table) == {"kecamatan": "text", "tahun": "integer", "jumlah": "integer"}


def test_semicolons_win_over_decimal_commas():
    table = read("nama;nilai\na;1,5\nb;12,75\n")
    assert types(table) == {"nama": "text", "nilai": "numeric"}
    assert rows(table) == [["a", "1.5"], ["b", "12.75"]]


def test_excel_says_its_delimiter():
    table = read("sep=;\r\na;b\r\n1;x,y\r\n")
    assert table.usable
    assert (table.header_row, rows(table)) == (2, [["1", "x,y"]])


def test_one_column_is_a_table():
    assert rows(read("nama\nSerang\nCipocok Jaya\n")) == [["Serang"], ["Cipocok Jaya"]]


def test_quoted_line_breaks_and_row_numbers():
    table = read('nama,ket\n"a","satu\ndua"\n\nb,x,y\n')
    assert [(finding.code, finding.row) for finding in table.findings] == [("lebar-baris", 4)]
    table = read('nama,ket\n"a","satu\ndua"\n')
    assert rows(table) == [["a", "satu\ndua"]]


def test_empty_lines_and_surplus_empty_cells_are_nothing():
    table = read("\n\na,b,,\n\n1,2,,,\n , ,\n3,4\n")
    assert table.usable
    assert (table.header_row, table.rows) == (3, 2)
    assert rows(table) == [["1", "2"], ["3", "4"]]


def test_every_error_is_reported_with_its_row():
    table = read("a,b\n1,2\n3\n4,5,6\n7,8\n9\n")
    assert [(finding.code, finding.row) for finding in table.findings] == [
        ("lebar-baris", 3),
        ("lebar-baris", 4),
        ("lebar-baris", 6),
    ]
    assert not table.usable


def test_findings_are_capped_but_counted():
    table = read("a,b\n" + "1\n" * 1_500)
    assert len(table.findings) == 1_000
    assert table.findings.totals["lebar-baris"] == 1_500


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "berkas-kosong"),
        (b"\xef\xbb\xbf\r\n\r\n", "berkas-kosong"),
        (b" , , \n", "berkas-kosong"),
        (b"a,b\n", "tanpa-baris"),
        (b"a,,c\n1,2,3\n", "judul-kosong"),
        (b"a,A \n1,2\n", "judul-ganda"),
        (b",".join(b"k%d" % i for i in range(501)) + b"\n", "kolom-terlalu-banyak"),
        (b"PK\x03\x04\x14\x00\x06\x00", "buku-kerja-rusak"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", "buku-kerja-rusak"),
        (b"%PDF-1.7\n", "bukan-csv"),
        (b"\n <!DOCTYPE html><html>", "bukan-csv"),
        (b"a,b\n1,\x00\x01\x02\x00\x05\n", "bukan-csv"),
        (b"a,b\n" + b"1,2\n" * 2_000 + b"1,x\x00y\n", "karakter-nol"),
        (b'a,b\n1,"tak tutup\n2,3\n', "kutip-rusak"),
        (b'a,b\n1,"x"y\n', "kutip-rusak"),
        (b'a,b\n1,"' + b"x" * 200_000 + b'"\n', "kutip-rusak"),
        ("a,b\n1,é\n2,ü\n3,".encode() + b"\xff\n", "pengodean-rusak"),
    ],
)
def test_bad_files_end_in_one_clear_finding(content, code):
    table = read(content)
    assert not table.usable
    assert codes(table)[0] == code
    finding = next(iter(table.findings))
    assert finding.message.endswith(".")
    assert finding.advice


def test_damaged_utf8_names_the_line_even_late_in_the_file():
    table = read(b"nama,n\n" + "é,1\n".encode() * 5_000 + b"\xe9,2\n")
    assert [(finding.code, finding.row) for finding in table.findings] == [("pengodean-rusak", 5_002)]


def test_windows_1252_is_said():
    table = read("nama,n\nCafé,1\n".encode("cp1252"))
    assert codes(table) == ["pengodean-ditebak"]
    assert rows(table) == [["Café", "1"]]


@pytest.mark.parametrize(
    ("values", "type_name", "stored"),
    [
        (["1", "-2", "0"], "integer", ["1", "-2", "0"]),
        (["007", "12"], "text", ["007", "12"]),
        (["3673010101900001", "1"], "text", ["3673010101900001", "1"]),
        (["2147483648000"], "integer", ["2147483648000"]),
        (["1.5", "2"], "numeric", ["1.5", "2"]),
        (["0.125", "1.234"], "numeric", ["0.125", "1.234"]),
        (["1.234,56", "1.234", "7"], "numeric", ["1234.56", "1234", "7"]),
        (["1.234.567", "1.234"], "numeric", ["1234567", "1234"]),
        (["12,5", "1,234"], "numeric", ["12.5", "1.234"]),
        (["1,234.5", "1,234"], "numeric", ["1234.5", "1234"]),
        (["1,234,567", "9.25"], "numeric", ["1234567", "9.25"]),
        (["1.234", "5.678"], "text", ["1.234", "5.678"]),
        (["1,234"], "text", ["1,234"]),
        (["1.5", "2,5"], "text", ["1.5", "2,5"]),
        (["10", "-", "n/a", "", "…"], "integer", ["10", None, None, None, None]),
        (["Serang", "-", ""], "text", ["Serang", "-", None]),
        (["2016-01-31", "-"], "date", ["2016-01-31", None]),
        (["2016-02-30"], "text", ["2016-02-30"]),
        (["31/01/2016"], "date", ["2016-01-31"]),
        (["2016-01-31 08:00", "2016-02-01"], "timestamp", ["2016-01-31 08:00", "2016-02-01"]),
        (["benar", "salah"], "text", ["benar", "salah"]),
        (["²", "1"], "text", ["²", "1"]),
        (["١٢"], "text", ["١٢"]),
        (["1e5"], "text", ["1e5"]),
        (["+5"], "text", ["+5"]),
        (["=1+1", "1"], "text", ["=1+1", "1"]),
        ([" 12 ", "\u00a013"], "integer", ["12", "13"]),
        (["1" * 15 + ".5"], "numeric", ["1" * 15 + ".5"]),
        (["36.73.01", "36.73.02"], "text", ["36.73.01", "36.73.02"]),
    ],
)
def test_types_come_from_the_whole_column(values, type_name, stored):
    # A second column keeps rows with an empty first cell from being empty lines.
    table = read("nilai;k\n" + "".join(f"{value};x\n" for value in values))
    assert types(table)["nilai"] == type_name
    assert [cells[0] for cells in rows(table)] == stored


def test_one_late_value_decides():
    table = read("n;k\n" + "1;x\n" * 20_000 + "0164A;x\n")
    assert types(table)["n"] == "text"
    (finding,) = table.findings
    assert (finding.code, finding.row, finding.value) == ("bukan-angka", 20_002, "0164A")


def test_codes_stay_text_by_name():
    table = read("Kode Wilayah,No,NIK,jumlah\n36.70,1,12,3\n36.73,2,13,4\n")
    assert types(table) == {"kode_wilayah": "text", "no": "integer", "nik": "text", "jumlah": "integer"}
    assert rows(table)[0][0] == "36.70"


@pytest.mark.parametrize(("values", "code"), [(["1.234"], "angka-rancu"), (["1.5", "2,5"], "desimal-campur")])
def test_doubt_about_decimals_is_said(values, code):
    table = read("n;k\n" + "".join(f"{value};x\n" for value in values))
    assert codes(table) == [code]
    assert table.usable


def test_the_data_dictionary_wins_where_the_values_allow():
    assert types(read("a;b\n1;x\n", wanted={"a": "text"}))["a"] == "text"
    assert types(read("a;b\n1;x\n", wanted={"a": "numeric"}))["a"] == "numeric"
    assert types(read("kode;b\n12;x\n", wanted={"kode": "numeric"}))["kode"] == "numeric"
    table = read("a;b\n1;x\nz;x\n", wanted={"a": "numeric"})
    assert types(table)["a"] == "text"
    assert "tipe-tidak-sesuai" in codes(table)


def test_memory_does_not_grow_with_rows():
    def peak(count):
        stream = io.BytesIO(b"nama;nilai;tahun\n" + b"Kecamatan Walantaka;12,5;2016\n" * count)
        tracemalloc.start()
        table = read_table(stream)
        assert sum(1 for _ in table.records()) == count
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    # Forms are looked at in pieces of bounded size, larger than the smaller of these files.
    assert peak(1_200_000) < peak(800_000) + 1_000_000


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=20), st.sampled_from([",", ";", "\t", "|"]))
@example([("a", "x", ""), ("", "y", "0"), ("b", "z", ""), ("", "q", "0")], ",")
@example([(";", "0\x1e0", ";")], "\t")
@example([(";", ";", ""), ("", ":", "0"), (":", "0", ""), ("", ":", "0")], ",")
def test_whatever_a_spreadsheet_writes_is_read_back(table_rows, delimiter):
    import csv

    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(["satu", "dua", "tiga"])
    writer.writerows(table_rows)
    # A lone text behind a gap is a remark under the table, as is `¹: 0`; `Jml` adds its rows up; its first title begins
    # another table. Line breaks inside of cells are of one kind.
    assume(not any(is_note(row) or is_total(row) or row[0].strip() == "satu" for row in table_rows))
    assume(all(sum(bool(cell.strip()) for cell in row) != 1 for row in table_rows))
    # What a failed formula leaves behind is refused.
    assume(not any(error in cell for row in table_rows for cell in row for error in ERROR_VALUES))
    table = read(buffer.getvalue())
    table_rows = [[cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row] for row in table_rows]
    expected = [row for row in table_rows if any(row)]
    if not expected:
        assert codes(table) == ["tanpa-baris"]
        return
    assert table.usable, list(table.findings)
    # What stands above stands for blanks in these columns, and that is said.
    grouped = {one.column for one in table.findings if one.code == "nama-kelompok-diisi"}
    above = {}
    for got, row in zip(rows(table), expected, strict=True):
        for value, cell, column in zip(got, row, table.columns, strict=True):
            above[column.title] = cell or above.get(column.title, "")
            if column.type.name == "text":
                assert (value or "") == (above[column.title] if column.title in grouped else cell)
            else:
                assert value is None or cell


@settings(deadline=None, max_examples=50)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data):
    table = read(data)
    if table.usable:
        assert len(rows(table)) == table.rows
