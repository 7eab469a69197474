"""Figures as the API tells them, and what they can be narrowed to: a fixed number of statements each."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness import windows
from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.measures import FEW_OBLIGATIONS, MEASURES, Ratio, band, index
from ckanext.satudataserang.core.windows import Window, month_key

GROUPS = ("opd", "urusan", "tema", "entry")
#: Parts of a measure: what counts, what it is measured against, and what is missing between the two.
PARTS = ("numerator", "denominator", "remainder")

#: Frequencies whose periods are years or longer: their grid shows several years side by side.
YEARLY = ("tahunan", "dua_tahunan", "lima_tahunan", "sekali", "statis")

#: The windows that a trend compares with lie so many months earlier.
TRENDS = (3, 12)

_EMPTY = {
    **{f"{name}_{part}": 0 for name in MEASURES for part in ("num", "den")},
    **{f"n_{s}": 0 for s in COUNTED_STATES},
}

#: How many sample entries stand behind the counted cells of each member and slice of time.
_SAMPLES = """
    SELECT {member} AS scope_id, c.{slice} AS slice, count(DISTINCT e.id) AS entries
    FROM satudata_plan_entry e JOIN satudata_cell c ON c.entry_id = e.id
    WHERE e.source_system = 'contoh' AND NOT c.exempt AND c.counts_from <= :now
    GROUP BY 1, 2
"""
_MEMBER = {"city": "''", "opd": "c.opd_id", "urusan": "c.urusan", "entry": "e.id"}

_OUTSIDE = """
    FROM package p
    WHERE p.owner_org = :opd AND p.state = 'active' AND p.type = 'dataset' AND NOT p.private
      AND NOT EXISTS (SELECT 1 FROM satudata_entry_fact f WHERE f.dataset_id = p.id)
"""


def _ratios(figure: Mapping[str, Any] | None) -> dict[str, Ratio]:
    figure = {**_EMPTY, **(figure or {})}
    return {name: Ratio(int(figure[f"{name}_num"]), int(figure[f"{name}_den"])) for name in MEASURES}


def described(figure: Mapping[str, Any] | None) -> dict[str, Any]:
    """A figure as the API gives it: every measure with its parts and rate (0 to 1), states, index (0 to 100), band."""
    figure = {**_EMPTY, **(figure or {})}
    ratios = _ratios(figure)
    value = index(ratios, rules().weights)
    found = band(value, rules().bands)
    obligations = ratios["kelengkapan"].denominator
    return {
        "obligations": obligations,
        "few": 0 < obligations < FEW_OBLIGATIONS,
        "measures": {
            name: {"numerator": ratio.numerator, "denominator": ratio.denominator, "rate": ratio.rate}
            for name, ratio in ratios.items()
        },
        "states": {state: int(figure[f"n_{state}"]) for state in COUNTED_STATES},
        "index": value,
        "band": found.id if found else None,
    }


def trend(now: Mapping[str, Any] | None, earlier: Mapping[str, Any] | None) -> dict[str, Any]:
    """What changed between two windows: of the index in its points, of each measure in its rate (-1 to 1).

    None where either is not defined.
    """
    ratios, were = _ratios(now), _ratios(earlier)
    weights = rules().weights
    return {
        "index": _difference(index(ratios, weights), index(were, weights)),
        "measures": {name: _difference(ratio.rate, were[name].rate) for name, ratio in ratios.items()},
    }


def _difference(now: float | None, earlier: float | None) -> float | None:
    return None if now is None or earlier is None else now - earlier


def with_trends(window: Window) -> dict[Hashable, Window]:
    """The window under the name 0, and under 3 and 12 those so many months earlier."""
    return {0: window, **{months: window.shifted(-months) for months in TRENDS}}


def told(by_window: Mapping[Hashable, Mapping[str, Any]]) -> dict[str, Any]:
    """The figure of the windows of `with_trends` as the API gives it, with its trends."""
    now = by_window.get(0)
    return {
        **described(now),
        "trend": {str(months): trend(now, by_window.get(months)) for months in TRENDS},
    }


def window(asked: Window) -> dict[str, Any]:
    """A window as the API gives it: its first and last day, its months, and the year where it is one."""
    return {
        "year": asked.year,
        "from": asked.start.isoformat(),
        "to": asked.end.isoformat(),
        "dari": month_key(asked.first),
        "sampai": month_key(asked.last),
    }


def samples(session: Database, now: datetime, scope: str, slice_: str = "year") -> dict[str, dict[int, int]]:
    """How many sample entries the cells counted at `now` belong to, by member (not of tema) and year or month."""
    statement = _SAMPLES.format(member=_MEMBER[scope], slice="month" if slice_ == "month" else "year")
    found: dict[str, dict[int, int]] = {}
    for scope_id, of, entries in session.execute(sa.text(statement), {"now": now}):
        found.setdefault(scope_id, {})[of] = entries
    return found


def outside_plan(session: Database, opd_id: str, *, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of an OPD's public datasets that serve no plan entry, newest first."""
    count = session.scalar(sa.text(f"SELECT count(*) {_OUTSIDE}"), {"opd": opd_id}) or 0
    page = session.execute(
        sa.text(
            "SELECT p.id, p.name, p.title, lower(p.extras ->> 'data_contoh') IN ('true', 'ya', '1') AS sample "
            f"{_OUTSIDE} ORDER BY p.metadata_modified DESC, p.id LIMIT :limit OFFSET :offset"
        ),
        {"opd": opd_id, "limit": limit, "offset": offset},
    ).mappings()
    return count, [dict(row) for row in page]


def years(session: Database, now: datetime) -> list[int]:
    """The years from the first in which any entry was in force to that of `now`, newest first."""
    first = session.scalar(sa.text("SELECT min(extract(year FROM dari))::integer FROM satudata_entry_span"))
    return [] if first is None else list(range(now.astimezone(WIB).year, first - 1, -1))


def options(session: Database, now: datetime) -> dict[str, Any]:
    """What the pages can be narrowed to: years (newest first, with the number of cells due and of sample entries among
    them), the newest year in which anything was due as `default_year`, OPDs, codes of urusan."""
    opds = session.execute(
        sa.text("SELECT name, title FROM \"group\" WHERE is_organization AND state = 'active' ORDER BY title, name")
    ).mappings()
    urusan = session.scalars(
        sa.text(
            "SELECT DISTINCT e.urusan FROM satudata_plan_entry e JOIN satudata_entry_span s ON s.entry_id = e.id "
            "ORDER BY 1"
        )
    )
    found = years(session, now)
    due = windows.figures(session, now, "city", {year: Window.of_year(year) for year in found}).get("", {})
    sampled = samples(session, now, "city").get("", {})
    listed = [
        {"year": year, "obligations": due.get(year, {}).get("kelengkapan_den", 0), "samples": sampled.get(year, 0)}
        for year in found
    ]
    return {
        "years": listed,
        "default_year": next((one["year"] for one in listed if one["obligations"]), now.astimezone(WIB).year),
        "opds": [dict(row) for row in opds],
        "urusan": list(urusan),
    }
