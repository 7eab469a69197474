"""Reading figures and cells: a fixed number of statements, whatever the number of datasets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.completeness.sql import IN_FORCE, OPD_URUSAN_FIGURES, READ_FIGURES, STATE
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.measures import FEW_OBLIGATIONS, MEASURES, Ratio, band, index

GROUPS = ("opd", "urusan", "entry")
#: Parts of a measure: what counts, what it is measured against, and what is missing between the two.
PARTS = ("numerator", "denominator", "remainder")

#: Frequencies whose periods are years or longer: their grid shows several years side by side.
YEARLY = ("tahunan", "dua_tahunan", "lima_tahunan", "sekali", "statis")

_EMPTY = {
    **{f"{name}_{part}": 0 for name in MEASURES for part in ("num", "den")},
    **{f"n_{s}": 0 for s in COUNTED_STATES},
}

#: Which cells stand behind a part of a measure. The parts of ketersediaan and metadata are entries, not cells.
#: The parts of kelengkapan_isian are values: the sums over the cells listed.
MEASURE_CELLS: Mapping[tuple[str, str], str] = {
    ("kelengkapan", "numerator"): "c.complete",
    ("kelengkapan", "denominator"): "TRUE",
    ("kelengkapan", "remainder"): "NOT c.complete",
    ("kelengkapan_isian", "numerator"): "c.filled_values > 0",
    ("kelengkapan_isian", "denominator"): "TRUE",
    ("kelengkapan_isian", "remainder"): "c.filled_values < c.expected_values",
    ("validitas", "numerator"): "c.valid",
    ("validitas", "denominator"): "c.delivered",
    ("validitas", "remainder"): "c.delivered AND NOT c.valid",
}

#: Which entries stand behind a part of ketersediaan; those of metadata are points: the sums over the entries listed.
MEASURE_ENTRIES: Mapping[tuple[str, str], str] = {
    ("ketersediaan", "numerator"): "f.published",
    ("ketersediaan", "denominator"): "TRUE",
    ("ketersediaan", "remainder"): "NOT f.published",
    ("kelengkapan_metadata", "numerator"): "f.metadata_points > 0",
    ("kelengkapan_metadata", "denominator"): "TRUE",
    ("kelengkapan_metadata", "remainder"): "f.metadata_points < f.metadata_possible",
}

_CELLS = f"""
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = e.opd_id
    LEFT JOIN satudata_entry_fact f ON f.entry_id = e.id AND f.published
    LEFT JOIN satudata_submission d ON d.entry_id = c.entry_id AND d.period = c.period AND d.superseded_by IS NULL
    CROSS JOIN LATERAL (SELECT {STATE} AS state, NOT c.exempt AND c.counts_from <= :now AS counted) s
    WHERE (CAST(:opd AS text) IS NULL OR e.opd_id = :opd)
      AND (CAST(:urusan AS text) IS NULL OR e.urusan = :urusan)
      AND (CAST(:entry AS text) IS NULL OR e.id = :entry)
      AND (CAST(:year AS integer) IS NULL OR c.year = :year)
      AND (CAST(:period AS text) IS NULL OR c.period = :period)
      AND (CAST(:state AS text) IS NULL OR s.state = :state)
      AND (CAST(:reason AS text) IS NULL OR :reason = ANY(c.reasons))
"""

_CELL_COLUMNS = """
    e.id AS entry_id, e.kode, e.judul, e.urusan, e.frequency, e.source_system,
    o.id AS opd_id, o.name AS opd_name, o.title AS opd_title, f.dataset_id,
    CASE WHEN f.dataset_id IS NOT NULL THEN d.resource_id END AS resource_id,
    c.period, c.year, c.deadline, c.deadline_grace, c.expected_values, c.filled_values,
    c.delivered, c.valid, c.first_delivered_at, c.first_valid_at, c.reasons, s.state, s.counted
"""


#: The entries of a year that count, as `sql.FIGURES` counts them.
_ENTRIES = f"""
    FROM ({IN_FORCE}) e
    JOIN "group" o ON o.id = e.opd_id
    JOIN satudata_entry_fact f ON f.entry_id = e.id
    LEFT JOIN satudata_metadata_score m ON m.dataset_id = f.dataset_id AND f.published
    LEFT JOIN package p ON p.id = f.dataset_id AND f.published AND NOT p.private
    WHERE GREATEST(e.dari, make_date(:year, 1, 1)) <= LEAST(:today, make_date(:year, 12, 31))
      AND (e.sampai IS NULL OR e.sampai >= make_date(:year, 1, 1))
      AND (CAST(:opd AS text) IS NULL OR e.opd_id = :opd)
      AND (CAST(:urusan AS text) IS NULL OR e.urusan = :urusan)
      AND (CAST(:entry AS text) IS NULL OR e.id = :entry)
      AND (CAST(:rule AS text) IS NULL OR :rule = ANY(m.lost))
