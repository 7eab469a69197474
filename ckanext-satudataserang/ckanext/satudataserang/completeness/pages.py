"""What the city's page shows, and the parts it shares with the page of one OPD: a fixed number of calls each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.completeness import charts, figures, league, maps, params, trends, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.params import DEFAULT_COMPARED
from ckanext.satudataserang.core.windows import Window, month_key

_ALL = 1000


@dataclass(frozen=True)
class Asked:
    """What an address asks for; a window of None is the newest year in which anything was due."""

    window: Window | None = None
    urusan: str = ""
    tema: str = ""
    sort: str = figures.DEFAULT_SORT
    compared: str = DEFAULT_COMPARED


def act(name: str, **parameters: Any) -> Any:
    """Call an action as the visitor."""
    return tk.get_action(name)(Context(), parameters)


def options() -> dict[str, Any]:
    """What the pages can be narrowed to, and the year that is shown where none is asked for."""
    return act("satudata_completeness_options")


def city(asked: Asked) -> dict[str, Any]:
    """The city's page: every OPD of the city, or every plan entry of one urusan or theme. Raises PageError."""
    league.known_sort(asked.sort)
    links, choices = Links(), options()
    window = asked.window or Window.of_year(choices["default_year"])
    narrow = _narrowed(asked, choices)
    shown = act(
        "satudata_completeness_show",
        **params.parameters(window),
        group_by="entry" if narrow else "opd",
        limit=_ALL,
        **narrow.filters,
    )
    by_urusan = [] if narrow.tema else _groups("urusan", window)
    by_tema = [] if narrow.urusan else _groups("tema", window)
    total = _member(by_urusan or by_tema, narrow.id, shown) if narrow else shown["city"]
    query = {**params.query(window), **narrow.filters}
    kept = {} if asked.compared == DEFAULT_COMPARED else {"banding": asked.compared}
    scope = {"scope": narrow.kind, "scope_id": narrow.id} if narrow else {"scope": "opd"}
    months = _months(window)
    monthly = monthly_figures(scope, months)
    rows = [league.row(group, links, window, asked.compared, "entry" if narrow else "opd") for group in shown["groups"]]
    rows = [league.curved(row, monthly.get(row["id"])) for row in league.ordered(rows, asked.sort)]
    members = (
        [({"id": narrow.id, "name": narrow.id, "title": narrow.title}, narrow.filters)]
        if narrow
        else [(row, {"opd": row["name"]}) for row in rows]
    )
    history = act("satudata_completeness_history", **scope)
    return {
        **frame(shown, window, choices, links, asked.compared),
        "narrowed": narrow.filters,
        "urusan": narrow.urusan,
        "tema": narrow.tema,
        "narrowed_title": narrow.title,
        "sort": asked.sort,
        "by_entry": bool(narrow),
        "total": totalled(total, links, asked.compared, **query),
        "rows": rows,
        "risers": trends.risers(rows),
        "heads": league.heads(links, asked.sort, {**query, **kept}, outside=not narrow),
        "compare_urls": {
            months: links.city(**query, urut="" if asked.sort == figures.DEFAULT_SORT else asked.sort, banding=months)
            for months in trends.COMPARED
        },
        "years_map": maps.by_year(members, history, links, window),
        "months_map": maps.by_month(members, monthly, links, months, _shown_months(window)),
        "running": charts.running(_all_of(monthly, members), months) if monthly else None,
        "late": late(window, links, **narrow.filters),
        "by_urusan": league.grouped(by_urusan, links, window, asked.compared, "urusan") if not narrow else [],
        "by_tema": league.grouped(by_tema, links, window, asked.compared, "tema") if not narrow else [],
        "sample": _samples(shown["groups"]),
        "export": {
            ending: links.city(ending=f".{ending}", **query, **kept, urut=asked.sort)
            for ending in ("csv", "xlsx", "json")
        },
    }


def frame(
    shown: Mapping[str, Any], window: Window, choices: Mapping[str, Any], links: Links, compared: str
) -> dict[str, Any]:
    """What every page of figures says: its window, its choices, when and by which rules it was computed."""
    years = sorted({one["year"] for one in choices["years"]} | {window.end.year}, reverse=True)
    return {
        "window": window,
        "window_query": params.query(window),
        "span": words.span(*(month_key(month) for month in (window.first, window.last))),
        "year": window.end.year,
        "years": years,
        "choices": choices,
        "links": links,
        "compared": compared,
        "generated_at": shown["generated_at"],
        "rule_version": shown["rule_version"],
        "weights": shown["weights"],
        "bands": figures.bands(shown["bands"]),
        "words": words.measures(),
        "status": status(),
    }


