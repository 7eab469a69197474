"""Figures as a report shows them: shares with their parts, which way they went, the state of every cell due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ckanext.satudataserang.catalogue import formats, pdf
from ckanext.satudataserang.completeness import trends, words
from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.core.measures import MEASURES

_LANGUAGE = pdf.LANGUAGE


def number(value: float) -> str:
    """A number: 1.234,5."""
    return formats.number(value, _LANGUAGE)


def share(measure: Mapping[str, Any]) -> str:
    """A measure as a percentage; empty where nothing was due."""
    if not measure["denominator"]:
        return ""
    return formats.percent(measure["numerator"], measure["denominator"], _LANGUAGE)


def index(figure: Mapping[str, Any]) -> dict[str, Any]:
    """The index with its band in a word; `value` is None where no measure is defined."""
    value = figure["index"]
    return {
        "value": None if value is None else formats.one_decimal(value, _LANGUAGE),
        "band": words.band(figure["band"]) if figure["band"] else "",
        "slug": (figure["band"] or "").replace(" ", "-"),
        "ranked": value is not None and figure["obligations"] > 0 and not figure["few"],
    }


def measures(figure: Mapping[str, Any], city: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
    """Every measure: its words, parts, share, how it moved against 3 and 12 months before, and the city's share."""
    return [
        {
            "name": name,
            "words": words.measure(name),
            **figure["measures"][name],
            "share": share(figure["measures"][name]),
            "city": city["measures"][name] if city else None,
            "city_share": share(city["measures"][name]) if city else "",
            "moved": {months: trends.of_measure(figure, name, months) for months in trends.COMPARED},
        }
        for name in MEASURES
    ]


def moved(figure: Mapping[str, Any]) -> dict[str, dict[str, Any] | None]:
    """How the index moved against 3 and 12 months before."""
    return {months: trends.trend(figure, months) for months in trends.COMPARED}


def states(figure: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every state that a cell that is due can have, with the number of such cells."""
    return [
        {"name": name, "symbol": words.state_symbol(name), "word": words.state(name), "count": figure["states"][name]}
        for name in COUNTED_STATES
    ]


def curve(monthly: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """The completeness of each twelve months as a small curve, with its first and last share; None without any."""
    shares = trends.running(monthly, "kelengkapan")
    drawn = trends.curve(shares)
    known = [one for one in shares if one]
    if not drawn or not known:
        return None
    return {**drawn, "from": share(known[0]), "to": share(known[-1])}
