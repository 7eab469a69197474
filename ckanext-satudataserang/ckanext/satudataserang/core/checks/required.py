"""Cells that have to be filled."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .subject import Cells, Fault, Subject

KOSONG = Check(
    "wajib-kosong",
    Severity.ERROR,
    title="Isian wajib yang kosong",
    message="Baris {row}: kolom “{column}” wajib diisi.",
    advice="Isi sel itu, atau hapus barisnya bila memang tidak ada.",
)
#: A figure that is not there yet is no mistake: it is counted as missing.
BELUM = Check(
    "nilai-wajib-kosong",
    Severity.WARNING,
    title="Nilai wajib yang belum terisi",
    message="Baris {row}: nilai “{column}” belum terisi.",
    advice="Isi bila datanya sudah ada. Nol ditulis 0; sel kosong dihitung belum terisi.",
)
CHECKS = (KOSONG, BELUM)


def faults(subject: Subject, column: Cells) -> list[Fault]:
    """Key columns and required ones without a value; text that means nothing is none."""
    agreed = column.agreed
    if agreed is None or not column.present or not (agreed.required or agreed.key):
        return []
    kinds = column.profile.kinds
    if not (kinds[Kind.EMPTY] or kinds[Kind.NOTHING] or (kinds[Kind.TEXT] and column.type.name != "text")):
        return []
    # What stands there and cannot be read is said by the check of its type.
    empty = f"{subject.value_of(column)} IS NULL AND {subject.missing_in(column)}"
    return [Fault(BELUM if agreed.is_measure else KOSONG, column, empty)]