def totalled(figure: Mapping[str, Any], links: Links, compared: str, **query: Any) -> dict[str, Any]:
    """One figure as the head of a page: headline share, index, measures with their links, states, trend."""
    return {
        "figure": figure,
        "share": figures.share(figure["measures"]["kelengkapan"]),
        "index": figures.index(figure),
        "trend": trends.trend(figure, compared),
        "measures": [
            {**one, "trend": trends.of_measure(figure, one["name"], compared)}
            for one in figures.measures(figure, links, **query)
        ],
        "states": figures.states(figure, links, **query),
    }


def late(window: Window, links: Links, **narrow: Any) -> dict[str, Any] | None:
    """How late what was due came, as a chart and its table; None where the portal cannot tell."""
    found = optional("satudata_completeness_lateness", **params.parameters(window), **narrow)
    return charts.lateness(found, links, {**params.query(window), **narrow}) if found else None


def optional(name: str, **parameters: Any) -> Any:
    """What an action says, or None where no capability that is switched on has it."""
    try:
        tk.get_action(name)
    except KeyError:
        return None
    return act(name, **parameters)


@dataclass(frozen=True)
class _Narrowed:
    """The one urusan or theme that a page is narrowed to; false where it is not."""

    kind: str = ""
    id: str = ""
    title: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind)

    @property
    def filters(self) -> dict[str, str]:
        return {self.kind: self.id} if self.kind else {}

    @property
    def urusan(self) -> str:
        return self.id if self.kind == "urusan" else ""

    @property
    def tema(self) -> str:
        return self.id if self.kind == "tema" else ""


def _narrowed(asked: Asked, choices: Mapping[str, Any]) -> _Narrowed:
    for kind, ref, label in (
        ("urusan", asked.urusan, tk._("Bidang urusan")),
        ("tema", asked.tema, tk._("Tema")),
    ):
        if not ref:
            continue
        for one in choices.get(kind, ()):
            if one["kode"] == ref:
                return _Narrowed(kind, ref, one["title"])
        message = tk._("{kind} “{ref}” tidak ada dalam Daftar Data. Pilih dari daftar pada halaman kelengkapan.")
        raise PageError(message.format(kind=label, ref=ref[:40]), status=404)
    return _Narrowed()


def _groups(kind: str, window: Window) -> list[dict[str, Any]]:
    return act("satudata_completeness_show", **params.parameters(window), group_by=kind, limit=_ALL)["groups"]


def _member(groups: Iterable[dict[str, Any]], ref: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    return next((one for one in groups if one["id"] == ref), None) or nothing(shown["city"])


def _months(window: Window) -> list[str]:
    """The months that the page's maps and curves need, up to the end of the window."""
    needed = max(trends.REACH, len(_shown_months(window)))
    return params.keys(params.ending_with(window, needed))


def _shown_months(window: Window) -> list[str]:
    return params.keys(window)[-maps.MOST_MONTHS :]


def monthly_figures(scope: Mapping[str, Any], months: Sequence[str]) -> dict[str, list[dict[str, Any] | None]]:
    """The figures of every member of a scope, one for each of the months."""
    found = act("satudata_completeness_history", **scope, step="month", dari=months[0], sampai=months[-1])
    return {key: [by_month.get(month) for month in months] for key, by_month in found["figures"].items()}


def _all_of(monthly: Mapping[str, list[Any]], members: maps.Members) -> list[dict[str, Any] | None]:
    return trends.summed([monthly[member["id"]] for member, _ in members if member["id"] in monthly])


def status() -> dict[str, Any] | None:
    """The last count: when, by which rules, how much; whether it failed or saw far less than the one before."""
    found = optional("satudata_completeness_status")
    if not found:
        return None
    return {**found, "failed": bool(found["started"]) and not found["ok"]}


def _samples(groups: Iterable[Mapping[str, Any]]) -> int:
    return sum(group.get("sample_entries", 0) or group.get("source_system") == league.SAMPLE for group in groups)


def nothing(like: Mapping[str, Any]) -> dict[str, Any]:
    """A figure of nothing due, with the measures and states of another one."""
    empty = {"numerator": 0, "denominator": 0, "rate": None}
    return {
        "obligations": 0,
        "few": False,
        "index": None,
        "band": None,
        "measures": dict.fromkeys(like["measures"], empty),
        "states": dict.fromkeys(like["states"], 0),
    }


def now() -> datetime:
    """This moment."""
    return datetime.now(timezone.utc)
