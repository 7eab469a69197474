"""Whom a figure can be told of: the OPDs, bidang urusan, themes or plan entries of a window, page by page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.themes import theme_parameters
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.windows import Window

#: Spans in which an entry was with an OPD during the window.
_SPANS = """
    FROM satudata_entry_span s JOIN satudata_plan_entry e ON e.id = s.entry_id
    WHERE s.dari <= :ends AND (s.sampai IS NULL OR s.sampai >= :starts)
      AND (CAST(:opd AS text) IS NULL OR s.opd_id = :opd)
      AND (CAST(:urusan AS text[]) IS NULL OR e.urusan = ANY(:urusan))
"""

_OPDS = f"""
    SELECT o.id, o.name, o.title, COALESCE(f.outside_plan, 0) AS outside_plan,
           COALESCE(f.outside_sample, 0) AS outside_sample, o.extras ->> 'singkatan' AS singkatan,
           COALESCE(own.samples, 0) AS sample_entries
    FROM "group" o LEFT JOIN satudata_opd_fact f ON f.opd_id = o.id
    LEFT JOIN (
        SELECT s.opd_id, count(DISTINCT e.id) FILTER (WHERE e.source_system = 'contoh') AS samples {_SPANS} GROUP BY 1
    ) own ON own.opd_id = o.id
    WHERE o.is_organization AND o.state = 'active' AND (CAST(:opd AS text) IS NULL OR o.id = :opd)
      AND (CAST(:urusan AS text[]) IS NULL OR own.opd_id IS NOT NULL)
"""

_ENTRIES = f"""
    SELECT e.id, e.kode AS name, e.judul AS title, s.frequency, s.kelas, e.source_system,
           e.urusan, f.dataset_id, f.published, o.name AS opd_name, o.title AS opd_title
    FROM (SELECT DISTINCT ON (s.entry_id) s.* {_SPANS} ORDER BY s.entry_id, s.dari DESC) s
    JOIN satudata_plan_entry e ON e.id = s.entry_id
    JOIN "group" o ON o.id = s.opd_id
    LEFT JOIN satudata_entry_fact f ON f.entry_id = e.id
"""

#: All urusan of the plan, also those without anything in the window: the same rows in every window.
_URUSAN = """
    SELECT DISTINCT e.urusan AS id, e.urusan AS name
    FROM satudata_entry_span s JOIN satudata_plan_entry e ON e.id = s.entry_id
    WHERE (CAST(:opd AS text) IS NULL OR s.opd_id = :opd)
      AND (CAST(:urusan AS text[]) IS NULL OR e.urusan = ANY(:urusan))
"""

_TEMA = f"""
    SELECT DISTINCT COALESCE(t.tema, '') AS id, COALESCE(t.tema, '') AS name
    FROM ({_URUSAN}) u
    LEFT JOIN unnest(CAST(:kodes AS text[]), CAST(:temas AS text[])) AS t(urusan, tema) ON t.urusan = u.id
"""

#: The members of each kind and their order; `id` makes it the same on every page.
_MEMBERS = {
    "opd": (_OPDS, "title, id"),
    "entry": (_ENTRIES, "title, id"),
    "urusan": (_URUSAN, "id"),
    "tema": (_TEMA, "id"),
}


def members(
    session: Database,
    kind: str,
    window: Window,
    *,
    opd: str | None,
    urusan: Sequence[str] | None,
    limit: int,
    offset: int,
) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of the members of a `kind` (opd, urusan, tema, entry) in a window.

    `opd` is an id; `urusan` are codes.
    """
    query, order = _MEMBERS[kind]
    parameters = {
        "starts": window.start,
        "ends": window.end,
        "opd": opd,
        "urusan": None if urusan is None else list(urusan),
        **(theme_parameters() if kind == "tema" else {}),
    }
    count = session.scalar(sa.text(f"SELECT count(*) FROM ({query}) members"), parameters) or 0
    page = session.execute(
        sa.text(f"SELECT * FROM ({query}) members ORDER BY {order} LIMIT :limit OFFSET :offset"),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return count, [dict(row) for row in page]
