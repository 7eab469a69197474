"""Tables too wide to be a table."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudataserang.core.findings import Finding, error

from .base import Header

#: PostgreSQL holds at most 1,600 columns, fewer when they are wide.
MAX_COLUMNS = 500


def too_many_columns(header: Header) -> Iterator[Finding]:
    """Refuse tables with more columns than a DataStore table can hold and a reader can use."""
    if header.width > MAX_COLUMNS:
        yield error(
            "kolom-terlalu-banyak",
            f"Tabel memiliki {header.width} kolom; paling banyak {MAX_COLUMNS}.",
            "Susun tahun atau wilayah ke bawah sebagai baris, bukan ke samping sebagai kolom.",
            row=header.row,
        )
