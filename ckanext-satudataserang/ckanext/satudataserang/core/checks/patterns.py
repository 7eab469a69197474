"""Texts of an agreed shape."""

from __future__ import annotations

import duckdb

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.kinds import full_match

from .base import Check
from .subject import Cells, Fault, Subject

POLA = Check(
    "pola-tidak-cocok",
    Severity.ERROR,
    title="Bentuk isian tidak cocok",
    message="Baris {row}, kolom “{column}”: “{value}” tidak sesuai bentuk yang disepakati.",
    advice="Tulis seperti contoh di templat. Nol di depan tidak boleh hilang.",
)
RUSAK = Check(
    "pola-rusak",
    Severity.WARNING,
    title="Pola di struktur rusak",
    message="Pola kolom “{column}” dalam struktur tidak dapat dipakai, sehingga isinya tidak diperiksa dengannya.",
    advice="Minta Walidata memperbaiki pola itu di struktur.",
)
CHECKS = (POLA, RUSAK)


def faults(subject: Subject, column: Cells) -> list[Fault]:
    """Values that the whole pattern does not match."""
    agreed = column.agreed
    if agreed is None or not agreed.pattern or not column.present:
        return []
    try:
        subject.ask(f"SELECT {full_match(chr(39) * 2, agreed.pattern)}")
    except duckdb.Error:
        subject.add([RUSAK.found(column=column.title)])
        return []
    return [Fault(POLA, column, f"NOT {full_match(subject.value_of(column), agreed.pattern)}")]
