"""Rows that are not as wide as the header."""

from __future__ import annotations

from collections.abc import Sequence

from ckanext.satudataserang.core.findings import Finding, error

from .base import Header, RowRule


def ragged(header: Header) -> RowRule:
    """Report rows with a missing or a surplus cell: from there on every value would stand under a wrong title.

    Empty cells beyond the last column, as spreadsheets write them, are no surplus.
    """
    width = header.width

    def rule(row: int, cells: Sequence[str]) -> Finding | None:
        found = len(cells)
        if found == width or (found > width and not any(cell.strip() for cell in cells[width:])):
            return None
        return error(
            "lebar-baris",
            f"Baris {row} berisi {found} sel, padahal judulnya {width} kolom.",
            "Periksa pemisah kolom di baris itu. Isi yang memuat pemisah harus diapit tanda kutip ganda.",
            row=row,
        )

    return rule
