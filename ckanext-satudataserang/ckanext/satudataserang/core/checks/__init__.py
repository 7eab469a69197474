"""Checks of a table: one rule per file, registered by the moment at which it can decide.

* A *file check* sees the beginning of the file, before anything is read: `(TableFile) -> findings`.
* A *header check* sees the titles: `(Header) -> findings`.
* A *row check* is made once per table and then sees every row: `(Header) -> (row number, cells) -> finding or None`.
* A *table check* sees what was counted when all rows were read: `(TableSummary) -> findings`.

Each gets the agreed structure of the plan entry where there is one, so checks against it are written the same way.
Add a check by writing its file and naming it below; reading and loading pick it up from here.
"""

from __future__ import annotations

from . import binary, empty, header, limits, ragged
from .base import FileCheck, Header, HeaderCheck, RowCheck, RowRule, TableCheck, TableFile, TableSummary

__all__ = [
    "FILE_CHECKS",
    "HEADER_CHECKS",
    "ROW_CHECKS",
    "TABLE_CHECKS",
    "FileCheck",
    "Header",
    "HeaderCheck",
    "RowCheck",
    "RowRule",
    "TableCheck",
    "TableFile",
    "TableSummary",
]

FILE_CHECKS: tuple[FileCheck, ...] = (empty.empty_file, binary.not_text)
HEADER_CHECKS: tuple[HeaderCheck, ...] = (header.untitled, header.repeated, limits.too_many_columns)
ROW_CHECKS: tuple[RowCheck, ...] = (ragged.ragged, binary.null_signs)
TABLE_CHECKS: tuple[TableCheck, ...] = (empty.no_rows,)
