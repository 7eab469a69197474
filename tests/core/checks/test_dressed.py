"""Columns without an agreed type: what is written in other clothes throughout is read as what it says."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.structures.model import Column
from ckanext.satudataserang.core.tables.compare import StandingColumn

from .tables import checked, codes, structure, values


def guessed(texts, title="Nilai", **wishes):
    return checked(["Kecamatan", title], [[f"K{n}", text] for n, text in enumerate(texts)], **wishes)


def of(table):
    return table.columns[1].type.name


@pytest.mark.parametrize(
    ("texts", "kind", "stored"),
    [
        (["Rp 1.000", "Rp 25.500.000", "Rp 0"], "numeric", ["1000", "25500000", "0"]),
        (["Rp 1.000", "Rp. 500", "-"], "integer", ["1000", "500", None]),
        (["Rp1,000", "500"], "integer", ["1000", "500"]),
        (["Rp 1.000,-", "Rp 2.500,50"], "numeric", ["1000", "2500.50"]),
        (["12,5 %", "7 %", "belum ada"], "numeric", ["12.5", "7", None]),
        (["12%", "7 persen"], "integer", ["12", "7"]),
        (["1 234", "234", "12 345 678"], "integer", ["1234", "234", "12345678"]),
        (["−5", "3", "+4"], "integer", ["-5", "3", "4"]),
        (["– 5,5", "3,25"], "numeric", ["-5.5", "3.25"]),
        (["1\u00a0234,5", "-2\u00a0000"], "numeric", ["1234.5", "-2000"]),
        (["3 Januari 2025", "17 Agustus 2024", "…"], "date", ["2025-01-03", "2024-08-17", None]),
        (["Senin, 3 Feb 2025", "2025-02-04"], "date", ["2025-02-03", "2025-02-04"]),
        (["31/12/2024", "01/02/2025"], "date", ["2024-12-31", "2025-02-01"]),
        (["12/31/2024", "01/02/2025"], "date", ["2024-12-31", "2025-01-02"]),
    ],
)
def test_a_column_of_one_dress_is_undressed_and_said(texts, kind, stored):
    table = guessed(texts)
    assert (of(table), values(table), codes(table)) == (kind, stored, ["tulisan-dibaca"])
    (finding,) = table.findings
    assert finding.severity.value == "info"
    assert (finding.row in (2, 3), finding.column) == (True, "Nilai")


@pytest.mark.parametrize(
    "texts",
    [
        ["Rp 1.000", "seribu"],
        ["12,5 %", "0,5"],
        ["1 234", "021 555 666"],
        ["(1)", "(2)"],
        ["(1)", "5", "7"],
        ["(2020)", "1.500.000", "3"],
        ["(12,5)", "(7,5)", "(3,5)"],
        ["(500)", "(1.234.567)", "(7)", "3"],
        ["(0254) 200123", "5"],
        ["+6281234567890", "5"],
        ["5-7", "5-"],
        ["12 a", "13 r", "14 p"],
        ["12 1)", "13 2)", "14 3)"],
        ["7p", "8"],
        ["7*", "lain*"],
        ["Rp 1.000-", "5"],
        ["1 tahun", "2 tahun"],
        ["1.2.3", "1.2.4"],
        ["3 Januari 2025", "akhir tahun"],
        ["31/12/2024", "12/31/2024"],
        ["1/2/25", "3/4/25"],
        ["Rp 1.000", "Rp 1,000"],
        ["1-5", "6-10"],
        ["Januari 2025", "Februari 2025"],
        ["-", "tidak ada"],
    ],
)
def test_what_may_be_something_else_stays_text(texts):
    table = guessed(texts)
    assert (of(table), values(table)) == ("text", texts)
    assert "tulisan-dibaca" not in codes(table)


@pytest.mark.parametrize(
    ("texts", "kind", "stored", "first", "read"),
    [
        (["(1.234,5)", "5", "7,25"], "numeric", ["-1234.5", "5", "7.25"], "(1.234,5)", "-1234.5"),
        (["3", "(500)", "-7", "(2)"], "integer", ["3", "-500", "-7", "-2"], "(500)", "-500"),
        (["1.234.567-", "-", "3"], "numeric", ["-1234567", None, "3"], "1.234.567-", "-1234567"),
        (["12", "7−"], "integer", ["12", "-7"], "7−", "-7"),
        (["Rp 100", "(500)", "300"], "integer", ["100", "-500", "300"], "(500)", "-500"),
    ],
)
def test_what_accounts_write_is_negative_and_said(texts, kind, stored, first, read):
    table = guessed(texts)
    assert (of(table), values(table)) == (kind, stored)
    (finding,) = [one for one in table.findings if one.code == "negatif-dibaca"]
    assert (finding.severity.value, finding.value, finding.params["read"]) == ("info", first, read)


@pytest.mark.parametrize(
    ("texts", "stored"),
    [
        (["12*", "13**", "14"], ["12", "13", "14"]),
        (["12 r)", "13 p)"], ["12", "13"]),
        (["12 r", "13", "14"], ["12", "13", "14"]),
        (["12²", "13\u00a0¹)", "1 234*"], ["12", "13", "1234"]),
    ],
)
def test_marks_of_notes_are_taken_off_and_said(texts, stored):
    table = guessed(texts)
    assert (of(table), values(table), codes(table)) == ("integer", stored, ["tanda-catatan"])


def test_a_thousand_in_brackets_is_as_doubtful_as_any():
    table = guessed(["(1.234)", "2.345"])
    assert (of(table), values(table), codes(table)) == ("text", ["(1.234)", "2.345"], ["angka-rancu"])
    table = guessed(["(1.234)", "2.345", "12,5"])
    assert (values(table), codes(table)) == (["-1234", "2345", "12.5"], ["angka-dibaca", "negatif-dibaca"])
    assert of(guessed(["(2.020)", "1.500.000"], "Tahun")) == "text"


def test_a_name_of_codes_and_a_wish_keep_the_text():
    assert of(guessed(["1 234", "5 678"], "Kode Pos")) == "text"
    assert of(guessed(["1 234", "5 678"], "Nilai", types={"nilai": "text"})) == "text"
    assert of(guessed(["1 234", "5 678"], "Nilai", types={"nilai": "numeric"})) == "numeric"
    assert of(guessed(["1 234"], "Nilai", standing=[StandingColumn("nilai", "Nilai", "text")])) == "text"


def test_one_stranger_far_down_keeps_a_long_column_text():
    texts = [f"{n % 90 + 10} %" for n in range(3_000)]
    assert (of(guessed(texts)), of(guessed([*texts, "banyak"]))) == ("integer", "text")
    plain = ["12"] * 3_000
    assert (of(guessed([*plain, "Rp 13"])), of(guessed([*plain, "13 ribu"]))) == ("integer", "text")


@pytest.mark.parametrize(
    ("texts", "stored"),
    [
        (["2024.0", "2023.0"], ["2024", "2023"]),
        (["2024,0", "2023"], ["2024", "2023"]),
        (["2024.0", "2023,00"], ["2024", "2023"]),
    ],
)
def test_a_year_written_with_decimals_is_whole(texts, stored):
    table = guessed(texts, "Tahun")
    assert (of(table), values(table), codes(table)) == ("integer", stored, ["tulisan-dibaca"])
    assert set(table.facts) == {"2024", "2023"}


def test_a_fraction_of_a_year_is_left_alone():
    table = guessed(["2024.5", "2023.0"], "Tahun")
    assert (of(table), values(table)) == ("numeric", ["2024.5", "2023.0"])
    assert (of(guessed(["12.0", "13.0"])), values(guessed(["12.0", "13.0"]))) == ("numeric", ["12.0", "13.0"])


def test_a_year_with_decimals_is_one_in_every_table():
    table = guessed(["2024.0", "2024.0"], "Tahun", standing=[StandingColumn("tahun", "Tahun", "integer")])
    assert (of(table), values(table), set(table.facts)) == ("integer", ["2024", "2024"], {"2024"})
    table = guessed(["2024.0"], "Tahun", standing=[StandingColumn("tahun", "Tahun", "text")])
    assert set(table.facts) == {"2024"}
    agreed = structure(Column("kecamatan", "Kecamatan", key=True), Column("n", "N", "integer"))
    rows = [["A", "5.0", "2024.0", "3,0"], ["B", "6.00", "2024", "3"]]
    table = checked(["Kecamatan", "N", "Tahun", "Triwulan"], rows, structure=agreed)
    assert [cells for _row, cells in table.records()] == [["A", "5", "2024", "3"], ["B", "6", "2024", "3"]]
    assert set(table.facts) == {"2024-Q3"}
    assert {finding.severity.value for finding in table.findings} <= {"info"}
