"""Checking a grid: types, numbers, dates, codes, keys, rules, expected rows, periods, and what leaves the engine."""

from __future__ import annotations

import csv
import gc
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from ckanext.satudataserang.core.checks import duck
from ckanext.satudataserang.core.checks.engine import check
from ckanext.satudataserang.core.checks.table import raw_beginning
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures.model import Code, CodeList, Column, Rule
from ckanext.satudataserang.core.tables.compare import StandingColumn
from ckanext.satudataserang.core.tables.grid import Grid, Layout, TitleMatch
from ckanext.satudataserang.core.tables.opening import opened

from .tables import AREAS, checked, codes, column, grid, places, structure, values


@pytest.mark.parametrize(
    ("texts", "stored"),
    [
        (["1.234", "7"], ["1234", "7"]),
        (["1,234"], ["1234"]),
        (["Rp 1.000", "Rp1.500.000,-", "IDR 5"], ["1000", "1500000", "5"]),
        (["1 234", "12\u00a0345", "1\u202f234\u202f567"], ["1234", "12345", "1234567"]),
        (["(500)", "-7", "−8", "Rp (1.000)"], ["-500", "-7", "-8", "-1000"]),
        (["7-", "1.234−", "5"], ["-7", "-1234", "5"]),
        (["1.234*", "12**)", "5 r)", "6 p", "7¹", "8 1)", "9 orang"], ["1234", "12", "5", "6", "7", "8", "9"]),
        (["7 km²", "12,0*"], ["7", "12"]),
        (["12 orang", "3 KK", "100 %", "5 ekor"], ["12", "3", "100", "5"]),
        (["5,0", "5.00", "1.234,00"], ["5", "5", "1234"]),
        (["-", "n/a", "…", "tidak ada", "", "1"], [None, None, None, None, None, "1"]),
        (["3201010101900001"], ["3201010101900001"]),
    ],
)
def test_whole_numbers_as_people_write_them(texts, stored):
    table = column(texts, type="integer")
    assert table.usable, list(table.findings)
    assert values(table) == stored


def test_what_accounts_write_is_said():
    table = column(["-3", "(1.234,5)", "7-", "−8", "Rp -5", "x"], type="numeric")
    (finding,) = [one for one in table.findings if one.code == "negatif-dibaca"]
    assert (finding.row, finding.column, finding.value) == (3, "x", "(1.234,5)")
    assert (finding.params["read"], finding.params["count"]) == ("-1234.5", "2")
    assert "negatif-dibaca" not in codes(column(["-3", "−8", "Rp -5", "Rp 1.000,-"], type="numeric"))


def test_the_mark_of_a_note_is_said():
    table = column(["3", "1.234,5*", "7 r)", "7 km²", "x"], type="numeric")
    (finding,) = [one for one in table.findings if one.code == "tanda-catatan"]
    assert (finding.row, finding.value, finding.params["read"], finding.params["count"]) == (
        3, "1.234,5*", "1234.5", "2",
    )  # fmt: skip
    assert "tanda-catatan" not in codes(column(["3", "7 km²", "*", "x*"], type="numeric"))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Rp 1.000-", "bukan-angka"),
        ("7--", "bukan-angka"),
        ("7p", "bukan-angka"),
        ("7 x", "bukan-angka"),
        ("1,5", "bukan-bulat"),
        ("1.234,56", "bukan-bulat"),
        ("1.234.567,8", "bukan-bulat"),
        ("0,001", "bukan-bulat"),
        ("dua", "bukan-angka"),
        ("007", "bukan-angka"),
        ("inf", "bukan-angka"),
        ("-Infinity", "bukan-angka"),
        ("1e5", "bukan-angka"),
        ("3 ribu", "bukan-angka"),
        ("1,5 juta", "bukan-angka"),
        ("12-15", "bukan-angka"),
        ("=1+1", "bukan-angka"),
        ("#REF!", "bukan-angka"),
        ("9223372036854775808", "angka-terlalu-besar"),
        ("-9223372036854775809", "angka-terlalu-besar"),
    ],
)
def test_what_is_no_whole_number(text, code):
    table = column([text, "1"], type="integer")
    assert places(table, code) == [(code, 2)], list(table.findings)
    assert not table.usable


