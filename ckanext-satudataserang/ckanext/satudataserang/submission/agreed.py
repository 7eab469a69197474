"""The columns of a table as its structure says them, or as its file does where nothing is agreed."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from ckanext.satudataserang.core.checks.table import Table
from ckanext.satudataserang.core.structures import dictionary
from ckanext.satudataserang.core.structures.model import Structure

from .store_model import Column, ColumnType


def of_table(table: Table, structure: Structure | None) -> list[Column]:
    """The columns of a checked table in its order: what the structure agrees on, for the others their title."""
    agreed = {column.id: column for column in columns(structure)} if structure else {}
    return [
        agreed.get(one.id)
        or Column(one.id, cast("ColumnType", one.type.name), label=one.title if one.title != one.id else "")
        for one in table.columns
    ]


def columns(structure: Structure, among: Collection[str] | None = None) -> list[Column]:
    """The structure's columns (those of `among`, where it is given), for `store` and `period_store`; lists resolved."""
    found = []
    for field in dictionary.fields(structure):
        if among is not None and field["id"] not in among:
            continue
        info = dict(field["info"])
        label, notes = info.pop("label", ""), info.pop("notes", "")
        kind, unit = cast("ColumnType", field["type"]), structure.column(field["id"]).satuan
        found.append(Column(field["id"], kind, label=label, notes=notes, unit=unit, agreed=True, more=info))
    return found
