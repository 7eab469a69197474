"""The "Rapor OPD": one page about one OPD, or one page each about all."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, pdf
from ckanext.satudataserang.completeness import params, trends, why, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.reports import asking, figures
from ckanext.satudataserang.core.windows import Window, month_key

_OLDEST = 5
#: More cells of one OPD than this are not held at once.
_KEPT = 500
_DAY = 86_400
_TEMPLATE = "satudata_completeness/pdf/rapor.html"


def report(ref: str, window: Window | None) -> tuple[str, bytes]:
    """The PDF about one OPD, by name or id, and a name for the file. Raises ObjectNotFound, PdfError."""
    with pdf.in_indonesian():
        window = asking.window_or_default(window)
        found = asking.shown(window, ref)
        own = found["groups"][0]
        title = tk._("Rapor kelengkapan data {opd}").format(opd=own["title"])
        return f"rapor-{own['name']}-{_named(window)}.pdf", _rendered(found, [own], window, title, opd=own["name"])


def reports(window: Window | None) -> tuple[str, bytes]:
    """One PDF with a page about every OPD in the order of their titles, and a name for the file. Raises PdfError."""
    with pdf.in_indonesian():
        window = asking.window_or_default(window)
        found = asking.shown(window)
        groups = sorted(found["groups"], key=lambda group: (group["title"] or "").casefold())
        return f"rapor-opd-{_named(window)}.pdf", _rendered(found, groups, window, tk._("Rapor kelengkapan data OPD"))


def _rendered(
    found: dict[str, Any], groups: list[dict[str, Any]], window: Window, title: str, *, opd: str = ""
) -> bytes:
    at = asking.moment(found)
    return pdf.render(
        _TEMPLATE,
        title=f"{title}, {span(window)}",
        moment=at,
        rule_version=found["rule_version"],
        span=span(window),
        weights=found["weights"],
        pages=_pages(found, groups, window, at, opd=opd),
        running=trends.RUNNING,
    )


def span(window: Window) -> str:
    """The window in words."""
    return words.span(month_key(window.first), month_key(window.last))


def _named(window: Window) -> str:
    return str(window.year or f"{month_key(window.first)}-{month_key(window.last)}")


def _pages(
    found: dict[str, Any], groups: list[dict[str, Any]], window: Window, at: datetime, *, opd: str
) -> list[dict[str, Any]]:
    scope_id = groups[0]["id"] if opd else ""
    past = Window(Window(window.last, window.last).shifted(1 - trends.REACH).first, window.last)
    _, monthly = asking.months(past, "opd", scope_id)
    lacking = _lacking(window, at, opd)
    links = Links()
    return [
        {
            "title": group["title"],
            "obligations": group["obligations"],
            "few": group["few"],
            "index": figures.index(group),
            "moved": figures.moved(group),
            "measures": figures.measures(group, found["city"]),
            "states": figures.states(group),
            "curve": figures.curve(monthly.get(group["id"], [])),
            "missing": group["measures"]["kelengkapan"]["denominator"] - group["measures"]["kelengkapan"]["numerator"],
            "oldest": lacking.get(group["id"], []),
            "mends": _mends(group["name"], window, links, at),
            "todo": _todo(group),
        }
        for group in groups
    ]


def _lacking(window: Window, at: datetime, opd: str) -> dict[str, list[dict[str, Any]]]:
    """The cells of each OPD that are due and not complete: those with the oldest deadlines."""
    cells = asking.every(
        "satudata_cell_list",
        **params.parameters(window),
        **({"opd": opd} if opd else {}),
        measure="kelengkapan",
        part="remainder",
    )
    oldest: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for cell in cells:
        kept = oldest[cell["opd_id"]]
        kept.append(cell)
        if len(kept) >= _KEPT:
            kept[:] = heapq.nsmallest(_OLDEST, kept, key=_age)
    return {id_: [_told(cell, at) for cell in heapq.nsmallest(_OLDEST, kept, key=_age)] for id_, kept in oldest.items()}


def _age(cell: Mapping[str, Any]) -> tuple[datetime, str, str]:
    return datetime.fromisoformat(cell["deadline"]), cell["kode"], cell["period"]


def _told(cell: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    deadline = datetime.fromisoformat(cell["deadline"])
    return {
        "judul": cell["judul"],
        "kode": cell["kode"],
        "period": words.period(cell["period"]),
        "deadline": formats.day(deadline, pdf.LANGUAGE),
        "age": figures.number(max(0, int((at - deadline).total_seconds() // _DAY))),
        "state": cell["state"],
        "symbol": words.state_symbol(cell["state"]),
        "word": words.state(cell["state"]),
    }


def _mends(name: str, window: Window, links: Links, at: datetime) -> dict[str, Any] | None:
    """The most valuable mends with what each brings, and the index after all of them; None where there are none."""
    if not asking.has("satudata_completeness_mends"):
        return None
    found = asking.act("satudata_completeness_mends", opd=name, **params.parameters(window), limit=1)
    if not found["best"]:
        return None
    return {
        "best": [why.told(one, links, at) for one in found["best"]],
        "after": None if found["after"] is None else formats.one_decimal(found["after"], pdf.LANGUAGE),
        "after_band": words.band(found["after_band"]) if found["after_band"] else "",
        "at_least": any(one["at_least"] for one in found["best"]),
    }


def _todo(group: Mapping[str, Any]) -> list[str]:
    """What to do about what is not complete, the most frequent state first: one sentence per state."""
    lacking = ("terlewat", "dikembalikan", "tidak_valid")
    counts = sorted(((group["states"][name], name) for name in lacking if group["states"][name]), reverse=True)
    return [f"{figures.number(count)} {words.state(name)}: {words.state_meaning(name)}" for count, name in counts]
