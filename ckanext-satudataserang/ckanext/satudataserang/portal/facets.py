"""Filters of the dataset list: which, in which order, and the words shown for their codes."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import tables

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
    extras = search_params.get("extras")
    days = str(extras.get(RECENT_PARAMETER, "")) if isinstance(extras, dict) else ""
    # Superscripts are digits as well, and a text of thousands of digits is no number Python would read.
    if days.isdecimal() and len(days) <= len(str(_MAX_DAYS)) and 0 < int(days) <= _MAX_DAYS:
        filters = search_params.setdefault("fq_list", [])
        filters.append(f"metadata_modified:[NOW/DAY-{int(days)}DAYS TO *]")
    return search_params


def urusan_name(code: str) -> str:
    """The name of a bidang urusan; the code itself where the list does not know it."""
    known = tables.urusan().get(code)
    return known.nama if known else code


def frequency_name(uri: str) -> str:
    """The name of a frequency in the language of the reader; the URI itself where the list does not know it."""
    known = tables.frequencies().get(uri)
    if not known:
        return uri
    return known.labels.get(tk.h.lang() or "id") or known.labels["id"]


def with_words(search_results: dict[str, Any]) -> dict[str, Any]:
    """Give the codes among the facet values the names people know."""
    for field, name_of in {"urusan": urusan_name, "frequency": frequency_name}.items():
        for item in search_results.get("search_facets", {}).get(field, {}).get("items", []):
            item["display_name"] = name_of(item["name"])
    return search_results
