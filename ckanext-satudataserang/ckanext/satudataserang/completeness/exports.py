"""The pages as files: the same rows in the same order, with plain numbers for machines.

CSV is UTF-8 with a byte order mark, so that spreadsheets read its letters right; readers of data (pandas, csvkit) skip
it. Text that a spreadsheet would run as a formula is made harmless in both. JSON holds the text as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from ckanext.satudataserang.completeness.sheets import CELL_COLUMNS, ENTRY_COLUMNS, Sheet, cell_rows, entry_rows
from ckanext.satudataserang.core import sheets
from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe
from ckanext.satudataserang.core.sheets import BOM, workbook

__all__ = ["BOM", "cell_sheet", "csv_lines", "entry_sheet", "json_lines", "workbook"]


def cell_sheet(cells: Iterable[Mapping[str, Any]]) -> Sheet:
    """The list of cells as a table."""
    return Sheet("sel", "Sel", CELL_COLUMNS, cell_rows(cells))


def entry_sheet(entries: Iterable[Mapping[str, Any]]) -> Sheet:
    """The list of plan entries as a table."""
    return Sheet("entri", "Entri", ENTRY_COLUMNS, entry_rows(entries))


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """A table as CSV, line by line; the first line begins with the byte order mark."""
    return sheets.csv_lines(sheet, spreadsheet_safe)


def json_lines(tables: Iterable[Sheet], about: Mapping[str, Any]) -> Iterator[str]:
    """Tables as one JSON document, row by row: ``{…about, "tabel": {key: {"nama", "baris": [{column: value}]}}}``."""
    opening = json.dumps(dict(about), ensure_ascii=False, default=_written)
    yield opening[:-1] + (", " if about else "") + '"tabel": {'
    for number, sheet in enumerate(tables):
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
