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
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.completeness.sql import (
    CELLS,
    DELIVERIES,
    ENTRY_FACTS,
    ENTRY_SPANS,
    FIGURES,
    OPD_FACTS,
    SERVING,
    SPANS,
    STAMP,
)
from ckanext.satudataserang.completeness.sync import sync
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.metadata import possible

log = logging.getLogger(__name__)

_LOCK = 0x5A7DDA7A
_ANALYZE = "ANALYZE satudata_plan_entry, satudata_submission (entry_id, period, dataset_id, chain_id, state)"
#: Beyond so many written cells the planner's picture of the table is worth renewing at once.
_MANY = 10_000


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: whether it looked at everything, the `cells` written or changed, and how many `months` were
    counted anew."""

    everything: bool
    cells: int
    months: int


def lock(session: Database) -> None:
    """Wait for the right to refresh; it ends with the session's transaction, which may ask for it again."""
    session.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def is_ready(session: Database, now: datetime) -> bool:
    """Whether a refresh of a few things is enough: not before the first of all, nor before the first of a new year."""
    return _reaches(session, calendar.horizon(now.astimezone(WIB).date()))


def refresh(
    session: Database,
    now: datetime,
    *,
    entry_ids: Sequence[str] | None = None,
    dataset_ids: Sequence[str] | None = None,
    holidays: Collection[date] = (),
) -> Refreshed:
    """Refresh in the session's transaction; the caller commits.

    `entry_ids` and `dataset_ids` narrow what is looked at; with both None everything is, and so it is in the first
    refresh of a year. `now` is aware. Both ways give the same rows as long as everything that changed is named.
    """
    today = now.astimezone(WIB).date()
    horizon = calendar.horizon(today)
    lock(session)
    everything = (entry_ids is None and dataset_ids is None) or not _reaches(session, horizon)
    if everything or dataset_ids:
        scores.refresh(session, dataset_ids if not everything else None)
    entries = [] if everything else [*(entry_ids or ()), *_served_by(session, dataset_ids or ())]
    narrowed = {"now": now, "all_entries": everything, "entry_ids": entries}
    within = ":all_entries OR old.entry_id = ANY(:entry_ids)"
    if everything:
        session.execute(sa.text(_ANALYZE))
    _temporary(session, "satudata_span", SPANS, narrowed)
    _temporary(session, "satudata_delivery", DELIVERIES, narrowed)
    calendar.prepare(session, today, holidays)
    sync(session, model.entry_span, ENTRY_SPANS, narrowed, within=within)
    cells = sync(session, model.cell, CELLS, narrowed, within=within, spread=None if everything else "month")
    if cells.rows > _MANY:
        session.execute(sa.text("ANALYZE satudata_cell (entry_id, period, opd_id, urusan, month, counts_from)"))
    facts = sync(
        session, model.entry_fact, ENTRY_FACTS, {**narrowed, "possible": possible(metadata_rules())}, within=within
    )
    if everything or dataset_ids or facts.rows:
        sync(session, model.opd_fact, OPD_FACTS, {})
    months = [] if everything else sorted({*cells.spread, *_outlived(session, now)})
    figures = sync(
        session,
        model.figure,
        FIGURES,
        {"now": now, "all_months": everything, "months": months},
        within=":all_months OR old.month = ANY(:months)",
    )
    session.execute(sa.text(STAMP), {"now": now, "today": today, "horizon": horizon})
    session.execute(sa.text("DROP TABLE satudata_calendar, satudata_span, satudata_delivery"))
    log.info("Kelengkapan diperbarui: %s sel dan %s angka berubah", cells.rows, figures.rows)
    return Refreshed(everything=everything, cells=cells.rows, months=len(months))


def _temporary(session: Database, name: str, query: str, parameters: dict[str, Any]) -> None:
    """Keep a query's rows in a temporary table that the planner knows the size of."""
    session.execute(sa.text(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}"), parameters)
    session.execute(sa.text(f"ANALYZE {name}"))


def _reaches(session: Database, horizon: date) -> bool:
    """Whether cells are kept ready up to that day; not so before the first refresh, nor in the first of a new year."""
    return session.scalar(sa.text("SELECT horizon FROM satudata_stamp")) == horizon


def _outlived(session: Database, now: datetime) -> list[int]:
    """The months of which a stored figure no longer holds."""
    statement = "SELECT DISTINCT month FROM satudata_figure WHERE valid_until <= :now"
    return list(session.scalars(sa.text(statement), {"now": now}))


def _served_by(session: Database, dataset_ids: Sequence[str]) -> list[str]:
    """The entries that the datasets serve now or served at the last refresh."""
    statement = f"""
        SELECT entry_id FROM satudata_entry_fact WHERE dataset_id = ANY(:ids)
        UNION SELECT entry_id FROM ({SERVING}) s WHERE dataset_id = ANY(:ids)
        UNION SELECT entry_id FROM satudata_submission WHERE dataset_id = ANY(:ids) AND entry_id IS NOT NULL
    """
    return list(session.scalars(sa.text(statement), {"ids": list(dataset_ids)}))
