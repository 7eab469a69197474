"""The rows of a delimited text file, numbered as a spreadsheet does."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from .dialect import parse

#: A row of cells and its number: 1 is the first of the file; a line break inside quotes begins no new row.
Record = tuple[int, list[str]]


class BrokenTextError(Exception):
    """The text cannot be split into rows from here on.

    `row` is where, `long` whether a cell or a line grew without end, `columns` how many cells were seen in such a line.
    """

    def __init__(self, row: int, *, long: bool, columns: int = 0) -> None:
        super().__init__(row)
        self.row, self.long, self.columns = row, long, columns


def text_records(path: Path, encoding: str, delimiter: str) -> Iterator[Record]:
    """Read a file's rows. Raises BrokenTextError, and OSError when the file goes away."""
    number = 0
    with path.open(encoding=encoding, newline="") as text:
        try:
            for number, cells in enumerate(parse(_bounded(text), delimiter), start=1):
                yield number, cells
        except csv.Error as problem:
            raise BrokenTextError(number + 1, long="field larger" in str(problem)) from problem
        except _EndlessLineError as problem:
            raise BrokenTextError(number + 1, long=True, columns=str(problem).count(delimiter)) from problem


#: A line without end is no line of a table, and would be held in memory whole.
_LONGEST_LINE = 4 << 20


class _EndlessLineError(Exception):
    pass


def _bounded(text: TextIO) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) >= _LONGEST_LINE:
            raise _EndlessLineError(line)
        yield line
