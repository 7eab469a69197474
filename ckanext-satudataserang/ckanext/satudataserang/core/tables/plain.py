"""Whether a text file can be scanned as it is: the same rows and cells by the simplest rules and by a full reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from .cells import ERROR_VALUES
from .totals import may_hold_totals

#: A smaller file (bytes) is looked through at once, not taken for plain by its head.
ASSUMED_FROM = 1_000_000
_CHUNK = 1 << 21
_BOM = b"\xef\xbb\xbf"
_FAILED = re.compile(b"|".join(re.escape(value.encode()) for value in sorted(ERROR_VALUES)))


def plain_rows(path: Path, delimiter: str, width: int, longest: int, *, agreed: bool = False) -> int | None:
    """Count the rows under the titles in the first line of a UTF-8 file; None where the file is not plain.

    Plain is: every line (quoted line breaks apart) has `width` cells, no blank line, no line that repeats the first,
    one kind of line end, quotes only around whole cells, no null sign, no failed formula, no cell that begins as totals
    or as numbers marked for text do, nothing beyond `longest`.
    """
    look = _Look(delimiter, width, longest, agreed=agreed)
    for piece, long in _pieces(path, longest):
        if long or not look.passes(piece):
            return None
    return look.rows if look.rows > 0 else None


def plain_lines(path: Path, delimiter: str, width: int, longest: int) -> int | None:
    """Count the rows under the titles of a UTF-8 file that is plain as far as its signs say; None where it may not be.

    A file with quotes is not looked at. What is left to be told by the cells themselves: that no row is blank, that
    none lacks a cell where another has one too many, that none repeats the titles or adds up others.
    """
    look = _Look(delimiter, width, longest, agreed=True)
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            piece += stream.readline(longest)
            if not look.may_pass(piece):
                return None
    return look.rows if look.rows > 0 and look.signs == (look.rows + 1) * (width - 1) else None


class _Look:
    """Looks at a file piece by piece, every piece whole lines."""

    def __init__(self, delimiter: str, width: int, longest: int, *, agreed: bool) -> None:
        self._agreed = agreed
        self._sign = delimiter.encode()
        self._others = bytes(set(range(256)) - {*self._sign, *b"\n"})
        self._longest = longest
        self._empty = self._sign * (width - 1)
        self._first: bytes | None = None
        self._returns: bool | None = None
        self.rows = -1
        self.signs = 0

    def passes(self, piece: bytes) -> bool:
        """Whether the next piece is plain."""
        if b"\0" in piece or self._has_marks(piece) or self._repeats(piece):
            return False
        # The titles are no data.
        start = piece.find(b"\n") + 1 if self.rows < 0 else 0
        if may_hold_totals(piece[start:], self._sign, agreed=self._agreed):
            return False
        if b'"' not in piece:
            return self._lines_pass(piece)
        bare = self._without_quoted(piece)
        return bare is not None and not _breaks_mixed(piece, bare) and self._lines_pass(bare)

    def may_pass(self, piece: bytes) -> bool:
        """Whether the next piece has nothing that would keep a file from being plain, whatever its cells are."""
        if b"\0" in piece or b'"' in piece or self._has_marks(piece):
            return False
        ends = piece.count(b"\n")
        if not self._ends_pass(piece, ends) or self._has_long(piece):
            return False
        self.rows += ends + (not piece.endswith(b"\n"))
        self.signs += piece.count(self._sign)
        return True

    def _has_marks(self, piece: bytes) -> bool:
        """Whether a formula failed, or a number is marked for text."""
        if b"#" in piece and _FAILED.search(piece):
            return True
        return b"'" in piece and (self._sign + b"'" in piece or b"\n'" in piece)

    def _repeats(self, piece: bytes) -> bool:
        """Whether the first title of the file comes again at the beginning of a line."""
        if self._first is not None:
            return piece.startswith(self._first) or b"\n" + self._first in piece
        line, end, _rest = piece.removeprefix(_BOM).partition(b"\n")
        cell, sign, _others = line.partition(self._sign)
        self._first = cell + sign if sign else line + end
        return line.count(b'"') % 2 == 1 or b"\n" + self._first in piece

    def _without_quoted(self, piece: bytes) -> bytes | None:
        """The piece with one ``"`` in place of each quoted cell; None where quotes stand anywhere else."""
        parts = piece.split(b'"')
        if max(map(len, parts)) > self._longest:
            return None
        outside = parts[::2]
        # What is empty between two quotes is a doubled quote inside of a cell.
        bare = b'"'.join([outside[0], *filter(None, outside[1:-1]), outside[-1]])
        left = bare.count(self._sign + b'"') + bare.count(b'\n"') + bare.startswith((b'"', _BOM + b'"'))
        right = bare.count(b'"' + self._sign) + bare.count(b'"\n') + bare.count(b'"\r') + bare.endswith(b'"')
        return bare if left == right == bare.count(b'"') else None

    def _lines_pass(self, piece: bytes) -> bool:
        ended, ends = piece.endswith(b"\n"), piece.count(b"\n")
        if not self._ends_pass(piece, ends) or self._has_long(piece):
            return False
        lines = ends + (not ended)
        # Whole pieces are compared, not lines: what is left of one without all other signs says how wide its rows are.
        shape = (self._empty + b"\n") * lines
        if piece.translate(None, self._others) != (shape if ended else shape[:-1]):
            return False
        self.rows += lines
        return not (
            any(piece.startswith(line) or b"\n" + line in piece for line in (self._empty + b"\n", self._empty + b"\r"))
            or (not ended and piece[piece.rfind(b"\n") + 1 :] == self._empty)
        )

    def _ends_pass(self, piece: bytes, ends: int) -> bool:
        """Whether all lines end the same way, here and in the pieces before."""
        returns = piece.count(b"\r") if b"\r" in piece else 0
        if returns and returns != piece.count(b"\r\n"):
            return False
        if not ends:
            return True
        if returns not in (0, ends) or self._returns not in (None, returns > 0):
            return False
        self._returns = returns > 0
        return True

    def _has_long(self, piece: bytes) -> bool:
        """Whether a line may be longer than a cell may be: none ends within half of that length."""
        half = max(1, self._longest // 2)
        return any(piece.find(b"\n", at, at + half) < 0 for at in range(0, len(piece) - half, half))


def _breaks_mixed(piece: bytes, bare: bytes) -> bool:
    """Whether line breaks of two kinds, one of them inside of cells, leave it open which ends a row."""
    if b"\r" not in piece:
        return False
    return piece.count(b"\n") != bare.count(b"\n") or piece.count(b"\r") != bare.count(b"\r")


def tail_of(path: Path, size: int = 1 << 16) -> str:
    """The last lines of a UTF-8 file."""
    length = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, length - size))
        tail = stream.read()
    if length > size:
        tail = tail.partition(b"\n")[2]
    return tail.decode("utf-8", "replace")


def _pieces(path: Path, longest: int) -> Iterator[tuple[bytes, bool]]:
    """The file cut at line ends outside of quotes; a piece that has none for long is said to be `long`."""
    with path.open("rb") as stream:
        rest = b""
        while chunk := stream.read(_CHUNK):
            piece = rest + chunk
            cut = _cut(piece)
            if cut == 0:
                if len(piece) > longest + _CHUNK:
                    yield b"", True
                    return
                rest = piece
                continue
            yield piece[:cut], False
            rest = piece[cut:]
        if rest:
            yield rest, False


def _cut(piece: bytes) -> int:
    """Behind the last line end that stands outside of quotes; 0 where there is none."""
    cut = piece.rfind(b"\n") + 1
    quotes = piece.count(b'"', 0, cut)
    while cut and quotes % 2:
        # The line end is inside a quoted cell: go on before the quote that opens it.
        opening = piece.rfind(b'"', 0, cut)
        earlier = piece.rfind(b"\n", 0, opening) + 1
        quotes -= piece.count(b'"', earlier, cut)
        cut = earlier
    return cut
