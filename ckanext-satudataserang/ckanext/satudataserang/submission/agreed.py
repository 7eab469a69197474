"""The columns of a table as its structure says them: type, label, meaning, unit."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from ckanext.satudataserang.core.structures import dictionary
from ckanext.satudataserang.core.structures.model import Structure

from .store_model import Column, ColumnType


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
