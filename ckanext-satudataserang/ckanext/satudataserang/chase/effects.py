"""What became of an OPD's measures after it was coached: the months before the day beside those from it on.

The measures are anybody's to read, and so is the day; what was spoken of stays with those who were there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.chase import coaching, words
from ckanext.satudataserang.completeness import figures
from ckanext.satudataserang.completeness.interfaces import Section

#: Measures that are counted over months, so that before and after can be set side by side.
COMPARED = ("kelengkapan", "ketepatan_waktu", "kelengkapan_isian", "validitas", "konsistensi")
#: No more days than these at a time, for each takes two counts; so many of them stand on the public page.
MOST, _SHOWN = 20, 3


def of_day(opd: str, day: date, now: datetime) -> dict[str, dict[str, Any] | None]:
    """The measures of an OPD `before` a day and `after`, each with its months; None where there are none yet."""
    return {
        name: {"dari": window[0], "sampai": window[1], "measures": _measures(opd, window)} if window else None
        for name, window in coaching.windows(day, now).items()
    }


def compared(effect: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a table: each measure before and after, in words, and whether it rose."""
    rows = []
    for name in COMPARED:
        before, after = ((effect[which] or {"measures": {}})["measures"].get(name) for which in ("before", "after"))
        if (before and before["denominator"]) or (after and after["denominator"]):
            rows.append(
                {
                    "name": name,
                    "before": figures.share(before) if before else None,
                    "after": figures.share(after) if after else None,
                    "rise": _rise(before, after),
                }
            )
    return rows


def sections(opd: Mapping[str, Any]) -> list[Section]:
    """The section of an OPD's public page; none where it was never coached."""
    found = tk.get_action("satudata_coaching_effect_list")({}, {"opd": opd["id"], "limit": _SHOWN})
    results = [{**one, "word": words.kind(one["kind"]), "compared": compared(one)} for one in found["results"]]
    if not results:
        return []
    return [Section("satudata_chase/effects.html", {"results": results, "count": found["count"]})]


def _rise(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> str:
    if not before or not after or before["rate"] is None or after["rate"] is None:
        return ""
    if after["rate"] == before["rate"]:
        return "tetap"
    return "naik" if after["rate"] > before["rate"] else "turun"


def _measures(opd: str, window: tuple[str, str]) -> dict[str, Any]:
    asked = {"dari": window[0], "sampai": window[1], "opd": opd}
    shown = tk.get_action("satudata_completeness_show")({}, asked)
    measures = shown["groups"][0]["measures"] if shown["groups"] else {}
    return {name: measures[name] for name in COMPARED if name in measures}