@pytest.mark.parametrize(
    ("texts", "stored", "because"),
    [
        (["1.234", "0,5"], ["1234", "0.5"], "“0,5”"),
        (["1.234", "0.5"], ["1.234", "0.5"], "“0.5”"),
        (["1.234,56", "1.234"], ["1234.56", "1234"], "“1.234,56”"),
    ],
)
def test_a_thousand_or_a_fraction_is_decided_by_the_column_and_said(texts, stored, because):
    table = column(texts, type="numeric")
    assert values(table) == stored
    (said,) = [one for one in table.findings if one.code == "angka-dibaca"]
    assert said.severity.value == "info"
    assert because in said.message
    assert "dibaca" in said.message


@pytest.mark.parametrize(
    ("options", "history", "stored", "word"),
    [
        ({"decimals": 2}, {}, "1234", "di belakang koma"),
        ({"maximum": Decimal(100)}, {}, "1.234", "batas"),
        ({"minimum": Decimal(1000)}, {}, "1234", "batas"),
        ({}, {"x": {("0",): [("2024", Decimal(1180))]}}, "1234", "sebelumnya"),
        ({}, {"x": {("0",): [("2024", Decimal("1.2"))]}}, "1.234", "sebelumnya"),
    ],
)
def test_the_structure_and_the_history_decide_too(options, history, stored, word):
    agreed = structure(Column("k", "k", key=True), Column("x", "x", "numeric", **options))
    table = checked(["k", "x"], [["0", "1.234"]], structure=agreed, history=history)
    assert values(table) == [stored]
    assert [word in one.message for one in table.findings if one.code == "angka-dibaca"] == [True]


def test_what_stays_undecided_is_asked():
    table = column(["1.234", "5"], type="numeric")
    assert places(table) == [("angka-rancu", 2)]
    assert not table.usable
    mixed = column(["1.5", "2,5", "3.456"], type="numeric")
    assert codes(mixed) == ["angka-rancu", "desimal-campur"]


@pytest.mark.parametrize(
    ("texts", "stored"),
    [
        (["2025-01-31"], ["2025-01-31"]),
        (["2025-01-31 00:00:00"], ["2025-01-31"]),
        (["31/12/2025", "03/04/2025"], ["2025-12-31", "2025-04-03"]),
        (["12/31/2025", "03/04/2025"], ["2025-12-31", "2025-03-04"]),
        (["1-2-25", "1.2.99"], ["2025-02-01", "1999-02-01"]),
        (["3 Januari 2025", "03 Agt 2025", "5-Mei-2025", "Senin, 6 Januari 2025"],
         ["2025-01-03", "2025-08-03", "2025-05-05", "2025-01-06"]),
        (["45000", "45000.0"], ["2023-03-15", "2023-03-15"]),
        (["-", "", "n/a", "2025-01-01"], [None, None, None, "2025-01-01"]),
    ],
)  # fmt: skip
def test_dates_as_people_write_them(texts, stored):
    table = column(texts, type="date")
    assert table.usable, list(table.findings)
    assert values(table) == stored


@pytest.mark.parametrize("text", ["2025-02-30", "31/11/2025", "32/01/2025", "Januari 2025", "kemarin", "5", "99999"])
def test_what_is_no_date(text):
    assert places(column([text], type="date")) == [("bukan-tanggal", 2)]


def test_days_and_months_that_may_be_swapped():
    assert codes(column(["03/04/2025"], type="date")) == ["tanggal-dibaca"]
    assert codes(column(["03/04/2025", "31/12/2025"], type="date")) == []
    assert codes(column(["03/04/2025", "12/31/2025"], type="date")) == ["tanggal-dibaca"]
    assert codes(column(["03/04/2025", "12/31/2025", "31/12/2025"], type="date")) == ["tanggal-campur"]


