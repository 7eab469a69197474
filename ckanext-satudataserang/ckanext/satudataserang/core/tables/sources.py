"""The rows of a file before anybody knows which of them are the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .heading import Block
from .layout import Form
from .records import Record


@dataclass(frozen=True)
class Source:
    """Rows that can be had again and again, and what is known beside them.

    `rectangular`: cells stand in a sheet, so that a short row lacks nothing. `blocks` are its merged cells.
    `hidden_sheets` are not offered, but whoever has the file can see them. `skipped` lines of a
    text say how it is written and are no rows of a table. `percent` are the columns of a sheet with numbers that are
    shown as per cent.
    """

    form: Form
    records: Callable[[], Iterator[Record]]
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    hidden_sheets: tuple[str, ...] = ()
    rectangular: bool = False
    blocks: Sequence[Block] = ()
    stamp: Mapping[str, str] = field(default_factory=dict)
    skipped: int = 0
    percent: Sequence[int] = ()
