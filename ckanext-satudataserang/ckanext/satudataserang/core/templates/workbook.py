"""The template as a workbook: a short guide, the sheet to fill in, the lists it chooses from, and the stamp.

The titles in the first row are exactly those agreed; what is asked of a column (its unit, whether it is compulsory)
is shown behind them by the cell's format alone, so that reading the file finds the agreed title. Rows are written one
after another to a temporary file, so memory does not grow with their number.
"""

from __future__ import annotations

import io
from datetime import datetime, time
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter

from ckanext.satudataserang.core.templates import guide
from ckanext.satudataserang.core.templates.choices import Choices
from ckanext.satudataserang.core.templates.model import Template, TemplateColumn
from ckanext.satudataserang.core.templates.stamp import DATA, GUIDE, LISTS, SHEET, beside
from ckanext.satudataserang.core.templates.validation import validation

#: So many empty rows below the laid out ones are ready to be typed into.
SPARE_ROWS = 1_000
_NARROW, _WIDE = 12, 44
_FONT = {"font_name": "Calibri", "font_size": 11, "valign": "vcenter"}
_BRAND, _BRAND_DARK, _GREY, _GREY_INK, _LINE = "#0B5C6B", "#063F4A", "#EEF1F3", "#52646F", "#C9D2D7"
_UNGUARDED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
}
_FORMULA_SIGNS = 200


