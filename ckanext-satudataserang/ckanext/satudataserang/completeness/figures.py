"""Figures as a page shows them: parts, share in words, and the addresses of the rows behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.core.measures import MEASURES

#: The order of a table: keys of the address bar; a minus before one turns it round.
SORT_KEYS = ("nama", "kewajiban", "indeks", *MEASURES, "di_luar")
DEFAULT_SORT = "-indeks"
#: Lower bounds of the shades of the heatmap, each with its symbol; a whole is 1.
_LEVELS = ((1.0, "4", "●"), (0.5, "3", "◕"), (0.000001, "2", "◔"), (0.0, "1", "✕"))


def share(measure: Mapping[str, Any]) -> str | None:
    """A measure as a percentage in words, or None where nothing was due."""
    if not measure["denominator"]:
        return None
    return formats.percent(measure["numerator"], measure["denominator"], locale())


def locale() -> str:
    """The language of the page."""
    return tk.h.lang() or formats.DEFAULT


def number(value: float) -> str:
    """A number in the page's language."""
    return formats.number(value, locale())


def measures(figure: Mapping[str, Any], links: Links, **filters: Any) -> list[dict[str, Any]]:
    """Every measure of a figure with its share and the addresses of what lies behind each part."""
    shown = []
    for name in MEASURES:
        measure = figure["measures"][name]
        shown.append(
            {
                "name": name,
                "numerator": measure["numerator"],
                "denominator": measure["denominator"],
                "rate": measure["rate"],
                "share": share(measure),
                "numerator_url": links.part(name, "numerator", **filters),
                "denominator_url": links.part(name, "denominator", **filters),
            }
        )
    return shown


def states(figure: Mapping[str, Any], links: Links, **filters: Any) -> list[dict[str, Any]]:
    """The cells that are due, by state: only states that occur."""
    return [
        {"name": name, "count": figure["states"][name], "url": links.cells(**filters, keadaan=name)}
        for name in COUNTED_STATES
        if figure["states"][name]
    ]


def index(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The index with its band; `value` is None where no measure is defined. Only `ranked` ones can be compared."""
    value = figure["index"]
    return {
        "value": None if value is None else formats.one_decimal(value, locale()),
        "band": figure["band"],
        "ranked": value is not None and figure["obligations"] > 0 and not figure["few"],
    }


def ordered(groups: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Groups in the order asked for. What cannot be compared comes last, whichever way the order runs."""
    key, falling = sort.removeprefix("-"), sort.startswith("-")
    by_name = sorted(groups, key=lambda group: (group["title"] or "").casefold())
    if key == "nama":
        return by_name[::-1] if falling else by_name
    known = [group for group in by_name if _value(group, key) is not None]
    known.sort(key=lambda group: _value(group, key) or 0, reverse=falling)
    if key == "indeks":
        known.sort(key=lambda group: not index(group)["ranked"])
    return known + [group for group in by_name if _value(group, key) is None]


def _value(group: Mapping[str, Any], key: str) -> float | None:
    if key in MEASURES:
        return group["measures"][key]["rate"]
    return {
        "kewajiban": group["obligations"],
        "indeks": group["index"],
        "di_luar": group.get("outside_plan", 0),
    }[key]


def heat(figure: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """One square of the heatmap: cells complete of cells due, with level and symbol; None where nothing was due."""
    measure = figure["measures"]["kelengkapan"] if figure else None
    if not measure or not measure["denominator"]:
        return None
    level, symbol = next((level, symbol) for bound, level, symbol in _LEVELS if measure["rate"] >= bound)
    return {"numerator": measure["numerator"], "denominator": measure["denominator"], "level": level, "symbol": symbol}


def heat_legend() -> list[dict[str, str]]:
    """The levels of the heatmap in words, from whole to none."""
    meanings = (tk._("semua lengkap"), tk._("separuh atau lebih"), tk._("kurang dari separuh"), tk._("belum ada"))
    return [
        {"level": level, "symbol": symbol, "word": word}
        for (_, level, symbol), word in zip(_LEVELS, meanings, strict=True)
    ]


def bands(shown: list[dict[str, Any]]) -> list[dict[str, str]]:
    """The bands with their bounds in words, worst first, as satudata_completeness_show gives them."""
    legend: list[dict[str, str]] = []
    below: float = 0
    for band in shown:
        if band["below"] is None:
            bounds = tk._("{first} ke atas").format(first=number(below))
        elif below:
            bounds = tk._("{first} sampai di bawah {last}").format(first=number(below), last=number(band["below"]))
        else:
            bounds = tk._("di bawah {last}").format(last=number(band["below"]))
        legend.append({"id": band["id"], "word": words.band(band["id"]), "bounds": bounds})
        below = band["below"] or below
    return legend