"""

_ENTRY_COLUMNS = """
    e.id AS entry_id, e.kode, e.judul, e.urusan, e.frequency, e.kelas, e.source_system, o.id AS opd_id,
    o.name AS opd_name, o.title AS opd_title, f.published, f.metadata_points, f.metadata_possible,
    p.id AS dataset_id, p.name AS dataset_name, p.title AS dataset_title, COALESCE(m.lost, ARRAY[]::text[]) AS lost
"""

#: The cells of one OPD's grid: the periods of a year, and beside them the years of what is due once a year or less.
_GRID = f"""
    SELECT c.entry_id, e.kode, e.judul, e.frequency, e.source_system,
           c.period, c.year, c.expected_values, c.filled_values, c.reasons, s.state, s.counted
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    CROSS JOIN LATERAL (SELECT {STATE} AS state, NOT c.exempt AND c.counts_from <= :now AS counted) s
    WHERE e.opd_id = :opd AND (c.year = :year OR e.frequency = ANY(:yearly) AND c.year BETWEEN :first AND :last)
    ORDER BY c.period_start, c.period
"""

#: How many sample entries stand behind the counted cells of each member and year.
_SAMPLES = """
    SELECT {member} AS scope_id, c.year, count(DISTINCT e.id) AS entries
    FROM satudata_plan_entry e JOIN satudata_cell c ON c.entry_id = e.id
    WHERE e.source_system = 'contoh' AND NOT c.exempt AND c.counts_from <= :now
    GROUP BY 1, 2
"""
_MEMBER = {"city": "''", "opd": "e.opd_id", "urusan": "e.urusan", "entry": "e.id"}

_OUTSIDE = """
    FROM package p
    WHERE p.owner_org = :opd AND p.state = 'active' AND p.type = 'dataset' AND NOT p.private
      AND NOT EXISTS (SELECT 1 FROM satudata_entry_fact f WHERE f.dataset_id = p.id)
