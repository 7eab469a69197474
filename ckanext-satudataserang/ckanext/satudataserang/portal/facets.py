"""Filters of the dataset list: which, in which order, and the words shown for their codes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

#: Parameter of the search page that keeps datasets changed in the last so many days.
RECENT_PARAMETER = "ext_hari"
_MAX_DAYS = 3660


def titles() -> OrderedDict[str, str]:
    """Index fields offered as filters with their headings, in the order shown."""
    return OrderedDict(
        [
            ("organization", tk._("OPD")),
            ("urusan", tk._("Urusan")),
            ("res_format", tk._("Format")),
            ("frequency", tk._("Frekuensi")),
        ]
    )


def with_recent(search_params: dict[str, Any]) -> dict[str, Any]:
    """Turn the parameter `ext_hari=N` of a search into a filter on the day of the last change."""
    days = str((search_params.get("extras") or {}).get(RECENT_PARAMETER, ""))
    if days.isdigit() and 0 < int(days) <= _MAX_DAYS:
        filters = search_params.setdefault("fq_list", [])
        filters.append(f"metadata_modified:[NOW/DAY-{int(days)}DAYS TO *]")
    return search_params


def with_words(search_results: dict[str, Any], words: dict[str, Callable[[str], str]]) -> dict[str, Any]:
    """Give the codes among the facet values the names people know.

    `words` maps an index field to the function naming one of its codes.
    """
    for field, name_of in words.items():
        for item in search_results.get("search_facets", {}).get(field, {}).get("items", []):
            item["display_name"] = name_of(item["name"])
    return search_results
