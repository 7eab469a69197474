"""Reading the first sheet of an Excel workbook (.xlsx) as rows of text.

A workbook is a zip of XML parts and hostile until shown otherwise. What it would take to unpack and to hold is judged
from its directory and from the places its cells take, said or counted, before the reader, which keeps a sheet as a full
rectangle, is let near it.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineWorkbook

MAX_ROWS, MAX_COLUMNS = 20_000, 200
_MAX_PARTS = 2_000
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_TEXT = 100 * 1024 * 1024
#: What Python's reader of archives raises on damaged, encrypted and unsupported ones.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
_CHUNK = 1 << 20
_OVERLAP = 64
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ADDRESS = re.compile(r"\$?([A-Za-z]{0,7})\$?([0-9]{1,12})", re.ASCII)
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(r"/?(?:xl/)?worksheets/[\w.-]+\.xml", re.IGNORECASE)
_SHEETS = "xl/worksheets/"
_BOOK, _RELATIONS, _SHARED = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedstrings.xml"


class WorkbookError(ValueError):
    """The workbook cannot be read; the message is an Indonesian sentence for the person who sent it."""


def is_workbook(content: bytes) -> bool:
    """Whether a file is a workbook (also one that is refused) rather than text."""
    return content.startswith((_ZIP, _OLE))


def read_first_sheet(content: bytes, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS) -> list[list[str]]:
    """The cells of the first sheet as text: dates in ISO 8601, whole numbers without a decimal point, nothing as "".

    :raises WorkbookError: when it is no .xlsx, is damaged, or is larger than it may be
    """
    _check(content, max_rows, max_columns)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = book.sheet_names
        rows = book.get_sheet_by_name(names[0]).to_python(skip_empty_area=False) if names else []
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as problem:  # a panic of the reader is no Exception
        raise WorkbookError(_DAMAGED) from problem
    return [[_text(value) for value in row] for row in rows]


_DAMAGED = "Buku kerja Excel ini rusak atau tidak dapat dibaca. Buka di Excel, simpan ulang sebagai .xlsx atau CSV."


def _check(content: bytes, max_rows: int, max_columns: int) -> None:
    if content.startswith(_OLE):
        message = "Buku kerja Excel lama (.xls) atau yang berkata sandi tidak dibaca. Simpan sebagai .xlsx atau CSV."
        raise WorkbookError(message)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _check_parts(parts, max_rows, max_columns)
    except WorkbookError:
        raise
    except _BROKEN as problem:
        raise WorkbookError(_DAMAGED) from problem


def _check_parts(parts: zipfile.ZipFile, max_rows: int, max_columns: int) -> None:
    found = parts.infolist()
    # The reader finds parts whatever the case of their names.
    names = {one.filename.lower(): one for one in found}
    if not {_BOOK, _RELATIONS} <= set(names) or len(names) != len(found):
        message = "Berkas ini bukan buku kerja Excel (.xlsx). Kirim .xlsx atau CSV."
        raise WorkbookError(message)
    if len(found) > _MAX_PARTS or sum(one.file_size for one in found) > _MAX_UNPACKED:
        message = (
            "Buku kerja ini terlalu besar setelah dibuka. Hapus lembar dan gambar yang tidak perlu, lalu kirim lagi."
        )
        raise WorkbookError(message)
    for name in (_BOOK, _RELATIONS):
        _check_xml(parts, names[name], None)
    _check_places(parts.read(names[_BOOK]), parts.read(names[_RELATIONS]))
    shared = 0
    for name, one in names.items():
        if name.endswith((".xml", ".rels")):
            shared += _check_xml(parts, one, (max_rows, max_columns) if name.startswith(_SHEETS) else None)
    if _SHARED in names and shared * _longest_string(parts.read(names[_SHARED])) > _MAX_TEXT:
        message = "Isi sel buku kerja ini terlalu panjang. Simpan lembar Daftar Data saja sebagai CSV, lalu kirim lagi."
        raise WorkbookError(message)


def _check_places(book: bytes, relations: bytes) -> None:
    """Every sheet lies where sheets lie and are looked at; a sheet of macros or one in disguise does not."""
    try:
        used = {
            value
            for one in ElementTree.fromstring(book).iter()  # noqa: S314 (no declarations are left at this point)
            for key, value in one.attrib.items()
            if one.tag.endswith("}sheet") and key.endswith("}id")
        }
        named = ElementTree.fromstring(relations)  # noqa: S314
        targets = [one.get("Target", "") for one in named if one.get("Id") in used]
    except ElementTree.ParseError as problem:
        raise WorkbookError(_DAMAGED) from problem
    if not all(_SHEET.fullmatch(target) for target in targets):
        message = "Buku kerja ini memuat lembar makro atau bentuk lain yang tidak dibaca. Simpan sebagai .xlsx biasa."
        raise WorkbookError(message)


def _check_xml(parts: zipfile.ZipFile, part: zipfile.ZipInfo, most: tuple[int, int] | None) -> int:
    """Read a part through; `most` holds for a sheet. Returns how many of its cells point at shared text."""
    places = _Places(*most) if most else None
    for tail, piece in _pieces(parts, part):
        # A declaration could name other files; another encoding would hide one, or a cell's address, from this look.
        if _DECLARATION.search(tail + piece) or b"\0" in piece:
            raise WorkbookError(_DAMAGED)
        if places:
            places.read(piece)
    if places:
        places.read(b"", last=True)
    return places.shared if places else 0


class _Places:
    """Follows a sheet's cells as the reader places them: where they say, else behind the one before."""

    def __init__(self, max_rows: int, max_columns: int) -> None:
        self.shared = 0
        self._most = (max_rows, max_columns)
        self._row = self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin

    def read(self, piece: bytes, *, last: bool = False) -> None:
        """Read on. Raises WorkbookError for what is no XML, and for a cell outside of the limits."""
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as problem:
            raise WorkbookError(_DAMAGED) from problem

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name not in ("row", "c"):
            return
        found = _ADDRESS.fullmatch(attributes["r"].strip()) if "r" in attributes else None
        if "r" in attributes and found is None:
            raise WorkbookError(_DAMAGED)
        if name == "row":
            self._row, self._column = int(found[2]) if found else self._row + 1, 0
        else:
            self._row = int(found[2]) if found else self._row
            self._column = _column(found[1]) if found else self._column + 1
            self.shared += attributes.get("t") == "s"
        if self._row > self._most[0] or self._column > self._most[1]:
            message = (
                "Lembar ini memakai terlalu banyak baris atau kolom; paling banyak {rows} baris dan {columns} kolom."
            )
            raise WorkbookError(message.format(rows=self._most[0], columns=self._most[1]))


def _column(letters: str) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - 64
    return column


def _pieces(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[tuple[bytes, bytes]]:
    """The part piece by piece; with each comes the end of the one before, so that nothing is cut in two."""
    with parts.open(part) as stream:
        tail = b""
        while piece := stream.read(_CHUNK):
            yield tail, piece
            tail = piece[-_OVERLAP:]


def _longest_string(xml: bytes) -> int:
    return max(map(len, xml.split(b"</si>")))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return "" if value is None else str(value).strip() if not isinstance(value, timedelta) else str(value)
