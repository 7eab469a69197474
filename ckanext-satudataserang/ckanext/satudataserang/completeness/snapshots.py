"""Frozen months in the database: made once at the close of a month, never changed, verified by computing them again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.completeness import model
from ckanext.satudataserang.completeness.rules import rules, rules_on
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.snapshots import Snapshot, compute, freeze, freeze_inputs, problems, spans
from ckanext.satudataserang.core.windows import Window, month_key, month_of, shifted

_CELLS = "SELECT * FROM satudata_cell WHERE month BETWEEN :low AND :high"
#: The entries in force in a window, each once, under the OPD it was last with, as `windows.figures` counts them.
_ENTRIES = """
    SELECT DISTINCT ON (s.entry_id) s.entry_id, s.opd_id, e.urusan, f.published, f.metadata_points, f.metadata_possible
    FROM satudata_entry_span s
    JOIN satudata_plan_entry e ON e.id = s.entry_id
    JOIN satudata_entry_fact f ON f.entry_id = s.entry_id
    WHERE GREATEST(s.dari, CAST(:starts AS date)) <= LEAST(CAST(:today AS date), CAST(:ends AS date))
      AND (s.sampai IS NULL OR s.sampai >= :starts)
    ORDER BY s.entry_id, s.dari DESC
"""
#: A night freezes no more months than these; the next one goes on.
MOST_AT_ONCE = 24
_LISTED = """
    SELECT month, as_of, rule_version, sha256, cells, made_by, length(inputs) AS bytes FROM satudata_snapshot
    ORDER BY month DESC LIMIT :limit OFFSET :offset
"""


def last_closed(now: datetime) -> int:
    """The last month that is over in Jakarta."""
    return shifted(month_of(now.astimezone(WIB).date()), -1)


def make(session: Database, now: datetime, month: int, made_by: str) -> dict[str, Any]:
    """Freeze a month as it is known at `now`, in the session's transaction; the caller commits.

    Raises ValidationError for a month that is not over, or that was frozen before: what is frozen never changes.
    """
    key = month_key(month)
    if month > last_closed(now):
        message = tk._("Bulan {month} belum berakhir, jadi belum dapat dibekukan.").format(month=key)
        raise tk.ValidationError({"month": [message]})
    inputs, cells = _inputs(session, now, month)
    of_day = rules_on(Window(month, month).end)
    frozen = freeze(inputs, of_day)
    row = {
        "month": month,
        "as_of": now,
        "rule_version": of_day.version,
        "rules": frozen.rules,
        "inputs": frozen.inputs,
        "output": frozen.output,
        "sha256": frozen.sha256,
        "cells": cells,
        "made_by": made_by,
    }
    # Two workers at the close of a month: the first one's stands.
    columns = ", ".join(row)
    values = ", ".join(f":{name}" for name in row)
    written = session.scalar(
        sa.text(
            f"INSERT INTO satudata_snapshot ({columns}) VALUES ({values}) "
            "ON CONFLICT (month) DO NOTHING RETURNING month"
        ),
        row,
    )
    if written is None:
        message = tk._("Bulan {month} sudah dibekukan. Potret yang sudah ada tidak pernah diubah.").format(month=key)
        raise tk.ValidationError({"month": [message]})
    return {"month": key, "as_of": now.isoformat(), "sha256": frozen.sha256, "cells": cells}


def close(session: Database, now: datetime, made_by: str = "") -> list[str]:
    """Freeze what is over and was not frozen yet; gives those months. Each is committed by itself, the oldest first.

    Usually that is the month that closed. Where the portal was away at a close, it is every month that is missing since
    the first frozen one, at most `MOST_AT_ONCE` of them; each says by `as_of` that it was frozen later. Months before
    the first frozen one stay as they are: what was known at their close is not known any more.
    """
    frozen = []
    for month in _open(session, last_closed(now))[:MOST_AT_ONCE]:
        frozen.append(make(session, now, month, made_by)["month"])
        session.commit()
    return frozen


def _open(session: Database, last: int) -> list[int]:
    """The months up to `last` that are to be frozen, the oldest first."""
    known = set(session.scalars(sa.select(model.snapshot.c.month)))
    months = [last]
    while known and months[-1] > min(known):
        months.append(shifted(months[-1], -1))
    return sorted(set(months) - known)


def _inputs(session: Database, now: datetime, month: int) -> tuple[bytes, int]:
    told = spans(month)
    window = told["window"]
    cells = session.execute(sa.text(_CELLS), {"low": window.first, "high": window.last}).mappings()
    facts = [dict(row) for row in cells]
    entries = {name: _entries(session, now, span) for name, span in told.items()}
    return freeze_inputs(month, now, facts, entries), len(facts)


def _entries(session: Database, now: datetime, window: Window) -> list[dict[str, Any]]:
    parameters = {"starts": window.start, "ends": window.end, "today": now.astimezone(WIB).date()}
    return [dict(row) for row in session.execute(sa.text(_ENTRIES), parameters).mappings()]


def kept(session: Database, month: int) -> Snapshot:
    """The snapshot of a month. Raises ObjectNotFound."""
    row = session.execute(sa.select(model.snapshot).where(model.snapshot.c.month == month)).mappings().one_or_none()
    if row is None:
        message = tk._("Bulan {month} belum dibekukan.").format(month=month_key(month))
        raise tk.ObjectNotFound(message)
    return Snapshot(bytes(row["rules"]), bytes(row["inputs"]), bytes(row["output"]), row["sha256"])


def shown(session: Database, month: int) -> dict[str, Any]:
    """A frozen month as it was frozen, and what the rules of today make of the same inputs. Raises ObjectNotFound."""
    snapshot = kept(session, month)
    again = _once(("dihitung lagi", rules().version), snapshot, lambda: compute(snapshot.inputs, rules()))
    frozen = json.loads(snapshot.output)
    return {
        "month": month_key(month),
        "sha256": snapshot.sha256,
        "rules": json.loads(snapshot.rules),
        "frozen": frozen,
        "current_rule_version": rules().version,
        "recomputed": json.loads(again),
        "same": again == snapshot.output,
    }


def verified(session: Database, month: int) -> dict[str, Any]:
    """Whether a frozen month still is what was frozen, and computing it again gives the same bytes."""
    snapshot = kept(session, month)
    told = _once(("diperiksa",), snapshot, lambda: json.dumps(problems(snapshot)).encode())
    found = json.loads(told)
    return {"month": month_key(month), "ok": not found, "problems": found, "sha256": snapshot.sha256}


def _once(what: tuple[str, ...], snapshot: Snapshot, make: Callable[[], bytes]) -> bytes:
    """What follows from the bytes that are stored now, computed once. Raises ValidationError where others are at it."""
    stored = hashlib.sha256(b"|".join((snapshot.rules, snapshot.inputs, snapshot.output))).digest()
    try:
        return documents.kept((*what, snapshot.sha256, stored), lambda: ("", make()))[1]
    except documents.BusyError as busy:
        raise tk.ValidationError({"month": [str(busy)]}) from busy


def listed(session: Database, *, limit: int, offset: int) -> tuple[int, list[dict[str, Any]]]:
    """Count and one page of the frozen months, newest first."""
    count = session.scalar(sa.text("SELECT count(*) FROM satudata_snapshot")) or 0
    rows = session.execute(sa.text(_LISTED), {"limit": limit, "offset": offset}).mappings()
    return count, [{**row, "month": month_key(row["month"]), "as_of": row["as_of"].isoformat()} for row in rows]
