"""A structure as metadata of CSV on the Web (W3C Recommendation of 17 December 2015), JSON-LD."""

from __future__ import annotations

import re
from typing import Any

from .model import CodeList, Column, Structure
from .table_schema import PERIOD

CONTEXT = "http://www.w3.org/ns/csvw"
_BASES = {"text": "string", "integer": "integer", "numeric": "decimal", "date": "date", "boolean": "boolean"}
#: Longer code lists are described by their label alone; a format of thousands of codes serves nobody.
_FORMAT_CODES = 200


def csvw(structure: Structure, url: str, *, publisher: str = "", with_period: bool = False) -> dict[str, Any]:
    """The CSVW metadata of a resolved structure, as plain values for JSON.

    :param url: where the CSV it describes is, absolute or relative to the metadata
    :param publisher: name of the OPD
    :param with_period: of the published table, whose rows of all periods stand together
    """
    columns = [_column(column, structure.codes_of(column)) for column in structure.columns]
    key = list(structure.key)
    if with_period:
        columns.insert(
            0, {"name": PERIOD, "titles": [PERIOD, "Periode"], "datatype": "string", "required": True, "lang": "id"}
        )
        key = [PERIOD, *key]
    schema: dict[str, Any] = {"columns": columns}
    if key:
        schema["primaryKey"] = key
    table: dict[str, Any] = {
        "@context": [CONTEXT, {"@language": "id"}],
        "@type": "Table",
        "url": url,
        "dc:title": structure.nama,
        "dc:identifier": structure.stamp,
    }
    if structure.description:
        table["dc:description"] = structure.description
    if publisher:
        table["dc:publisher"] = publisher
    if structure.referensi:
        table["dc:source"] = list(structure.referensi)
    table["dialect"] = {"encoding": "utf-8", "header": True, "delimiter": ","}
    table["tableSchema"] = schema
    return table


def _column(column: Column, codes: CodeList | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "name": column.id,
        # A file is headed by ids (downloads) or by labels (templates).
        "titles": list(dict.fromkeys((column.id, column.label, *column.synonyms))),
        "datatype": _datatype(column, codes),
        "required": column.required,
        "lang": "id",
    }
    if column.definisi:
        said["dc:description"] = column.definisi
    if column.referensi:
        said["dc:source"] = column.referensi
    return said


def _datatype(column: Column, codes: CodeList | None) -> dict[str, Any] | str:
    said: dict[str, Any] = {"base": _BASES[column.type]}
    if column.minimum is not None:
        said["minimum"] = format(column.minimum, "f")
    if column.maximum is not None:
        said["maximum"] = format(column.maximum, "f")
    if codes is not None and len(codes.codes) <= _FORMAT_CODES:
        said["format"] = "|".join(_escaped(code.code) for code in codes.codes)
    elif column.pattern:
        said["format"] = column.pattern
    return said if len(said) > 1 else said["base"]


def _escaped(text: str) -> str:
    # CSVW formats are regular expressions of ECMAScript, which knows no escape of letters, spaces and most signs.
    return re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", text)
