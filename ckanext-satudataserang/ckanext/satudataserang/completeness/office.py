"""What the page of one OPD shows: its measures, its grid, why each point was lost and what to do, its months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.completeness import (
    charts,
    figures,
    interfaces,
    league,
    maps,
    pages,
    params,
    trends,
    why,
    words,
)
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.pages import act
from ckanext.satudataserang.completeness.params import PER_PAGE, YEARS
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.core.cells import State
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.measures import CELL_MEASURES
from ckanext.satudataserang.core.windows import Window

_ALL = 1000
#: The grid of yearly entries shows so many years, some before and some after the year asked for.
_GRID_YEARS, _GRID_BEFORE, _GRID_AFTER = 12, 4, 10
#: So many lost points stand on the page itself; the rest have a page of their own.
_FIRST_LOSSES = 12
#: So many months are told one by one.
_MONTHS_TOLD = 12


def opd(ref: str, asked: pages.Asked) -> dict[str, Any]:
    """The page of one OPD. Raises ObjectNotFound."""
    links, choices = Links(), pages.options()
    window = asked.window or Window.of_year(choices["default_year"])
    shown, own = _own(ref, window)
    name, year = own["name"], window.end.year
    entries = _every_entry(name, window)
    last = max(year, min(datetime.now(WIB).year, year + _GRID_AFTER))
    first = max(YEARS[0], min(year - _GRID_BEFORE, last - _GRID_YEARS + 1))
    cells = act("satudata_completeness_grid", opd=name, **params.parameters(window), first=first, last=last)["cells"]
    history = act("satudata_completeness_history", scope="opd", scope_id=own["id"])
    months = params.keys(params.ending_with(window, trends.REACH))
    monthly = pages.monthly_figures({"scope": "opd", "scope_id": own["id"]}, months).get(
        own["id"], [None] * len(months)
    )
    query = {**params.query(window), "opd": name}
    member = [(own, {"opd": name})]
    return {
        **pages.frame(shown, window, choices, links, asked.compared),
        "opd": own,
        "coaching_url": links.coaching(own),
        "sections": interfaces.office_sections(own),
        "total": pages.totalled(own, links, asked.compared, **query),
        "years_map": maps.by_year(member, history, links, window),
        "months": _months(own, monthly, months, links),
        "running": charts.running(monthly, months),
        "late": pages.late(window, links, opd=name),
        "states": {
            one.value: {"symbol": words.state_symbol(one.value), "word": words.state(one.value)} for one in State
        },
        "grids": maps.grids(entries, cells, year, links),
        "mends": _mends(name, window, links),
        "losses": _losses(own, links, query),
        "reasons": _reasons(cells, window, links, query),
        "metadata": _metadata(entries, links, query),
        "entries": [{**entry, "url": links.entry(entry)} for entry in entries],
        "outside": act("satudata_outside_plan_list", opd=name),
        "sample": sum(entry["source_system"] == league.SAMPLE for entry in entries),
        "compare_urls": {months: links.opd(name, **params.query(window), banding=months) for months in trends.COMPARED},
        "export": {
            ending: links.opd(name, ending=f".{ending}", **params.query(window)) for ending in ("csv", "xlsx", "json")
        },
    }


def losses(ref: str, window: Window | None, page: int) -> dict[str, Any]:
    """One page of an OPD's lost points, the dearest first. Raises ObjectNotFound, PageError."""
    links, choices = Links(), pages.options()
    window = window or Window.of_year(choices["default_year"])
    shown, own = _own(ref, window)
    found = act(
        "satudata_completeness_mends",
        opd=own["name"],
        **params.parameters(window),
        limit=PER_PAGE,
        offset=(page - 1) * PER_PAGE,
    )
    count = found["count"]
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        message = tk._("Halaman {page} tidak ada: daftar ini berakhir di halaman {last}.").format(page=page, last=last)
        raise PageError(message, status=404)

    def turned(to: int) -> str:
        return links.losses(own["name"], **params.query(window), halaman=to)

    return {
        **pages.frame(shown, window, choices, links, pages.DEFAULT_COMPARED),
        "opd": own,
        "total": pages.totalled(own, links, pages.DEFAULT_COMPARED),
        "window_query": params.query(window),
        "rows": [why.told(one, links, pages.now()) for one in found["results"]],
        "count": count,
        "first": (page - 1) * PER_PAGE + 1 if count else 0,
        "last": min(page * PER_PAGE, count),
        "previous_url": turned(page - 1) if page > 1 else "",
        "next_url": turned(page + 1) if page < last else "",
        "export": {
            ending: links.losses(own["name"], ending=f".{ending}", **params.query(window))
            for ending in ("csv", "xlsx", "json")
        },
    }


