"""The summary of the city: its figures, every OPD in one table, how it is counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import pdf, region
from ckanext.satudataserang.completeness import figures as shown_figures
from ckanext.satudataserang.completeness import trends
from ckanext.satudataserang.completeness.reports import asking, figures
from ckanext.satudataserang.completeness.reports.opd import span
from ckanext.satudataserang.core.measures import FEW_OBLIGATIONS
from ckanext.satudataserang.core.windows import Window, month_key

_TEMPLATE = "satudata_completeness/pdf/ringkasan.html"


def summary(window: Window | None) -> tuple[str, bytes]:
    """The PDF about the whole city, and a name for the file. Raises PdfError."""
    with pdf.in_indonesian():
        window = asking.window_or_default(window)
        found = asking.shown(window)
        past = Window(Window(window.last, window.last).shifted(1 - trends.REACH).first, window.last)
        _, monthly = asking.months(past, "city")
        rows = [_row(group) for group in found["groups"]]
        content = pdf.render(
            _TEMPLATE,
            title=tk._("Ringkasan kelengkapan data {place}, {span}").format(
                place=region.get_region().nama, span=span(window)
            ),
            moment=asking.moment(found),
            rule_version=found["rule_version"],
            place=region.get_region().nama,
            span=span(window),
            city=found["city"],
            index=figures.index(found["city"]),
            moved=figures.moved(found["city"]),
            measures=figures.measures(found["city"]),
            states=figures.states(found["city"]),
            curve=figures.curve(monthly.get("", [])),
            ranked=_by_index([row for row in rows if row["index"]["ranked"]]),
            few=_by_title([row for row in rows if row["few"]]),
            free=_by_title([row for row in rows if not row["obligations"]]),
            fewer_than=FEW_OBLIGATIONS,
            weights=found["weights"],
            bands=shown_figures.bands(found["bands"]),
            status=asking.act("satudata_completeness_status") if asking.has("satudata_completeness_status") else None,
            running=trends.RUNNING,
        )
        name = window.year or f"{month_key(window.first)}-{month_key(window.last)}"
        return f"ringkasan-kelengkapan-{name}.pdf", content


def _row(group: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "title": group["title"],
        "obligations": group["obligations"],
        "few": group["few"],
        "exact": group["index"],
        "index": figures.index(group),
        "measures": figures.measures(group),
        "moved": figures.moved(group)["12"],
    }


def _by_index(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(_by_title(rows), key=lambda row: -row["exact"])


def _by_title(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["title"] or "").casefold())