def test_yes_and_no():
    table = column(["Ya", "tidak", "TRUE", "0", "", "sudah"], type="boolean")
    assert values(table) == ["true", "false", "true", "false", None, "true"]
    assert places(column(["mungkin"], type="boolean")) == [("bukan-ya-tidak", 2)]


def test_codes_in_any_spelling_become_the_code():
    table = column(["36.73.01", "SERANG", "kec. serang", "3673050", " Walan taka ", "-"], code_list="kecamatan")
    assert table.usable, list(table.findings)
    assert values(table) == ["36.73.01", "36.73.01", "36.73.01", "36.73.02", "36.73.03", None]


def test_an_unknown_name_gets_the_nearest():
    table = column(["Kasmen", "Surabaya"], code_list="kecamatan")
    first, second = table.findings
    assert (first.code, first.row) == ("kode-tidak-dikenal", 2)
    assert "“Kasemen” (36.73.02)" in first.message
    assert (second.row, "Mungkin" in second.message) == (3, False)


def test_a_zero_that_a_spreadsheet_took_comes_back():
    ages = CodeList("umur", "Umur", (Code("01", "0-4"), Code("02", "5-9"), Code("10", "45+")))
    agreed = structure(Column("k", "k", key=True), Column("x", "x", code_list="umur"), lists=(ages,))
    table = checked(["k", "x"], [["a", "1"], ["b", "02"], ["c", "10"], ["d", "45+"]], structure=agreed)
    assert values(table) == ["01", "02", "10", "10"]


WILAYAH = WilayahTable.from_rows(
    {"kode": kode, "kode_bps": bps, "level": level, "nama": nama, "induk": induk, "ejaan_lain": lain}
    for kode, bps, level, nama, induk, lain in [
        ("36.73", "3673", "kota", "Kota Serang", "36", ""),
        ("36.73.01", "3673040", "kecamatan", "Serang", "36.73", ""),
        ("36.73.06", "3673030", "kecamatan", "Taktakan", "36.73", "Tak takan"),
        ("36.73.01.1001", "", "kelurahan", "Serang", "36.73.01", ""),
        ("36.73.01.1002", "", "kelurahan", "Sukawana", "36.73.01", ""),
        ("36.73.06.1001", "", "kelurahan", "Sukawana", "36.73.06", ""),
    ]
)


def test_areas_are_found_by_the_table_of_areas():
    lists = (
        CodeList("wilayah:kecamatan", "Kecamatan", (Code("36.73.01", "Serang"), Code("36.73.06", "Taktakan"))),
        CodeList(
            "wilayah:kelurahan",
            "Kelurahan",
            (
                Code("36.73.01.1001", "Serang"),
                Code("36.73.01.1002", "Sukawana (Serang)"),
                Code("36.73.06.1001", "Sukawana (T)"),
            ),
        ),
    )
    agreed = structure(
        Column("k", "k", code_list="wilayah:kecamatan"), Column("l", "l", code_list="wilayah:kelurahan"), lists=lists
    )
    rows = [
        ["Kecamatan Serang", "Kel. Serang"],
        ["3673030", "36.73.01.1002"],
        ["367306", "3673061001"],
        ["", "Sukawana"],
        ["tak takan", "Sukawana"],
    ]
    table = checked(["k", "l"], rows, structure=agreed, areas=WILAYAH)
    assert values(table, 0) == ["36.73.01", "36.73.06", "36.73.06", None, "36.73.06"]
    assert values(table, 1) == ["36.73.01.1001", "36.73.01.1002", "36.73.06.1001", None, "36.73.06.1001"]
    (open_one,) = table.findings
    assert (open_one.code, open_one.row) == ("kode-rancu", 5)
    assert "36.73.01.1002" in open_one.message
    assert "36.73.06.1001" in open_one.message