"""


def _clock(now: datetime) -> dict[str, Any]:
    return {"now": now, "today": now.astimezone(WIB).date(), "rule_version": rules().version}


def figures(session: Database, now: datetime, scope: str, first: int, last: int) -> list[dict[str, Any]]:
    """The figures of every member of a scope (city, opd, urusan, entry) in the years `first`..`last` as of `now`."""
    rows = session.execute(
        sa.text(READ_FIGURES), {**_clock(now), "scope": scope, "first": first, "last": last}
    ).mappings()
    return [dict(row) for row in rows]


def urusan_figures(session: Database, now: datetime, opd_id: str, year: int) -> list[dict[str, Any]]:
    """The figures of every urusan within one OPD in a year as of `now`."""
    parameters = {**_clock(now), "scope": "entry", "first": year, "last": year, "opd": opd_id}
    return [dict(row) for row in session.execute(sa.text(OPD_URUSAN_FIGURES), parameters).mappings()]


def samples(session: Database, now: datetime, scope: str) -> dict[str, dict[int, int]]:
    """How many sample entries the cells counted at `now` belong to, by member of a scope and year."""
    rows = session.execute(sa.text(_SAMPLES.format(member=_MEMBER[scope])), {"now": now})
    found: dict[str, dict[int, int]] = {}
    for scope_id, year, entries in rows:
        found.setdefault(scope_id, {})[year] = entries
    return found


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
    session: Database, now: datetime, filters: Mapping[str, Any], *, limit: int, offset: int
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Totals and one page of the cells that pass the filters, ordered by OPD, entry and period.

    `filters`: opd (id), urusan, entry (id), year, period, state, reason, and measure with part; all optional. With a
    measure only cells that are counted in it are listed. The totals are over all pages: `count` of cells and the sums
    `filled_values` and `expected_values`.
    """
    condition = ""
    if measure := filters.get("measure"):
        condition = f"AND s.counted AND {MEASURE_CELLS[measure, filters.get('part') or 'denominator']}"
    names = ("opd", "urusan", "entry", "year", "period", "state", "reason")
    parameters = {**_clock(now), **{key: filters.get(key) for key in names}}
    totals = session.execute(
        sa.text(
            f"SELECT count(*) AS count, COALESCE(sum(c.filled_values), 0)::bigint AS filled_values, "
            f"COALESCE(sum(c.expected_values), 0)::bigint AS expected_values {_CELLS} {condition}"
        ),
        parameters,
    ).mappings()
    page = session.execute(
        sa.text(
            f"SELECT {_CELL_COLUMNS} {_CELLS} {condition} "
            "ORDER BY o.title, e.judul, e.id, c.period LIMIT :limit OFFSET :offset"
        ),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return dict(totals.one()), [dict(row) for row in page]  # type: ignore[arg-type]


def entries(
    session: Database, now: datetime, filters: Mapping[str, Any], *, limit: int, offset: int
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Totals and one page of the entries in force in a year that pass the filters, ordered by OPD and title.

    `filters`: year (needed); opd (id), urusan, entry (id), rule (a rule of the metadata points that the dataset
    loses), and measure (ketersediaan, kelengkapan_metadata) with part; optional. The totals are over all pages: `count`
    of entries and the sums `metadata_points` and `metadata_possible`.
    """
    condition = ""
    if measure := filters.get("measure"):
        condition = f"AND {MEASURE_ENTRIES[measure, filters.get('part') or 'denominator']}"
    parameters = {**_clock(now), **{key: filters.get(key) for key in ("year", "opd", "urusan", "entry", "rule")}}
    totals = session.execute(
        sa.text(
            f"SELECT count(*) AS count, COALESCE(sum(f.metadata_points), 0)::bigint AS metadata_points, "
            f"COALESCE(sum(f.metadata_possible), 0)::bigint AS metadata_possible {_ENTRIES} {condition}"
        ),
        parameters,
    ).mappings()
    page = session.execute(
        sa.text(
            f"SELECT {_ENTRY_COLUMNS} {_ENTRIES} {condition} "
            "ORDER BY o.title, e.judul, e.id LIMIT :limit OFFSET :offset"
        ),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return dict(totals.one()), [dict(row) for row in page]  # type: ignore[arg-type]


def grid(session: Database, now: datetime, opd_id: str, year: int, *, first: int, last: int) -> list[dict[str, Any]]:
    """The cells of one OPD in `year`; of entries due once a year or less those of the years `first`..`last` as well."""
    parameters = {**_clock(now), "opd": opd_id, "year": year, "first": first, "last": last, "yearly": list(YEARLY)}
    return [dict(row) for row in session.execute(sa.text(_GRID), parameters).mappings()]


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
    """The years in which anything is or was due at `now`, newest first."""
    statement = "SELECT DISTINCT year FROM satudata_figure WHERE scope = 'city' AND year <= :year ORDER BY year DESC"
    return list(session.scalars(sa.text(statement), {"year": now.astimezone(WIB).year}))


def options(session: Database, now: datetime) -> dict[str, Any]:
    """What the pages can be narrowed to: years (newest first, with the number of cells due and of sample entries among
    them), the newest year in which anything was due as `default_year`, OPDs, codes of urusan."""
    due = session.execute(
        sa.text(
            "SELECT year, kelengkapan_den AS obligations FROM satudata_figure "
            "WHERE scope = 'city' AND year <= :year ORDER BY year DESC"
        ),
        {"year": now.astimezone(WIB).year},
    ).mappings()
    opds = session.execute(
        sa.text("SELECT name, title FROM \"group\" WHERE is_organization AND state = 'active' ORDER BY title, name")
    ).mappings()
    urusan = session.scalars(
        sa.text(
            'SELECT DISTINCT e.urusan FROM satudata_plan_entry e JOIN "group" o ON o.id = e.opd_id '
            "WHERE e.state IN ('berlaku', 'berakhir') AND o.state = 'active' ORDER BY 1"
        )
    )
    years = [dict(row) for row in due]
    sampled = samples(session, now, "city").get("", {})
    return {
        "years": [{**one, "samples": sampled.get(one["year"], 0)} for one in years],
        "default_year": next((one["year"] for one in years if one["obligations"]), now.astimezone(WIB).year),
        "opds": [dict(row) for row in opds],
        "urusan": [{"kode": kode} for kode in urusan],
    }
