"""Numbers of at most so many decimals."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity

from .base import Check
from .subject import Cells, Fault, Subject

DESIMAL = Check(
    "desimal-berlebih",
    Severity.ERROR,
    title="Terlalu banyak angka di belakang koma",
    message="Baris {row}, kolom “{column}”: “{value}” memakai lebih dari {decimals} angka di belakang koma.",
    advice="Bulatkan nilainya, atau periksa apakah tanda ribuan dan desimal tertukar.",
)
CHECKS = (DESIMAL,)


def faults(subject: Subject, column: Cells) -> list[Fault]:
    """Values with more decimals than agreed; zeros at the end do not count."""
    agreed = column.agreed
    if agreed is None or agreed.decimals is None or not column.present or column.type.name != "numeric":
        return []
    places = agreed.decimals
    many = f"regexp_matches({subject.value_of(column)}, '\\.[0-9]{{{places}}}[0-9]*[1-9]')"
    return [Fault(DESIMAL, column, many, told=lambda _row, _value: {"decimals": places})]
