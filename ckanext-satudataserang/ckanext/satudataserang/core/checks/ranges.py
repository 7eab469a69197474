"""Numbers between an agreed least and most."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity

from .base import Check
from .subject import Cells, Fault, Subject

KECIL = Check(
    "di-bawah-minimum",
    Severity.ERROR,
    title="Nilai di bawah batas",
    message="Baris {row}, kolom “{column}”: {value} lebih kecil dari batas terendah {minimum}.",
    advice="Periksa angkanya dan satuannya. Bila memang benar, minta Walidata mengubah batas di struktur.",
)
BESAR = Check(
    "di-atas-maksimum",
    Severity.ERROR,
    title="Nilai di atas batas",
    message="Baris {row}, kolom “{column}”: {value} lebih besar dari batas tertinggi {maximum}.",
    advice="Periksa angkanya dan satuannya. Bila memang benar, minta Walidata mengubah batas di struktur.",
)
CHECKS = (KECIL, BESAR)


def faults(subject: Subject, column: Cells) -> list[Fault]:
    """Values below the least or above the most; both are included."""
    agreed = column.agreed
    if agreed is None or not column.present or not column.is_number:
        return []
    number, found = subject.number_of(column), list[Fault]()
    least_value, most_value = column.extremes() or (None, None)
    if agreed.minimum is not None and (least_value is None or least_value < agreed.minimum):
        least = f"{agreed.minimum:f}"
        found.append(Fault(KECIL, column, f"{number} < {least}", told=lambda _row, _value: {"minimum": least}))
    if agreed.maximum is not None and (most_value is None or most_value > agreed.maximum):
        most = f"{agreed.maximum:f}"
        found.append(Fault(BESAR, column, f"{number} > {most}", told=lambda _row, _value: {"maximum": most}))
    return found
