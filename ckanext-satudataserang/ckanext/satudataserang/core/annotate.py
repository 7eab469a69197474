"""A file as it was handed in, with what was found written on its cells: coloured, with a note, and listed by rule.

Rows stand where they stand in the source, so "baris 7" is row 7 here too. All cells are text: nothing is run, no zero
is lost. Of long files the first rows are shown, and behind them those that something was found in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from ckanext.satudataserang.core.findings import localized
from ckanext.satudataserang.core.tables.grid import Grid

DATA, FOUND = "Data", "Temuan"
#: So many rows of a file are shown whether or not something was found in them.
MOST_ROWS = 50_000
_MOST_COLUMNS = 500
_LAST_ROW = 1_048_576
_CELL_SIGNS, _NOTE_SIGNS = 32_767, 1_500
_WEIGHT = {"error": 0, "warning": 1, "info": 2}
_COLOURS = {"error": "#F8D7D3", "warning": "#FFF0C7", "info": "#E6F1F3"}
_WORDS = {"error": "harus diperbaiki", "warning": "perlu dilihat", "info": "sekadar diketahui"}
_HEADS = ("Sebab", "Bobot", "Baris", "Kolom", "Isi sekarang", "Yang ditemukan", "Saran", "Buka")
_WIDTHS = (28, 18, 8, 24, 24, 60, 60, 12)

#: The gettext of whoever opens the file.
Translate = Callable[[str], str]


@dataclass
class Remark:
    """What is said of one place: `row` and `at` (from 0) are None where it is about no row or no column."""

    code: str
    severity: str
    message: str
    advice: str
    row: int | None = None
    at: int | None = None
    column: str = ""
    value: str = ""


@dataclass
class _Marks:
    """Remarks by the place they are about: row of the source and column (None: the row as such)."""

    by_place: dict[tuple[int, int | None], list[Remark]] = field(default_factory=dict)
    rows: set[int] = field(default_factory=set)

    def add(self, one: Remark) -> None:
        if one.row is not None:
            self.by_place.setdefault((one.row, one.at), []).append(one)
            self.rows.add(one.row)


def annotated(  # (each says something else about the file)
    grid: Grid,
    findings: Iterable[Mapping[str, Any]],
    totals: Mapping[str, int],
    *,
    title_of: Callable[[str], str] = str,
    translate: Translate = str,
    target: BinaryIO | None = None,
) -> bytes:
    """Write the file.

    :param findings: those that were kept (`Finding.as_dict`)
    :param totals: how many there were of each code
    :param title_of: the name of a rule
    :param target: where to write to; without it the bytes are returned
    """
    out = target or io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    remarks = _remarks(findings, grid.titles, translate)
    name = translate(DATA)[:31]
    listed, data = book.add_worksheet(translate(FOUND)[:31]), book.add_worksheet(name)
    places = _write_data(book, data, grid, remarks, translate)
    _write_list(book, listed, remarks, totals, places, _Said(title_of, translate, name))
    book.close()
    return out.getvalue() if isinstance(out, io.BytesIO) else b""


def rows_of(grid: Grid) -> Iterator[tuple[int, list[str]]]:
    """The rows of a grid with their numbers in the source."""
    if not grid.usable:
        return
    with grid.path.open(encoding="utf-8-sig", newline="") as text:
        reader = csv.reader(text, delimiter=grid.delimiter)
        for _skipped in range(grid.skip):
            next(reader, None)
        try:
            for number, cells in enumerate(reader, start=grid.layout.first):
                if grid.numbered:
                    yield int(cells[0]), cells[1:]
                elif any(cells):
                    yield number, cells
        except csv.Error:
            # A cell longer than any reader takes: what stands before it is shown.
            return


def _remarks(findings: Iterable[Mapping[str, Any]], titles: Sequence[str], translate: Translate) -> list[Remark]:
    at = {" ".join(title.split()).casefold(): place for place, title in reversed(list(enumerate(titles)))}
    found = []
    for one in findings:
        message, advice = localized(one, translate)
        column = str(one.get("column") or "")
        row = one.get("row")
        found.append(
            Remark(
                str(one.get("code") or ""),
                str(one.get("severity") or "warning"),
                message,
                advice,
                int(row) if row else None,
                at.get(" ".join(column.split()).casefold()),
                column,
                str(one.get("value") or ""),
            )
        )
    return sorted(found, key=lambda one: (_WEIGHT.get(one.severity, 1), one.code))


def _write_data(book: Any, page: Any, grid: Grid, remarks: Sequence[Remark], translate: Translate) -> dict[int, int]:
    """Write the rows; gives the row of this file (from 0) that each row of the source stands in."""
    marks = _Marks()
    for one in remarks:
        marks.add(one)
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF1F3", "text_wrap": True})
    formats = {
        name: book.add_format(
            {"bg_color": colour, "border": 1, "border_color": "#B3261E" if name == "error" else "#8F6200"}
        )
        for name, colour in _COLOURS.items()
    }
    titles = grid.titles[:_MOST_COLUMNS]
    top = max(0, grid.layout.header[1] - 1)
    for at, title in enumerate(titles):
        page.write_string(top, at, title[:_CELL_SIGNS], head)
    page.set_column(0, max(len(titles) - 1, 0), 18)
    page.freeze_panes(top + 1, 0)
    places: dict[int, int] = {}
    last, shown = top, 0
    for number, cells in rows_of(grid):
        if shown >= MOST_ROWS and number not in marks.rows:
            continue
        # Where one row of the source became several, they stand below one another.
        here = max(number - 1, last + 1)
        if here >= _LAST_ROW:
            break
        last, shown = here, shown + 1
        places.setdefault(number, here)
        for at, cell in enumerate(cells[:_MOST_COLUMNS]):
            said = marks.by_place.get((number, at), [])
            if at == 0:
                said = [*said, *marks.by_place.get((number, None), [])]
            _write_cell(page, here, at, cell, said, formats, translate)
    return places


def _write_cell(
    page: Any, row: int, at: int, cell: str, said: Sequence[Remark], formats: Mapping[str, Any], translate: Translate
) -> None:
    if not said:
        if cell:
            page.write_string(row, at, cell[:_CELL_SIGNS])
        return
    severity = min((one.severity for one in said), key=lambda name: _WEIGHT.get(name, 1))
    shape = formats.get(severity, formats["warning"])
    if cell:
        page.write_string(row, at, cell[:_CELL_SIGNS], shape)
    else:
        page.write_blank(row, at, None, shape)
    notes = [f"{translate(_WORDS.get(one.severity, one.severity)).upper()}: {one.message} {one.advice}" for one in said]
    text = "\n".join(dict.fromkeys(note.strip() for note in notes))[:_NOTE_SIGNS]
    page.write_comment(row, at, text, {"x_scale": 2.4, "y_scale": 1.6, "author": "Satu Data"})


@dataclass(frozen=True)
class _Said:
    """How rules are called, and in which language."""

    title_of: Callable[[str], str]
    translate: Translate
    sheet: str


def _write_list(
    book: Any, page: Any, remarks: Sequence[Remark], totals: Mapping[str, int], places: Mapping[int, int], said: _Said
) -> None:
    """The list by rule: how many, then each with the address of its cell."""
    translate = said.translate
    bold = book.add_format({"bold": True, "bottom": 1})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    colours = {name: book.add_format({"bold": True, "bg_color": colour}) for name, colour in _COLOURS.items()}
    for at, width in enumerate(_WIDTHS):
        page.set_column(at, at, width)
    for at, title in enumerate(_HEADS):
        page.write_string(0, at, translate(title), bold)
    page.freeze_panes(1, 0)
    row = 1
    if not remarks:
        page.write_string(row, 0, translate("Tidak ada temuan."))
    for code, group in groupby(remarks, key=lambda one: one.code):
        kept = list(group)
        total = max(len(kept), int(totals.get(code, 0)))
        shape = colours.get(kept[0].severity, bold)
        page.write_string(row, 0, f"{said.title_of(code)} ({total}×)", shape)
        page.write_string(row, 1, translate(_WORDS.get(kept[0].severity, kept[0].severity)), shape)
        row += 1
        for one in kept:
            _write_remark(page, row, one, places, wrap, said)
            row += 1
        if total > len(kept):
            more = translate("dan {n} lagi dengan sebab yang sama").format(n=total - len(kept))
            page.write_string(row, 0, more)
            row += 1
    page.autofilter(0, 0, max(row - 1, 1), len(_HEADS) - 1)


def _write_remark(page: Any, row: int, one: Remark, places: Mapping[int, int], wrap: Any, said: _Said) -> None:
    for at, text in ((3, one.column), (4, one.value), (5, one.message), (6, one.advice)):
        if text:
            page.write_string(row, at, text[:_CELL_SIGNS], wrap)
    if one.row is not None:
        page.write_number(row, 2, one.row)
    if one.row is not None and one.row in places:
        cell = xl_rowcol_to_cell(places[one.row], one.at or 0)
        page.write_url(row, 7, f"internal:'{said.sheet}'!{cell}", string=said.translate("Buka") + f" {cell}")
