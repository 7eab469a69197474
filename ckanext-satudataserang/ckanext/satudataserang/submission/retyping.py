"""What type a column of a table gets when rows come whose columns have others.

A type a structure agreed becomes the table's. Without one the table's type stays, or becomes wide enough for both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from . import datastore_seam as seam
from .store_model import PG_TYPES, Column, ColumnType, NarrowingError
from .tables import Field

#: What a type may become so that all values of both fit.
_WIDER = {("integer", "numeric"): "numeric", ("date", "timestamp"): "timestamp"}
#: A value, as text, that keeps its meaning in a narrower type.
_FITS = {
    "integer": r"^-?(0|[1-9]\d{0,17})(\.0+)?$",
    "numeric": r"^-?(0|[1-9]\d*)(\.\d+)?$",
    "date": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( 00:00:00)?$",
    "timestamp": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( \d\d:\d\d:\d\d(\.\d+)?)?$",
    "boolean": r"^(t|f|true|false)$",
}
_SHOWN = 5


def changes(standing: Sequence[Field], columns: Sequence[Column]) -> dict[str, ColumnType]:
    """The columns of the table whose type changes, with the type they get."""
    given = {column.id: column for column in columns}
    changed: dict[str, ColumnType] = {}
    for field in standing:
        column = given.get(field.id)
        if column is None or column.type == field.type:
            continue
        wider = column.type if column.agreed else _WIDER.get((field.type, column.type))
        if wider:
            changed[field.id] = cast("ColumnType", wider)
    return changed


def require_room(
    cursor: Any, table: str, standing: Sequence[Field], changed: Mapping[str, ColumnType], *, unless: str
) -> None:
    """See that every value which stays keeps its meaning; `unless` is SQL that is true of rows that go.

    Raises NarrowingError.
    """
    for field in standing:
        kind = changed.get(field.id)
        if kind is None or kind == "text" or _WIDER.get((field.type, kind)) == kind:
            continue
        text = f"{seam.identifier(field.id)}::text"
        misfit = f"NOT ({unless}) AND {text} !~ {seam.literal(_FITS[kind])}"
        name = seam.identifier(table)
        cursor.execute(f"SELECT count(*) FROM {name} WHERE {misfit}")  # noqa: S608 (our own identifiers and literals)
        if total := int(cursor.fetchone()[0]):
            cursor.execute(f"SELECT DISTINCT {text} FROM {name} WHERE {misfit} ORDER BY 1 LIMIT {_SHOWN}")  # noqa: S608
            raise NarrowingError(field.title, field.type, kind, total, [value for (value,) in cursor.fetchall()])


def cast_sql(field: Field, kind: str) -> str:
    """A column's value in the type it gets."""
    name = seam.identifier(field.id)
    if field.type == kind:
        return name
    by_number = "::numeric" if kind == "integer" else ""
    return f"{name}::text{by_number}::{PG_TYPES[kind]}"
