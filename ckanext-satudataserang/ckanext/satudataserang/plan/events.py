"""What was done to entries, kept for good: also for those that are gone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa

from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.plan.model import PlanEntry, PlanEvent

#: Columns that say nothing about what was agreed.
NOT_TOLD = frozenset({"id", "created", "modified"})


def event(
    context: Context,
    entry: PlanEntry,
    action: str,
    *,
    before: str | None = None,
    note: str = "",
    changes: Mapping[str, list[Any]] | None = None,
) -> dict[str, Any]:
    """One thing done to an entry, as a row; `before` is its state until then."""
    return {
        "entry_id": entry.id,
        "at": datetime.now(timezone.utc),
        "actor_id": roles.actor_id(context),
        "action": action,
        "from_state": before,
        "to_state": entry.state,
        "note": note,
        "changes": plain(changes or {}),
    }


def record(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write events in one statement, in the session's transaction."""
    if found := [dict(row) for row in rows]:
        model.Session.execute(sa.insert(PlanEvent), found)


def plain(changes: Mapping[str, Iterable[Any]]) -> dict[str, list[Any]]:
    """Changes as JSON can hold them: dates in ISO 8601."""
    return {name: [iso(value) for value in pair] for name, pair in changes.items()}


def iso(value: Any) -> Any:
    """A date as ISO 8601, anything else as it is."""
    return value.isoformat() if isinstance(value, date) else value


def whole(entry: PlanEntry, *, gone: bool = False) -> dict[str, list[Any]]:
    """Everything an entry says, as the changes of its coming or going."""
    facts = {name: value for name, value in entry.as_dict().items() if name not in NOT_TOLD}
    return {name: [value, None] if gone else [None, value] for name, value in facts.items()}


def of(entry_id: str) -> list[dict[str, Any]]:
    """The events of an entry, newest first, with the name of who acted."""
    query = (
        sa.select(PlanEvent, model.User.fullname, model.User.name)
        .outerjoin(model.User, model.User.id == PlanEvent.actor_id)
        .where(PlanEvent.entry_id == entry_id)
        .order_by(PlanEvent.id.desc())
    )
    names = [column.key for column in sa.inspect(PlanEvent).columns if column.key != "entry_id"]
    return [
        {name: iso(getattr(one, name)) for name in names} | {"actor_name": fullname or name or ""}
        for one, fullname, name in model.Session.execute(query)
    ]
