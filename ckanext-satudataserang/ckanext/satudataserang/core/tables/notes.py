"""What a workbook holds beside its cells: comments, text boxes, heads of pages, what a pivot table keeps, who wrote it.

Whoever has the file can read all of it. Meant for a process of its own: what it reads may be hostile.
"""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

import xlrd
from xlrd.compdoc import CompDoc

from . import biff_notes
from .xlsx import BROKEN, WorkbookError

__all__ = ["ABOUT", "NOTE", "PIVOT", "texts"]

#: Comments and other texts beside the cells, what is said about the file, and what a pivot table keeps of its source.
NOTE, ABOUT, PIVOT = "catatan", "keterangan", "pivot"

_DAMAGED = "Buku kerja ini rusak."
_MOST_PARTS = 2_000
_CHUNK = 1 << 20
#: So much of these parts is read, all together; and of one sheet what stands behind its cells.
_MOST_BYTES, _MOST_BEHIND = 256 << 20, 4 << 20
#: A text that never ends is looked through in pieces, which overlap by so many signs.
_PIECE, _OVERLAP = 1 << 18, 80
_ABOUT_PARTS = ("docprops/", "customxml/", "meta.xml")
_PIVOT_PARTS = "xl/pivotcache/"
_SHEET = re.compile(r"xl/(?:work|chart|dialog|macro)sheets/[^/]+\.xml")
#: Parts that hold cells, or how they look, or which part belongs to which.
_ELSEWHERE = re.compile(
    r"xl/(?:workbook|styles|sharedstrings|calcchain|metadata)\.xml|xl/(?:theme|tables|ctrlprops)/.*|.*\.rels|"
    r"\[content_types\]\.xml|meta-inf/.*|settings\.xml|manifest\.rdf"
)
_CONTENT = "content.xml"
#: Elements within a text: what stands in two of them is read as one.
_INLINE = frozenset(
    ("t", "r", "rPr", "b", "i", "u", "sz", "color", "rFont", "family", "charset", "scheme", "vertAlign", "span", "a",
     "s", "v", "pPr", "endParaRPr")
)  # fmt: skip
_SAID = frozenset(("v", "displayName", "userId", "descr", "title", "alt", "prompt", "promptTitle", "error", "name"))
_END_OF_CELLS = re.compile(rb"</(?:\w+:)?sheetData\s*>|<(?:\w+:)?sheetData\s*/>")
_TAG, _VALUE = re.compile(r"<[^<>]*>"), re.compile(r'(?:prompt|promptTitle|error|errorTitle)="([^"]*)"')
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_DRAWING = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
_ABOUT_STREAMS = ("\x05SummaryInformation", "\x05DocumentSummaryInformation")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f]+")


def texts(path: Path, shape: str) -> Iterator[tuple[str, str]]:
    """Every text beside the cells of a workbook (`shape` zip or ole). Raises WorkbookError."""
    try:
        yield from (_of_ole(path) if shape == "ole" else _of_archive(path))
    except (*BROKEN, expat.ExpatError) as problem:
        raise WorkbookError(_DAMAGED) from problem
    except (MemoryError, WorkbookError):
        raise
    except Exception as problem:  # a damaged record ends in any of Python's exceptions
        raise WorkbookError(_DAMAGED) from problem


def _of_archive(path: Path) -> Iterator[tuple[str, str]]:
    left = _MOST_BYTES
    with zipfile.ZipFile(path) as parts:
        found = parts.infolist()
        if len(found) > _MOST_PARTS:
            raise WorkbookError(_DAMAGED)
        for part in found:
            name = part.filename.lower().lstrip("/")
            if _SHEET.fullmatch(name):
                yield from ((NOTE, text) for text in _behind(parts, part))
            elif name == _CONTENT:
                yield from ((NOTE, text) for text in _Reader(only_notes=True).read(_blocks(parts, part)))
            elif name.endswith(".vml"):
                yield from ((NOTE, text) for text in _stripped(parts, part))
            elif name.endswith(".xml") and not _ELSEWHERE.fullmatch(name):
                left -= part.file_size
                if left < 0:
                    raise WorkbookError(_DAMAGED, "buku-kerja-terlalu-besar")
                place = _place(name)
                yield from ((place, text) for text in _Reader().read(_blocks(parts, part)))


