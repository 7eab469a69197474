"""An export that cannot be used is refused with file, row and column."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.legacy import TABLES, ImportRefusedError, plan_import

from .export import ALIASES, NOW, REGION, UNITS, export, planned

NAMES = {"1": ("1", "Jumlah Dokter")}


def refusal(files):
    with pytest.raises(ImportRefusedError) as caught:
        plan_import(files, REGION, ALIASES, UNITS, NOW)
    message = str(caught.value)
    assert "{" not in message
    assert message.endswith(".")
    return message


@pytest.mark.parametrize("table", TABLES)
def test_a_missing_table_is_named(table):
    files = export(NAMES, [{}])
    del files[table]
    assert f"{table}.csv" in refusal(files)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("content", [b"", b"\n\n", None])
def test_an_empty_table_is_named(table, content):
    """No bytes, no header, or a header alone."""
    files = export(NAMES, [{}])
    files[table] = files[table].split(b"\n")[0] + b"\n" if content is None else content
    message = refusal(files)
    assert f"{table}.csv" in message
    assert "kosong" in message


@pytest.mark.parametrize(("table", "column"), [(table, column) for table, names in TABLES.items() for column in names])
def test_a_missing_column_is_named(table, column):
    files = export(NAMES, [{}])
    header, _, rest = files[table].partition(b"\n")
    files[table] = b",".join(b"lain" if name == column.encode() else name for name in header.split(b",")) + b"\n" + rest
    message = refusal(files)
    assert f"{table}.csv" in message
    assert f"kolom {column} " in message


@pytest.mark.parametrize(("bad", "where"), [("Klinik é".encode("latin-1"), 3), (b"Kli\x00nik", 3)])
def test_another_encoding_is_refused_with_its_place(bad, where):
    files = export({"1": ("1", "Jumlah Dokter"), "2": ("1", "RUSAK")}, [{}])
    files["tb_jenis_data"] = files["tb_jenis_data"].replace(b"RUSAK", bad)
    message = refusal(files)
    assert "tb_jenis_data.csv" in message
    assert f"baris {where} kolom 2" in message
    assert "UTF-8" in message


def test_a_comma_inside_quotes_does_not_shift_the_column():
    files = export({"1": ("1", "Jumlah Dokter"), "2": ("1", "RUSAK")}, [{}])
    row = next(line for line in files["tb_jenis_data"].split(b"\n") if b"RUSAK" in line)
    broken = b'2,"Dokter, Bidan, Klinik ' + "é".encode("latin-1") + b'",1,0,,'
    files["tb_jenis_data"] = files["tb_jenis_data"].replace(row, broken)
    assert "baris 3 kolom 2" in refusal(files)


def test_utf_16_is_refused():
    files = export(NAMES, [{}])
    files["tb_simpatik"] = files["tb_simpatik"].decode().encode("utf-16")
    assert "tb_simpatik.csv baris 1" in refusal(files)


def test_a_byte_order_mark_and_windows_line_ends_are_welcome():
    files = export(NAMES, [{}, {"wilayah": "2"}])
    files = {table: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for table, content in files.items()}
    assert plan_import(files, REGION, ALIASES, UNITS, NOW).totals.imported == 2


def test_a_broken_row_is_named():
    files = export(NAMES, [{}, {}])
    files["tb_simpatik"] += b"9,1,1,2016\n"
    assert "tb_simpatik.csv baris 4" in refusal(files)
    files["tb_simpatik"] = export(NAMES, [{}])["tb_simpatik"] + b'9,1,"1'
    assert "tb_simpatik.csv baris 3" in refusal(files)


@pytest.mark.parametrize(
    ("change", "column", "shown"),
    [
        ({"tahun": "1889"}, "tahun", "1889"),
        ({"tahun": "2022"}, "tahun", "2022"),
        ({"tahun": "20l6"}, "tahun", "20l6"),
        ({"tahun": ""}, "tahun", "1990"),
        ({"triwulan": "5"}, "triwulan", "5"),
        ({"wilayah": "77"}, "wilayah", "77"),
        ({"jenis_data": "55", "bidang_urusan": "1"}, "jenis_data", "55"),
        ({"bidang_urusan": "44"}, "bidang_urusan", "44"),
    ],
)
def test_a_value_that_points_nowhere_stops_the_import(change, column, shown):
    """The sentence names the file, the row (after a good one and the header) and the column."""
    message = refusal(export(NAMES, [{}, change]))
    assert f"tb_simpatik.csv baris 3 kolom {column}" in message
    assert shown in message


def test_next_year_is_within_reason():
    assert planned([{"tahun": "2021"}]).totals.imported == 1


@pytest.mark.parametrize(
    ("tables", "file", "column"),
    [
        ({"areas": {"1": "Atlantis"}}, "tb_wilayah.csv baris 2", "nama_wilayah"),
        ({"bidang": {"1": "Sihir"}}, "tb_bidang_urusan.csv baris 2", "nama_bidang"),
        ({"bidang": {"1": " "}}, "tb_bidang_urusan.csv baris 2", "nama_bidang"),
        ({"bidang": {"1": "Perdagangan"}}, "tb_bidang_urusan.csv baris 2", "nama_bidang"),
        ({"bidang": {"2": "Kesehatan"}}, "tb_jenis_data.csv baris 2", "id_bidang"),
    ],
)
def test_names_the_region_does_not_know_stop_the_import(tables, file, column):
    message = refusal(export(NAMES, [{}], **tables))
    assert f"{file} kolom {column}" in message


def test_an_id_given_twice_stops_the_import():
    files = export({"1": ("1", "Jumlah Dokter"), "2": ("1", "Jumlah Bidan")}, [{}])
    files["tb_jenis_data"] = files["tb_jenis_data"].replace(b"\n2,", b"\n1,")
    assert "tb_jenis_data.csv baris 3 kolom id" in refusal(files)
