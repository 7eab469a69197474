"""The rows behind figures: cells, plan entries, the grid of an OPD. A fixed number of statements each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.read import YEARLY
from ckanext.satudataserang.completeness.sql import DAYS_LATE, ON_TIME, STATE
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.windows import Window

#: Which cells stand behind a part of a measure. The parts of ketersediaan and metadata are entries, not cells.
#: The parts of kelengkapan_isian are values, those of konsistensi comparisons: the sums over the cells listed.
MEASURE_CELLS: Mapping[tuple[str, str], str] = {
    ("kelengkapan", "numerator"): "c.complete",
    ("kelengkapan", "denominator"): "TRUE",
    ("kelengkapan", "remainder"): "NOT c.complete",
    ("ketepatan_waktu", "numerator"): ON_TIME,
    ("ketepatan_waktu", "denominator"): "TRUE",
    ("ketepatan_waktu", "remainder"): f"NOT {ON_TIME}",
    ("kelengkapan_isian", "numerator"): "c.filled_values > 0",
    ("kelengkapan_isian", "denominator"): "TRUE",
    ("kelengkapan_isian", "remainder"): "c.filled_values < c.expected_values",
    ("validitas", "numerator"): "c.valid",
    ("validitas", "denominator"): "c.delivered",
    ("validitas", "remainder"): "c.delivered AND NOT c.valid",
    ("konsistensi", "numerator"): "c.consistent > 0",
    ("konsistensi", "denominator"): "c.comparable > 0",
    ("konsistensi", "remainder"): "c.consistent < c.comparable",
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

_STATES = f"CROSS JOIN LATERAL (SELECT {STATE} AS state, NOT c.exempt AND c.counts_from <= :now AS counted) s"
_CELLS = f"""
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    JOIN "group" o ON o.id = c.opd_id
    LEFT JOIN satudata_entry_fact f ON f.entry_id = e.id AND f.published
    LEFT JOIN satudata_submission d
      ON d.entry_id = c.entry_id AND d.period = c.period AND d.superseded_by IS NULL AND d.state = 'terbit'
    {_STATES}
    WHERE (CAST(:opd AS text) IS NULL OR c.opd_id = :opd)
      AND (CAST(:urusan AS text[]) IS NULL OR c.urusan = ANY(:urusan))
      AND (CAST(:kelas AS text) IS NULL OR c.kelas = :kelas)
      AND (CAST(:entry AS text) IS NULL OR e.id = :entry)
      AND (CAST(:low AS integer) IS NULL OR c.month BETWEEN :low AND :high)
      AND (CAST(:period AS text) IS NULL OR c.period = :period)
      AND (CAST(:state AS text) IS NULL OR s.state = :state)
      AND (CAST(:reason AS text) IS NULL OR :reason = ANY(c.reasons))
"""

_CELL_COLUMNS = f"""
    e.id AS entry_id, e.kode, e.judul, c.urusan, c.kelas, e.frequency, e.source_system,
    o.id AS opd_id, o.name AS opd_name, o.title AS opd_title, f.dataset_id,
    CASE WHEN f.dataset_id IS NOT NULL THEN d.resource_id END AS resource_id,
    c.period, c.year, c.month, c.deadline, c.deadline_grace, c.expected_values, c.filled_values,
    c.comparable, c.consistent, c.delivered, c.valid, c.complete, c.first_delivered_at, c.first_valid_at,
    {DAYS_LATE} AS days_late, c.reasons, s.state, s.counted
"""

#: The entries that count over a window, as `windows.figures` counts them: each once, under the OPD it was last with.
_ENTRIES = """
    FROM (
        SELECT DISTINCT ON (s.entry_id) s.* FROM satudata_entry_span s
        WHERE GREATEST(s.dari, CAST(:starts AS date)) <= LEAST(CAST(:today AS date), CAST(:ends AS date))
          AND (s.sampai IS NULL OR s.sampai >= :starts)
        ORDER BY s.entry_id, s.dari DESC
    ) s
    JOIN satudata_plan_entry e ON e.id = s.entry_id
    JOIN "group" o ON o.id = s.opd_id
    JOIN satudata_entry_fact f ON f.entry_id = e.id
    LEFT JOIN satudata_metadata_score m ON m.dataset_id = f.dataset_id AND f.published
    LEFT JOIN package p ON p.id = f.dataset_id AND f.published AND NOT p.private
    WHERE (CAST(:opd AS text) IS NULL OR s.opd_id = :opd)
      AND (CAST(:urusan AS text[]) IS NULL OR e.urusan = ANY(:urusan))
      AND (CAST(:kelas AS text) IS NULL OR s.kelas = :kelas)
      AND (CAST(:entry AS text) IS NULL OR e.id = :entry)
      AND (CAST(:rule AS text) IS NULL OR :rule = ANY(m.lost))
