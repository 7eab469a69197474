"""One pass over a file as it lies: what is asked of all rows at once, and what the first rows let expect."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice

from ckanext.satudataserang.core.tables.values import POINT, Kind, kind_of

from .subject import Cells, Subject

_SAMPLE = 4_000

#: Whether so many filled cells of a column are as agreed, asked when the pass is over.
Holds = Callable[[int], bool]


@dataclass
class Asked:
    """Expressions of one pass, and what becomes of their answers, in order."""

    expressions: list[str] = field(default_factory=list)
    answers: list[object] = field(default_factory=list)

    def add(self, expression: str) -> Callable[[], object]:
        """Ask for one more; returns where its answer will stand."""
        if expression not in self.expressions:
            self.expressions.append(expression)
        place = self.expressions.index(expression)
        return lambda: self.answers[place]

    def count(self, where: str) -> Callable[[], int]:
        """Ask how many rows satisfy a condition."""
        answer = self.add(f"count(*) FILTER (WHERE {where})")
        return lambda: int(str(answer()))


@dataclass(frozen=True)
class Head:
    """The first rows of the file, each with its number in the source."""

    rows: Sequence[tuple[int, Sequence[str]]]

    def texts(self, cells: Cells) -> Iterator[tuple[int, str]]:
        """A column's filled cells, each with the number of its row."""
        return ((number, row[cells.number]) for number, row in self.rows if row[cells.number])

    def different(self, cells: Cells) -> int:
        """How many different texts a column has."""
        return len({text for _number, text in self.texts(cells)})

    def first(self, cells: Cells, kind: Kind) -> tuple[int, str] | None:
        """The first cell that alone is read as this kind."""
        return next((one for one in self.texts(cells) if kind_of(one[1]) is kind), None)

    def places(self, cells: Cells) -> set[int]:
        """How many signs follow the points of a column's cells."""
        return {len(text.partition(POINT)[2]) for _number, text in self.texts(cells)}


def head_of(subject: Subject) -> Head:
    """The first rows, for what is only to be guessed by them."""
    grid, rows = subject.grid, []
    behind = 1 if grid.numbered else 0
    with grid.path.open(encoding="utf-8", errors="replace", newline="") as stream, suppress(csv.Error):
        records = csv.reader(stream, delimiter=grid.delimiter)
        for place, row in enumerate(islice(records, grid.skip, grid.skip + _SAMPLE)):
            if len(row) == len(grid.titles) + behind:
                number = int(row[0]) if grid.numbered else grid.layout.first + place
                rows.append((number, row[behind:]))
    return Head(rows)
