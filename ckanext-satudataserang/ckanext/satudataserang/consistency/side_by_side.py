"""One standard variable over all OPDs that publish it, by period and area.

Everybody may ask, and it takes long: what is computed is kept as long as nothing it was made of has changed, for all
who may see the same tables, and only one is computed at a time on a machine.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.catalogue.tables import units
from ckanext.satudataserang.consistency import registry, sql
from ckanext.satudataserang.consistency.evaluate import ask, figure_of, summable
from ckanext.satudataserang.consistency.model import plain
from ckanext.satudataserang.consistency.sources import Found, Sources
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.compare import Figure, compare
from ckanext.satudataserang.core.consistency.convert import conversion
from ckanext.satudataserang.core.consistency.keys import Keys, common
from ckanext.satudataserang.core.consistency.model import LEVELS, Rule, Side
from ckanext.satudataserang.structures import read as structures

#: More columns than these are not set side by side, and not more rows: those of the newest periods.
MOST_SOURCES, MOST_ROWS = 24, 1_000
#: Seconds after which it is computed anew though nothing is known to have changed.
_HOLDS = 600

#: The entries whose structure in force speaks of a variable, whether everybody may see their tables, and what changes
#: with every change of what they publish.
_MADE_OF = sa.text(
    f"""
    WITH served AS ({sql.SERVED})
    SELECT e.id, e.opd_id, COALESCE(p.terbuka, FALSE) AS terbuka, p.active, e.modified, e.structure_id, w.version,
           (SELECT md5(string_agg(s.id || s.state || s.valid, ',' ORDER BY s.id)) FROM satudata_submission s
            WHERE s.entry_id = e.id AND s.superseded_by IS NULL AND s.state = 'terbit') AS standing,
           (SELECT max(u.modified) FROM satudata_rule u) AS rules,
           (SELECT v.modified FROM satudata_variable v WHERE v.kode = :kode) AS variable
    FROM satudata_plan_entry e
    JOIN satudata_structure w0 ON w0.kode = e.structure_id
    JOIN satudata_structure_version w ON w.kode = w0.kode AND w.version = w0.current_version
    LEFT JOIN served p ON p.entry_id = e.id
    WHERE e.state IN ('berlaku', 'berakhir')
      AND w.content -> 'columns' @> CAST(:named AS jsonb)
    ORDER BY e.id
    """
)


def compared(kode: str, level: str, closed: Collection[str] | None) -> dict[str, Any]:
    """The figures of a variable at a level of areas.

    Gives ``nama``, ``sources`` (each with its entry, column and unit), ``unit``, ``rows``: period, area, ``values`` in
    the order of the sources (None where one says nothing), and ``state`` (sama, beda, or tak_terbanding), and
    ``truncated``: there are older ones.

    :param closed: ids of the OPDs whose closed tables the reader may see; None: all
    :raises KeyError: there is no such variable
    :raises BusyError: others are being computed (`catalogue.documents`)
    """
    nama = str(structures.variables([kode])[kode].get("nama") or kode)
    asked = {"kode": kode, "named": json.dumps([{"variable": kode}])}
    made_of = model.Session.execute(_MADE_OF, asked).all()
    seen = frozenset(one.id for one in made_of if one.terbuka or closed is None or one.opd_id in closed)
    state = hashlib.sha256(repr([tuple(one) for one in made_of]).encode()).hexdigest()
    # What a reader may see is part of the key, so nobody is given what was computed for others.
    key = ("berdampingan", kode, level, seen, state, int(time.time() // _HOLDS))
    _name, content = documents.kept(key, lambda: ("", json.dumps(_computed(kode, level, seen)).encode()))
    return {"nama": nama, **json.loads(content)}


def _computed(kode: str, level: str, seen: Collection[str]) -> dict[str, Any]:
    sources = Sources()
    variable = sources.variables[kode]
    side = Side(variable=kode)
    keys = Keys(LEVELS[level], ())
    named = [one for one in sources.by_variable.get(kode, []) if one.entry_id in seen][: MOST_SOURCES * 2]
    looked = (sources.look(one, side) for one in named)
    found = [one for one in looked if one and one.source.depth >= keys.depth][:MOST_SOURCES]
    unit = str(variable.get("satuan") or (found[0].source.unit if found else ""))
    rule = registry.of_variable(kode)
    figures = [_figures(side, one, keys) for one in found]
    places = sorted({place for one in figures for place in one})
    places.sort(key=lambda place: place[0], reverse=True)
    return {
        "sources": [_source(one) for one in found],
        "unit": unit,
        "rows": [
            _row(place, [one.get(place) for one in figures], found, unit, rule, level) for place in places[:MOST_ROWS]
        ],
        "truncated": len(places) > MOST_ROWS,
    }


def _figures(side: Side, found: Found, keys: Keys) -> dict[tuple[str, str], Figure]:
    told: dict[tuple[str, str], Figure] = {}
    # Whatever is among the newest of all is among the newest of its own.
    for row in ask(plan.alone(side, found.source, keys, MOST_ROWS + 1)):
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