def every_loss(ref: str, window: Window | None) -> tuple[str, list[dict[str, Any]]]:
    """The name of an OPD and all of its lost points, the dearest first. Raises ObjectNotFound."""
    links = Links()
    window = window or Window.of_year(pages.options()["default_year"])
    _, own = _own(ref, window)
    found: list[dict[str, Any]] = []
    while True:
        answer = act(
            "satudata_completeness_mends",
            opd=own["name"],
            **params.parameters(window),
            limit=_ALL,
            offset=len(found),
        )
        found += [why.told(one, links, pages.now()) for one in answer["results"]]
        if not answer["results"] or len(found) >= answer["count"]:
            return own["name"], found


def _own(ref: str, window: Window) -> tuple[dict[str, Any], dict[str, Any]]:
    shown = act("satudata_completeness_show", **params.parameters(window), opd=ref)
    if not shown["groups"]:
        raise tk.ObjectNotFound(tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref))
    return shown, shown["groups"][0]


def _every_entry(name: str, window: Window) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        answer = act(
            "satudata_completeness_entry_list", **params.parameters(window), opd=name, limit=_ALL, offset=len(found)
        )
        found += answer["results"]
        if not answer["results"] or len(found) >= answer["count"]:
            return found


def _mends(name: str, window: Window, links: Links) -> dict[str, Any] | None:
    """The three most valuable mends, all of them together, and the first of all lost points with their reasons."""
    found = pages.optional("satudata_completeness_mends", opd=name, **params.parameters(window), limit=_FIRST_LOSSES)
    if not found:
        return None
    at = pages.now()
    before, after = found["index"], found["after"]
    return {
        **found,
        "best": [why.told(one, links, at) for one in found["best"]],
        "results": [why.told(one, links, at) for one in found["results"]],
        "at_least": any(one["at_least"] for one in found["best"]),
        "index_shown": _index_shown(before),
        "after_shown": _index_shown(after),
        "gain_shown": why.points((after or 0) - (before or 0)),
        "url": links.losses(name, **params.query(window)),
    }


def _months(
    own: dict[str, Any], monthly: list[dict[str, Any] | None], months: list[str], links: Links
) -> list[dict[str, Any]]:
    """The newest months in which anything was due, the newest first, beside what was frozen at their close."""
    frozen = _frozen(own["name"], months)
    found = []
    for month, figure in zip(reversed(months), reversed(monthly), strict=True):
        if not (figure and figure["obligations"]) and month not in frozen:
            continue
        if len(found) == _MONTHS_TOLD:
            break
        query = {"dari": month, "sampai": month, "opd": own["name"]}
        found.append(
            {
                "month": month,
                "label": words.period(month),
                "measures": [
                    {**one, "label": words.measure(one["name"]).short}
                    for one in figures.measures(figure or pages.nothing(own), links, **query)
                    if one["name"] in CELL_MEASURES
                ],
                "frozen": frozen.get(month),
            }
        )
    return found


def _frozen(name: str, months: list[str]) -> dict[str, dict[str, Any]]:
    """What was frozen of an OPD at the close of each month, and what today's rules make of it."""
    found = act("satudata_snapshot_history", opd=name, dari=months[0], sampai=months[-1])["results"]
    return {
        one["month"]: {
            **one,
            "index_shown": _index_shown(one["index"]),
            "recomputed_shown": _index_shown(one["recomputed_index"]),
        }
        for one in found
    }


def _index_shown(index: float | None) -> str:
    return "–" if index is None else formats.one_decimal(index, figures.locale())


def _losses(figure: dict[str, Any], links: Links, query: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing in each measure, with the list of it."""
    lost = []
    for name, measure in figure["measures"].items():
        if missing := measure["denominator"] - measure["numerator"]:
            lost.append({"name": name, "count": missing, "url": links.part(name, "remainder", **query)})
    return lost


def _reasons(
    cells: Iterable[dict[str, Any]], window: Window, links: Links, query: dict[str, Any]
) -> list[dict[str, Any]]:
    """The reasons noted on the cells of the window, the most frequent first."""
    inside = (cell for cell in cells if window.first <= cell["month"] <= window.last)
    counts = Counter(code for cell in inside for code in cell["reasons"])
    return [
        {"code": code, "sentence": words.reason(code), "count": count, "url": links.cells(**query, alasan=code)}
        for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _metadata(entries: list[dict[str, Any]], links: Links, query: dict[str, Any]) -> list[dict[str, Any]]:
    """What the descriptions of the datasets lack, the costliest first."""
    counts = Counter(rule for entry in entries if entry["published"] for rule in entry["lost"])
    lost = [
        {
            "rule": rule.id,
            "title": tk._(rule.title),
            "count": counts[rule.id],
            "points": rule.points,
            "total": counts[rule.id] * rule.points,
            "url": links.entries(**query, aturan=rule.id),
        }
        for rule in metadata_rules()
        if counts[rule.id]
    ]
    return sorted(lost, key=lambda one: -one["total"])