def test_the_kecamatan_of_a_row_tells_which_kelurahan_is_meant():
    lists = (
        CodeList("wilayah:kecamatan", "Kecamatan", (Code("36.73.01", "Serang"), Code("36.73.06", "Taktakan"))),
        CodeList(
            "wilayah:kelurahan", "Kelurahan", (Code("36.73.01.1002", "Sukawana"), Code("36.73.06.1001", "Sukawana"))
        ),
    )
    agreed = structure(
        Column("l", "l", code_list="wilayah:kelurahan"), Column("k", "k", code_list="wilayah:kecamatan"), lists=lists
    )
    rows = [["Sukawana", "tak takan"], ["sukawana", "36.73.01"], ["Sukawana", ""], ["36.73.06.1001", "Serang"]]
    for areas in (WILAYAH, None):
        first = rows[0] if areas else ["Sukawana", "Taktakan"]
        table = checked(["l", "k"], [first, *rows[1:]], structure=agreed, areas=areas)
        assert values(table, 0) == ["36.73.06.1001", "36.73.01.1002", None, "36.73.06.1001"]
        assert places(table) == [("kode-rancu", 4)]


def test_keys_are_unique_within_a_period():
    agreed = structure(Column("a", "A", key=True), Column("n", "N", "integer"))
    rows = [["x", "1", "2024"], ["x", "2", "2025"], ["x", "3", "2024"], ["", "4", "2024"], ["y", "5", "2024"]]
    table = checked(["A", "N", "Tahun"], rows, structure=agreed)
    (twice,) = [one for one in table.findings if one.code == "kunci-ganda"]
    assert twice.row == 4
    assert "baris 2" in twice.message
    assert "“x”" in twice.message
    assert [one.id for one in table.columns] == ["a", "n", "tahun"]


@pytest.mark.parametrize(
    ("rule", "broken"),
    [
        (Rule("r", ("a", "b"), "=", "c"), [3, 4]),
        (Rule("r", ("a", "b"), "=", "c", tolerance=Decimal(1)), [4]),
        (Rule("r", ("a",), "<=", "b"), [4]),
        (Rule("r", ("a",), "<", "b"), [2, 4]),
        (Rule("r", ("a", "z"), "=", "c"), []),
    ],
)
def test_rules_between_columns(rule, broken):
    agreed = structure(
        Column("a", "A", "integer"), Column("b", "B", "numeric"), Column("c", "C", "integer"), rules=(rule,)
    )
    rows = [["2", "2", "4"], ["1", "2", "4"], ["5", "2", "99"], ["1", "", "7"]]
    table = checked(["A", "B", "C"], rows, structure=agreed)
    assert [one.row for one in table.findings if one.code == "aturan-kolom"] == broken


def test_sums_that_pass_64_bits_are_compared():
    agreed = structure(*(Column(x, x, "integer") for x in "abc"), rules=(Rule("r", ("a", "b"), "<=", "c"),))
    table = checked(["a", "b", "c"], [["9223372036854775807", "9223372036854775807", "1"]], structure=agreed)
    assert codes(table) == ["aturan-kolom"]


def test_expected_rows_are_named():
    sex = CodeList("jk", "JK", (Code("L", "Laki-laki"), Code("P", "Perempuan")))
    agreed = structure(
        Column("w", "Wilayah", code_list="kecamatan", key=True),
        Column("jk", "JK", code_list="jk", key=True),
        Column("n", "N", "integer", required=True),
        expected=("w", "jk"),
        lists=(AREAS, sex),
    )
    rows = [["Serang", "L", "1"], ["36.73.01", "P", ""], ["Kasemen", "L", "3"]]
    table = checked(["Wilayah", "JK", "N"], rows, structure=agreed, period="2025")
    lacking = [one.message for one in table.findings if one.code == "baris-kurang"]
    assert lacking == [
        "Belum ada baris untuk Wilayah “Kasemen”, JK “Perempuan”.",
        "Belum ada baris untuk Wilayah “Walantaka”, JK “Laki-laki”.",
        "Belum ada baris untuk Wilayah “Walantaka”, JK “Perempuan”.",
    ]
    assert table.usable
    assert (table.expected_values, table.delivered.filled) == (6, 2)


