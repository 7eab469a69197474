"""A form that was taken from the beginning of a file: whether the whole file, cell by cell, lies as it says.

`plain.plain_rows` looks the text through for what a plain file has not. Where every cell of every column was proven,
all of that is known from the cells but for what the signs between them say, and to count these takes little time.
"""

from __future__ import annotations

from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.plain import plain_lines

from .subject import Subject


def holds(subject: Subject) -> bool:
    """Whether the file is plain by what was proven of its cells; False also where that cannot be told."""
    proof, grid = subject.proof, subject.grid
    if proof is None or proof.titled:
        return False
    taken = {one.number for one in subject.columns if one.present and one.proven and not one.may_total}
    if len(taken) < len(grid.titles) or not any(one.filled == proof.rows for one in subject.columns):
        return False
    return plain_lines(grid.path, grid.delimiter, len(grid.titles), Limits().cell) == proof.rows
