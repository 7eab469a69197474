"""Reading the first sheet of a small Excel workbook (.xlsx) as rows of text, in this process."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook

from .xlsx import DAMAGED, Bounds, WorkbookError, looked_over

__all__ = ["MAX_COLUMNS", "MAX_ROWS", "WorkbookError", "cell_text", "is_workbook", "read_first_sheet"]

MAX_ROWS, MAX_COLUMNS = 20_000, 200
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_TEXT = 100 * 1024 * 1024
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook (also one that is refused) rather than text."""
    return content.startswith((_ZIP, _OLE))


def read_first_sheet(content: bytes, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> list[list[str]]:
    """The cells of the first sheet as text: dates in ISO 8601, whole numbers without a decimal point, nothing as "".

    :raises WorkbookError: when it is no .xlsx, is damaged, or is larger than it may be
    """
    if content.startswith(_OLE):
        message = "Buku kerja Excel lama (.xls) atau yang berkata sandi tidak dibaca. Simpan sebagai .xlsx atau CSV."
        raise WorkbookError(message)
    looked_over(io.BytesIO(content), Bounds(max_rows, max_columns, _MAX_UNPACKED, _MAX_TEXT))
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        rows = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False) if names else []
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # a panic of the reader is no Exception
        raise WorkbookError(DAMAGED) from problem
    return [[cell_text(value) for value in row] for row in rows]


def cell_text(value: Any) -> str:
    """A cell's value as text: as it is, a number without an exponent and with at most the 15 digits Excel keeps."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "" if value is None else str(value).strip() if not isinstance(value, timedelta) else str(value)


def _number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    text = f"{value:.15g}"
    return f"{Decimal(text):f}" if "e" in text else text
