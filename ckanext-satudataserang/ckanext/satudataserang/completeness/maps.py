"""Maps over time: members by years, members by months, and the entries of an OPD by their periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ckanext.satudataserang.completeness import figures, params, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.read import YEARLY
from ckanext.satudataserang.core.windows import Window

_FREQUENCIES = ("harian", "mingguan", "bulanan", "triwulanan", "semesteran", *YEARLY, "insidental")
#: A map has at most so many months side by side; a longer window ends with them.
MOST_MONTHS = 24

#: Members of a map, each with the words of the address bar that narrow a list to it.
Members = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


def by_year(members: Members, history: Mapping[str, Any], links: Links, window: Window) -> dict[str, Any]:
    """Members x years of kelengkapan, oldest year first, without years and members that never owed anything."""
    columns = [
        {
            "key": year,
            "short": str(year),
            "long": str(year),
            "now": window.year == year,
            "query": params.query(Window.of_year(year)),
        }
        for year in sorted(history["years"])
    ]
    found = {member["id"]: history["figures"].get(member["id"], {}) for member, _ in members}
    sampled = {member["id"]: history["samples"].get(member["id"], {}) for member, _ in members}
    return _map(members, columns, found, sampled, links, empty_columns=False)


def by_month(
    members: Members,
    monthly: Mapping[str, Sequence[Mapping[str, Any] | None]],
    links: Links,
    months: Sequence[str],
    shown: Sequence[str],
) -> dict[str, Any]:
    """Members x the months in `shown`; `monthly` are a member's figures, one for each of `months`."""
    columns = [
        {
            "key": month,
            "short": words.month_short(month),
            "long": words.period(month),
            "now": False,
            "query": {"dari": month, "sampai": month},
        }
        for month in shown
    ]
    found = {
        member["id"]: dict(zip(months, monthly[member["id"]], strict=True))
        for member, _ in members
        if member["id"] in monthly
    }
    return _map(members, columns, found, {}, links, empty_columns=True)


def _map(
    members: Members,
    columns: list[dict[str, Any]],
    found: Mapping[str, Mapping[Any, Mapping[str, Any] | None]],
    sampled: Mapping[str, Mapping[Any, int]],
    links: Links,
    *,
    empty_columns: bool,
) -> dict[str, Any]:
    squares = {
        (member["id"], column["key"]): figures.heat(found.get(member["id"], {}).get(column["key"]))
        for member, _ in members
        for column in columns
    }
    due = [
        (member, query) for member, query in members if any(squares[member["id"], column["key"]] for column in columns)
    ]
    if not empty_columns:
        columns = [column for column in columns if any(squares[member["id"], column["key"]] for member, _ in due)]
    lines = []
    for member, query in due:
        row = []
        for column in columns:
            square = squares[member["id"], column["key"]]
            row.append(
                square
                and {
                    **square,
                    "url": links.part("kelengkapan", "denominator", **column["query"], **query),
                    "sample": column["key"] in sampled.get(member["id"], {}),
                }
            )
        url = links.opd(member["name"]) if "opd" in query else ""
        lines.append({**member, "url": url, "squares": row, "sample": any(one and one["sample"] for one in row)})
    for column in columns:
        column["sample"] = any(column["key"] in by_column for by_column in sampled.values())
    return {
        "columns": columns if lines else [],
        "lines": lines,
        "samples": [column["short"] for column in columns if column["sample"]],
        "never": len(members) - len(due),
        "legend": figures.heat_legend(),
    }


def grids(
    entries: Iterable[dict[str, Any]], cells: list[dict[str, Any]], year: int, links: Links
) -> list[dict[str, Any]]:
    """Entries x periods, one grid per frequency: its periods in order of time, its entries by title."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    periods: dict[str, dict[str, int]] = {}
    for entry in (*entries, *cells):
        entry_id = entry["entry_id"]
        rows.setdefault(entry["frequency"], {}).setdefault(entry_id, {**entry, "url": links.entry(entry), "cells": {}})
    for cell in cells:
        periods.setdefault(cell["frequency"], {})[cell["period"]] = cell["year"]
        row = rows[cell["frequency"]][cell["entry_id"]]
        row["cells"][cell["period"]] = {**cell, "url": f"{row['url']}/{cell['period']}"}
    return [
        {
            "frequency": frequency,
            "yearly": frequency in YEARLY,
            "periods": [
                {"key": key, "short": words.period_short(key), "long": words.period(key), "now": year == of}
                for key, of in periods.get(frequency, {}).items()
            ],
            "rows": sorted(rows[frequency].values(), key=lambda row: (row["judul"].casefold(), row["kode"])),
        }
        for frequency in sorted(rows, key=_FREQUENCIES.index)
    ]
