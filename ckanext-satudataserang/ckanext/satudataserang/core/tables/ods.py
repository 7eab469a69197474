"""Looking an OpenDocument spreadsheet (.ods) over before it is read: few signs of it can stand for endless cells."""

from __future__ import annotations

import re
import zipfile
from typing import BinaryIO
from xml.parsers import expat

from .cells import NO_RESULT
from .styles import Runs
from .xlsx import BROKEN, Bounds, Failed, Looked, WorkbookError, pieces

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_ENCRYPTED = re.compile(rb"encryption-data")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_MOST_PARTS = 5_000
_WIDEST = 1_000
_DAMAGED = "Lembar kerja ODS ini rusak atau tidak dapat dibaca."


def looked_over(stream: BinaryIO, bounds: Bounds) -> Looked:
    """Look through a spreadsheet. Raises WorkbookError when it is damaged, encrypted, or takes too much."""
    try:
        with zipfile.ZipFile(stream) as parts:
            return _look(parts, bounds)
    except WorkbookError:
        raise
    except BROKEN as problem:
        raise WorkbookError(_DAMAGED) from problem


def _look(parts: zipfile.ZipFile, bounds: Bounds) -> Looked:
    found = parts.infolist()
    names = {one.filename: one for one in found}
    if len(names) != len(found) or len(found) > _MOST_PARTS or _CONTENT not in names:
        raise WorkbookError(_DAMAGED)
    if sum(one.file_size for one in found) > bounds.unpacked:
        raise WorkbookError(_DAMAGED, "buku-kerja-terlalu-besar")
    if _MANIFEST in names and any(_ENCRYPTED.search(tail + piece) for tail, piece in pieces(parts, names[_MANIFEST])):
        raise WorkbookError(_DAMAGED, "buku-kerja-bersandi")
    sheets = _Sheets(bounds)
    for tail, piece in pieces(parts, names[_CONTENT]):
        if _DECLARATION.search(tail + piece) or b"\0" in piece:
            raise WorkbookError(_DAMAGED)
        sheets.read(piece)
    sheets.read(b"", last=True)
    return Looked(sheets.failed, sheets.percent)


class _Sheets:
    """Follows rows and cells as they repeat."""

    def __init__(self, bounds: Bounds) -> None:
        self.failed: dict[str, Failed] = {}
        self.percent: dict[str, Runs] = {}
        self._bounds = bounds
        self._name = ""
        self._row = self._repeats = 0
        self._column = self._most_columns = self._row_end = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end

    def read(self, piece: bytes, *, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as problem:
            raise WorkbookError(_DAMAGED) from problem

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table":
            self._name = attributes.get("table:name", "")
            self._row = self._most_columns = 0
        elif name == "table:table-row":
            self._repeats = _count(attributes.get("table:number-rows-repeated"))
            self._column = self._row_end = 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            self._cell(attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        has_value = "office:value-type" in attributes or "calcext:value-type" in attributes
        if "table:formula" in attributes and not has_value:
            failed = self.failed.setdefault(self._name, {})
            if len(failed) < 50_000:  # noqa: PLR2004 (more are not shown)
                failed[self._row, self._column] = NO_RESULT
        count = _count(attributes.get("table:number-columns-repeated"))
        if attributes.get("office:value-type") == "percentage":
            runs = self.percent.setdefault(self._name, Runs())
            for place in range(min(count, _WIDEST)):
                runs.add(self._row, self._column + place, self._repeats)
        self._column += count
        if has_value:
            self._row_end = self._column

    def _end(self, name: str) -> None:
        if name != "table:table-row":
            return
        self._row += self._repeats
        if self._row_end == 0:
            return
        self._most_columns = max(self._most_columns, self._row_end)
        bounds = self._bounds
        too_many = bounds.cells is not None and self._row * self._most_columns > bounds.cells
        if too_many or self._row > bounds.rows or self._most_columns > bounds.columns:
            raise WorkbookError(_DAMAGED, "lembar-terlalu-luas")


def _count(text: str | None) -> int:
    if text is None:
        return 1
    if not text.isascii() or not text.isdigit() or len(text) > 12:  # noqa: PLR2004 (more than any sheet has)
        raise WorkbookError(_DAMAGED)
    return max(1, int(text))
