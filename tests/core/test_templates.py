"""Templates: what is laid out, what a spreadsheet refuses, what is hidden, and that the same asks the same bytes."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from ckanext.satudataserang.core.structures.model import Code, CodeList, Column, Structure
from ckanext.satudataserang.core.tables.compare import StandingColumn
from ckanext.satudataserang.core.templates.build import template_of
from ckanext.satudataserang.core.templates.model import MOST_ROWS, Subject
from ckanext.satudataserang.core.templates.stamp import is_beside, parse, parse_line
from ckanext.satudataserang.core.templates.text import as_csv
from ckanext.satudataserang.core.templates.workbook import as_workbook

MADE = date(2026, 1, 5)
SUBJECT = Subject(
    "DD-1", "Jumlah penduduk", "Disdukcapil", "2025", "2025", "31 Januari 2026", "https://contoh.example/k"
)
AREAS = CodeList("wilayah:kecamatan", "Kecamatan", (Code("36.73.01", "Serang"), Code("36.73.05", "Kasemen")))
SEX = CodeList("jenis-kelamin", "Jenis kelamin", (Code("L", "Laki-laki"), Code("P", "Perempuan")))
STATES = CodeList("keadaan", "Keadaan", tuple(Code(str(n), f"Keadaan ke-{n}, yang panjang namanya") for n in range(30)))
STRUCTURE = Structure(
    "penduduk",
    "Penduduk",
    3,
    columns=(
        Column("kode_kecamatan", "Kode kecamatan", key=True, code_list=AREAS.id),
        Column("jk", "Jenis kelamin", key=True, code_list=SEX.id),
        Column(
            "jumlah",
            "Jumlah penduduk",
            "integer",
            satuan="jiwa",
            required=True,
            minimum=Decimal(0),
            definisi="Banyaknya penduduk menurut catatan.",
        ),
        Column("persen", "Persen", "numeric", decimals=2, minimum=Decimal(0), maximum=Decimal(100)),
        Column("keadaan", "Keadaan", code_list=STATES.id),
        Column("tercatat", "Tercatat pada", "date"),
        Column("nik", "NIK penanggung jawab", personal=True),
    ),
    expected=("kode_kecamatan", "jk"),
    lists=(AREAS, SEX, STATES),
)
BEFORE = [{"kode_kecamatan": "36.73.05", "jk": "P", "jumlah": "1234", "persen": "1.5", "nik": "3673010101010001"}]


def made(**changes):
    return template_of(SUBJECT, STRUCTURE, made=MADE, earlier=BEFORE, earlier_when="2024", **changes)


def opened(template):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(template)))


def rows(book):
    return [[cell.value for cell in row] for row in book["Data"].iter_rows()]


def test_expected_rows_stand_there_with_codes_names_and_last_figures():
    found = rows(opened(made()))
    assert found[0][:7] == [column.label for column in STRUCTURE.columns]
    beside = found[0][7:]
    assert beside[0] == "‹nama kecamatan›"
    assert "‹2024: Jumlah penduduk›" in beside
    assert all(map(is_beside, beside))
    assert [row[:2] for row in found[1:5]] == [
        ["36.73.01", "Laki-laki"],
        ["36.73.01", "Perempuan"],
        ["36.73.05", "Laki-laki"],
        ["36.73.05", "Perempuan"],
    ]
    assert [row[7] for row in found[1:5]] == ["Serang", "Serang", "Kasemen", "Kasemen"]
    assert found[4][beside.index("‹2024: Jumlah penduduk›") + 7] == 1234
    assert found[1][beside.index("‹2024: Jumlah penduduk›") + 7] is None


def test_nothing_about_persons_is_laid_out():
    assert "3673010101010001" not in {str(cell) for row in rows(opened(made())) for cell in row}
    assert not any("NIK" in str(title) and is_beside(str(title)) for title in rows(opened(made()))[0])


def test_only_what_was_laid_out_is_locked():
    page = opened(made())["Data"]
    assert page.protection.sheet
    assert page.protection.password is None
    assert page["A2"].protection.locked
    assert page["H2"].protection.locked
    assert not page["C2"].protection.locked
    # Rows that are added below are open, too.
    assert not page.column_dimensions["C"].protection.locked
    assert page.freeze_panes == "C2"


def test_titles_say_what_is_asked_and_hold_the_title_alone():
    page = opened(made())["Data"]
    assert page["C1"].value == "Jumlah penduduk"
    assert "jiwa, wajib" in page["C1"].number_format
    assert "boleh kosong" in page["D1"].number_format
    note = page["C1"].comment.text
    assert "Banyaknya penduduk menurut catatan." in note
    assert "paling kecil 0" in note
    assert page["A2"].number_format == "@"


def test_a_spreadsheet_refuses_with_a_sentence():
    rules = {str(one.sqref).split(":")[0]: one for one in opened(made())["Data"].data_validations.dataValidation}
    number = rules["C2"]
    assert (number.type, number.formula1) == ("whole", "0")
    assert "bilangan bulat" in number.error
    assert (rules["D2"].formula1, rules["D2"].formula2) == ("0", "100")
    assert rules["E2"].formula1.startswith("'_daftar'!")
    assert rules["F2"].type == "date"
    # What stands there already is not chosen.
    assert "A2" not in rules


def test_long_lists_are_hidden_and_complete():
    book = opened(made())
    assert book.sheetnames == ["Petunjuk", "Data", "_daftar", "_satudata"]
    assert book["_daftar"].sheet_state == book["_satudata"].sheet_state == "veryHidden"
    assert [cell.value for cell in book["_daftar"]["A"]] == [one.label for one in STATES.codes]
    assert book.active.title == "Data"


def test_the_stamp_is_read_back():
    sheet = opened(made())["_satudata"]
    told = parse({str(row[0].value): str(row[1].value or "") for row in sheet.iter_rows()})
    assert told == made().stamp
    assert (told.entri, told.periode, told.struktur, told.versi) == ("DD-1", "2025", "penduduk", 3)


@pytest.mark.parametrize(
    "line",
    [
        "\ufeff# satudata entri=DD-1 periode=2025 struktur=penduduk@3",
        '"# satudata entri=DD-1 periode=2025 struktur=penduduk@3";;;;',
        "# satudata entri=DD-1 periode=2025 struktur=penduduk@3,,,\r\n",
    ],
)
def test_the_stamp_of_a_text_file_survives_a_spreadsheet(line):
    told = parse(parse_line(line) or {})
    assert (told.entri, told.periode, told.struktur, told.versi) == ("DD-1", "2025", "penduduk", 3)


@pytest.mark.parametrize("line", ["", "# catatan", "entri;periode", "# satudata"])
def test_other_lines_are_no_stamp(line):
    assert not parse_line(line)


def test_a_stamp_of_nonsense_is_read_without_fault():
    told = parse({"versi": "tiga", "entri": "DD-1"})
    assert (told.entri, told.versi, told.struktur) == ("DD-1", 0, "")


def test_the_guide_is_short_and_names_every_column():
    cells = [str(cell.value) for row in opened(made())["Petunjuk"].iter_rows() for cell in row if cell.value]
    assert "Jumlah penduduk, 2025" in cells[0]
    assert "https://contoh.example/k" in cells
    assert all(column.label in cells for column in STRUCTURE.columns)
    assert sum(cell[:2] in {"1.", "2.", "3.", "4.", "5.", "6."} for cell in cells) <= 6


def test_the_same_is_the_same_to_the_byte():
    assert as_workbook(made()) == as_workbook(made())


def test_text_for_an_indonesian_spreadsheet():
    text = "".join(as_csv(made()))
    assert text.startswith("\ufeff# satudata entri=DD-1 periode=2025 struktur=penduduk@3")
    lines = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert lines[1][:3] == ["Kode kecamatan", "Jenis kelamin", "Jumlah penduduk"]
    assert lines[2] == ["36.73.01", "Laki-laki", "", "", "", "", "", "Serang"]
    assert len(lines) == 2 + 4


def test_without_a_structure_the_table_that_stands_is_asked():
    standing = [
        StandingColumn("kode_wilayah", "Kode wilayah", "text"),
        StandingColumn("nama", "Pasar", "text"),
        StandingColumn("luas", "Luas", "numeric"),
    ]
    before = [
        {"kode_wilayah": "0361", "nama": "Lama", "luas": "12"},
        {"kode_wilayah": "0362", "nama": "Baru", "luas": None},
    ]
    template = template_of(
        SUBJECT, None, standing, made=MADE, earlier=before, earlier_when="2024", units={"luas": "meter persegi"}
    )
    page = opened(template)["Data"]
    found = rows(opened(template))
    assert found[0][:3] == ["Kode wilayah", "Pasar", "Luas"]
    assert [row[0] for row in found[1:]] == ["0361", "0362"]
    assert found[1][found[0].index("‹2024: Luas›")] == 12
    # Nobody agreed on these rows, so they may be changed.
    assert not page["A2"].protection.locked
    assert "meter persegi" in page["C1"].number_format


def test_text_that_would_be_a_formula_is_text():
    standing = [StandingColumn("nama", "=1+1", "text"), StandingColumn("kode", "kode", "text")]
    template = template_of(SUBJECT, None, standing, made=MADE, earlier=[{"kode": "=HYPERLINK(1)"}], earlier_when="2024")
    page = opened(template)["Data"]
    assert {page["A1"].data_type, page["B2"].data_type} == {"s"}
    assert "'=HYPERLINK(1)" in "".join(as_csv(template))


def large(rows):
    codes = CodeList(
        "wilayah:kelurahan", "Kelurahan", tuple(Code(f"36.73.{n:07}", f"Kelurahan {n}") for n in range(rows // 20))
    )
    classes = CodeList("usia", "Usia", tuple(Code(str(n), f"Umur {n}") for n in range(20)))
    columns = (
        Column("kelurahan", "Kelurahan", key=True, code_list=codes.id),
        Column("usia", "Kelompok usia", key=True, code_list=classes.id),
        *(Column(f"n{at}", f"Jumlah {at}", "integer") for at in range(4)),
    )
    return Structure("besar", "Besar", columns=columns, expected=("kelurahan", "usia"), lists=(codes, classes))


def test_many_rows_take_little_memory():
    template = template_of(SUBJECT, large(6_000), made=MADE)
    assert template.count == 6_000
    target = io.BytesIO()
    tracemalloc.start()
    as_workbook(template, target)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 6 * 1024 * 1024


def test_too_many_rows_are_not_laid_out():
    template = template_of(SUBJECT, large(MOST_ROWS + 20), made=MADE)
    assert (template.count, template.fixed) == (0, False)
    assert len(rows(opened(template))) == 1


def test_a_template_says_how_many_cells_its_file_holds():
    lists = len(AREAS.codes) + len(SEX.codes) + len(STATES.codes)
    assert made().cells == 4 * (7 + 4) + lists
    assert template_of(SUBJECT, STRUCTURE, made=MADE).cells == 4 * 7 + lists


def test_a_long_list_is_not_searched_through_for_each_of_its_codes():
    many = CodeList("lokasi", "Lokasi", tuple(Code(str(n), f"Lokasi {n}") for n in range(20_000)))
    long = Structure(
        "lokasi",
        "Lokasi",
        1,
        columns=(Column("l", "Lokasi", key=True, code_list="lokasi"),),
        expected=("l",),
        lists=(many,),
    )
    began = time.process_time()
    text = "".join(as_csv(template_of(SUBJECT, long, made=MADE)))
    assert text.count("\r\n") == 20_002
    # One look through the list per row took a minute.
    assert time.process_time() - began < 5
