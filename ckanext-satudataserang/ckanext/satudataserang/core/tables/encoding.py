"""Which encoding a text file is in, decided from the whole file."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import BinaryIO

from charset_normalizer import from_bytes

_CHUNK = 1 << 20
_SAMPLE = 1 << 18
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Where Windows-1252 has no sign for a byte that is there.
_GUESSES = ["cp1250", "mac_roman"]
# In UTF-16 without a mark every second byte of plain text is zero; a binary file has its zeros anywhere.
_UTF16_SHARE = 0.4


@dataclass(frozen=True)
class Encoding:
    """`name` as Python knows it, None where nothing fits.

    `damaged_line` is the line of the first byte that is not UTF-8 in a file that otherwise is: guessing another
    encoding would turn all its other letters into rubbish.
    """

    name: str | None
    damaged_line: int | None = None

    @property
    def is_guess(self) -> bool:
        """Whether the encoding is not one a file declares or proves by itself."""
        return self.name is not None and not self.name.startswith("utf-")


def detect_encoding(stream: BinaryIO) -> Encoding:
    """Find the encoding: a byte order mark, else strict UTF-8 of the whole file, else Windows-1252, else a guess.

    The stream is read from its start and left there.
    """
    stream.seek(0)
    head = stream.read(_SAMPLE)
    stream.seek(0)
    for mark, name in _BOMS:
        if head.startswith(mark):
            return Encoding(name if _decodes(stream, name) else None)
    if utf16 := _utf16_without_mark(head):
        return Encoding(utf16 if _decodes(stream, utf16) else None)
    if _decodes(stream, "utf-8"):
        return Encoding("utf-8")
    good, bad, line = _utf8_census(stream)
    if good > bad:
        return Encoding(None, damaged_line=line)
    if _decodes(stream, "cp1252"):
        return Encoding("cp1252")
    best = from_bytes(head, cp_isolation=_GUESSES).best()
    name = best.encoding if best and best.encoding in _GUESSES else None
    return Encoding(name if name and _decodes(stream, name) else None)


def _decodes(stream: BinaryIO, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)("strict")
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    finally:
        stream.seek(0)
    return True


def _utf16_without_mark(head: bytes) -> str | None:
    if len(head) < 4 or b"\0" not in head:  # noqa: PLR2004 (two signs)
        return None
    half = len(head) // 2
    if head[1::2].count(0) / half > _UTF16_SHARE and head[::2].count(0) == 0:
        return "utf-16-le"
    if head[::2].count(0) / half > _UTF16_SHARE and head[1::2].count(0) == 0:
        return "utf-16-be"
    return None


def _utf8_census(stream: BinaryIO) -> tuple[int, int, int]:
    """Count signs of two and more bytes that are good UTF-8, and bad bytes; give the line of the first bad one."""
    good = bad = first_line = 0
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        if line.isascii():
            continue
        text = line.decode("utf-8", "replace")
        wrong = text.count("\N{REPLACEMENT CHARACTER}")
        good += sum(1 for sign in text if ord(sign) > 127) - wrong  # noqa: PLR2004 (beyond ASCII)
        bad += wrong
        if wrong and not first_line:
            first_line = number
    stream.seek(0)
    return good, bad, first_line
