"""A form that was taken from the beginning of a file: whether the whole file, cell by cell, lies as it says.

`plain.plain_rows` looks the text through for what a plain file has not. Where every cell of every column was proven,
all of that is known from the cells but for what the signs between them say, and to count these takes little time.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ckanext.satudataserang.core.tables.grid import Grid
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.plain import plain_lines

from .subject import Subject


def counted(grid: Grid) -> Callable[[], int | None]:
    """Begin to count the rows of a file as `plain_lines` does, beside other work; returns where to wait for them."""
    worker = ThreadPoolExecutor(1)
    found = worker.submit(plain_lines, grid.path, grid.delimiter, len(grid.titles), Limits().cell)
    worker.shutdown(wait=False)
    return found.result


def holds(subject: Subject, lines: Callable[[], int | None]) -> bool:
    """Whether the file is plain by what was proven of its cells; False also where that cannot be told.

    :param lines: the rows that `plain_lines` counts
    """
    proof, grid = subject.proof, subject.grid
    if proof is None or proof.titled:
        return False
    taken = {one.number for one in subject.columns if one.present and one.proven and not one.may_total}
    if len(taken) < len(grid.titles) or not any(one.filled == proof.rows for one in subject.columns):
        return False
    return lines() == proof.rows
