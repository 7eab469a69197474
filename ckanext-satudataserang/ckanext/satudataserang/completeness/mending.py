"""The lost points of one OPD with their mends: its facts read set-based, valued by `core.mends`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness import behind
from ckanext.satudataserang.completeness.rules import metadata_rules, rules
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.cells import CellFacts, state
from ckanext.satudataserang.core.measures import EntryFacts, band
from ckanext.satudataserang.core.mends import Facts, Kind, Owed, Valued, gaps, preview, valued
from ckanext.satudataserang.core.windows import Window

#: No OPD has more plan entries.
_MOST_ENTRIES = 100_000
_FACTS = tuple(field.name for field in fields(CellFacts))

#: The cells of one OPD whose periods end in the months `:first`..`:last` (yyyymm) and count at `:now`.
_CELLS = f"""
    SELECT c.entry_id, c.period, c.reasons, e.kode, e.judul, e.urusan, e.frequency, e.source_system,
           {", ".join(f"c.{name}" for name in _FACTS)}
    FROM satudata_cell c JOIN satudata_plan_entry e ON e.id = c.entry_id
    WHERE c.opd_id = :opd AND c.month BETWEEN :first AND :last AND NOT c.exempt AND c.counts_from <= :now
"""

#: What datasets that are not published yet would earn if they were.
_DRAFTS = """
    SELECT f.entry_id, m.points FROM satudata_entry_fact f JOIN satudata_metadata_score m ON m.dataset_id = f.dataset_id
    WHERE NOT f.published AND f.entry_id = ANY(:entries)
"""


def mends(
    session: Database,
    now: datetime,
    opd_id: str,
    window: Window,
    *,
    limit: int,
    offset: int,
) -> dict[str, Any]:
    """The best mends of an OPD over a window, what they bring, and one page of its lost points.

    Gains are points of the index, 0 to 100.
    """
    parameters = {"opd": opd_id, "first": window.first, "last": window.last, "now": now}
    _, entries = behind.entries(session, now, {"window": window, "opd": opd_id}, limit=_MOST_ENTRIES, offset=0)
    rows = {
        (row["entry_id"], row["period"]): dict(row) for row in session.execute(sa.text(_CELLS), parameters).mappings()
    }
    drafts = session.execute(sa.text(_DRAFTS), {"entries": [entry["entry_id"] for entry in entries]})
    facts = _facts(entries, rows, {row.entry_id: row.points for row in drafts})
    ranked = valued(facts, rules().weights, now)
    best = preview(facts, ranked, rules().weights, now)
    told = {row["entry_id"]: row for row in (*rows.values(), *entries)}

    def said(one: Valued) -> dict[str, Any]:
        return _said(one, facts, told, rows, now)

    after = band(best.after, rules().bands)
    return {
        "index": best.before,
        "after": best.after,
        "after_band": after.id if after else None,
        "best": [said(one) for one in best.mends],
        "count": len(ranked),
        "results": [said(one) for one in ranked[offset : offset + limit]],
    }


def _facts(
    entries: Sequence[Mapping[str, Any]], rows: Mapping[tuple[str, str], Mapping[str, Any]], drafts: Mapping[str, int]
) -> Facts:
    owed = {
        entry["entry_id"]: Owed(
            EntryFacts(entry["published"], entry["metadata_points"], entry["metadata_possible"]),
            gaps(entry["lost"], metadata_rules()) if entry["published"] else {},
            drafts.get(entry["entry_id"], 0),
        )
        for entry in entries
    }
    return Facts(owed, {key: CellFacts(**{name: row[name] for name in _FACTS}) for key, row in rows.items()})


def _said(
    one: Valued,
    facts: Facts,
    told: Mapping[str, Mapping[str, Any]],
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    now: datetime,
) -> dict[str, Any]:
    loss = one.loss
    entry = told[loss.entry_id]
    owed = facts.entries.get(loss.entry_id)
    published = bool(owed and owed.facts.published)
    found: dict[str, Any] = {
        "kind": loss.kind.value,
        "doable": loss.doable,
        "gain": one.gain,
        "index": one.index,
        # A dataset that does not exist yet will earn points for its description, too: nobody knows how many.
        "at_least": not published and loss.kind not in (Kind.TERANGKAN, Kind.TERLAMBAT),
        "published": published,
        "dataset_name": entry.get("dataset_name"),
        **{key: entry[key] for key in ("entry_id", "kode", "judul", "urusan", "frequency", "source_system")},
        "period": loss.period or None,
        "field": loss.field or None,
    }
    if loss.period:
        cell, facts_of_cell = rows[loss.entry_id, loss.period], facts.cells[loss.entry_id, loss.period]
        found |= {
            "state": state(facts_of_cell, now).value,
            **{key: cell[key] for key in ("expected_values", "filled_values", "comparable", "consistent", "reasons")},
            **{
                key: _plain(cell[key]) for key in ("deadline", "deadline_grace", "first_delivered_at", "first_valid_at")
            },
        }
    if loss.field and owed:
        found |= {"points": owed.gaps[loss.field], "rules": _rules(loss.field, entry["lost"])}
    return found


def _rules(field: str, lost: Sequence[str]) -> list[str]:
    """The rules that a field would satisfy."""
    return [rule.id for rule in metadata_rules() if rule.id in lost and rule.field == field]


def _plain(value: datetime | None) -> str | None:
    return value.isoformat() if value else None
