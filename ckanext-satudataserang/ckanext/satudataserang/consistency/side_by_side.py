"""One standard variable over all OPDs that publish it, by period and area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.catalogue.tables import units
from ckanext.satudataserang.consistency import registry
from ckanext.satudataserang.consistency.evaluate import ask, figure_of, summable
from ckanext.satudataserang.consistency.model import plain
from ckanext.satudataserang.consistency.sources import Found, Sources
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.compare import Figure, compare
from ckanext.satudataserang.core.consistency.convert import conversion
from ckanext.satudataserang.core.consistency.keys import Keys, common
from ckanext.satudataserang.core.consistency.model import LEVELS, Rule, Side

#: More columns than these are not set side by side.
MOST_SOURCES = 24


def compared(kode: str, level: str, may_see: Callable[[Found], bool]) -> dict[str, Any]:
    """The figures of a variable at a level of areas.

    Gives ``sources`` (each with its entry, column and unit), ``unit`` and ``rows``: period, area, ``values`` in the
    order of the sources (None where one says nothing), and ``state`` (sama, beda, or tak_terbanding). Raises KeyError.
    """
    sources = Sources()
    variable = sources.variables[kode]
    side = Side(variable=kode)
    keys = Keys(LEVELS[level], ())
    looked = (sources.look(one, side) for one in sources.by_variable.get(kode, [])[: MOST_SOURCES * 2])
    found = [one for one in looked if one and may_see(one) and one.source.depth >= keys.depth][:MOST_SOURCES]
    unit = str(variable.get("satuan") or (found[0].source.unit if found else ""))
    rule = registry.of_variable(kode)
    figures = [_figures(side, one, keys) for one in found]
    places = sorted({place for one in figures for place in one}, key=lambda place: (place[0], place[1]), reverse=True)
    places.sort(key=lambda place: place[0], reverse=True)
    return {
        "sources": [_source(one) for one in found],
        "unit": unit,
        "rows": [_row(place, [one.get(place) for one in figures], found, unit, rule, level) for place in places],
    }


def _figures(side: Side, found: Found, keys: Keys) -> dict[tuple[str, str], Figure]:
    told: dict[tuple[str, str], Figure] = {}
    for row in ask(plan.alone(side, found.source, keys)):
        figure = figure_of(row[2:], plan.expected(side, found.source, keys, row[1]))
        if figure is not None:
            told[row[0], row[1]] = figure
    return told


def _source(found: Found) -> dict[str, Any]:
    return {
        "entry_id": found.entry.id,
        "kode": found.entry.kode,
        "judul": found.entry.judul,
        "opd_id": found.entry.opd_id,
        "column": found.source.column,
        "title": found.source.title,
        "unit": found.source.unit,
    }


def _row(
    place: tuple[str, str],
    figures: Sequence[Figure | None],
    found: Sequence[Found],
    unit: str,
    rule: Rule | None,
    level: str,
) -> dict[str, Any]:
    area = get_region().wilayah.get(place[1])
    return {
        "period": place[0],
        "area": place[1],
        "area_name": area.name if area else place[1],
        "values": [
            _value(one, source.source.unit, unit) if one else None for one, source in zip(figures, found, strict=True)
        ],
        "state": _state(figures, found, rule, level),
    }


def _value(figure: Figure, own: str, unit: str) -> dict[str, Any]:
    said = conversion(units(), own, unit)
    whole = figure.filled == figure.rows and (figure.expected is None or figure.parts >= figure.expected)
    converted = figure.value * said.left / said.right if figure.value is not None and not said.obstacle else None
    return {"value": plain(figure.value), "unit": own, "converted": plain(converted), "whole": whole}


def _state(figures: Sequence[Figure | None], found: Sequence[Found], rule: Rule | None, level: str) -> str:
    known = [(one, source.source) for one, source in zip(figures, found, strict=True) if one is not None]
    states = {
        compare(rule, summable(conversion(units(), left.unit, right.unit), left, right), one, other).state
        for (one, left), (other, right) in combinations(known, 2)
        if rule and left.entry_id != right.entry_id and common(replace(rule, level=level), left, right)
    }
    return next((state for state in ("beda", "sama") if state in states), "tak_terbanding")


def name_of(kode: str) -> str:
    """The name of a variable."""
    return str(Sources().variables.get(kode, {}).get("nama") or kode)
