"""Looking an old Excel workbook (.xls) over: what its values alone do not say about how a person sees them.

Such a workbook keeps 0.125 and a number format where 12,5 % is shown, and a code where a formula failed; the reader of
its values gives neither. Also counted is what is hidden.
"""

from __future__ import annotations

import os
from pathlib import Path

import xlrd
from xlrd.biffh import XL_CELL_BLANK, XL_CELL_EMPTY, XL_CELL_ERROR, XL_CELL_NUMBER, XLRDError, error_text_from_code
from xlrd.sheet import Sheet

from .styles import Runs, shows_percent
from .xlsx import Bounds, Failed, Looked, WorkbookError

_DAMAGED = "Buku kerja Excel lama (.xls) ini rusak atau tidak dapat dibaca."
_MOST_FAILED = 50_000
_NOTHING = (XL_CELL_EMPTY, XL_CELL_BLANK)


def looked_over(path: Path, bounds: Bounds) -> Looked:
    """Look through all sheets of a workbook. Raises WorkbookError when it is damaged, locked, or takes too much."""
    looked = Looked()
    with Path(os.devnull).open("w", encoding="utf-8") as silence:
        try:
            book = xlrd.open_workbook(
                str(path), logfile=silence, formatting_info=True, on_demand=True, ignore_workbook_corruption=True
            )
            percent = _percent_styles(book)
            for place, name in enumerate(book.sheet_names()):
                _look(book.sheet_by_index(place), name, percent, bounds, looked)
                # One at a time: sheets may be large.
                book.unload_sheet(place)
        except (MemoryError, WorkbookError):
            raise
        except Exception as problem:  # a damaged record ends in any of Python's exceptions
            locked = isinstance(problem, XLRDError) and "encrypted" in str(problem)
            raise WorkbookError(_DAMAGED, "buku-kerja-bersandi" if locked else "buku-kerja-rusak") from problem
    return looked


def _percent_styles(book: xlrd.Book) -> frozenset[int]:
    """The numbers of the cell styles that show per cent."""
    formats = {key for key, one in book.format_map.items() if shows_percent(one.format_str or "")}
    return frozenset(place for place, style in enumerate(book.xf_list) if style.format_key in formats)


def _look(sheet: Sheet, name: str, percent: frozenset[int], bounds: Bounds, looked: Looked) -> None:
    if bounds.cells is not None and sheet.nrows * sheet.ncols > bounds.cells:
        raise WorkbookError(_DAMAGED, "lembar-terlalu-luas")
    failed: Failed = {}
    runs = Runs()
    hidden_columns = {place for place, one in sheet.colinfo_map.items() if one.hidden}
    rows_hidden, columns_hidden = 0, set[int]()
    for row in range(sheet.nrows):
        types = sheet.row_types(row)
        info = sheet.rowinfo_map.get(row)
        full = False
        for column, kind in enumerate(types):
            if kind in _NOTHING:
                continue
            full = True
            if column in hidden_columns:
                columns_hidden.add(column)
            if kind == XL_CELL_NUMBER:
                if percent and sheet.cell_xf_index(row, column) in percent:
                    runs.add(row, column)
            elif kind == XL_CELL_ERROR and len(failed) < _MOST_FAILED:
                failed[row, column] = error_text_from_code.get(int(sheet.cell_value(row, column)), "#VALUE!")
        rows_hidden += full and info is not None and bool(info.hidden)
    looked.failed[name], looked.percent[name] = failed, runs
    looked.hidden[name] = (rows_hidden, len(columns_hidden))
