"""Old workbooks with more in them than libraries write today: records beside the cells, streams beside the records."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

from xlrd.compdoc import CompDoc

_SECTOR, _FREE, _END, _OF_TABLE = 512, -1, -2, -3
SOURCES = "_SX_DB_CUR"


def record(code: int, content: bytes) -> bytes:
    return struct.pack("<HH", code, len(content)) + content


def box(text: str, *pieces: str) -> bytes:
    """A text box, its text in as many pieces."""
    parts = pieces or (text,)
    whole = "".join(parts)
    head = record(0x01B6, struct.pack("<HH6xHH4x", 0, 0, len(whole), 16))
    wide = [record(0x3C, b"\1" + part.encode("utf-16-le")) for part in parts]
    return head + b"".join(wide) + record(0x3C, bytes(16))


def string(text: str, *, wide: bool = False) -> bytes:
    """A text with its length, in one byte a sign or in two."""
    return struct.pack("<HB", len(text), wide) + text.encode("utf-16-le" if wide else "cp1252")


def with_records(original: Path, path: Path, records: bytes = b"", sources: Sequence[bytes] = ()) -> Path:
    """Copy a workbook with records at the end of its last sheet, and with what pivot tables keep."""
    chain = CompDoc(original.read_bytes()).get_named_stream("Workbook")
    end = chain.rindex(record(0x0A, b""))
    content = {"Workbook": chain[:end] + records + chain[end:]}
    content |= {f"{SOURCES}/{number:04}": source for number, source in enumerate(sources, start=1)}
    path.write_bytes(_container(content))
    return path


def _container(content: Mapping[str, bytes]) -> bytes:
    table: list[int] = []
    sectors: list[bytes] = []

    def put(data: bytes) -> int:
        parts = [data[place : place + _SECTOR].ljust(_SECTOR, b"\0") for place in range(0, len(data), _SECTOR)]
        first = len(sectors)
        sectors.extend(parts)
        table.extend([*range(first + 1, first + len(parts)), _END])
        return first

    top = [name for name in content if "/" not in name]
    inner = [name for name in content if "/" in name]
    # The root, its streams, and a storage with those that are in it, each pointing to the next.
    nodes = [_node("Root Entry", 5, child=1)]
    nodes += [
        _node(name, 2, right=number + 1 if number < len(top) or inner else -1, first=put(content[name]),
              size=len(content[name]))
        for number, name in enumerate(top, start=1)
    ]  # fmt: skip
    if inner:
        nodes.append(_node(SOURCES, 1, child=len(nodes) + 1))
        begun = len(nodes)
        nodes += [
            _node(name.partition("/")[2], 2, right=begun + number + 1 if number + 1 < len(inner) else -1,
                  first=put(content[name]), size=len(content[name]))
            for number, name in enumerate(inner)
        ]  # fmt: skip
    listing = put(b"".join(nodes))
    fats = 1
    while fats * _SECTOR // 4 < len(table) + fats:
        fats += 1
    first = len(sectors)
    table += [_OF_TABLE] * fats
    table += [_FREE] * (fats * _SECTOR // 4 - len(table))
    difat = [*range(first, first + fats), *[_FREE] * (109 - fats)]
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<iiiiiiiii", 0, fats, listing, 0, 0, _END, 0, _END, 0) + struct.pack("<109i", *difat)
    return head + b"".join(sectors) + struct.pack(f"<{len(table)}i", *table)


def _node(name: str, kind: int, *, right: int = -1, child: int = -1, first: int = 0, size: int = 0) -> bytes:
    title = name.encode("utf-16-le") + b"\0\0"
    described = struct.pack("<HBBiii", len(title), kind, 1, -1, right, child)
    return title.ljust(64, b"\0") + described + bytes(36) + struct.pack("<iii", first, size, 0)
