"""Which checks there are. A new one is a module of its own and one line here, and in the catalogue.

* A *reader* decides what the texts of a column mean: `(Subject, Cells) -> faults`, setting the column's type and value.
* A *cell check* names the cells of a column that break a rule: `(Subject, Cells) -> faults`.
* A *table check* looks at rows together and reports what it finds: `(Subject) -> None`.
"""

from __future__ import annotations

from collections.abc import Callable

from . import (
    booleans,
    dates,
    decimals,
    expected,
    guessed,
    keys,
    numbers,
    outliers,
    patterns,
    ranges,
    required,
    rules,
    texts,
)
from .subject import Cells, Fault, Subject

Reader = Callable[[Subject, Cells], list[Fault]]
CellCheck = Callable[[Subject, Cells], list[Fault]]
TableCheck = Callable[[Subject], None]

READERS: dict[str, Reader] = {
    "": guessed.read,
    "text": texts.read,
    "integer": numbers.read,
    "numeric": numbers.read,
    "date": dates.read,
    "timestamp": dates.read,
    "boolean": booleans.read,
}
CELL_CHECKS: tuple[CellCheck, ...] = (required.faults, ranges.faults, patterns.faults, decimals.faults)
TABLE_CHECKS: tuple[TableCheck, ...] = (keys.check, rules.check, expected.check, outliers.check)


def reader_of(column: Cells) -> Reader:
    """What reads a column of this type."""
    return READERS.get(column.asked, guessed.read)
