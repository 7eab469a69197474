"""The history of terms in the database: reading it, writing what `core.plan_terms` decides, and moving many entries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa

from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.core.plan_terms import NAMES, Step, Terms
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry, PlanTerms

_COLUMNS = ("opd_id", *NAMES)

_BEGINNINGS = """
    INSERT INTO satudata_plan_terms (entry_id, effective_from, opd_id, frequency, deadline_days, grace_days, kelas,
                                     reason, changed_by, changed_at)
    SELECT e.id, e.berlaku_dari, e.opd_id, e.frequency, e.deadline_days, e.grace_days, e.kelas, '', :actor, :now
    FROM satudata_plan_entry e
    WHERE e.id = ANY(:ids) AND e.berlaku_dari < :since
      AND NOT EXISTS (SELECT 1 FROM satudata_plan_terms t WHERE t.entry_id = e.id)
"""
_MOVES = """
    INSERT INTO satudata_plan_terms (entry_id, effective_from, opd_id, frequency, deadline_days, grace_days, kelas,
                                     reason, changed_by, changed_at)
    SELECT DISTINCT ON (entry_id) entry_id, :since, :opd_id, frequency, deadline_days, grace_days, kelas,
           :reason, :actor, :now
    FROM satudata_plan_terms WHERE entry_id = ANY(:ids) AND effective_from < :since
    ORDER BY entry_id, effective_from DESC
    ON CONFLICT (entry_id, effective_from) DO NOTHING
"""
_FOLLOWERS = """
    UPDATE satudata_plan_terms SET opd_id = :opd_id WHERE entry_id = ANY(:ids) AND effective_from >= :since
"""
_ENTRIES = "UPDATE satudata_plan_entry SET opd_id = :opd_id, modified = :now WHERE id = ANY(:ids)"


def newest(entry: PlanEntry) -> Terms:
    """The terms an entry's own row holds."""
    return Terms(**{name: getattr(entry, name) for name in _COLUMNS})


def histories(entry_ids: Iterable[str]) -> dict[str, list[Step]]:
    """The steps of entries by id, oldest first; entries whose terms never changed are not there."""
    query = sa.select(PlanTerms).where(PlanTerms.entry_id.in_(list(entry_ids)))
    found: defaultdict[str, list[Step]] = defaultdict(list)
    for row in model.Session.scalars(query.order_by(PlanTerms.entry_id, PlanTerms.effective_from)):
        found[row.entry_id].append(Step(row.effective_from, Terms(**{name: getattr(row, name) for name in _COLUMNS})))
    return dict(found)


def write(context: Context, steps: Mapping[str, Sequence[Step]], reasons: Mapping[str, str]) -> None:
    """Make the histories of entries these, in the session's transaction; steps that stand keep who made them and why.

    Nothing is asked of one entry at a time, however many there are.
    """
    standing = {
        (row.entry_id, row.effective_from): row
        for row in model.Session.scalars(sa.select(PlanTerms).where(PlanTerms.entry_id.in_(list(steps))))
    }
    stamp = {"changed_by": roles.actor_id(context), "changed_at": datetime.now(timezone.utc)}
    wanted = {(entry_id, step.since): step.terms for entry_id, history in steps.items() for step in history}
    for key, row in standing.items():
        if key not in wanted:
            model.Session.delete(row)
        elif any(getattr(row, name) != getattr(wanted[key], name) for name in _COLUMNS):
            facts = {name: getattr(wanted[key], name) for name in _COLUMNS}
            for name, value in (facts | stamp | {"reason": reasons.get(key[0], row.reason)}).items():
                setattr(row, name, value)
    first = {entry_id: history[0].since for entry_id, history in steps.items() if history}
    model.Session.add_all(
        PlanTerms(
            entry_id=entry_id,
            effective_from=since,
            reason="" if since == first[entry_id] else reasons.get(entry_id, ""),
            **{name: getattr(terms, name) for name in _COLUMNS},
            **stamp,
        )
        for (entry_id, since), terms in wanted.items()
        if (entry_id, since) not in standing
    )
    model.Session.flush()


def move(context: Context, entry_ids: Sequence[str], opd_id: str, since: date, reason: str) -> None:
    """Give entries to another OPD from a day on, in the session's transaction: one statement per step, for all."""
    values = {
        "ids": list(entry_ids),
        "opd_id": opd_id,
        "since": since,
        "reason": reason,
        "actor": roles.actor_id(context),
        "now": datetime.now(timezone.utc),
    }
    model.Session.flush()
    for statement in (_BEGINNINGS, _MOVES, _FOLLOWERS, _ENTRIES):
        model.Session.execute(sa.text(statement), values)
    model.Session.expire_all()


def shown(entry_id: str) -> list[dict[str, Any]]:
    """The history of an entry as the API gives it, oldest first."""
    query = sa.select(PlanTerms).where(PlanTerms.entry_id == entry_id).order_by(PlanTerms.effective_from)
    rows = list(model.Session.scalars(query))
    names = entries.opd_names({row.opd_id for row in rows})
    return [
        {
            "effective_from": row.effective_from.isoformat(),
            "opd_id": row.opd_id,
            "opd_name": names.get(row.opd_id, ("", ""))[0],
            "opd_title": names.get(row.opd_id, ("", ""))[1],
            **{name: getattr(row, name) for name in NAMES},
            "reason": row.reason,
            "changed_at": row.changed_at.isoformat(),
        }
        for row in rows
    ]
