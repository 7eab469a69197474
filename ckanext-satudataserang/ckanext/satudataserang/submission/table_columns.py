"""The columns of a table in the DataStore, with what its data dictionary says of them."""

from __future__ import annotations

from typing import cast

from ckanext.satudataserang.core.checks.table import Table
from ckanext.satudataserang.core.structures import dictionary
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.submission.store_model import Column, ColumnType


def of_table(table: Table, structure: Structure | None) -> list[Column]:
    """The columns of a checked table: what the structure agrees on, for the others their title."""
    agreed = {column.id: column for column in of_structure(structure)} if structure else {}
    return [
        agreed.get(column.id)
        or Column(
            column.id, cast("ColumnType", column.type.name), label=column.title if column.title != column.id else ""
        )
        for column in table.columns
    ]


def of_structure(structure: Structure) -> list[Column]:
    """The columns of a structure with its types and its dictionary."""
    found = []
    for field in dictionary.fields(structure):
        info = dict(field["info"])
        label, notes = (str(info.pop(name, "")) for name in ("label", "notes"))
        column = structure.column(field["id"])
        kind = cast("ColumnType", column.type)
        found.append(Column(column.id, kind, label=label, notes=notes, unit=column.satuan, agreed=True, more=info))
    return found
