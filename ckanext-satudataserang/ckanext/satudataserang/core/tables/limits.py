"""How much of a file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds of one reading.

    `text_bytes`, `workbook_bytes`, `html_bytes`: the file on disk, by its form; `unpacked_bytes`: all parts of a
    workbook together. `columns` of a table, `rows` and `cells` of a sheet (the rectangle it spans, empty cells too),
    `cell` and `row`: signs in one of them. `memory` (bytes) and `seconds` (of processor time) bound the process that
    reads workbooks and web pages.
    """

    text_bytes: int = 4_096 * _MEGABYTE
    workbook_bytes: int = 200 * _MEGABYTE
    html_bytes: int = 30 * _MEGABYTE
    unpacked_bytes: int = 2_048 * _MEGABYTE
    columns: int = 500
    rows: int = 1_048_576
    cells: int = 20_000_000
    cell: int = 100_000
    row: int = 1_000_000
    memory: int = 1_536 * _MEGABYTE
    seconds: int = 120
