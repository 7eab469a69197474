"""Numbers that a workbook shows as per cent: it keeps 0.125 where a person reads 12,5 %."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from xml.parsers import expat

STYLES = "xl/styles.xml"
#: Formats every Excel knows without saying what they are: ``0%`` and ``0.00%``.
_BUILT_IN = frozenset({"9", "10"})
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_MOST = 70_000


class Runs:
    """Places of cells, kept as runs of rows by column; they are added and asked for from top to bottom."""

    def __init__(self) -> None:
        self._runs: dict[int, list[list[int]]] = {}

    def __bool__(self) -> bool:
        return bool(self._runs)

    def add(self, row: int, column: int, rows: int = 1) -> None:
        """Add the cells of `rows` rows from this one on."""
        runs = self._runs.setdefault(column, [])
        if runs and runs[-1][1] == row:
            runs[-1][1] = row + rows
        elif len(runs) < _MOST:
            runs.append([row, row + rows])

    @property
    def columns(self) -> list[int]:
        """The columns in which there are any."""
        return sorted(self._runs)

    def has(self, row: int, column: int) -> bool:
        """Whether a cell is among them."""
        runs = self._runs.get(column, ())
        place = bisect_right(runs, row, key=_first) - 1
        return place >= 0 and row < runs[place][1]


def _first(run: list[int]) -> int:
    return run[0]


def percent_styles(pieces: Iterable[bytes]) -> frozenset[str]:
    """The numbers of the cell styles that show per cent; nothing where the part is no XML."""
    formats: set[str] = set(_BUILT_IN)
    styles: list[str] = []
    inside = [False]

    def begin(name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if plain == "numFmt" and shows_percent(attributes.get("formatCode", "")):
            formats.add(attributes.get("numFmtId", ""))
        elif plain == "cellXfs":
            inside[0] = True
        elif plain == "xf" and inside[0] and len(styles) < _MOST:
            styles.append(attributes.get("numFmtId", ""))

    def end(name: str) -> None:
        if name.rpartition(":")[2] == "cellXfs":
            inside[0] = False

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    try:
        for piece in pieces:
            parser.Parse(piece)
        parser.Parse(b"", True)
    except expat.ExpatError:
        return frozenset()
    return frozenset(str(number) for number, one in enumerate(styles) if one in formats)


def shows_percent(code: str) -> bool:
    """Whether a number format multiplies by a hundred: its sign stands there and is no mere text."""
    return "%" in _LITERAL.sub("", code.partition(";")[0])


def as_percent(cell: str) -> str:
    """The number as a person reads it, without the sign: ``0.125`` becomes ``12.5``."""
    try:
        number = Decimal(cell) * 100
    except ArithmeticError:
        return cell
    plain = f"{number.normalize():f}" if number.is_finite() else cell
    # A fourth decimal behind three, so that the point is not taken for one of thousands.
    return "0" if plain == "-0" else f"{plain}0" if plain[-4:-3] == "." else plain
