"""A resource's table for reading on a page: made on the server, searched, sorted and paged through the address."""

from __future__ import annotations

import math
from typing import Any

from babel.numbers import format_decimal

import ckan.plugins.toolkit as tk
from ckan.types import Context

_NUMERIC = frozenset({"numeric", "int", "int4", "int8", "float", "float8"})
#: Columns of numbers that count nothing, so they take no thousands separator.
_ORDINAL = frozenset({"tahun", "triwulan", "semester", "bulan", "tanggal"})
_PAGE_ROWS = 25
_PREVIEW_ROWS = 10
_PREVIEW_COLUMNS = 8

SEARCH, SORT, PAGE = "cari", "urut", "hal"
#: The name and shape of CKAN's own: `column:value|column:value`.
FILTERS = "filters"


def preview(resource: dict[str, Any]) -> dict[str, Any] | None:
    """The first rows and columns as `{fields, rows, total, more_fields}`; None where there is no readable table."""
    found = _read(resource, {"limit": _PREVIEW_ROWS})
    if found is None:
        return None
    fields = _fields(found)
    shown = fields[:_PREVIEW_COLUMNS]
    return {
        "fields": shown,
        "rows": _rows(found, shown),
        "total": found.get("total"),
        "more_fields": len(fields) - len(shown),
    }


def page(resource: dict[str, Any], asked: dict[str, str]) -> dict[str, Any] | None:
    """One page of the table as the address asks for it; None where there is no readable table.

    :param asked: `cari` (words to find), `urut` (a column, with "-" before it for the other direction), `hal` (page
        number from 1), `filters` (`column:value|column:value`; of several values for one column any will do). What
        makes no sense is left aside rather than refused.
    :returns: `{fields, rows, total, query, sort, filters, applied, page, pages}`; `applied` are the filters as an
        address says them, `filters` are `{label, values, others}`, where `others` stay once the one is lifted
    """
    query, sort = asked.get(SEARCH, "").strip(), asked.get(SORT, "")
    number = int(asked[PAGE]) if asked.get(PAGE, "").isdecimal() and len(asked[PAGE]) < 8 else 1  # noqa: PLR2004
    number = max(number, 1)
    params: dict[str, Any] = {"limit": _PAGE_ROWS, "offset": (number - 1) * _PAGE_ROWS}
    if query:
        params["q"] = query
    if sort.lstrip("-"):
        params["sort"] = f'"{sort.lstrip("-")}" {"desc" if sort.startswith("-") else "asc"}'
    filters = _filters(resource, asked.get(FILTERS, ""))
    if filters:
        params["filters"] = filters
    found = _read(resource, params)
    if found is None and sort:
        return page(resource, {**asked, SORT: ""})
    if found is None and filters:
        return page(resource, {**asked, FILTERS: ""})
    if found is None:
        return None
    fields = _fields(found)
    return {
        "fields": fields,
        "rows": _rows(found, fields),
        "total": found.get("total") or 0,
        "query": query,
        "sort": sort,
        "filters": [
            {"label": field["label"], "values": filters[field["id"]], "others": _written(filters, field["id"])}
            for field in fields
            if field["id"] in filters
        ],
        "applied": _written(filters),
        "page": number,
        "pages": max(math.ceil((found.get("total") or 0) / _PAGE_ROWS), 1),
    }


def shown(value: Any, field: dict[str, Any]) -> str:
    """A cell as people read it: numbers in the reader's way of writing them, with every digit kept."""
    if value is None:
        return ""
    if not field["numeric"] or field["id"] in _ORDINAL:
        return str(value)
    return format_decimal(str(value), locale=tk.h.lang() or "id", decimal_quantization=False)


def _read(resource: dict[str, Any], params: dict[str, Any]) -> dict[str, Any] | None:
    if not resource.get("datastore_active"):
        return None
    try:
        return tk.get_action("datastore_search")(Context(), {"resource_id": resource["id"], **params})
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return None


def _filters(resource: dict[str, Any], text: str) -> dict[str, list[str]]:
    """The values asked for, by column; only columns that the table has."""
    # PostgreSQL knows no NUL; such a value can only match nothing.
    pairs = [pair.partition(":") for pair in text.replace("\0", "").split("|") if pair]
    table = _read(resource, {"limit": 0}) if pairs else None
    columns = {field["id"] for field in _fields(table)} if table else set()
    filters: dict[str, list[str]] = {}
    for column, _, value in pairs:
        if column in columns and value:
            filters.setdefault(column, []).append(value)
    return filters


def _written(filters: dict[str, list[str]], without: str = "") -> str:
    return "|".join(f"{column}:{value}" for column, values in filters.items() if column != without for value in values)


def _fields(found: dict[str, Any]) -> list[dict[str, Any]]:
    # A search adds a column with the rank of each row; it says nothing to a reader.
    return [
        {
            "id": field["id"],
            "label": (field.get("info") or {}).get("label") or field["id"],
            "notes": (field.get("info") or {}).get("notes") or "",
            "numeric": field["type"] in _NUMERIC,
        }
        for field in found["fields"]
        if field["id"] not in ("_id", "rank")
    ]


def _rows(found: dict[str, Any], fields: list[dict[str, Any]]) -> list[list[str]]:
    return [[shown(record.get(field["id"]), field) for field in fields] for record in found["records"]]