def test_rows_of_another_period_are_reported():
    rows = [["2025-Q1", "5"], ["2025-Q2", "6"], ["2025-Q2", "7"], ["Total", "8"], ["2025", "1"]]
    table = checked(["periode", "n"], rows, period="2025-Q1", frequency=Frequency.TRIWULANAN)
    found = {one.code: one for one in table.findings}
    assert found["periode-lain"].message.startswith("2 baris (mulai baris 3) untuk periode 2025-Q2")
    assert found["baris-tanpa-periode"].row == 5
    assert table.delivered.rows == 2
    assert {key: fact.rows for key, fact in table.facts.items()} == {"2025-Q1": 1, "2025-Q2": 2, "2025": 1}


def test_zeros_alone_are_not_filled():
    assert "semua-nol" in codes(checked(["a", "nilai"], [["x", "0"], ["y", "0"]], period="2025"))
    assert "isian-kosong" in codes(checked(["kecamatan", "nilai"], [["x", "-"], ["y", ""]], period="2025"))
    half = checked(["a", "nilai"], [["x", "0"], ["y", "3"], ["z", ""]], period="2025")
    assert codes(half) == ["nilai-kosong"]
    assert (half.delivered.filled, half.delivered.expected) == (2, 3)


def test_the_order_of_rows_does_not_change_the_hash():
    rows = [["a", "1"], ["b", "2"], ["c", ""]]
    first = checked(["x", "n"], rows, period="2025").delivered
    assert first.sha256 == checked(["x", "n"], rows[::-1], period="2025").delivered.sha256
    assert first.sha256 != checked(["x", "n"], [*rows, ["c", ""]], period="2025").delivered.sha256
    assert first.sha256 != checked(["x", "n"], [["a", "1"], ["b", "2"], ["", "c"]], period="2025").delivered.sha256


def test_a_table_that_stands_asks_for_its_types():
    standing = [StandingColumn("nama", "Nama", "text"), StandingColumn("nilai", "Nilai", "numeric")]
    table = checked(["nama", "nilai"], [["007", "dua"], ["8", "Rp 1.500.000"]], standing=standing)
    assert places(table) == [("bukan-angka", 2)]
    lacking = checked(["nama", "jumlah"], [["a", "1"]], standing=standing)
    assert [(one.code, one.column) for one in lacking.findings] == [("kolom-kurang", "Nilai"), ("kolom-baru", "jumlah")]


def test_a_table_without_any_wished_column_has_no_rows(tmp_path):
    path = tmp_path / "lain.csv"
    path.write_text("x,y\n1,2\n")
    table = check(
        opened(path, path.name, directory=tmp_path),
        Wishes(structure=structure(Column("a", "Satu"))),
        directory=tmp_path,
    )
    assert (codes(table), table.usable, table.rows) == (["tanpa-baris"], False, 0)


def test_the_structures_columns_come_in_its_order_and_all_of_them():
    agreed = structure(Column("a", "Satu"), Column("b", "Dua", "integer"), Column("c", "Tiga"))
    with tempfile.TemporaryDirectory() as folder:
        table = grid(["dua!", "zz", "satu"], [["1", "q", "x"]], Path(folder))
        table.matches = (
            TitleMatch("dua!", "b", "fuzzy"),
            TitleMatch("satu", "a", "label"),
            TitleMatch("zz", "", "none"),
        )
        done = check(table, Wishes(structure=agreed), directory=Path(folder))
        assert [(one.id, one.title, one.type.name) for one in done.columns] == [
            ("a", "Satu", "text"),
            ("b", "Dua", "integer"),
            ("c", "Tiga", "text"),
        ]
        assert list(done.records()) == [(2, ["x", "1", None])]
        done.close()


def test_a_pattern_that_is_none_is_said_and_not_used():
    assert codes(column(["x"], pattern="(")) == ["pola-rusak"]
    assert places(column(["ab", "123"], pattern="[0-9]{3}")) == [("pola-tidak-cocok", 2)]


def test_totals_are_exact_and_findings_kept_to_a_thousand():
    table = column(["x"] * 1_500 + ["1"], type="integer")
    assert table.findings.totals["bukan-angka"] == 1_500
    assert len(table.findings) == 1_000
    assert not table.usable


