"""Titles of columns."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.satudataserang.core.findings import Finding, error

from .base import Header


def untitled(header: Header) -> Iterator[Finding]:
    """Refuse a column without a title."""
    for number, title in enumerate(header.titles, start=1):
        if not title.strip():
            yield error(
                "judul-kosong",
                f"Kolom ke-{number} tidak berjudul (baris {header.row}).",
                "Beri judul kolom itu, atau hapus kolomnya jika tidak berisi data.",
                row=header.row,
                column=str(number),
            )


def repeated(header: Header) -> Iterator[Finding]:
    """Refuse two columns of the same title: nobody can tell them apart."""
    seen: dict[str, int] = {}
    for number, title in enumerate(header.titles, start=1):
        plain = " ".join(title.casefold().split())
        if not plain:
            continue
        if plain in seen:
            yield error(
                "judul-ganda",
                f"Judul “{title}” dipakai dua kali: kolom ke-{seen[plain]} dan kolom ke-{number}.",
                "Bedakan kedua judul itu, atau hapus salah satu kolomnya.",
                row=header.row,
                column=title,
            )
        seen.setdefault(plain, number)
