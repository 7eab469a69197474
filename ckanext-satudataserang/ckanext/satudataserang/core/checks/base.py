"""What checks see, and the shapes of the checks themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ckanext.satudataserang.core.findings import Finding


@dataclass(frozen=True)
class TableFile:
    """The file before it is read: its first bytes (at most 4,096) and its size in bytes."""

    head: bytes
    size: int


@dataclass(frozen=True)
class Header:
    """The titles as they stand in the file, the row they stand in, and the agreed structure (empty: none agreed)."""

    titles: Sequence[str]
    row: int
    structure: Mapping[str, Any] = field(default_factory=dict)

    @property
    def width(self) -> int:
        """How many columns the table has."""
        return len(self.titles)


@dataclass(frozen=True)
class TableSummary:
    """What is known when all rows were read: `rows` with data, `values` not empty per column."""

    header: Header
    rows: int
    values: Sequence[int]


FileCheck = Callable[[TableFile], Iterator[Finding]]
HeaderCheck = Callable[[Header], Iterator[Finding]]
RowRule = Callable[[int, Sequence[str]], "Finding | None"]
RowCheck = Callable[[Header], RowRule]
TableCheck = Callable[[TableSummary], Iterator[Finding]]
