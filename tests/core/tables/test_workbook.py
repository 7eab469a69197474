"""A workbook is read as text, and one that would fill the memory or reach for other files is refused before that."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
import xlsxwriter

from ckanext.satudataserang.core.tables.workbook import WorkbookError, is_workbook, read_first_sheet


def book(*rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(content, name, change, compression=zipfile.ZIP_DEFLATED):
    """The workbook with one part put through `change`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for part in old.namelist():
            body = old.read(part)
            new.writestr(part, change(body) if part == name else body)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_MAIN = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows):
    return b'<worksheet xmlns="' + _MAIN + b'"><sheetData>' + rows + b"</sheetData></worksheet>"


def test_cells_become_text():
    rows = read_first_sheet(
        book(
            ("kode", None, "angka"),
            (None, None, None),
            ("A", True, 90),
            ("0012", 1.5, date(2026, 1, 31)),
            ("=1+1", datetime(2026, 1, 31, 7, 30), None),  # noqa: DTZ001  a workbook knows no time zone
        )
    )
    assert rows[0] == ["kode", "", "angka"]
    assert rows[1] == ["", "", ""]
    assert rows[2] == ["A", "true", "90"]
    assert rows[3] == ["0012", "1.5", "2026-01-31"]
    assert rows[4][1] == "2026-01-31 07:30:00"


def test_cells_that_do_not_say_where_they_are_stand_one_behind_the_other():
    rows = b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 2
    assert read_first_sheet(changed(book(("a",)), SHEET, lambda _body: sheet(rows))) == [["1", "2"], ["1", "2"]]


def test_rows_keep_their_numbers_below_an_empty_top():
    made = openpyxl.Workbook()
    made.active["B3"] = "x"
    out = io.BytesIO()
    made.save(out)
    assert read_first_sheet(out.getvalue()) == [["", ""], ["", ""], ["", "x"]]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda body: body.replace(b'r="A1"', b'r="XFD1048576"'), "terlalu banyak baris atau kolom"),
        (lambda body: body.replace(b'r="A1"', b"r = 'ZZZ1'"), "terlalu banyak baris atau kolom"),
        (lambda body: body.replace(b'r="A1"', b'r="&#90;&#90;Z1"'), "terlalu banyak baris atau kolom"),
        (lambda _body: sheet(b"<row>" + b"<c><v>1</v></c>" * 201 + b"</row>"), "terlalu banyak baris atau kolom"),
        (lambda _body: sheet(b"<row/>" * 20_001), "terlalu banyak baris atau kolom"),
        (lambda _body: sheet(b'<row r="20000"/><row><c><v>1</v></c></row>'), "terlalu banyak baris atau kolom"),
        (lambda body: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + body, "rusak"),
        (lambda body: body.decode().encode("utf-16"), "rusak"),
        (lambda body: body + b" " * (101 * 1024 * 1024), "terlalu besar"),
        (lambda _body: b"<worksheet><sheetData><row><c>", "rusak"),
    ],
)
def test_a_hostile_sheet_is_refused(change, said):
    with pytest.raises(WorkbookError, match=said):
        read_first_sheet(changed(book(("a", "b")), SHEET, change))


def test_one_long_text_in_many_cells_is_refused():
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    sheet = made.add_worksheet()
    for row in range(200):
        sheet.write_string(row, 0, "a")
    made.close()
    long = b"<t>" + b"a" * 1_000_000 + b"</t>"
    content = changed(out.getvalue(), "xl/sharedStrings.xml", lambda body: body.replace(b"<t>a</t>", long))
    with pytest.raises(WorkbookError, match="terlalu panjang"):
        read_first_sheet(content)


def test_a_sheet_under_another_ending_is_refused():
    content = changed(
        book(("a",)), "xl/_rels/workbook.xml.rels", lambda body: body.replace(b"sheet1.xml", b"sheet1.png")
    )
    with pytest.raises(WorkbookError, match="bentuk lain"):
        read_first_sheet(content)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + b"\0" * 500, b"\xd0\xcf\x11\xe0" + b"\0" * 600])
def test_what_only_looks_like_a_workbook_is_refused(content):
    assert is_workbook(content)
    with pytest.raises(WorkbookError):
        read_first_sheet(content)


def test_every_cut_of_a_workbook_is_refused():
    content = book(("a", "b"), ("c", 1))
    for size in range(0, len(content), 397):
        with pytest.raises(WorkbookError):
            read_first_sheet(content[:size])


def test_damage_anywhere_is_refused_or_read_but_never_a_crash():
    content = book(("a", "b"), ("c", 1))
    for place in range(0, len(content), 53):
        damaged = content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]
        try:
            read_first_sheet(damaged)
        except WorkbookError:
            continue


def test_another_archive_is_no_workbook():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(WorkbookError, match="bukan buku kerja"):
        read_first_sheet(out.getvalue())