"""

_ENTRY_COLUMNS = """
    e.id AS entry_id, e.kode, e.judul, e.urusan, s.frequency, s.kelas, e.source_system, o.id AS opd_id,
    o.name AS opd_name, o.title AS opd_title, f.published, f.metadata_points, f.metadata_possible,
    p.id AS dataset_id, p.name AS dataset_name, p.title AS dataset_title, COALESCE(m.lost, ARRAY[]::text[]) AS lost
"""

#: The cells of one OPD's grid: the periods of a window, and beside them the years of what is due once a year or less.
_GRID = f"""
    SELECT c.entry_id, e.kode, e.judul, e.frequency, e.source_system, c.kelas,
           c.period, c.year, c.month, c.expected_values, c.filled_values, c.reasons, s.state, s.counted
    FROM satudata_cell c
    JOIN satudata_plan_entry e ON e.id = c.entry_id
    {_STATES}
    WHERE c.opd_id = :opd
      AND (c.month BETWEEN :low AND :high OR e.frequency = ANY(:yearly) AND c.year BETWEEN :first AND :last)
    ORDER BY c.period_start, c.period
"""


def cells(
    session: Database, now: datetime, filters: Mapping[str, Any], *, limit: int, offset: int
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Totals and one page of the cells that pass the filters, ordered by OPD, entry and period.

    `filters`: opd (id), urusan (codes), kelas, entry (id), window, period, state, reason, and measure with part; all
    optional. With a measure only cells that are counted in it are listed. The totals are over all pages: `count` of
    cells and the sums `filled_values`, `expected_values`, `comparable` and `consistent`.
    """
    condition = ""
    if measure := filters.get("measure"):
        condition = f"AND s.counted AND {MEASURE_CELLS[measure, filters.get('part') or 'denominator']}"
    window: Window | None = filters.get("window")
    names = ("opd", "urusan", "kelas", "entry", "period", "state", "reason")
    parameters = {
        "now": now,
        "low": window.first if window else None,
        "high": window.last if window else None,
        **{key: filters.get(key) for key in names},
    }
    totals = session.execute(
        sa.text(
            f"SELECT count(*) AS count, COALESCE(sum(c.filled_values), 0)::bigint AS filled_values, "
            f"COALESCE(sum(c.expected_values), 0)::bigint AS expected_values, "
            f"COALESCE(sum(c.comparable), 0)::bigint AS comparable, "
            f"COALESCE(sum(c.consistent), 0)::bigint AS consistent {_CELLS} {condition}"
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
    """Totals and one page of the entries in force in a window that pass the filters, ordered by OPD and title.

    `filters`: window (needed); opd (id), urusan (codes), kelas, entry (id), rule (a rule of the metadata points that
    the dataset loses), and measure (ketersediaan, kelengkapan_metadata) with part; optional. The totals are over all
    pages: `count` of entries and the sums `metadata_points` and `metadata_possible`.
    """
    condition = ""
    if measure := filters.get("measure"):
        condition = f"AND {MEASURE_ENTRIES[measure, filters.get('part') or 'denominator']}"
    window: Window = filters["window"]
    parameters = {
        "today": now.astimezone(WIB).date(),
        "starts": window.start,
        "ends": window.end,
        **{key: filters.get(key) for key in ("opd", "urusan", "kelas", "entry", "rule")},
    }
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


def grid(
    session: Database, now: datetime, opd_id: str, window: Window, *, first: int, last: int
) -> list[dict[str, Any]]:
    """The cells of one OPD in a window; of entries due once a year or less also those of the years `first`..`last`."""
    parameters = {
        "now": now,
        "opd": opd_id,
        "low": window.first,
        "high": window.last,
        "first": first,
        "last": last,
        "yearly": list(YEARLY),
    }
    return [dict(row) for row in session.execute(sa.text(_GRID), parameters).mappings()]


def lateness(session: Database, now: datetime, window: Window, filters: Mapping[str, Any]) -> dict[int | None, int]:
    """How many counted cells of a window came so many days late; None: nothing complete came.

    `filters`: opd (id), urusan (codes), kelas; all optional.
    """
    statement = f"""
        SELECT {DAYS_LATE} AS days, count(*) AS cells FROM satudata_cell c
        WHERE NOT c.exempt AND c.counts_from <= :now AND c.month BETWEEN :low AND :high
          AND (CAST(:opd AS text) IS NULL OR c.opd_id = :opd)
          AND (CAST(:urusan AS text[]) IS NULL OR c.urusan = ANY(:urusan))
          AND (CAST(:kelas AS text) IS NULL OR c.kelas = :kelas)
        GROUP BY 1
    """
    parameters = {
        "now": now,
        "low": window.first,
        "high": window.last,
        **{key: filters.get(key) for key in ("opd", "urusan", "kelas")},
    }
    return {row.days: row.cells for row in session.execute(sa.text(statement), parameters)}
