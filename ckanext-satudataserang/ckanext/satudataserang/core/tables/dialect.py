"""Which sign separates the cells of a delimited text file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_ROWS = 200


@dataclass(frozen=True)
class Dialect:
    """`declared`: the file's first line says which delimiter it has (Excel's ``sep=;``) and is no data."""

    delimiter: str
    declared: bool = False


def detect_dialect(sample: str) -> Dialect:
    """Choose the delimiter under which the most rows are as wide as the header, and the header is widest.

    :param sample: the beginning of the text; its last line may be cut
    """
    first = sample.split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and first[4:5] in DELIMITERS:
        return Dialect(first[4:5], declared=True)
    lines = sample.splitlines(keepends=True)
    if len(lines) > 1 and not sample.endswith("\n"):
        lines.pop()
    best = max(DELIMITERS, key=lambda delimiter: (_score(lines, delimiter), -DELIMITERS.index(delimiter)))
    return Dialect(best)


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
    if not widths or widths[0] == 1:
        return (0.0, 0)
    return (sum(width == widths[0] for width in widths) / len(widths), widths[0])
