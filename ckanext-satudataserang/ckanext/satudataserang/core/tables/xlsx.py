"""Looking an Excel workbook (.xlsx) over before it is read: what it takes to unpack, and what its formulas left behind.

A workbook is a zip of XML parts and hostile until shown otherwise. What it would take to unpack and to hold is judged
from its directory and from the places its cells take, said or counted, before the reader, which keeps a sheet as a full
rectangle, is let near it.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.etree import ElementTree
from xml.parsers import expat

from .cells import NO_RESULT
from .styles import STYLES, Runs, percent_styles

_MAX_PARTS = 2_000
#: What Python's reader of archives raises on damaged, encrypted and unsupported ones.
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_CHUNK = 1 << 20
_OVERLAP = 64
_ADDRESS = re.compile(r"\$?([A-Za-z]{0,7})\$?([0-9]{1,12})", re.ASCII)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"/?(?:xl/)?worksheets/[\w.-]+\.xml", re.IGNORECASE)
_SHEETS = "xl/worksheets/"
_BOOK, _RELATIONS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"
_MOST_FAILED = 50_000
_TRUE = ("1", "true")
_DIGITS, _SPANS = 12, 100


class WorkbookError(ValueError):
    """The workbook cannot be read; the message is an Indonesian sentence for the person who sent it.

    `code` is that of the sentence in `sentences`.
    """

    def __init__(self, message: str, code: str = "buku-kerja-rusak") -> None:
        super().__init__(message)
        self.code = code


DAMAGED = "Buku kerja Excel ini rusak atau tidak dapat dibaca. Buka di Excel, simpan ulang sebagai .xlsx atau CSV."


@dataclass(frozen=True)
class Bounds:
    """What a workbook may take: rows, columns and cells of a sheet, bytes of all parts, signs of all shared text.

    With `cells` only cells with content count, without it every cell the sheet names. `text` None: any.
    """

    rows: int
    columns: int
    unpacked: int
    text: int | None
    cells: int | None = None


#: By row and column from 0: the error a cell holds, or `NO_RESULT` for a formula that was never calculated.
Failed = dict[tuple[int, int], str]


@dataclass
class Looked:
    """What was found, per sheet's name: what its formulas left behind, the cells shown as per cent, and how many rows
    and columns with content are hidden.
    """

    failed: dict[str, Failed] = field(default_factory=dict)
    percent: dict[str, Runs] = field(default_factory=dict)
    hidden: dict[str, tuple[int, int]] = field(default_factory=dict)


def looked_over(stream: BinaryIO, bounds: Bounds) -> Looked:
    """Look through all parts of a workbook. Raises WorkbookError when it is none, is damaged, or takes too much."""
    try:
        with zipfile.ZipFile(stream) as parts:
            return _look(parts, bounds)
    except WorkbookError:
        raise
    except BROKEN as problem:
        raise WorkbookError(DAMAGED) from problem


def _look(parts: zipfile.ZipFile, bounds: Bounds) -> Looked:
    found = parts.infolist()
    # The reader finds parts whatever the case of their names.
    names = {one.filename.lower(): one for one in found}
    if not {_BOOK, _RELATIONS} <= set(names) or len(names) != len(found):
        message = "Berkas ini bukan buku kerja Excel (.xlsx). Kirim .xlsx atau CSV."
        raise WorkbookError(message, "bukan-csv:arsip")
    if len(found) > _MAX_PARTS or sum(one.file_size for one in found) > bounds.unpacked:
        message = (
            "Buku kerja ini terlalu besar setelah dibuka. Hapus lembar dan gambar yang tidak perlu, lalu kirim lagi."
        )
        raise WorkbookError(message, "buku-kerja-terlalu-besar")
    for name in (_BOOK, _RELATIONS):
        _check_xml(parts, names[name])
    sheets = _sheets(parts.read(names[_BOOK]), parts.read(names[_RELATIONS]))
    looked, shared = Looked(), 0
    styles = frozenset[str]()
    if STYLES in names:
        _check_xml(parts, names[STYLES])
        styles = percent_styles(piece for _tail, piece in pieces(parts, names[STYLES]))
    for name, one in names.items():
        if name.endswith((".xml", ".rels")):
            places = _check_xml(parts, one, bounds if name.startswith(_SHEETS) else None, styles)
            shared += places.shared
            if name in sheets:
                looked.failed[sheets[name]] = places.failed
                looked.percent[sheets[name]] = places.percent
                looked.hidden[sheets[name]] = (len(places.hidden_rows), len(places.hidden_columns))
    too_long = bounds.text is not None and _SHARED in names
    if too_long and shared * _longest_string(parts.read(names[_SHARED])) > (bounds.text or 0):
        message = "Isi sel buku kerja ini terlalu panjang. Simpan lembar Daftar Data saja sebagai CSV, lalu kirim lagi."
        raise WorkbookError(message, "buku-kerja-terlalu-besar")
    return looked


def _sheets(book: bytes, relations: bytes) -> dict[str, str]:
    """The part of every sheet and its name. All lie where sheets lie and are looked at; one in disguise does not."""
    try:
        used = {
            value: one.attrib.get("name", "")
            for one in ElementTree.fromstring(book).iter()  # noqa: S314 (no declarations are left at this point)
            for key, value in one.attrib.items()
            if one.tag.endswith("}sheet") and key.endswith("}id")
        }
        named = ElementTree.fromstring(relations)  # noqa: S314
        targets = {one.get("Target", ""): used[str(one.get("Id"))] for one in named if one.get("Id") in used}
    except ElementTree.ParseError as problem:
        raise WorkbookError(DAMAGED) from problem
    if not all(_SHEET.fullmatch(target) for target in targets):
        message = "Buku kerja ini memuat lembar makro atau bentuk lain yang tidak dibaca. Simpan sebagai .xlsx biasa."
        raise WorkbookError(message, "buku-kerja-makro")
    return {_SHEETS + target.lower().rpartition("/")[2]: name for target, name in targets.items()}


def _check_xml(
    parts: zipfile.ZipFile, part: zipfile.ZipInfo, bounds: Bounds | None = None, percent: frozenset[str] = frozenset()
) -> Places:
    """Read a part through; `bounds` hold for a sheet, whose styles `percent` show per cent."""
    places = Places(bounds or Bounds(0, 0, 0, 0), percent)
    for tail, piece in pieces(parts, part):
        # A declaration could name other files; another encoding would hide one, or a cell's address, from this look.
        if _DECLARATION.search(tail + piece) or b"\0" in piece:
            raise WorkbookError(DAMAGED)
        if bounds:
            places.read(piece)
    if bounds:
        places.read(b"", last=True)
    return places


class Places:
    """Follows a sheet's cells as the reader places them: where they say, else behind the one before."""

    def __init__(self, bounds: Bounds, percent: frozenset[str] = frozenset()) -> None:
        self.shared = 0
        self.failed: Failed = {}
        self.percent = Runs()
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self._bounds = bounds
        self._percent, self._style = percent, ""
        self._row_hidden, self._columns_hidden = False, list[tuple[int, int]]()
        # Cells that are merely coloured take no place in the reader's rectangle; they reach to the last row at times.
        self._filled_only = bounds.cells is not None
        self._row = self._column = 0
        self._most = [0, 0]
        self._type = ""
        self._pending = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin

    def read(self, piece: bytes, *, last: bool = False) -> None:
        """Read on. Raises WorkbookError for what is no XML, and for a cell outside of the limits."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as problem:
            raise WorkbookError(DAMAGED) from problem
        if last:
            self._settle()

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name == "row":
            self._settle()
            found = self._address(attributes)
            self._row, self._column = int(found[2]) if found else self._row + 1, 0
            self._row_hidden = attributes.get("hidden") in _TRUE
            if not self._filled_only:
                self._fits()
        elif name == "f" and self._type != "str":
            # Only a formula with text for a result may leave an empty one.
            self._pending = True
            self._parser.CharacterDataHandler = None
        elif name in ("v", "is"):
            if self._filled_only:
                self._fits()
            self._look()
            if self._pending or self._type == "e":
                self._parser.CharacterDataHandler = self._value
        elif name == "col":
            self._begin_column(attributes)

    def _begin_column(self, attributes: dict[str, str]) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        known = first.isdecimal() and last.isdecimal() and len(first + last) < _DIGITS
        if known and attributes.get("hidden") in _TRUE and len(self._columns_hidden) < _SPANS:
            self._columns_hidden.append((int(first), int(last)))

    def _look(self) -> None:
        """A cell with content: is it shown as per cent, is it shown at all."""
        if self._style in self._percent and self._type in ("", "n"):
            self.percent.add(self._row - 1, self._column - 1)
        if self._row_hidden:
            self.hidden_rows.add(self._row)
        if self._columns_hidden and any(first <= self._column <= last for first, last in self._columns_hidden):
            self.hidden_columns.add(self._column)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        if self._pending:
            self._settle()
        found = self._address(attributes)
        self._row = int(found[2]) if found else self._row
        self._column = _column(found[1]) if found else self._column + 1
        self._type, self._style = attributes.get("t", ""), attributes.get("s", "")
        self.shared += self._type == "s"
        if not self._filled_only:
            self._fits()

    def _value(self, text: str) -> None:
        if text.strip():
            self._pending = False
            if self._type == "e":
                self._keep(text.strip())
            self._parser.CharacterDataHandler = None

    def _settle(self) -> None:
        """A formula without a result ends."""
        if self._pending:
            self._keep(NO_RESULT)
        self._pending = False
        self._parser.CharacterDataHandler = None

    def _keep(self, text: str) -> None:
        if len(self.failed) < _MOST_FAILED and self._row and self._column:
            self.failed[self._row - 1, self._column - 1] = text

    def _address(self, attributes: dict[str, str]) -> re.Match[str] | None:
        if "r" not in attributes:
            return None
        found = _ADDRESS.fullmatch(attributes["r"].strip())
        if found is None:
            raise WorkbookError(DAMAGED)
        return found

    def _fits(self) -> None:
        bounds, most = self._bounds, self._most
        if self._row <= most[0] and self._column <= most[1]:
            return
        most[0], most[1] = max(most[0], self._row), max(most[1], self._column)
        if most[0] > bounds.rows or most[1] > bounds.columns:
            message = (
                "Lembar ini memakai terlalu banyak baris atau kolom; paling banyak {rows} baris dan {columns} kolom."
            )
            raise WorkbookError(message.format(rows=bounds.rows, columns=bounds.columns), "lembar-terlalu-luas")
        if bounds.cells is not None and most[0] * most[1] > bounds.cells:
            message = f"Lembar ini memakai lebih dari {bounds.cells} sel."
            raise WorkbookError(message, "lembar-terlalu-luas")


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """The part piece by piece; with each comes the end of the one before, so that nothing is cut in two."""
    with parts.open(part) as stream:
        tail = b""
        while piece := stream.read(_CHUNK):
            yield tail, piece
            tail = piece[-_OVERLAP:]


def _longest_string(xml: bytes) -> int:
    return max(map(len, xml.split(b"</si>")))
