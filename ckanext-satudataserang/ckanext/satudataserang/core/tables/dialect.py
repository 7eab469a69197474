"""Which sign separates the cells of a delimited text file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200
_DECIMAL = re.compile(r"(?<=\d),(?=\d)")


@dataclass(frozen=True)
class Dialect:
    """`declared`: the file's first line says which delimiter it has (Excel's ``sep=;``) and is no data."""

    delimiter: str
    declared: bool = False


def detect_dialect(sample: str) -> Dialect:
    """Choose the delimiter under which the most rows are of one width, and that is widest.

    :param sample: the beginning of the text; its last line may be cut
    """
    first = sample.split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return Dialect(first[4:5], declared=True)
    lines = lines_of(sample)
    if len(lines) > 1 and not sample.endswith("\n"):
        lines.pop()
    scores = {delimiter: _score(lines, delimiter) for delimiter in DELIMITERS}
    share = max(scores[delimiter][0] for delimiter in DELIMITERS[1:])
    if share and share >= scores[","][0]:
        # Where another sign divides, a comma between digits is a decimal one.
        scores[","] = _score([_DECIMAL.sub(".", line) for line in lines], ",")
    best = max(DELIMITERS, key=lambda delimiter: (*scores[delimiter], -DELIMITERS.index(delimiter)))
    return Dialect(best)


def lines_of(text: str) -> list[str]:
    """The lines of a text, each with its end; other signs that part lines elsewhere (``\\x1e``, ``\\u2028``) do not."""
    return list(io.StringIO(text, newline=""))


def parse(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Split lines into rows of cells; quotes are ``"``, doubled inside. Raises `csv.Error` on broken quotes."""
    return csv.reader(lines, delimiter=delimiter, strict=True)


def _score(lines: list[str], delimiter: str) -> tuple[float, int]:
    widths: list[int] = []
    try:
        for row in parse(lines, delimiter):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        # A quote that the sample cuts off ends the count, not the candidate.
        pass
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return (0.0, 0)
    usual = max(counted, key=lambda width: (counted[width], width))
    return (counted[usual] / len(widths), usual)
