"""Conflicts and comparisons with the names of both sides: a fixed number of statements for a list."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.consistency import sql
from ckanext.satudataserang.consistency.model import plain
from ckanext.satudataserang.consistency.types import Database

#: The conflicts, and the comparisons with the conflict that each has become.
_CONFLICTS = "satudata_conflict"
_COMPARISONS = """(
    SELECT p.*, k.state AS conflict_state, COALESCE(k.severity, '') AS severity, k.opened_at,
           COALESCE(k.changed_at, p.evaluated_at) AS changed_at,
           CASE WHEN k.state = 'dijelaskan' THEN k.explanation ELSE '' END AS explanation
    FROM satudata_comparison p LEFT JOIN satudata_conflict k ON k.id = p.id AND p.state = 'beda'
)"""
_SIDE = """
    JOIN satudata_plan_entry {0}e ON {0}e.id = c.{1}_entry
    JOIN "group" {0}o ON {0}o.id = {0}e.opd_id
    LEFT JOIN satudata_submission {0}s ON {0}s.entry_id = c.{1}_entry AND {0}s.period = c.period
         AND {0}s.superseded_by IS NULL AND {0}s.state = 'terbit'
    LEFT JOIN served {0}p ON {0}p.entry_id = c.{1}_entry
"""
#: Whether everybody may see both figures. Asked when they are read: a dataset is closed from one moment to the next.
_PUBLIC = "(lp.terbuka AND rp.terbuka AND ls.id IS NOT NULL AND rs.id IS NOT NULL) IS TRUE"
_TOLD = """
    {0}e.kode AS {1}_kode, {0}e.judul AS {1}_judul, {0}e.source_system = 'contoh' AS {1}_sample, {0}o.id AS {1}_opd_id,
    {0}o.name AS {1}_opd_name, {0}o.title AS {1}_opd_title, {0}s.published_at AS {1}_published_at,
    CASE WHEN {0}p.active THEN {0}p.name END AS {1}_dataset
"""
_FROM = f"""
    FROM {{table}} c
    {_SIDE.format("l", "left")}
    {_SIDE.format("r", "right")}
    LEFT JOIN satudata_rule u ON u.kode = c.rule
    LEFT JOIN satudata_variable v ON c.rule = 'variabel:' || v.kode
    WHERE (CAST(:everything AS boolean) OR {_PUBLIC} OR le.opd_id = ANY(:closed) OR re.opd_id = ANY(:closed))
      AND (CAST(:state AS text) IS NULL OR c.state = :state)
      AND (CAST(:opd AS text) IS NULL OR le.opd_id = :opd OR re.opd_id = :opd)
      AND (CAST(:entry AS text) IS NULL OR c.left_entry = :entry OR c.right_entry = :entry)
      AND (CAST(:rule AS text) IS NULL OR c.rule = :rule)
      AND (CAST(:period AS text) IS NULL OR c.period = :period)
      AND (CAST(:severity AS text) IS NULL OR c.severity = :severity)
      AND (CAST(:id AS text) IS NULL OR c.id = :id)
"""
_COLUMNS = f"""
    c.*, {_PUBLIC} AS terbuka, COALESCE(u.content ->> 'nama', v.nama, c.rule) AS rule_name, {_TOLD.format("l", "left")},
    {_TOLD.format("r", "right")}
"""
_ORDER = {
    _CONFLICTS: "c.state = 'terbuka' DESC, c.opened_at DESC, c.rule, c.period DESC, c.area, c.classes, c.id",
    _COMPARISONS: "c.state, c.rule, c.period DESC, c.area, c.classes, c.id",
}
_EVENTS = """
    SELECT v.at, v.action, v.from_state, v.to_state, v.left_value, v.right_value, v.note, u.fullname AS actor
    FROM satudata_conflict_event v LEFT JOIN "user" u ON u.id = v.actor_id AND u.state = 'active'
    WHERE v.conflict_id = :id ORDER BY v.id
"""
#: Conflicts that an OPD has to do something about: none of its sides has said yet why they differ.
_TODO = """
    SELECT c.id, c.rule, c.period, c.area, c.classes, c.detail, c.opened_at, c.severity,
           c.explanation <> '' AS explained,
           le.opd_id = :opd AS on_left, CASE WHEN le.opd_id = :opd THEN le.judul ELSE re.judul END AS judul,
           CASE WHEN le.opd_id = :opd THEN ro.title ELSE lo.title END AS other_opd,
           count(*) OVER () AS count
    FROM satudata_conflict c
    JOIN satudata_plan_entry le ON le.id = c.left_entry JOIN "group" lo ON lo.id = le.opd_id
    JOIN satudata_plan_entry re ON re.id = c.right_entry JOIN "group" ro ON ro.id = re.opd_id
    WHERE c.state = 'terbuka' AND (le.opd_id = :opd OR re.opd_id = :opd)
    ORDER BY explained, c.opened_at, c.id LIMIT :limit OFFSET :offset