def test_rows_are_numbered_as_the_grid_says():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "g.csv"
        path.write_text("5,a,1\n9,b,x\n")
        numbered = Grid(path, Findings(), Layout("xlsx", sheet="Data"), ("k", "n"), numbered=True)
        agreed = structure(Column("k", "k"), Column("n", "n", "integer"))
        table = check(numbered, Wishes(structure=agreed), directory=Path(folder))
        (finding,) = table.findings
        assert (finding.row, finding.sheet) == (9, "Data")
        assert [row for row, _cells in table.records()] == [5, 9]
        table.close()


@pytest.mark.parametrize("single", [False, True])
def test_the_file_for_the_database_is_read_back_the_same(single):
    cells = ["", "\\.", 'a"b', "x,y", "l1\nl2", "c\rd", "NULL", "é ", "-", "007"]
    rows = [[cell] if single else [cell, "1"] for cell in cells if cell.strip() or not single]
    with tempfile.TemporaryDirectory() as folder:
        table = check(grid(["a"] if single else ["a", "b"], rows, Path(folder)), directory=Path(folder))
        copy = table.dump(Path(folder))
        with copy.path.open(newline="", encoding="utf-8") as file:
            read = [[cell or None for cell in row] for row in csv.reader(file)]
        assert read == [cells for _row, cells in table.records()]
        assert copy.rows == len(rows)
        assert copy.columns == tuple(one.id for one in table.columns)
        table.close()


@pytest.mark.parametrize("text", ["a,b\n1,x\n2,\n", 'a,b\n1,""\n2,"y"\n', "a,b\r\n1,x\r\n2,y\r\n", "a,b\n1,x"])
def test_a_clean_file_is_written_out_as_it_stands(text):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "asli.csv"
        path.write_bytes(text.encode())
        table = check(Grid(path, Findings(), Layout("csv"), ("a", "b"), skip=1), directory=Path(folder))
        copy = table.dump(Path(folder))
        lines = copy.path.read_bytes()[copy.begin :].replace(b"\r\n", b"\n").splitlines()
        expected = [",".join(cell or "" for cell in cells).encode() for _row, cells in table.records()]
        assert lines == expected
        table.close()


def test_blank_rows_are_no_rows():
    table = checked(["a", "b"], [["1", "x"], [" ", "\t"], ["2", "y"]])
    assert table.rows == 2
    assert [row for row, _cells in table.records()] == [2, 4]
    assert codes(checked(["a", "b"], [["", ""]])) == ["tanpa-baris"]


def test_the_database_reaches_nothing_else(tmp_path):
    inside, outside = tmp_path / "dalam", tmp_path / "luar.csv"
    inside.mkdir()
    outside.write_text("rahasia\n")
    source = tmp_path / "sumber.csv"
    source.write_text("a\n1\n")
    database = duck.database(inside, source)
    assert database.execute(f"SELECT * FROM read_csv('{source}')").fetchall() == [(1,)]
    for statement in (
        f"SELECT * FROM read_csv('{outside}')",
        f"COPY (SELECT 1) TO '{tmp_path / 'x.csv'}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET memory_limit = '8GB'",
        "SET enable_external_access = true",
        "ATTACH '/tmp/x.db'",
        "SELECT * FROM read_csv('https://example.org/x.csv')",
    ):
        with pytest.raises(duckdb.Error):
            database.execute(statement)
    database.close()


def test_a_check_says_how_far_it_is_and_can_be_ended(tmp_path):
    shares = []
    table = check(grid(["a"], [["1"]] * 5, tmp_path), directory=tmp_path, progress=shares.append)
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    table.close()

    class EndedError(Exception):
        pass

    def end(share):
        if share > 0.3:
            raise EndedError

    with pytest.raises(EndedError):
        check(grid(["a"], [["1"]] * 5, tmp_path), directory=tmp_path, progress=end)


def test_what_it_wrote_goes_with_the_table(tmp_path):
    table = check(grid(["a"], [["1"]], tmp_path), directory=tmp_path)
    assert (tmp_path / duck.SPILL).exists()
    del table
    gc.collect()
    assert not (tmp_path / duck.SPILL).exists()


