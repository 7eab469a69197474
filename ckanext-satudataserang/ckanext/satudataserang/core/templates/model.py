"""What a template holds, before it is a file of any form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from ckanext.satudataserang.core.structures.model import CodeList, ColumnType
from ckanext.satudataserang.core.templates.stamp import MADE, Stamp

#: More rows than these are not laid out beforehand: such a table comes out of a system, not out of a typing hand.
MOST_ROWS = 20_000


@dataclass(frozen=True)
class Subject:
    """What is to be delivered, in the words of people; `address` is where the filled file is handed in."""

    entry: str
    title: str
    opd: str
    period: str
    when: str
    deadline: str = ""
    address: str = ""


@dataclass(frozen=True)
class Earlier:
    """The rows of the period before: values of the laid out columns in their order -> column id -> text."""

    when: str
    rows: Mapping[tuple[str, ...], Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TemplateColumn:
    """One column to fill in.

    `choices` are what may stand in it, None for anything; with `by_code` they are entered as codes (and their labels
    shown beside), else as labels. `laid_out`: its cells are filled in beforehand.
    """

    id: str
    title: str
    type: ColumnType = "text"
    unit: str = ""
    definition: str = ""
    required: bool = False
    key: bool = False
    laid_out: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: int | None = None
    personal: bool = False
    choices: CodeList | None = None
    by_code: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type in ("integer", "numeric")

    @property
    def is_measure(self) -> bool:
        """Whether what was counted or measured stands in it, and nothing about a person."""
        return not self.key and not self.laid_out and not self.personal

    @property
    def demand(self) -> str:
        """What is asked of it in words: "jiwa, wajib"."""
        return ", ".join(part for part in (self.unit, "wajib" if self.required else "boleh kosong") if part)

    @property
    def names(self) -> str:
        """The title of the names of its codes: "nama kelurahan" beside "Kode kelurahan"."""
        bare = self.title.casefold().removeprefix("kode ")
        return f"nama {bare}"

    def entered(self, code: str) -> str:
        """What stands in a cell for a code of the list."""
        return code if self.by_code else self._labels.get(code, code)

    def label(self, code: str) -> str:
        """The name of a code, empty for none."""
        return self._labels.get(code, "")

    @cached_property
    def _labels(self) -> Mapping[str, str]:
        return {one.code: one.label for one in self.choices.codes} if self.choices else {}


@dataclass(frozen=True)
class Template:
    """A template: columns, the rows that are laid out beforehand, and what stood there the period before.

    `lines()` gives the laid out rows, the values (codes) of `laid_out` columns in their order. Rows that are agreed
    (`fixed`) are not to be changed; others only help to begin.
    """

    subject: Subject
    columns: tuple[TemplateColumn, ...]
    stamp: Stamp
    axes: tuple[Sequence[tuple[str, ...]], ...] = ()
    count: int = 0
    fixed: bool = False
    earlier: Earlier | None = None
    made: date = MADE

    def lines(self) -> Iterator[tuple[str, ...]]:
        """The laid out rows, one at a time."""
        return _product(self.axes)

    @property
    def cells(self) -> int:
        """How many cells its file holds, the figures beside and the lists to choose from included."""
        beside = sum(column.is_measure for column in self.columns) if self.earlier else 0
        listed = sum(len(column.choices.codes) for column in self.columns if column.choices)
        return self.count * (len(self.columns) + beside) + listed

    @property
    def laid_out(self) -> tuple[TemplateColumn, ...]:
        """The columns whose cells are filled in beforehand."""
        return tuple(column for column in self.columns if column.laid_out)


def _product(axes: Sequence[Sequence[tuple[str, ...]]], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All combinations; the last axis runs fastest."""
    if not axes:
        if before:
            yield before
        return
    for one in axes[0]:
        yield from _product(axes[1:], (*before, *one))
