"""Data about persons in JSON, GeoJSON among it: looked through sign by sign, whatever its shape, never held as a whole.

Coordinates are fractions and no numbers of persons; texts and whole numbers may be.
"""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from .privacy import kinds_in

__all__ = ["ENDINGS", "personal_in_json"]

#: Endings of files that are JSON.
ENDINGS = frozenset({"json", "geojson", "topojson", "jsonld", "ndjson"})

_CHUNK = 1 << 20
#: A text that does not end is looked through in pieces, which overlap by so many signs.
_PIECE, _OVERLAP = 1 << 20, 80
#: A text that does not end is taken up to the end of the piece, once, and not tried again from each of its signs.
_TOKEN = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)("|\\?\Z)|(?<![0-9.eE+-])-?([0-9]{16,})(?![0-9.eE])', re.DOTALL)
#: Nothing about a person is shorter, or without digits, the sign of an address, or signs that may look like them.
_SHORTEST = 6
_MAY_HOLD = re.compile(r"[0-9][0-9 .-]{8}|[@\\]|[^\x00-\x7f]")
_BARE = re.compile(r"[0-9]{16}|[0-9]{18}", re.ASCII)
#: Numbers of that length are persons' where at least so many are shaped so; by chance one in forty is.
_SHARE = 0.5


def personal_in_json(stream: BinaryIO) -> dict[str, int]:
    """The kinds of data about persons, and the line where each stands first."""
    found: dict[str, int] = {}
    shaped: Counter[str] = Counter()
    first: dict[str, int] = {}
    bare = 0
    for line, text in _texts(stream):
        kinds = kinds_in(text)
        if _BARE.fullmatch(text.strip()):
            bare += 1
            shaped.update(kinds)
            for kind in kinds:
                first.setdefault(kind, line)
            continue
        for kind in kinds:
            found.setdefault(kind, line)
    for kind, count in shaped.items():
        if count >= _SHARE * bare:
            found[kind] = min(first[kind], found.get(kind, first[kind]))
    return found


def _texts(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Every text and every long whole number that may be about a person, with its line."""
    line, held = 1, ""
    for piece, last in _pieces(stream):
        held += piece
        counted, kept = 0, max(len(held) - _OVERLAP, 0)
        for token in _TOKEN.finditer(held):
            is_open = token[1] is not None and not token[2].startswith('"')
            if not last and (is_open or (token[3] and token.end() == len(held))):
                kept = token.start()
                break
            kept = max(kept, token.end())
            text = token[3] or token[1]
            if len(text) >= _SHORTEST and _MAY_HOLD.search(text):
                line += held.count("\n", counted, token.start())
                counted = token.start()
                yield line, _plain(text)
        if len(held) - kept > _PIECE:
            yield line + held.count("\n", counted, kept), _plain(held[kept + 1 :])
            cut = len(held) - _OVERLAP
            line += held.count("\n", counted, cut)
            held = '"' + re.sub(r'["\\]', " ", held[cut:])
        else:
            line += held.count("\n", counted, kept)
            held = held[kept:]


def _pieces(stream: BinaryIO) -> Iterator[tuple[str, bool]]:
    head = stream.read(2)
    wide = head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8-sig")("replace")
    yield decoder.decode(head), False
    for block in iter(lambda: stream.read(_CHUNK), b""):
        yield decoder.decode(block), False
    yield decoder.decode(b"", True), True


def _plain(said: str) -> str:
    """A text as JSON means it; as it stands where it means nothing."""
    if "\\" not in said:
        return said
    try:
        return str(json.loads(f'"{said}"', strict=False))
    except ValueError:
        return said
