"""Bringing cells and figures in line with plan, submissions and datasets: all of them, or those that were touched.

Both ways run the same statements and give the same rows. One refresh at a time holds the lock, so that two workers do
not undo each other; readers never wait.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness import calendar, model, scores
from ckanext.satudataserang.completeness.rules import metadata_rules, rules
from ckanext.satudataserang.completeness.sql import (
    CELLS,
    DELIVERIES,
    ENTRY_FACTS,
    IN_FORCE,
    OPD_FACTS,
    SERVING,
    STAMP,
    STAMPED_FIGURES,
)
from ckanext.satudataserang.completeness.sync import sync
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.metadata import possible

log = logging.getLogger(__name__)

_LOCK = 0x5A7DDA7A
_YEARS = f"""
    SELECT LEAST(min(extract(year FROM dari)), (SELECT min(year) FROM satudata_figure))::integer,
           GREATEST(CAST(:last AS integer), (SELECT max(year) FROM satudata_figure))
    FROM ({IN_FORCE}) e
"""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: `cells` written or changed, and the years whose figures were counted anew."""

    cells: int
    first_year: int | None
    last_year: int | None


def lock(session: Database) -> None:
    """Wait for the right to refresh; it ends with the session's transaction, which may ask for it again."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def refresh(
    session: Database,
    now: datetime,
    *,
    entry_ids: Sequence[str] | None = None,
    dataset_ids: Sequence[str] | None = None,
    holidays: Collection[date] = (),
) -> Refreshed:
    """Refresh in the session's transaction; the caller commits.

    `entry_ids` and `dataset_ids` narrow what is looked at; with both None everything is. `now` is aware.
    """
    everything = entry_ids is None and dataset_ids is None
    today = now.astimezone(WIB).date()
    lock(session)
    if everything or dataset_ids:
        scores.refresh(session, dataset_ids if not everything else None)
    entries = None if everything else [*(entry_ids or ()), *_served_by(session, dataset_ids or ())]
    narrowed = {"now": now, "all_entries": everything, "entry_ids": entries or []}
    if everything:
        session.execute(sa.text("ANALYZE satudata_plan_entry, satudata_submission"))
    _temporary(session, "satudata_in_force", IN_FORCE, {})
    _temporary(session, "satudata_delivery", DELIVERIES, narrowed)
    calendar.prepare(session, today, holidays)
    cells = sync(
        session,
        model.cell,
        CELLS,
        narrowed,
        within=":all_entries OR old.entry_id = ANY(:entry_ids)",
        spread="year",
    )
    facts = sync(session, model.entry_fact, ENTRY_FACTS, {"possible": possible(metadata_rules())})
    sync(session, model.opd_fact, OPD_FACTS, {})
    first, last = cells.first, cells.last
    if everything or facts.rows or not _reaches(session, calendar.horizon(today).year):
        # A fact of an entry counts in every year in which the entry is in force.
        first, last = session.execute(sa.text(_YEARS), {"last": calendar.horizon(today).year}).one()
    if first is not None:
        sync(
            session,
            model.figure,
            STAMPED_FIGURES,
            {"now": now, "today": today, "first": first, "last": last, "rule_version": rules().version},
            within="old.year BETWEEN :first AND :last",
        )
    session.execute(sa.text(STAMP))
    session.execute(sa.text("DROP TABLE satudata_calendar, satudata_in_force, satudata_delivery"))
    log.info("Kelengkapan diperbarui: %s sel berubah, tahun %s–%s", cells.rows, first, last)
    return Refreshed(cells=cells.rows, first_year=first, last_year=last)


def _temporary(session: Database, name: str, query: str, parameters: dict[str, Any]) -> None:
    """Keep a query's rows in a temporary table that the planner knows the size of."""
    session.execute(sa.text(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"), parameters)
    session.execute(sa.text(f"ANALYZE {name}"))


def _reaches(session: Database, year: int) -> bool:
    """Whether figures are stored up to `year`; not so in the first refresh of a new year."""
    return session.scalar(sa.text("SELECT max(year) FROM satudata_figure")) == year


def _served_by(session: Database, dataset_ids: Sequence[str]) -> list[str]:
    """The entries that the datasets serve now or served at the last refresh."""
    statement = f"""
        SELECT entry_id FROM satudata_entry_fact WHERE dataset_id = ANY(:ids)
        UNION SELECT entry_id FROM ({SERVING}) s WHERE dataset_id = ANY(:ids)
        UNION SELECT entry_id FROM satudata_submission WHERE dataset_id = ANY(:ids) AND entry_id IS NOT NULL
    """
    return list(session.scalars(sa.text(statement), {"ids": list(dataset_ids)}))
