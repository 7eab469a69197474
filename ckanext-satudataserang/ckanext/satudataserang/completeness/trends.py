"""Which way figures move: arrows with word and number, small curves of the last months, the fastest risers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import figures

#: How many months back figures are compared with.
COMPARED = ("3", "12")
#: A curve has so many points, each the share over the twelve months that end there.
POINTS = 12
RUNNING = 12
#: The months that a curve needs.
REACH = POINTS + RUNNING - 1
_WIDTH, _HEIGHT, _MARGIN = 96, 24, 3
_RISERS = 5
_SEEN = 0.05


def trend(figure: Mapping[str, Any], months: str) -> dict[str, Any] | None:
    """How the index moved against so many months before: symbol, word and number; None where it cannot be said."""
    delta = (figure.get("trend") or {}).get(months, {}).get("index")
    return None if delta is None else moved(delta)


def of_measure(figure: Mapping[str, Any], name: str, months: str) -> dict[str, Any] | None:
    """How one measure moved, in percentage points."""
    delta = ((figure.get("trend") or {}).get(months, {}).get("measures") or {}).get(name)
    return None if delta is None else moved(100 * delta)


def moved(delta: float) -> dict[str, Any]:
    """A change of points from 0 to 100, in a symbol, a word and a number."""
    if abs(delta) < _SEEN:
        return {"symbol": "▬", "word": tk._("tetap"), "number": "", "delta": 0.0, "name": "tetap"}
    up = delta > 0
    return {
        "symbol": "▲" if up else "▼",
        "word": tk._("naik") if up else tk._("turun"),
        "number": formats.one_decimal(max(abs(delta), 0.1), figures.locale()),
        "delta": delta,
        "name": "naik" if up else "turun",
    }


def risers(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The rows whose index rose most, of those that can be ranked; the fastest first."""
    rising = [row for row in rows if row["trend_shown"] and row["trend_shown"]["delta"] > 0]
    ranked = [row for row in rising if row["shown_index"]["ranked"]]
    return sorted(ranked, key=lambda row: (-row["trend_shown"]["delta"], row["title"] or ""))[:_RISERS]


def running(monthly: Sequence[Mapping[str, Any] | None], measure: str) -> list[dict[str, Any] | None]:
    """The share over each twelve months, from consecutive monthly figures; the last `POINTS` of them.

    None where nothing was due in the twelve months.
    """
    found: list[dict[str, Any] | None] = []
    for end in range(max(RUNNING, len(monthly) - POINTS + 1), len(monthly) + 1):
        parts = [one["measures"][measure] for one in monthly[end - RUNNING : end] if one and measure in one["measures"]]
        numerator, denominator = sum(one["numerator"] for one in parts), sum(one["denominator"] for one in parts)
        found.append({"numerator": numerator, "denominator": denominator} if denominator else None)
    return found


def curve(shares: Sequence[Mapping[str, Any] | None]) -> dict[str, Any] | None:
    """A small curve of shares as the points of an SVG line from 0 to 100 %; None where there are no two points.

    `lines` are the unbroken stretches, `last` the newest point.
    """
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(shares) - 1)
    lines: list[list[str]] = [[]]
    last: tuple[float, float] | None = None
    for number, share in enumerate(shares):
        if share is None:
            lines.append([])
            continue
        height = (_HEIGHT - 2 * _MARGIN) * (1 - share["numerator"] / share["denominator"])
        last = (round(_MARGIN + number * step, 1), round(_MARGIN + height, 1))
        lines[-1].append(f"{last[0]:g},{last[1]:g}")
    drawn = [" ".join(line) for line in lines if len(line) > 1]
    if not drawn or last is None:
        return None
    return {"lines": drawn, "last": {"x": last[0], "y": last[1]}, "width": _WIDTH, "height": _HEIGHT}


def summed(members: Iterable[Sequence[Mapping[str, Any] | None]]) -> list[dict[str, Any] | None]:
    """Monthly figures of several members added up, month by month."""
    found: list[dict[str, Any] | None] = []
    for month in zip(*members, strict=True):
        sums: dict[str, dict[str, int]] = {}
        for figure in month:
            for name, measure in (figure["measures"] if figure else {}).items():
                into = sums.setdefault(name, {"numerator": 0, "denominator": 0})
                into["numerator"] += measure["numerator"]
                into["denominator"] += measure["denominator"]
        found.append({"measures": sums} if sums else None)
    return found
