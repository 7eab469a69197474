"""The grid in which small tables are typed: its cells, and numbers as people here write them.

A grid speaks Indonesian: ``1.234,5`` is one thousand two hundred thirty-four and a half. What may mean two things is
not guessed: it is named, beside its cell, and nothing is sent until somebody has decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ckanext.satudataserang.core.tables.values import COMMA, POINT, Kind, kind_of, number_text

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "Grid", "GridColumn", "Problem", "canonical", "posted", "written"]

#: Larger tables are uploaded as files; a page of that many boxes is no help on a phone.
MAX_CELLS = 2_000
MAX_COLUMNS = 40
_MAX_ROWS = 500
_CELL = re.compile(r"s-(\d{1,4})-(\d{1,2})", re.ASCII)
_PLAIN = re.compile(r"-?\d+\.\d+", re.ASCII)
_VALUELESS = (Kind.EMPTY, Kind.NOTHING)
_AMBIGUOUS_FRACTION = 3


@dataclass(frozen=True)
class GridColumn:
    """One column: `id` is its name in the table, `key` says that it tells what a row is about, `number` its kind.

    `choices` are the codes that may stand in it with their labels (empty: anything may), `hint` says what it means.
    """

    id: str
    title: str
    unit: str = ""
    key: bool = False
    number: bool = False
    required: bool = False
    hint: str = ""
    choices: Mapping[str, str] = field(default_factory=dict, hash=False)

    def named(self, text: str) -> str:
        """What a person calls a code; any other text as it is."""
        return self.choices.get(text, text)

    def coded(self, text: str) -> str:
        """The code a text stands for, as code or as label; any other text as it is."""
        if text in self.choices:
            return text
        bare = text.casefold()
        return next((code for code, label in self.choices.items() if label.casefold() == bare), text)


@dataclass(frozen=True)
class Problem:
    """A cell that cannot be read: its place (from 0), what stands there, and ``bukan-angka`` or ``angka-rancu``."""

    row: int
    column: int
    value: str
    code: str


@dataclass
class Grid:
    """Columns, the texts of the cells as people write them, and what cannot be read."""

    columns: Sequence[GridColumn]
    rows: list[list[str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def cells(self) -> int:
        """How many boxes the page has."""
        return len(self.columns) * len(self.rows)

    @property
    def blank(self) -> bool:
        """Whether nothing stands in any box but what says what the rows are about."""
        measured = [index for index, column in enumerate(self.columns) if not column.key]
        return not any(kind_of(row[index]) not in _VALUELESS for row in self.rows for index in measured)


def posted(form: Mapping[str, str], columns: Sequence[GridColumn]) -> Grid:
    """Read the boxes of a posted page, `s-<row>-<column>`.

    Rows whose boxes are all empty are dropped; what lies outside the limits is not looked at.
    """
    found: dict[int, list[str]] = {}
    for name, text in form.items():
        place = _CELL.fullmatch(name)
        if place is None:
            continue
        row, column = int(place[1]), int(place[2])
        if row < _MAX_ROWS and column < len(columns):
            found.setdefault(row, [""] * len(columns))[column] = " ".join(text.replace("\0", "").split())
    return Grid(columns, [cells for _row, cells in sorted(found.items()) if any(cells)])


def canonical(grid: Grid) -> list[dict[str, str]]:
    """The rows as an action takes them, `{column id: text}`: numbers with a decimal point and no grouping.

    What cannot be read stays as typed and is noted in `grid.problems`.
    """
    columns = [_read_column(grid, index) for index in range(len(grid.columns))]
    return [
        {column.id: cells[row] for column, cells in zip(grid.columns, columns, strict=True)}
        for row in range(len(grid.rows))
    ]


def written(value: Any, *, number: bool = True) -> str:
    """A stored value as a person types it here: a number with a decimal comma and no grouping, a text as it is.

    What is shown is read back as the same number.
    """
    if value is None:
        return ""
    if isinstance(value, (float, Decimal)) or (number and isinstance(value, str) and _PLAIN.fullmatch(value)):
        text = format(Decimal(str(value)), "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return _clear(text).replace(".", ",")
    return str(value)


def _read_column(grid: Grid, index: int) -> list[str]:
    texts = [row[index] for row in grid.rows]
    if not grid.columns[index].number:
        return texts
    kinds = {kind_of(text) for text in texts}
    read = []
    for row, text in enumerate(texts):
        value, code = _read_number(text, kinds)
        if code:
            grid.problems.append(Problem(row, index, text, code))
        read.append(value)
    return read


def _read_number(text: str, kinds: Iterable[Kind]) -> tuple[str, str]:
    """The number in a text, and the code of what is wrong with it; `kinds` are those of the whole column."""
    kind, among = kind_of(text), set(kinds)
    english = among & {Kind.POINT, Kind.GROUPED_COMMA}
    if kind in _VALUELESS or kind is Kind.INTEGER:
        return text, ""
    if kind in (Kind.COMMA, Kind.GROUPED_POINT):
        return _clear(number_text(text, COMMA)), ""
    if kind in (Kind.POINT, Kind.GROUPED_COMMA):
        return _clear(number_text(text, POINT)), ""
    # "1.234" is a thousand here, unless the column shows that its point is a decimal sign.
    if kind is Kind.AMBIGUOUS_POINT:
        return (text, "angka-rancu") if english else (number_text(text, COMMA), "")
    # "1,234" is a fraction only where the column writes other fractions with a comma.
    if kind is Kind.AMBIGUOUS_COMMA:
        sure = among & {Kind.COMMA, Kind.GROUPED_POINT} and not english
        return (_clear(number_text(text, COMMA)), "") if sure else (text, "angka-rancu")
    return text, "bukan-angka"


def _clear(number: str) -> str:
    """Write three decimals as four, so that no reader takes the point for a sign of thousands."""
    whole, _point, part = number.partition(".")
    return f"{whole}.{part}0" if len(part) == _AMBIGUOUS_FRACTION else number