def test_a_text_that_the_database_would_split_otherwise_is_written_anew(tmp_path):
    path = tmp_path / "campur.csv"
    path.write_bytes(b'a,b\r\n1,"x\ny"\r\n2,z\n3,w\r\n')
    table = check(
        Grid(path, Findings(), Layout("csv", encoding="utf-8", delimiter=","), ("a", "b"), skip=1), directory=tmp_path
    )
    assert table.usable, list(table.findings)
    assert [cells for _row, cells in table.records()] == [["1", "x\ny"], ["2", "z"], ["3", "w"]]
    table.close()


def test_a_grid_with_errors_is_not_looked_at(tmp_path):
    bad = Grid(tmp_path / "nothing", Findings(), Layout("csv"))
    assert not check(bad, directory=tmp_path).usable


def test_texts_show_what_could_not_be_read():
    agreed = structure(Column("w", "W", code_list="kecamatan"), Column("n", "N", "integer"), Column("t", "T", "date"))
    rows = [["serang", "1.234", "3 Januari 2025"], ["Surabaya", "dua", "kemarin"], ["", "-", ""]]
    table = checked(["W", "N", "T"], rows, structure=agreed)
    assert list(table.texts()) == [
        (2, ["36.73.01", "1234", "2025-01-03"]),
        (3, ["Surabaya", "dua", "kemarin"]),
        (4, [None, "-", None]),
    ]


def test_the_beginning_tells_what_stands_there_and_what_it_is_read_as():
    agreed = structure(
        Column("w", "W", code_list="kecamatan"), Column("n", "N", "integer"), Column("x", "X", "numeric")
    )
    rows = [["serang", "a", "1.234", "0,125"], ["Surabaya", "", "dua", "-"], ["36.73.02", "b", "12", "1.234,5"]]
    table = checked(["W", "Catatan", "N", "X"], rows, structure=agreed)
    first = table.beginning(2, 40)
    assert first.texts == [["serang", "a", "1.234", "0,125"], ["Surabaya", "", "dua", "-"]]
    assert first.read == [["36.73.01", "a", "1234", "0.125"], [None, "", None, ""]]
    assert list(first.numbers) == [2, 3]
    assert table.beginning(1, 2).read == [["36.73.01", "a"]]


def test_a_table_that_was_not_checked_is_shown_as_it_stands(tmp_path):
    path = tmp_path / "berkas"
    path.write_text("REKAP\n\nKecamatan;J. Kelamin;Jiwa\nSerang;L;1.234\nCurug;P;dua\n", encoding="utf-8")
    found = opened(path, "a.csv", directory=tmp_path)
    assert raw_beginning(found, 1, 2).texts == [["Serang", "L"]]
    assert not raw_beginning(Grid(tmp_path / "nothing", Findings(), Layout("csv"), ("a",)), 1, 1)


def test_the_beginning_of_a_plain_file_is_the_file():
    agreed = structure(Column("k", "K", key=True), Column("n", "N", "integer"))
    table = checked(["N", "K"], [["1", "a"], ["2", "b"], ["3", "c"]], structure=agreed)
    first = table.beginning(2, 40)
    assert first.texts == first.read == [["1", "a"], ["2", "b"]]
    assert list(first.numbers) == [0]


def test_the_file_for_the_database_keeps_the_order_of_the_rows():
    agreed = structure(Column("k", "K", key=True), Column("w", "W", code_list="kecamatan"))
    rows = [[f"{n}", ("Serang", "kasemen", "Walantaka")[n * 7 % 3]] for n in range(3_000)]
    with tempfile.TemporaryDirectory() as folder:
        table = check(grid(["K", "W"], rows, Path(folder)), Wishes(structure=agreed), directory=Path(folder))
        lines = table.dump(Path(folder)).path.read_text().splitlines()
        assert [line.partition(",")[0] for line in lines] == [str(n) for n in range(3_000)]
        table.close()
