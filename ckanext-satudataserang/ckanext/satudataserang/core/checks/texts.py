"""Columns that have to hold text, from a code list or free."""

from __future__ import annotations

from ckanext.satudataserang.core.tables.kinds import is_nothing
from ckanext.satudataserang.core.tables.types import ColumnType
from ckanext.satudataserang.core.tables.values import Kind

from . import codelists
from .subject import Cells, Fault, Subject


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Read a column that has to hold text: signs of nothing are no value, codes are brought to their own spelling."""
    column.type = ColumnType("text")
    column.value = column.raw
    if column.agreed is not None and column.profile.kinds[Kind.NOTHING]:
        column.value = f"CASE WHEN {is_nothing(column.raw)} THEN NULL ELSE {column.raw} END"
    return codelists.read(subject, column) if column.agreed is not None and column.agreed.code_list else []
