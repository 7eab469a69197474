"""What a web page holds beside the cells of its tables: texts around them, titles, comments, what its marks say.

Whoever has the file can read all of it. Meant for a process of its own: what it reads may be hostile.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from .web_tables import BREAKS, cells_of, page_of, tables_in
from .xlsx import WorkbookError

__all__ = ["NUMBER", "PAGE", "texts"]

#: What stands on the page, and numbers as programs read them, which cells may show rounded.
PAGE, NUMBER = "halaman", "angka"

_DAMAGED = "Halaman web ini rusak atau tidak dapat dibaca."
#: What stands between the signs of marks; a comment may hold some itself.
_MARK = re.compile(r"<!--.*?(?:-->|\Z)|<[^>]*", re.DOTALL)
_NUMBERS = re.compile(r"""(?:x:num|sdval)\s*=\s*["']?(-?[0-9]+(?:\.[0-9]+)?)(?=["'\s>]|\Z)""", re.IGNORECASE)
_LIKELY = re.compile("[0-9@&]|[^\x00-\x7f]")


def texts(path: Path) -> Iterator[tuple[str, str]]:
    """Every text of a page beside the cells that are read as a table's. Raises WorkbookError.

    What the reader of pages leaves out, because marks lie too deep within each other, could not be looked through.
    """
    content, root, log = page_of(path)
    if any(one.level == etree.ErrorLevels.FATAL for one in log):
        raise WorkbookError(_DAMAGED)
    for mark in _MARK.findall(content):
        if _LIKELY.search(mark):
            yield from ((NUMBER, number) for number in _NUMBERS.findall(mark))
            yield PAGE, html.unescape(_NUMBERS.sub(" ", mark))
    if root is not None:
        yield from ((PAGE, text) for text in _around(root))


def _around(root: etree._Element) -> Iterator[str]:
    """Texts that are in no cell, a paragraph each, and what attributes say."""
    cells = {cell for table in tables_in(root) for cell in cells_of(table)}
    text: list[str] = []
    within = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            yield from (value for name, value in element.items() if name.lower() not in ("x:num", "sdval"))
            within += element in cells
        if element.tag in BREAKS:
            yield "".join(text)
            text = []
        if event == "end":
            within -= element in cells
        if not within:
            text.append((element.text if event == "start" else element.tail) or "")
    yield "".join(text)
