"""What an old Excel workbook (.xls) holds beside its cells: text boxes, comments, heads and feet of pages, titles of
charts, advice on cells, links, and what a pivot table keeps of its source.

Its content is a chain of records. Those of cells and of how they look are left out; all others are looked at as text,
whatever they are, so that nothing depends on knowing every one of them. Meant for a process of its own.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from xlrd.compdoc import CompDoc

__all__ = ["streams", "texts", "texts_of_source"]

_HEAD = struct.Struct("<HH")
_CONTINUE, _COMMENT, _TEXT_BOX, _SOURCE_NUMBER = 0x003C, 0x001C, 0x01B6, 0x00C9
#: The rest of a long comment says so where others say their row; a number may begin in one part and end in the next.
_REST, _BEGINS, _OVERLAP = b"\xff\xff", 6, 80
#: Cells, their rows and styles.
_CELLS = frozenset(
    (0x0006, 0x0206, 0x0406, 0x0200, 0x0201, 0x0202, 0x0203, 0x0204, 0x0205, 0x0207, 0x0208, 0x020B, 0x0221, 0x027E,
     0x00BD, 0x00BE, 0x00D6, 0x00D7, 0x00E0, 0x00E5, 0x00FC, 0x00FD, 0x00FF, 0x04BC, 0x087C, 0x087D)
)  # fmt: skip
#: Drawings with their pictures, printers: plain text alone is looked for, for by chance they hold anything.
_PICTURES = frozenset((0x004D, 0x007F, 0x00E9, 0x00EB, 0x00EC, 0x00ED, 0x1066))
_PLAIN = re.compile(rb"(?:[\x20-\x7e]\0){6,}")
_STORAGE = "_sx_db_cur"
_STREAM = 2


def streams(archive: CompDoc) -> Iterator[tuple[bool, bytes]]:
    """The chains of records in a workbook: whether each is what a pivot table keeps, and the chain."""
    for name in ("Workbook", "Book"):
        yield False, archive.get_named_stream(name) or b""
    for node in archive.dirlist:
        parent = archive.dirlist[node.parent].name if node.parent >= 0 else ""
        if node.etype == _STREAM and parent.lower() == _STORAGE:
            yield True, archive.get_named_stream(f"{parent}/{node.name}") or b""


def texts(chain: bytes) -> Iterator[str]:
    """Every text in a chain that is in no cell."""
    box: list[bytes] = []
    last = length = 0
    comment = b""
    for code, data in _records(chain):
        if code == _CONTINUE and last == _TEXT_BOX:
            box.append(data)
            continue
        yield from _of_box(box, length)
        box = []
        if code == _COMMENT:
            comment = (comment[-_OVERLAP:] if data.startswith(_REST) else b"") + data[_BEGINS:]
            yield comment.decode("cp1252", "replace")
        if code != _CONTINUE:
            last = code
            length = int.from_bytes(data[10:12], "little") if code == _TEXT_BOX else 0
        if last in _PICTURES:
            yield from (one.decode("utf-16-le") for one in _PLAIN.findall(data))
        elif last not in _CELLS:
            yield from _of_any(data)
    yield from _of_box(box, length)


def texts_of_source(chain: bytes) -> Iterator[str]:
    """Every text, and every number as its digits, that a pivot table keeps."""
    for code, data in _records(chain):
        if code == _SOURCE_NUMBER and len(data) == 8:  # noqa: PLR2004 (a double)
            (number,) = struct.unpack("<d", data)
            yield f"{number:.0f}" if number == number and abs(number) < 1e19 else ""  # noqa: PLR0124, PLR2004 (no NaN)
        else:
            yield from _of_any(data)


def _records(chain: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place + _HEAD.size <= len(chain):
        code, length = _HEAD.unpack_from(chain, place)
        place += _HEAD.size
        yield code, chain[place : place + length]
        place += length


def _of_any(data: bytes) -> Iterator[str]:
    """A record as text in one byte a sign, and in two from either of its first bytes on."""
    if len(data) > 5:  # noqa: PLR2004 (nothing about a person is shorter)
        yield data.decode("cp1252", "replace")
        yield data.decode("utf-16-le", "replace")
        yield data[1:].decode("utf-16-le", "replace")


def _of_box(parts: list[bytes], length: int) -> Iterator[str]:
    """The text of a box or a comment, in as many parts as it takes, each of which says how its signs are written."""
    said = "".join(
        part[1:].decode("utf-16-le" if part[0] & 1 else "cp1252", "replace") for part in parts if part
    )  # fmt: skip
    yield said[:length]
    # Behind it is how it looks; or what says that it is longer than it says.
    yield said[length:]
