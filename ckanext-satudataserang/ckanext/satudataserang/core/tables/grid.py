"""A file's table made plain: where it lies in the file, and a text file that holds its cells and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ckanext.satudataserang.core.findings import Findings

from .layout import FORMS, Form, Layout, LayoutError, Melt

__all__ = ["FORMS", "CopyFile", "Form", "Grid", "Layout", "LayoutError", "Melt", "TitleMatch"]


@dataclass(frozen=True)
class TitleMatch:
    """A title of the file and the column of the structure it is taken for.

    `how` is label, id, synonym, remembered, chosen, fuzzy or none; `score` (0-100) says how near a fuzzy one is. Fuzzy
    ones are to be confirmed by a person.
    """

    title: str
    column_id: str
    how: Literal["label", "id", "synonym", "remembered", "chosen", "fuzzy", "none"]
    score: float = 100.0


@dataclass
class Grid:
    """The cells of a table in a delimited text file: UTF-8, quotes ``"`` doubled inside, every row as wide as `titles`.

    `skip` records stand before the first row of data. With `numbered`, the first field of each row is its number in
    the source, which is not among `titles`; without, rows are numbered from `layout.first` on without a gap. `stamp` is
    what a template of ours says about itself. `offered`: a melt that is offered and not applied, None where the columns
    are no periods. Without errors in `findings` the grid can be read.

    `look_through`: the form was taken from the beginning of the file; whoever finds its cells to be otherwise gets the
    grid of the whole file from it. None where the whole file was looked through.
    """

    path: Path
    findings: Findings
    layout: Layout
    titles: tuple[str, ...] = ()
    delimiter: str = ","
    skip: int = 0
    numbered: bool = False
    sheets: tuple[str, ...] = ()
    offered: Melt | None = None
    matches: tuple[TitleMatch, ...] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)
    look_through: Callable[[], Grid] | None = field(default=None, repr=False, compare=False)

    @property
    def usable(self) -> bool:
        """Whether the table's cells can be read."""
        return not self.findings.has_errors and bool(self.titles)

    def begin(self) -> int:
        """Where the first row begins (bytes), in a file without line breaks in its titles."""
        with self.path.open("rb") as file:
            return sum(len(file.readline()) for _line in range(self.skip))


@dataclass(frozen=True)
class CopyFile:
    """Rows for PostgreSQL: ``COPY (columns) FROM … (FORMAT csv, NULL '', ENCODING 'UTF8')``, no header.

    They begin at the byte `begin` of the file.
    """

    path: Path
    columns: tuple[str, ...]
    rows: int
    begin: int = 0
