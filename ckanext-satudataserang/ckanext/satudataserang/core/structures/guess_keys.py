"""The key of an example table: the smallest set of columns that names every row once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Protocol

_WIDEST = 4
_CANDIDATES = 10
_ASKED = 300
_CLASS_TYPES = ("text", "date", "boolean")


class Counted(Protocol):
    """A column of which is known how many distinct values it has."""

    @property
    def title(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def empty(self) -> int: ...
    @property
    def kinds(self) -> int: ...


def smallest_key(
    columns: Sequence[Counted], periods: Sequence[Counted], unique: Callable[[Sequence[str]], bool] | None
) -> tuple[str, ...]:
    """The titles of the key; empty where none is found or one row needs none.

    Columns of periods count with every set, since a key names a row once per period. Columns of classes (text, dates)
    go before numbers, and the first before the last.

    :param unique: whether columns together name every row once; without it their distinct values must multiply to the
        number of rows
    """
    rows = max((one.rows for one in columns), default=0)
    if rows <= 1:
        return ()
    whole = [one for one in columns if one.empty == 0 and one.kinds > 1]
    classes = [one for one in whole if one.type in _CLASS_TYPES][:_CANDIDATES]
    numbers = [one for one in whole if one.type == "integer"]
    # A measure that happens to differ from row to row is no key where the classes do.
    return _search(classes, periods, rows, unique) or _search([*classes, *numbers], periods, rows, unique)


def _search(
    candidates: Sequence[Counted],
    periods: Sequence[Counted],
    rows: int,
    unique: Callable[[Sequence[str]], bool] | None,
) -> tuple[str, ...]:
    beside = [one.title for one in periods]
    asked = 0
    for size in range(1, _WIDEST + 1):
        for chosen in combinations(candidates[:_CANDIDATES], size):
            if math.prod(one.kinds for one in (*chosen, *periods)) < rows:
                continue
            asked += 1
            if asked > _ASKED:
                return ()
            if _names_rows(chosen, periods, rows, beside, unique):
                return tuple(one.title for one in chosen)
    return ()


def _names_rows(
    chosen: Sequence[Counted],
    periods: Sequence[Counted],
    rows: int,
    beside: Sequence[str],
    unique: Callable[[Sequence[str]], bool] | None,
) -> bool:
    if unique is not None:
        return unique([*beside, *(one.title for one in chosen)])
    return math.prod(one.kinds for one in (*chosen, *periods)) == rows
