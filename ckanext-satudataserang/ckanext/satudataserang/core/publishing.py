"""What is still missing before a dataset may be published.

"Required to save" is small and the schema's own business; "required to publish" is the SDI set (Perpres 39/2019
Ps. 4 and 7: standar data and metadata). Which fields belong to it is data: `wajib_terbit: true` in the dataset
schema, and `syarat` says when a field applies at all. This module knows neither CKAN nor the schema file: it takes
the fields and the dataset as plain mappings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.satudataserang.core.placeholders import is_placeholder

__all__ = ["Missing", "applies", "is_filled", "missing_to_publish"]


@dataclass(frozen=True)
class Missing:
    """One field that keeps a dataset from being published.

    `field` is its name, `subfield` the part of it that is missing ("" when the field has no parts), `reason` is
    "kosong" (nothing there) or "isian_semu" (a filler such as "-" or the title again).
    """

    field: str
    subfield: str
    reason: str


def missing_to_publish(dataset: Mapping[str, Any], fields: Iterable[Mapping[str, Any]]) -> list[Missing]:
    """List the fields that must be mended before publication, in the order of the schema.

    :param dataset: field name -> value: text, list, list of mappings for repeating subfields; JSON texts of lists
        are understood, because that is how CKAN stores them
    :param fields: mappings with `field_name` and optionally `wajib_terbit`, `syarat`, `repeating_subfields`
    """
    found: list[Missing] = []
    title = _text(dataset.get("title"))
    for field in fields:
        if not field.get("wajib_terbit") or not applies(field, dataset):
            continue
        name = str(field["field_name"])
        value = _loaded(dataset.get(name))
        parts = [part for part in field.get("repeating_subfields") or () if part.get("wajib_terbit")]
        own_title = None if name == "title" else title
        if parts:
            found.extend(_missing_parts(name, value, parts))
        elif not is_filled(value, own_title):
            found.append(Missing(name, "", "isian_semu" if _says_something(value) else "kosong"))
    return found


def applies(field: Mapping[str, Any], dataset: Mapping[str, Any]) -> bool:
    """Tell whether the field's condition holds; a field without `syarat` always applies.

    `syarat` is one mapping or a list of mappings that must all hold: `{field: name, nilai: [values]}` holds when the
    other field has (or contains) one of the values.
    """
    conditions = field.get("syarat") or ()
    if isinstance(conditions, Mapping):
        conditions = (conditions,)
    return all(_holds(condition, dataset) for condition in conditions)


def is_filled(value: Any, title: str | None = None) -> bool:
    """Tell whether a value says something: a text that is no filler, or a list with at least one such item."""
    value = _loaded(value)
    if value is None:
        return False
    if isinstance(value, str):
        return not is_placeholder(value, title)
    if isinstance(value, Mapping):
        return any(is_filled(part, title) for part in value.values())
    if isinstance(value, Sequence):
        return any(is_filled(item, title) for item in value)
    return True


def _missing_parts(name: str, value: Any, parts: Sequence[Mapping[str, Any]]) -> list[Missing]:
    """A repeating field is filled when one of its groups has every compulsory part."""
    groups = [group for group in value if isinstance(group, Mapping)] if isinstance(value, list) else []
    best = min(
        ([part for part in parts if not is_filled(group.get(part["field_name"]))] for group in groups),
        key=len,
        default=list(parts),
    )
    return [Missing(name, str(part["field_name"]), "kosong") for part in best]


def _holds(condition: Mapping[str, Any], dataset: Mapping[str, Any]) -> bool:
    value = _loaded(dataset.get(condition["field"]))
    wanted = {str(item) for item in condition["nilai"]}
    have = {str(item) for item in value} if isinstance(value, list) else {_text(value)}
    return bool(wanted & have)


def _says_something(value: Any) -> bool:
    return bool(value.strip()) if isinstance(value, str) else bool(value)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _loaded(value: Any) -> Any:
    """A list stored as JSON text, as a list; anything else as it is."""
    if isinstance(value, str) and value[:1] in "[{" and value[-1:] in "]}":
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value
