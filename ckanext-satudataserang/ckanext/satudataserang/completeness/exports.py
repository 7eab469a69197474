"""The pages as files: the same rows in the same order, with plain numbers for machines.

CSV is UTF-8 with a byte order mark, so that spreadsheets read its letters right; readers of data (pandas, csvkit) skip
it. Text that a spreadsheet would run as a formula is made harmless in both. JSON holds the text as it is.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter

from ckanext.satudataserang.completeness.sheets import CELL_COLUMNS, ENTRY_COLUMNS, Sheet, cell_rows, entry_rows
from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe

BOM = "\ufeff"
_WIDEST = 60


def cell_sheet(cells: Iterable[Mapping[str, Any]]) -> Sheet:
    """The list of cells as a table."""
    return Sheet("sel", "Sel", CELL_COLUMNS, cell_rows(cells))


def entry_sheet(entries: Iterable[Mapping[str, Any]]) -> Sheet:
    """The list of plan entries as a table."""
    return Sheet("entri", "Entri", ENTRY_COLUMNS, entry_rows(entries))


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """A table as CSV, line by line; the first line begins with the byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BOM)
    writer.writerow(sheet.columns)
    yield _taken(out)
    for row in sheet.rows:
        writer.writerow([_plain(value) for value in row])
        yield _taken(out)


def workbook(sheets: Iterable[Sheet]) -> bytes:
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


def json_lines(sheets: Iterable[Sheet], about: Mapping[str, Any]) -> Iterator[str]:
    """Tables as one JSON document, row by row: ``{…about, "tabel": {key: {"nama", "baris": [{column: value}]}}}``."""
    opening = json.dumps(dict(about), ensure_ascii=False, default=_written)
    yield opening[:-1] + (", " if about else "") + '"tabel": {'
    for number, sheet in enumerate(sheets):
        name = json.dumps(sheet.name, ensure_ascii=False)
        yield f'{", " if number else ""}{json.dumps(sheet.key)}: {{"nama": {name}, "baris": ['
        for at, row in enumerate(sheet.rows):
            line = json.dumps(dict(zip(sheet.columns, row, strict=True)), ensure_ascii=False, default=_written)
            yield f"{',' if at else ''}\n{line}"
        yield "]}"
    yield "}}\n"


def _written(value: Any) -> str:
    """A moment or a day as text."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return spreadsheet_safe(value) if isinstance(value, str) else value


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if value in (None, ""):
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