def _place(name: str) -> str:
    if name.startswith(_ABOUT_PARTS):
        return ABOUT
    return PIVOT if name.startswith(_PIVOT_PARTS) else NOTE


def _blocks(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with parts.open(part) as stream:
        yield from iter(lambda: stream.read(_CHUNK), b"")


def _behind(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """What a sheet says behind its cells: heads and feet of its pages, what is said of cells that are filled in."""
    kept, inside = b"", False
    for block in _blocks(parts, part):
        kept += block
        if not inside:
            ended = _END_OF_CELLS.search(kept)
            inside = ended is not None
            kept = kept[ended.end() :] if ended else kept[-_OVERLAP:]
        if inside and len(kept) > _MOST_BEHIND:
            raise WorkbookError(_DAMAGED, "buku-kerja-terlalu-besar")
    if inside:
        said = kept.decode("utf-8", "replace")
        yield from (html.unescape(one) for one in _VALUE.findall(said))
        yield from (html.unescape(one) for one in _TAG.split(said) if one.strip())


def _stripped(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[str]:
    """What stands between the marks of a drawing in a form that is no XML everywhere."""
    if part.file_size > _MOST_BEHIND:
        raise WorkbookError(_DAMAGED, "buku-kerja-terlalu-besar")
    said = parts.read(part).decode("utf-8", "replace")
    yield from (html.unescape(one) for one in _TAG.split(said) if one.strip())


class _Reader:
    """Gathers the texts of a part: one per paragraph, comment or property, and what some attributes say."""

    def __init__(self, *, only_notes: bool = False) -> None:
        self._only_notes = only_notes
        self._within = 0
        self._text: list[str] = []
        self._length = 0
        self._found: list[str] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._said
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, blocks: Iterator[bytes]) -> Iterator[str]:
        """The texts, as they end."""
        for block in blocks:
            self._parser.Parse(block, False)
            yield from self._taken()
        self._parser.Parse(b"", True)
        self._flush()
        yield from self._taken()

    def _taken(self) -> list[str]:
        found, self._found = self._found, []
        return found

    def _refuse(self, *_said: object) -> None:
        raise WorkbookError(_DAMAGED)

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        if self._only_notes:
            self._within += _is_note(name)
            return
        for key, value in attributes.items():
            if key.rpartition(" ")[2] in _SAID and value:
                self._found.append(value)

    def _end(self, name: str) -> None:
        if name.rpartition(" ")[2] not in _INLINE:
            self._flush()
        if self._only_notes:
            self._within -= _is_note(name)

    def _said(self, text: str) -> None:
        if self._only_notes and not self._within:
            return
        self._text.append(text)
        self._length += len(text)
        if self._length > _PIECE:
            whole = "".join(self._text)
            self._found.append(whole)
            self._text, self._length = [whole[-_OVERLAP:]], _OVERLAP

    def _flush(self) -> None:
        if self._text:
            self._found.append("".join(self._text))
            self._text, self._length = [], 0


def _is_note(name: str) -> bool:
    space, _blank, local = name.rpartition(" ")
    return space == _DRAWING or (space == _OFFICE and local == "annotation")


def _of_ole(path: Path) -> Iterator[tuple[str, str]]:
    content = path.read_bytes()
    archive = CompDoc(content, logfile=_Nowhere())
    for name in _ABOUT_STREAMS:
        stream = archive.get_named_stream(name) or b""
        for text in (stream.decode("cp1252", "replace"), stream.decode("utf-16-le", "replace")):
            yield from ((ABOUT, one) for one in _CONTROLS.split(text) if one.strip())
    for of_pivot, chain in biff_notes.streams(archive):
        found = biff_notes.texts_of_source(chain) if of_pivot else biff_notes.texts(chain)
        yield from ((PIVOT if of_pivot else NOTE, text) for text in found)
    # A locked one is refused here.
    with xlrd.open_workbook(file_contents=content, on_demand=True, logfile=_Nowhere()) as book:
        yield ABOUT, book.user_name or ""


class _Nowhere:
    """Where a reader may write what nobody reads."""

    def write(self, _text: str) -> int:
        return 0

    def flush(self) -> None:
        return None