"""
#: Open differences that nobody has explained yet, with both figures, for letters to both sides. Nobody is written to
#: about sample data.
_UNEXPLAINED = """
    SELECT c.id, c.period, c.area, c.classes, c.detail, c.opened_at, c.left_value, c.left_unit, c.right_value,
           c.right_unit, c.difference, c.unit, COALESCE(u.content ->> 'nama', v.nama, c.rule) AS rule_name,
           le.judul AS left_judul, lo.id AS left_opd_id, COALESCE(NULLIF(lo.title, ''), lo.name) AS left_opd_title,
           re.judul AS right_judul, ro.id AS right_opd_id, COALESCE(NULLIF(ro.title, ''), ro.name) AS right_opd_title
    FROM satudata_conflict c
    JOIN satudata_plan_entry le ON le.id = c.left_entry JOIN "group" lo ON lo.id = le.opd_id
    JOIN satudata_plan_entry re ON re.id = c.right_entry JOIN "group" ro ON ro.id = re.opd_id
    LEFT JOIN satudata_rule u ON u.kode = c.rule
    LEFT JOIN satudata_variable v ON c.rule = 'variabel:' || v.kode
    WHERE c.state = 'terbuka' AND c.explanation = '' AND le.source_system <> 'contoh' AND re.source_system <> 'contoh'
      AND (:of_all OR lo.id = ANY(:opd_ids) OR ro.id = ANY(:opd_ids))
    ORDER BY c.opened_at, c.rule, c.period DESC, c.area, c.classes, c.id
"""
_FILTERS = ("state", "opd", "entry", "rule", "period", "severity", "id")


def conflicts(
    session: Database, filters: Mapping[str, Any], closed: Collection[str] | None, *, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of conflicts, open ones first.

    `filters`: state, opd (id, either side), entry (id, either side), rule, period, severity, id; all optional.
    `closed`: ids of the OPDs whose closed figures may be seen; None: all.
    """
    return _listed(session, _CONFLICTS, filters, closed, limit=limit, offset=offset)


def comparisons(
    session: Database, filters: Mapping[str, Any], closed: Collection[str] | None, *, limit: int, offset: int
) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of comparisons, with the conflict that a difference has become; filters as `conflicts`."""
    return _listed(session, _COMPARISONS, filters, closed, limit=limit, offset=offset)


def _listed(
    session: Database,
    table: str,
    filters: Mapping[str, Any],
    closed: Collection[str] | None,
    *,
    limit: int,
    offset: int,
) -> tuple[int, list[dict[str, Any]]]:
    parameters = {
        **{name: filters.get(name) for name in _FILTERS},
        "everything": closed is None,
        "closed": sorted(closed or ()),
    }
    source = _FROM.replace("{table}", table)
    served = f"WITH served AS ({sql.SERVED})"
    count = session.scalar(sa.text(f"{served} SELECT count(*) {source}"), parameters) or 0
    page = session.execute(
        sa.text(f"{served} SELECT {_COLUMNS} {source} ORDER BY {_ORDER[table]} LIMIT :limit OFFSET :offset"),
        {**parameters, "limit": limit, "offset": offset},
    ).mappings()
    return count, [{key: plain(value) for key, value in row.items()} for row in page]


def events(session: Database, conflict_id: str) -> list[dict[str, Any]]:
    """The history of a conflict, oldest first."""
    rows = session.execute(sa.text(_EVENTS), {"id": conflict_id}).mappings()
    return [{key: plain(value) for key, value in row.items()} for row in rows]


def todo(session: Database, opd_id: str, *, limit: int, offset: int = 0) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of the open conflicts of an OPD, those that nobody has explained first."""
    rows = [
        dict(row)
        for row in session.execute(sa.text(_TODO), {"opd": opd_id, "limit": limit, "offset": offset}).mappings()
    ]
    return (rows[0]["count"] if rows else 0), rows


def unexplained(session: Database, opd_ids: Collection[str] | None = None) -> list[dict[str, Any]]:
    """Open differences that no side has explained, longest open first, with the names and figures of both sides.

    :param opd_ids: only those in which one of these OPDs has a side; None: all
    """
    asked = {"of_all": opd_ids is None, "opd_ids": sorted(opd_ids or ())}
    return [dict(row) for row in session.execute(sa.text(_UNEXPLAINED), asked).mappings()]
