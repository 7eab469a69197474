"""A file without content, a table without rows."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudataserang.core.findings import Finding, error

from .base import TableFile, TableSummary


def empty_file(file: TableFile) -> Iterator[Finding]:
    """Refuse a file that holds nothing but blanks."""
    text = file.head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe,;|")
    if file.size == 0 or (not text and file.size <= len(file.head)):
        yield error(
            "berkas-kosong",
            "Berkas kosong: tidak ada satu pun baris berisi.",
            "Periksa apakah berkas tersimpan dengan benar, lalu unggah ulang.",
        )


def no_rows(table: TableSummary) -> Iterator[Finding]:
    """Refuse a table that has titles only."""
    if table.rows == 0:
        yield error(
            "tanpa-baris",
            f"Berkas hanya berisi judul kolom (baris {table.header.row}); tidak ada baris data di bawahnya.",
            "Isi datanya di bawah judul kolom, lalu unggah ulang.",
            row=table.header.row,
        )
