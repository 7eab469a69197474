"""A structure as a Table Schema of the Data Package standard, version 2."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from .model import CodeList, Column, Structure

PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"
PERIOD = "periode"
_TYPES = {"text": "string", "integer": "integer", "numeric": "number", "date": "date", "boolean": "boolean"}
_ATTRIBUTES = ("konsep", "klasifikasi", "ukuran", "satuan", "referensi", "variable")


def table_schema(structure: Structure, *, with_period: bool = False) -> dict[str, Any]:
    """The Table Schema of a resolved structure, as plain values for JSON.

    Codes become categories with their labels. What Table Schema has no word for (ukuran, satuan, ...) stands under our
    own names, which the standard allows.

    :param with_period: of the published table, where rows of all periods stand together and `periode` is part of the
        key; without it of one period's file
    """
    fields = [_field(column, structure.codes_of(column)) for column in structure.columns]
    key = list(structure.key)
    if with_period:
        fields.insert(0, _period())
        key = [PERIOD, *key]
    return {
        "$schema": PROFILE,
        "name": structure.kode,
        "title": structure.nama,
        **({"description": structure.description} if structure.description else {}),
        "version": str(structure.version),
        "fields": fields,
        "missingValues": [""],
        **({"primaryKey": key} if key else {}),
    }


def _period() -> dict[str, Any]:
    return {
        "name": PERIOD,
        "title": "Periode",
        "type": "string",
        "description": "Periode baris: 2025, 2025-S1, 2025-Q1, 2025-01, atau tanggalnya.",
        "constraints": {"required": True},
    }


def _field(column: Column, codes: CodeList | None) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.id, "title": column.label, "type": _TYPES[column.type]}
    if column.definisi:
        field["description"] = column.definisi
    field.update({name: getattr(column, name) for name in _ATTRIBUTES if getattr(column, name)})
    if codes is not None:
        field["categories"] = [{"value": code.code, "label": code.label} for code in codes.codes]
    constraints = _constraints(column, codes)
    if constraints:
        field["constraints"] = constraints
    return field


def _constraints(column: Column, codes: CodeList | None) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if column.required:
        said["required"] = True
    if column.minimum is not None:
        said["minimum"] = number(column.minimum)
    if column.maximum is not None:
        said["maximum"] = number(column.maximum)
    if column.pattern:
        said["pattern"] = column.pattern
    if codes is not None:
        said["enum"] = [code.code for code in codes.codes]
    return said


def number(value: Decimal) -> int | float:
    """A number as JSON has it: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