def as_workbook(template: Template, target: BinaryIO | None = None) -> bytes:
    """Write a template; the same template makes the same bytes.

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
    subject = template.subject
    moment = datetime.combine(template.made, time())
    book.set_properties({"title": f"{subject.title}, {subject.when}", "author": subject.opd, "created": moment})
    guide.write(book, book.add_worksheet(GUIDE), template)
    data = book.add_worksheet(DATA)
    lists = Choices(book, book.add_worksheet(LISTS), template.columns)
    _Data(book, data, template, lists).write()
    _stamp(book, template)
    data.activate()
    book.close()
    return out.getvalue() if isinstance(out, io.BytesIO) else b""


class _Data:
    """The sheet that is filled in."""

    def __init__(self, book: Any, page: Any, template: Template, lists: Choices) -> None:
        self.book, self.page, self.template, self.lists = book, page, template, lists
        self.named = [column for column in template.laid_out if column.by_code]
        shown = template.earlier is not None
        self.before = [column for column in template.columns if column.is_measure] if shown else []

    def write(self) -> None:
        template, page = self.template, self.page
        self._titles()
        formats = {column.id: self._input(column) for column in template.columns}
        fixed = {column.id: self._input(column, locked=True) for column in template.laid_out}
        grey = self.book.add_format(
            {**_FONT, "bg_color": _GREY, "font_color": _GREY_INK, "border": 1, "border_color": _LINE}
        )
        figures = {
            column.id: self.book.add_format(
                {
                    **_FONT,
                    "bg_color": _GREY,
                    "font_color": _GREY_INK,
                    "border": 1,
                    "border_color": _LINE,
                    "num_format": _number_format(column),
                }
            )
            for column in self.before
        }
        for number, key in enumerate(template.lines(), start=1):
            told = dict(zip((column.id for column in template.laid_out), key, strict=True))
            for at, column in enumerate(template.columns):
                if column.id in told:
                    cell = fixed[column.id] if template.fixed else formats[column.id]
                    _write(page, number, at, column.entered(told[column.id]), cell, figure=column.is_number)
                else:
                    page.write_blank(number, at, None, formats[column.id])
            for at, column in enumerate(self.named, start=len(template.columns)):
                page.write_string(number, at, column.label(told[column.id]), grey)
            values = template.earlier.rows.get(key, {}) if template.earlier else {}
            for at, column in enumerate(self.before, start=len(template.columns) + len(self.named)):
                _write(page, number, at, values.get(column.id, ""), figures[column.id], figure=column.is_number)
        self._rules()
        self._frame(formats)

    def _titles(self) -> None:
        page = self.page
        page.set_row(0, 48)
        for at, column in enumerate(self.template.columns):
            page.write_string(0, at, column.title, self._head(column))
            if note := guide.note(column):
                page.write_comment(0, at, note, {"x_scale": 2.2, "y_scale": 1.6, "author": "Satu Data"})
        grey = self.book.add_format(
            {
                **_FONT,
                "bold": True,
                "bg_color": _GREY,
                "font_color": _GREY_INK,
                "text_wrap": True,
                "border": 1,
                "border_color": _LINE,
            }
        )
        at = len(self.template.columns)
        for column in self.named:
            page.write_string(0, at, beside(column.names), grey)
            at += 1
        when = self.template.earlier.when if self.template.earlier else ""
        for column in self.before:
            page.write_string(0, at, beside(f"{when}: {column.title}"), grey)
            at += 1

    def _head(self, column: TemplateColumn) -> Any:
        demand = column.demand.replace('"', "'")[:_FORMULA_SIGNS]
        return self.book.add_format(
            {
                **_FONT,
                "bold": True,
                "font_color": "#FFFFFF",
                "bg_color": _BRAND if column.required else _BRAND_DARK,
                "text_wrap": True,
                "border": 1,
                "border_color": _LINE,
                # The cell holds the title alone; the words in brackets are only shown.
                "num_format": f'@" ({demand})"',
            }
        )

    def _input(self, column: TemplateColumn, *, locked: bool = False) -> Any:
        return self.book.add_format(
            {
                **_FONT,
                "locked": locked,
                "border": 1,
                "border_color": _LINE,
                "num_format": _number_format(column),
                **({"bg_color": _GREY, "bold": True} if locked else {}),
            }
        )

    def _rules(self) -> None:
        last = self.template.count + SPARE_ROWS
        first = 1
        for at, column in enumerate(self.template.columns):
            if column.laid_out and self.template.fixed:
                continue
            rule = validation(column, self.lists.source(column))
            if rule:
                self.page.data_validation(first, at, last, at, rule)

    def _frame(self, formats: dict[str, Any]) -> None:
        page, template = self.page, self.template
        for at, column in enumerate(template.columns):
            page.set_column(at, at, _width(column), formats[column.id])
        at = len(template.columns)
        for column in self.named:
            page.set_column(
                at,
                at,
                max(_NARROW, max((len(one.label) for one in column.choices.codes), default=0) + 2)
                if column.choices
                else _NARROW,
            )
            at += 1
        if self.before:
            page.set_column(at, at + len(self.before) - 1, 16)
            at += len(self.before)
        leading = 0
        for column in template.columns:
            if not (column.laid_out or column.key):
                break
            leading += 1
        page.freeze_panes(1, min(leading, 3))
        page.protect("", _UNGUARDED)
        page.set_landscape()
        page.set_paper(9)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.print_area(0, 0, max(template.count, 1), max(at - 1, 0))
        subject = template.subject
        page.set_footer(f"&L{_plain(subject.entry)}, {_plain(subject.when)}&RHalaman &P dari &N")


def _stamp(book: Any, template: Template) -> None:
    page = book.add_worksheet(SHEET)
    for row, (key, value) in enumerate([*template.stamp.items(), ("lembar", DATA)]):
        page.write_string(row, 0, key)
        page.write_string(row, 1, value)
    page.very_hidden()


def _write(page: Any, row: int, at: int, value: str, cell: Any, *, figure: bool) -> None:
    if value == "":
        page.write_blank(row, at, None, cell)
        return
    if figure:
        try:
            number = Decimal(value)
        except ArithmeticError:
            number = Decimal("NaN")
        if number.is_finite() and len(number.as_tuple().digits) <= 15:  # noqa: PLR2004 (what a spreadsheet keeps)
            page.write_number(row, at, int(number) if number == number.to_integral_value() else float(number), cell)
            return
    page.write_string(row, at, value, cell)


def _number_format(column: TemplateColumn) -> str:
    if column.type == "integer":
        # A year or a running number that says what a row is about is not parted into thousands.
        return "0" if column.key else "#,##0"
    if column.type == "numeric":
        return f"#,##0.{'0' * column.decimals}" if column.decimals else "#,##0" if column.decimals == 0 else "General"
    return "dd-mm-yyyy" if column.type == "date" else "@"


def _width(column: TemplateColumn) -> int:
    longest = max((len(column.entered(one.code)) for one in column.choices.codes), default=0) if column.choices else 0
    shown = len(column.title) + len(column.demand)
    return min(max(_NARROW, longest + 3, min(shown // 2 + 3, 28)), _WIDE)


def _plain(text: str) -> str:
    """A text in a footer, where ``&`` begins a sign of its own."""
    return text.replace("&", "&&")[:100]
