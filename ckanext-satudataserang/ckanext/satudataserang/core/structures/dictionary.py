"""A structure as the data dictionary of a DataStore table: what people read about each column."""

from __future__ import annotations

from typing import Any

from .model import CodeList, Column, Structure

_ATTRIBUTES = ("konsep", "klasifikasi", "ukuran", "satuan", "referensi", "variable")


def fields(structure: Structure) -> list[dict[str, Any]]:
    """Fields as `datastore_create` takes them: `id`, `type` (a word of `core.structures.model.TYPES`) and `info`.

    `info` holds `label` and `notes`, which CKAN shows, and the attributes of Standar Data under their own names.
    """
    return [
        {"id": column.id, "type": column.type, "info": info(column, structure.codes_of(column))}
        for column in structure.columns
    ]


def info(column: Column, codes: CodeList | None = None) -> dict[str, str]:
    """What the data dictionary says of one column. Values are text; empty ones are left out."""
    said = {"label": column.label, "notes": notes(column, codes)}
    said.update({name: getattr(column, name) for name in _ATTRIBUTES})
    if column.key:
        said["kunci"] = "ya"
    if column.required:
        said["wajib"] = "ya"
    if column.personal:
        said["data_pribadi"] = "disamarkan"
    if codes is not None:
        said["daftar_kode"] = codes.label
    return {name: text for name, text in said.items() if text}


def notes(column: Column, codes: CodeList | None = None) -> str:
    """A column's meaning in a few sentences: definition, unit, bounds, codes."""
    parts = [column.definisi.strip()]
    if column.satuan:
        parts.append(f"Satuan: {column.satuan}.")
    if codes is not None:
        parts.append(f"Kode: {_codes(codes)}.")
    if column.minimum is not None and column.maximum is not None:
        parts.append(f"Nilai {column.minimum:f} sampai {column.maximum:f}.")
    if column.referensi:
        parts.append(f"Rujukan: {column.referensi.rstrip('.')}.")
    return " ".join(part for part in parts if part)


_FEW = 12


def _codes(codes: CodeList) -> str:
    shown = [code.code if code.code == code.label else f"{code.code} = {code.label}" for code in codes.codes[:_FEW]]
    more = len(codes.codes) - len(shown)
    return "; ".join(shown) + (f"; dan {more} lainnya" if more else "")
