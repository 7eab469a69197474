"""Workbooks of all kinds by way of calamine. Meant for a process of its own: what it reads may be hostile."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from . import ods, xlsx
from .heading import Block
from .records import Record
from .styles import Runs, as_percent
from .workbook import cell_text
from .xlsx import BROKEN, Bounds, Failed, Looked, WorkbookError

_STAMP = "_satudata"
_BEGINNING = 500
_STAMP_ROWS = 50
_DAMAGED = "Buku kerja ini rusak."
_OLE_STREAMS = (
    ("EncryptedPackage", "buku-kerja-bersandi"),
    ("WordDocument", "bukan-csv:word"),
    ("PowerPoint Document", "bukan-csv:presentasi"),
    ("__properties_version1.0", "bukan-csv:surel"),
)
_MOST_MERGED = 200_000


class Book:
    """One workbook, looked over and open. Raises WorkbookError when it cannot be read."""

    def __init__(self, path: Path, wishes: Mapping[str, Any]) -> None:
        self.form, looked = _looked_over(path, wishes)
        self._failed, self._percent = looked.failed, looked.percent
        self.hidden = looked.hidden
        self.percent_columns: dict[str, list[int]] = {
            name: runs.columns for name, runs in looked.percent.items() if runs
        }
        self._sheets: dict[str, CalamineSheet] = {}
        try:
            self._book = CalamineWorkbook.from_path(str(path))
            seen = self._book.sheets_metadata
        except PasswordError as problem:
            raise WorkbookError(_DAMAGED, "buku-kerja-bersandi") from problem
        except (CalamineError, OSError, ValueError) as problem:
            raise WorkbookError(_DAMAGED) from problem
        tables = [one for one in seen if one.typ is SheetTypeEnum.WorkSheet]
        self.names = [one.name for one in tables]
        self.visible = [one.name for one in tables if one.visible is SheetVisibleEnum.Visible]
        self._cells = int(wishes["cells"])

    def beginning(self, name: str) -> list[Record]:
        """The first rows of a sheet."""
        return list(islice(self.rows(name), _BEGINNING))

    def rows(self, name: str) -> Iterator[Record]:
        """All rows of a sheet with their numbers, as a person sees them: numbers that are shown as per cent are a
        hundred times what is kept, merged cells are filled downwards, failed formulas say so.
        """
        sheet = self._sheet(name)
        if sheet.start is None or sheet.end is None:
            return
        failed, below = self._failed.get(name, {}), _filled_down(sheet)
        by_row: dict[int, list[tuple[int, str]]] = {}
        for (row, column), text in failed.items():
            by_row.setdefault(row, []).append((column, text))
        carried: dict[int, str] = {}
        for row, cells in enumerate(self._shown(sheet, sheet.start[1], name)):
            for column, text in by_row.get(row, ()):
                if column < len(cells) and not cells[column]:
                    cells[column] = text
            for column, first in below.get(row, ()):
                if column < len(cells):
                    if first:
                        carried[column] = cells[column]
                    elif not cells[column]:
                        cells[column] = carried.get(column, "")
            yield row + 1, cells

    def _shown(self, sheet: CalamineSheet, lead: int, name: str) -> Iterator[list[str]]:
        """The cells of every row as they are shown, behind `lead` empty ones."""
        empty = [""] * lead
        percent = self._percent.get(name) or Runs()
        columns = percent.columns
        for row, values in enumerate(sheet.iter_rows()):
            cells = [*empty, *map(_text, values)]
            for column in columns:
                if column < len(cells) and cells[column] and percent.has(row, column):
                    cells[column] = as_percent(cells[column])
            yield cells

    def blocks(self, name: str) -> list[Block]:
        """The merged cells of a sheet, rows from 1, columns from 0."""
        ranges = self._sheet(name).merged_cell_ranges or []
        return [(top + 1, bottom + 1, left, right) for (top, left), (bottom, right) in ranges]

    def stamp(self) -> dict[str, str]:
        """What a template of ours says about itself."""
        if _STAMP not in self.names:
            return {}
        pairs = (cells for _number, cells in islice(self.rows(_STAMP), _STAMP_ROWS))
        return {cells[0]: cells[1] for cells in pairs if len(cells) > 1 and cells[0]}

    def _sheet(self, name: str) -> CalamineSheet:
        if name not in self._sheets:
            # One at a time: sheets may be large.
            self._sheets.clear()
            try:
                self._sheets[name] = self._book.get_sheet_by_name(name)
            except (CalamineError, OSError, ValueError) as problem:
                raise WorkbookError(_DAMAGED) from problem
        sheet = self._sheets[name]
        if sheet.total_height * sheet.total_width > self._cells:
            raise WorkbookError(_DAMAGED, "lembar-terlalu-luas")
        return sheet


def _text(value: Any) -> str:
    """A cell's text; three decimals get a fourth, so that their point is not taken for one of thousands."""
    text = cell_text(value)
    return f"{text}0" if value.__class__ is float and text[-4:-3] == "." else text


