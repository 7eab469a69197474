"""Whom a figure can be told of: the OPDs, bidang urusan or plan entries of a year, page by page."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.types import Database

_OPDS = """
    SELECT o.id, o.name, o.title, COALESCE(f.outside_plan, 0) AS outside_plan,
           COALESCE(f.outside_sample, 0) AS outside_sample, o.extras ->> 'singkatan' AS singkatan,
           COALESCE(sample.n, 0) AS sample_entries
    FROM "group" o LEFT JOIN satudata_opd_fact f ON f.opd_id = o.id
    LEFT JOIN (
        SELECT opd_id, count(*) AS n FROM satudata_plan_entry
        WHERE source_system = 'contoh' AND state IN ('berlaku', 'berakhir')
          AND berlaku_dari <= make_date(:year, 12, 31)
          AND (berlaku_sampai IS NULL OR berlaku_sampai >= make_date(:year, 1, 1))
        GROUP BY 1
    ) sample ON sample.opd_id = o.id
    WHERE o.is_organization AND o.state = 'active' AND (CAST(:opd AS text) IS NULL OR o.id = :opd)
"""

_ENTRIES = """
    SELECT e.id, e.kode AS name, e.judul AS title, e.frequency, e.kelas, e.source_system,
           e.urusan, f.dataset_id, f.published, o.name AS opd_name, o.title AS opd_title
    FROM satudata_plan_entry e
    JOIN "group" o ON o.id = e.opd_id AND o.state = 'active'
    LEFT JOIN satudata_entry_fact f ON f.entry_id = e.id
    WHERE e.state IN ('berlaku', 'berakhir') AND e.berlaku_dari <= make_date(:year, 12, 31)
      AND (e.berlaku_sampai IS NULL OR e.berlaku_sampai >= make_date(:year, 1, 1))
      AND (CAST(:opd AS text) IS NULL OR e.opd_id = :opd)
      AND (CAST(:urusan AS text) IS NULL OR e.urusan = :urusan)
"""

_URUSAN = """
    SELECT DISTINCT e.urusan AS id, e.urusan AS name
    FROM satudata_plan_entry e JOIN "group" o ON o.id = e.opd_id AND o.state = 'active'
    WHERE e.state IN ('berlaku', 'berakhir') AND (CAST(:opd AS text) IS NULL OR e.opd_id = :opd)
"""

#: The members of each kind and their order; `id` makes it the same on every page.
_MEMBERS = {"opd": (_OPDS, "title, id"), "entry": (_ENTRIES, "title, id"), "urusan": (_URUSAN, "id")}


def members(
    session: Database, kind: str, year: int, *, opd: str | None, urusan: str | None, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of the members of a `kind` (opd, urusan, entry) in a year; `opd` is an id."""
    query, order = _MEMBERS[kind]
    parameters = {"year": year, "opd": opd, "urusan": urusan}
    count = session.scalar(sa.text(f"SELECT count(*) FROM ({query}) members"), parameters) or 0
    page = session.execute(
        sa.text(f"SELECT * FROM ({query}) members ORDER BY {order} LIMIT :limit OFFSET :offset"),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return count, [dict(row) for row in page]
