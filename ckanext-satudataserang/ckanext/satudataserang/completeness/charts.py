"""What the charts draw, always beside the table that says the same: data only, the colours are the page's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import figures, trends, words
from ckanext.satudataserang.completeness.links import Links

#: The custom properties that colour a series.
_BRAND, _LATE, _GOOD = "--satudata-brand", "--satudata-state-terlambat", "--satudata-state-tepat-waktu"
_MISSING = "--satudata-state-terlewat"


def running(monthly: Sequence[Mapping[str, Any] | None], months: Sequence[str]) -> dict[str, Any] | None:
    """Kelengkapan and punctuality over twelve months, month after month, as a chart and its table.

    None where nothing was due at all.
    """
    names = [name for name in ("kelengkapan", "ketepatan_waktu") if name in words.measures()]
    shares = {name: trends.running(monthly, name) for name in names}
    ends = list(months)[-len(shares[names[0]]) :]
    if not any(share for one in shares.values() for share in one):
        return None
    rows = [
        {
            "label": words.period(month),
            "short": words.month_short(month),
            "shares": [
                share
                and {**share, "share": formats.percent(share["numerator"], share["denominator"], figures.locale())}
                for share in (shares[name][number] for name in names)
            ],
            "month": month,
        }
        for number, month in enumerate(ends)
    ]
    series = [
        {
            "name": words.measure(name).label,
            "colour": _BRAND if name == "kelengkapan" else _LATE,
            "values": [
                None if share is None else round(100 * share["numerator"] / share["denominator"], 1)
                for share in shares[name]
            ],
        }
        for name in names
    ]
    return {
        "columns": [words.measure(name).label for name in names],
        "names": names,
        "rows": rows,
        "json": _json("line", [row["short"] for row in rows], [row["label"] for row in rows], series, "%"),
    }


def lateness(found: Mapping[str, Any], links: Links, query: Mapping[str, Any]) -> dict[str, Any] | None:
    """Cells by days late as bars and their table; what never came is the last row. None where nothing was due."""
    rows = [
        {"id": one["id"], "label": words.days_late(one["id"]), "count": one["count"], "url": ""}
        for one in found["buckets"]
    ]
    rows.append({"id": "belum_lengkap", "label": tk._("belum lengkap"), "count": found.get("missing", 0), "url": ""})
    total = sum(row["count"] for row in rows)
    if not total:
        return None
    for row in rows:
        row["share"] = formats.percent(row["count"], total, figures.locale())
    rows[0]["url"] = links.part("ketepatan_waktu", "numerator", **query)
    rows[-1]["url"] = links.part("kelengkapan", "remainder", **query)
    labels = [row["label"] for row in rows]
    colours = [_GOOD, *[_LATE] * (len(rows) - 2), _MISSING]
    series = [{"name": tk._("sel"), "colour": _BRAND, "colours": colours, "values": [row["count"] for row in rows]}]
    return {"rows": rows, "total": total, "json": _json("bars", labels, labels, series, "")}


def _json(kind: str, labels: Sequence[str], long: Sequence[str], series: Sequence[Mapping[str, Any]], unit: str) -> str:
    return json.dumps(
        {"kind": kind, "labels": list(labels), "long": list(long), "series": list(series), "unit": unit},
        ensure_ascii=False,
        separators=(",", ":"),
    )