def _filled_down(sheet: CalamineSheet) -> dict[int, list[tuple[int, bool]]]:
    """By row the columns that are merged downwards: True where the block begins, False in the rows below."""
    found: dict[int, list[tuple[int, bool]]] = {}
    count = 0
    last = sheet.total_height
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        for row in range(top, min(bottom, last) + 1 if bottom > top else top):
            found.setdefault(row, []).append((left, row == top))
            count += 1
            if count > _MOST_MERGED:
                return found
    return found


def _looked_over(path: Path, wishes: Mapping[str, Any]) -> tuple[str, Looked]:
    cells, unpacked = int(wishes["cells"]), int(wishes["unpacked"])
    bounds = Bounds(int(wishes["rows"]), 16_384, unpacked, None, cells)
    with path.open("rb") as stream:
        if wishes["shape"] == "ole":
            _check_ole(stream.read())
            from . import biff  # noqa: PLC0415 (only what is needed is loaded)

            return "xls", biff.looked_over(path, bounds)
        try:
            with zipfile.ZipFile(stream) as parts:
                form = _form(parts)
        except WorkbookError:
            raise
        except BROKEN as problem:
            raise WorkbookError(_DAMAGED) from problem
        stream.seek(0)
        return form, (ods if form == "ods" else xlsx).looked_over(stream, bounds)


def _form(parts: zipfile.ZipFile) -> str:
    """Which kind of workbook an archive is. Raises WorkbookError for other archives."""
    names = {one.filename.lower() for one in parts.infolist()}
    if "content.xml" in names and "mimetype" in {one.filename for one in parts.infolist()}:
        kind = parts.open("mimetype").read(200).strip()
        if kind.startswith(ods.MIMETYPE.encode()):
            return "ods"
        raise WorkbookError(_DAMAGED, "bukan-csv:opendocument")
    if "xl/workbook.bin" in names:
        raise WorkbookError(_DAMAGED, "buku-kerja-xlsb")
    if "xl/vbaproject.bin" in names:
        raise WorkbookError(_DAMAGED, "buku-kerja-makro")
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "word/document.xml" in names:
        raise WorkbookError(_DAMAGED, "bukan-csv:word")
    if any(name.startswith("ppt/") for name in names):
        raise WorkbookError(_DAMAGED, "bukan-csv:presentasi")
    raise WorkbookError(_DAMAGED, "bukan-csv:arsip")


def _check_ole(content: bytes) -> None:
    """Refuse what else comes in the same container: encrypted workbooks, documents, messages."""
    if "Workbook".encode("utf-16-le") in content or "Book".encode("utf-16-le") in content:
        return
    for stream, code in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            raise WorkbookError(_DAMAGED, code)
    raise WorkbookError(_DAMAGED)


__all__ = ["Book", "Failed"]
