"""Tables of a web page, which is what some applications save under the name of .xls."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from .encoding import detect_encoding
from .heading import Block
from .records import Record
from .xlsx import WorkbookError

_MOST_TABLES = 100
_MOST_BLOCKS = 10_000
_WIDEST, _TALLEST = 1_000, 10_000
_CELLS = ("td", "th")
#: Where a line ends, whatever stands before and behind.
BREAKS = frozenset({"br", "p", "div", "li", "tr", "td", "th", "table"})
_FEWEST = 4
_DAMAGED = "Halaman web ini rusak atau tidak dapat dibaca."


class WebTable:
    """One table: its rows, with the cells that reach over several filled downwards, and these blocks."""

    def __init__(self, element: etree._Element, most: int) -> None:
        self.blocks: list[Block] = []
        self.rows: list[Record] = list(self._spread(element, most))

    def _spread(self, element: etree._Element, most: int) -> Iterator[Record]:
        reach: dict[int, tuple[int, str]] = {}
        total = 0
        for number, row in enumerate(_rows(element), start=1):
            cells: list[str] = []
            for cell in row:
                if cell.tag not in _CELLS:
                    continue
                _fill(cells, reach)
                wide, tall = _span(cell, "colspan", _WIDEST), _span(cell, "rowspan", _TALLEST)
                text = _said(cell)
                place = len(cells)
                cells.extend([text, *[""] * (wide - 1)])
                if len(self.blocks) < _MOST_BLOCKS and (wide > 1 or tall > 1):
                    self.blocks.append((number, number + tall - 1, place, place + wide - 1))
                for offset in range(wide if tall > 1 else 0):
                    reach[place + offset] = (tall - 1, text if offset == 0 else "")
                total += wide + 1
                if total > most:
                    raise WorkbookError(_DAMAGED, "lembar-terlalu-luas")
            _fill(cells, reach)
            yield number, cells


def _fill(cells: list[str], reach: dict[int, tuple[int, str]]) -> None:
    """Fill the places that cells of the rows above reach down into."""
    while len(cells) in reach:
        place = len(cells)
        left, text = reach.pop(place)
        cells.append(text)
        if left > 1:
            reach[place] = (left - 1, text)


def web_tables(path: Path, most: int) -> list[WebTable]:
    """All tables of a page that hold rows. Raises WorkbookError.

    :param most: so many cells at most
    """
    _content, root, _log = page_of(path)
    if root is None:
        return []
    found = [WebTable(element, most) for element in tables_in(root)]
    return [table for table in found if table.rows]


def page_of(path: Path) -> tuple[str, etree._Element | None, Sequence[Any]]:
    """A page as text and as its elements, with what its reader had to say. Raises WorkbookError."""
    with path.open("rb") as stream:
        encoding = detect_encoding(stream)
    if encoding.name is None:
        raise WorkbookError(_DAMAGED)
    with path.open(encoding=encoding.name, newline="") as text:
        content = text.read().replace("\0", "")
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    try:
        root = etree.fromstring(content.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as problem:
        raise WorkbookError(_DAMAGED) from problem
    return content, root, parser.error_log


def tables_in(root: etree._Element) -> list[etree._Element]:
    """The tables that are read, in the order in which they stand."""
    return [element for element in root.iter("table") if not _merely_holds(element)][:_MOST_TABLES]


def cells_of(table: etree._Element) -> Iterator[etree._Element]:
    """The cells of a table, not those of tables inside of its cells."""
    return (cell for row in _rows(table) for cell in row if cell.tag in _CELLS)


def _merely_holds(element: etree._Element) -> bool:
    """Whether a table only puts others in their places: next to nothing stands in its own cells."""
    if next(element.iterdescendants("table"), None) is None:
        return False
    cells = cells_of(element)
    return sum(next(cell.iterdescendants("table"), None) is None and bool(_said(cell)) for cell in cells) < _FEWEST


def _said(cell: etree._Element) -> str:
    """The text of a cell; where it breaks lines, words do not run together."""
    parts = [cell.text or ""]
    for one in cell.iterdescendants():
        parts.append(" " if one.tag in BREAKS else "")
        parts.append(one.text or "")
        parts.append(f" {one.tail or ''}" if one.tag in BREAKS else one.tail or "")
    return " ".join("".join(parts).split())


def _rows(element: etree._Element) -> Iterator[etree._Element]:
    """The rows of this table, not those of tables inside of its cells."""
    for row in element.iter("tr"):
        if next(row.iterancestors("table"), None) is element:
            yield row


def _span(cell: etree._Element, name: str, most: int) -> int:
    text = (cell.get(name) or "1").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1  # noqa: PLR2004
    return min(max(number, 1), most)
