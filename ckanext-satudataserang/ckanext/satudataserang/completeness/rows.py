"""The rows of a dataset's table that belong to one cell, read from the DataStore as the visitor."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.core.periods import PeriodError, parse_period

#: Columns that name a period, in the order in which they are looked for.
_YEAR_COLUMNS = ("tahun", "year")
_PART_COLUMNS = {"Q": "triwulan", "S": "semester", "M": "bulan"}
_MONTH_KEY = 7


def rows_of(cell: dict[str, Any], page: int, per_page: int) -> dict[str, Any] | None:
    """The rows of a cell's period as ``{dataset, resource, fields, rows, total, narrowed}``; None without a dataset.

    `narrowed` says whether the table could be narrowed to the period; where it could not, and where the visitor may
    not read the data, there are no rows.
    """
    if not cell["dataset_id"]:
        return None
    try:
        dataset = tk.get_action("package_show")(Context(), {"id": cell["dataset_id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    resource = _resource(dataset, cell["resource_id"])
    found: dict[str, Any] = {"dataset": dataset, "resource": resource, "fields": [], "rows": [], "total": 0}
    if not resource or not resource.get("datastore_active") or not p.plugin_loaded("datastore"):
        return {**found, "narrowed": False}
    try:
        columns = _search(resource["id"], limit=0)["fields"]
        filters = period_filters(cell["period"], {column["id"]: column["type"] for column in columns})
        if filters is None:
            return {**found, "narrowed": False}
        table = _search(resource["id"], filters=filters, limit=per_page, offset=(page - 1) * per_page)
    except (tk.ObjectNotFound, tk.NotAuthorized, tk.ValidationError):
        return {**found, "narrowed": False}
    shown = [column for column in table["fields"] if column["id"] != "_id"]
    return {
        **found,
        "fields": [_field(column) for column in shown],
        "rows": [[record.get(column["id"]) for column in shown] for record in table["records"]],
        "total": table.get("total") or 0,
        "filters": "|".join(f"{column}:{value}" for column, value in filters.items()),
        "narrowed": True,
    }


def period_filters(key: str, columns: dict[str, str]) -> dict[str, Any] | None:
    """The DataStore filters that keep a period's rows, or None where the columns do not name periods.

    `columns` are the types by name. A column `periode` holds the key itself; else the year and, for a part of it, the
    number of the quarter, half or month stand in columns of their own.
    """
    if "periode" in columns:
        return {"periode": key}
    year = next((name for name in _YEAR_COLUMNS if name in columns), None)
    try:
        period = parse_period(key)
    except PeriodError:
        return None
    if year is None or period.start.year != period.end.year:
        return None
    filters = {year: _as_type(period.start.year, columns[year])}
    if not key.isdecimal():
        kind = "M" if len(key) == _MONTH_KEY and key[5:].isdecimal() else key[5:6]
        column = _PART_COLUMNS.get(kind)
        if column not in columns or column is None:
            return None
        filters[column] = _as_type(int(key[5:].lstrip("QS")), columns[column])
    return filters


def _as_type(value: int, kind: str) -> Any:
    return str(value) if kind == "text" else value


def _resource(dataset: dict[str, Any], resource_id: str | None) -> dict[str, Any] | None:
    """The resource that was delivered; else the first that has a table."""
    resources = dataset.get("resources") or []
    named = next((one for one in resources if one["id"] == resource_id), None)
    return named or next((one for one in resources if one.get("datastore_active")), None)


def _search(resource_id: str, **parameters: Any) -> dict[str, Any]:
    return tk.get_action("datastore_search")(Context(), {"resource_id": resource_id, **parameters})


def _field(column: dict[str, Any]) -> dict[str, Any]:
    """A column's head: `numeric` ones stand to the right, `grouped` ones are quantities and not years."""
    numeric = column["type"] in ("numeric", "int", "int4", "int8", "float8")
    grouped = numeric and column["id"] not in (*_YEAR_COLUMNS, *_PART_COLUMNS.values())
    label = (column.get("info") or {}).get("label") or column["id"]
    return {"id": column["id"], "label": label, "numeric": numeric, "grouped": grouped}
