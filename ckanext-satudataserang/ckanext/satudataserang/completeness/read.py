"""Reading figures and cells: a fixed number of statements, whatever the number of datasets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.completeness.sql import READ_FIGURES, STATE
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.measures import FEW_OBLIGATIONS, MEASURES, Ratio, band, index

GROUPS = ("opd", "urusan", "entry")

_EMPTY = {
    **{f"{name}_{part}": 0 for name in MEASURES for part in ("num", "den")},
    **{f"n_{s}": 0 for s in COUNTED_STATES},
}

#: Which cells stand behind a part of a measure. The parts of ketersediaan and metadata are entries, not cells.
MEASURE_CELLS: Mapping[tuple[str, str], str] = {
    ("kelengkapan", "numerator"): "c.complete",
    ("kelengkapan", "denominator"): "TRUE",
    ("kelengkapan_isian", "numerator"): "c.filled_values > 0",
    ("kelengkapan_isian", "denominator"): "TRUE",
    ("validitas", "numerator"): "c.valid",
    ("validitas", "denominator"): "c.delivered",
}

_CELLS = f"""
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = e.opd_id
    LEFT JOIN satudata_entry_fact f ON f.entry_id = e.id AND f.published
    CROSS JOIN LATERAL (SELECT {STATE} AS state, NOT c.exempt AND c.counts_from <= :now AS counted) s
    WHERE (CAST(:opd AS text) IS NULL OR e.opd_id = :opd)
      AND (CAST(:urusan AS text) IS NULL OR e.urusan = :urusan)
      AND (CAST(:entry AS text) IS NULL OR e.id = :entry)
      AND (CAST(:year AS integer) IS NULL OR c.year = :year)
      AND (CAST(:state AS text) IS NULL OR s.state = :state)
"""

_CELL_COLUMNS = """
    e.id AS entry_id, e.kode, e.judul, e.urusan, o.id AS opd_id, o.name AS opd_name, o.title AS opd_title,
    f.dataset_id, c.period, c.year, c.deadline, c.deadline_grace, c.expected_values, c.filled_values,
    c.delivered, c.valid, c.first_delivered_at, c.first_valid_at, c.reasons, s.state, s.counted
"""


def _clock(now: datetime) -> dict[str, Any]:
    return {"now": now, "today": now.astimezone(WIB).date(), "rule_version": rules().version}


def figures(session: Session, now: datetime, scope: str, first: int, last: int) -> list[dict[str, Any]]:
    """The figures of every member of a scope (city, opd, urusan, entry) in the years `first`..`last` as of `now`."""
    rows = session.execute(
        sa.text(READ_FIGURES), {**_clock(now), "scope": scope, "first": first, "last": last}
    ).mappings()
    return [dict(row) for row in rows]


def described(figure: Mapping[str, Any] | None) -> dict[str, Any]:
    """A figure as the API gives it: every measure with its parts and rate (0 to 1), states, index (0 to 100), band."""
    figure = figure or _EMPTY
    ratios = {name: Ratio(int(figure[f"{name}_num"]), int(figure[f"{name}_den"])) for name in MEASURES}
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


def window(year: int) -> dict[str, Any]:
    """The window of a year: first and last day, both included."""
    return {"year": year, "from": date(year, 1, 1).isoformat(), "to": date(year, 12, 31).isoformat()}


def cells(
    session: Session, now: datetime, filters: Mapping[str, Any], *, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of the cells that pass the filters, ordered by OPD, entry and period.

    `filters`: opd (id), urusan, entry (id), year, state, and measure with part; all optional. With a measure only cells
    that are counted in it are listed.
    """
    condition = ""
    if measure := filters.get("measure"):
        condition = f"AND s.counted AND {MEASURE_CELLS[measure, filters.get('part') or 'denominator']}"
    parameters = {**_clock(now), **{key: filters.get(key) for key in ("opd", "urusan", "entry", "year", "state")}}
    count = session.scalar(sa.text(f"SELECT count(*) {_CELLS} {condition}"), parameters) or 0
    page = session.execute(
        sa.text(
            f"SELECT {_CELL_COLUMNS} {_CELLS} {condition} "
            "ORDER BY o.title, e.judul, e.id, c.period LIMIT :limit OFFSET :offset"
        ),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return count, [dict(row) for row in page]


def years(session: Session, now: datetime) -> list[int]:
    """The years in which anything is or was due at `now`, newest first."""
    statement = "SELECT DISTINCT year FROM satudata_figure WHERE scope = 'city' AND year <= :year ORDER BY year DESC"
    return list(session.scalars(sa.text(statement), {"year": now.astimezone(WIB).year}))
