"""Columns that have to hold yes or no."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import is_missing_sql
from ckanext.satudataserang.core.tables.kinds import full_match, nothing_pattern
from ckanext.satudataserang.core.tables.types import ColumnType

from .base import Check
from .subject import Cells, Fault, Subject

BUKAN_YA_TIDAK = Check(
    "bukan-ya-tidak",
    Severity.ERROR,
    title="Isi yang bukan ya atau tidak",
    message="Baris {row}, kolom “{column}”: “{value}” bukan “ya” atau “tidak”.",
    advice="Tulis ya atau tidak, atau kosongkan sel itu.",
)
CHECKS = (BUKAN_YA_TIDAK,)

_YES = frozenset({"ya", "y", "iya", "yes", "true", "t", "benar", "1", "ada", "sudah", "v", "√", "✓", "✔"})
_NO = frozenset({"tidak", "tdk", "no", "n", "false", "f", "salah", "0", "tidak ada", "belum", "bukan", "x"})


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Read a column that has to hold yes or no."""
    column.type = ColumnType("boolean")
    x = column.raw
    yes, no = full_match(x, nothing_pattern(_YES)), full_match(x, nothing_pattern(_NO))
    column.value = f"CASE WHEN {yes} THEN 'true' WHEN {no} THEN 'false' ELSE NULL END"
    wrong = f"{x} IS NOT NULL AND NOT ({yes}) AND NOT ({no}) AND NOT {is_missing_sql(x)}"
    return [Fault(BUKAN_YA_TIDAK, column, wrong)] if column.present else []
