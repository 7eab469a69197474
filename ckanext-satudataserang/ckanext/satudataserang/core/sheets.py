"""Tables as files for people: CSV and workbooks whose text no spreadsheet runs as a formula.

CSV is UTF-8 with a byte order mark, so that spreadsheets read its letters right; readers of data skip it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import xlsxwriter

from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe

BOM = "\ufeff"
_WIDEST = 60


class Table(Protocol):
    """What can be written: a name, columns, and rows of text, numbers, booleans or None."""

    @property
    def name(self) -> str: ...
    @property
    def columns(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Iterable[Sequence[Any]]: ...


@dataclass(frozen=True)
class Sheet:
    """A table with a name. Values are text, numbers, booleans or None."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def _spare_dash(text: str) -> str:
    # A lone dash says "empty" in national files, and no spreadsheet runs it.
    return text if text == "-" else spreadsheet_safe(text)


def csv_lines(sheet: Table, harmless: Callable[[str], str] = _spare_dash) -> Iterator[str]:
    """A table as CSV, line by line; the first line begins with the byte order mark.

    :param harmless: makes a text one that no spreadsheet runs
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BOM)
    for row in chain((sheet.columns,), sheet.rows):
        writer.writerow([_plain(value, harmless) for value in row])
        yield out.getvalue()
        out.seek(0)
        out.truncate()


def workbook(sheets: Iterable[Table]) -> bytes:
    """Tables as one workbook. Text is written as text, never as a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        widths = [len(column) for column in sheet.columns]
        page.write_row(0, 0, sheet.columns, head)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, number, column, value)
                widths[column] = max(widths[column], len(str(value or "")))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, _WIDEST) + 2)
        page.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def without_guard(text: str) -> str:
    """A text as it was before `csv_lines` made it harmless: what comes back from a spreadsheet is what went out."""
    bare = text[1:]
    return bare if text[:1] == "'" and spreadsheet_safe(bare) == text else text


def _plain(value: Any, harmless: Callable[[str], str]) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else value


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if value in (None, ""):
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))
