"""What a new version in force means for the plan entries that follow its structure."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.core.structures import resolve
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.plan import events
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import read
from ckanext.satudataserang.structures.model import StructureRow, StructureVersion

#: Entries whose last period has not been: what is over keeps what was agreed.
_OPEN = ("usulan", "disepakati", "berlaku")


def carry_on(context: Context, kodes: Collection[str]) -> list[str]:
    """Give entries the number of compulsory values that the new version of their structure expects.

    Only where theirs is that of the version before: a number that a person set otherwise stays. The change stands in
    the entry's history, so periods that ended before today keep theirs (`plan.sql.EXPECTED_BEFORE`). In the session's
    transaction; returns the ids of the entries that changed.
    """
    changed: list[str] = []
    told: list[dict[str, Any]] = []
    for kode, version, before, after in _numbers(kodes):
        query = (
            sa.select(PlanEntry)
            .where(
                PlanEntry.structure_id == kode,
                PlanEntry.state.in_(_OPEN),
                PlanEntry.expected_values.is_not_distinct_from(before),
            )
            .order_by(PlanEntry.id)
            .with_for_update()
        )
        note = tk._("Struktur data {kode} versi {version} berlaku.").format(kode=kode, version=version)
        for entry in model.Session.scalars(query, execution_options={"populate_existing": True}):
            entry.expected_values, entry.modified = after, datetime.now(timezone.utc)
            changes = {"expected_values": [before, after]}
            told.append(events.event(context, entry, "ubah", before=entry.state, note=note, changes=changes))
            changed.append(entry.id)
    model.Session.flush()
    events.record(told)
    return changed


def _numbers(kodes: Collection[str]) -> Iterator[tuple[str, int, int | None, int | None]]:
    """Structures whose new version expects another number than the one before: kode, version, before, after."""
    query = (
        sa.select(StructureVersion.kode, StructureVersion.version, StructureVersion.base_version)
        .join(
            StructureRow,
            sa.and_(
                StructureRow.kode == StructureVersion.kode, StructureRow.current_version == StructureVersion.version
            ),
        )
        .where(StructureVersion.kode.in_(kodes), StructureVersion.base_version.is_not(None))
        .order_by(StructureVersion.kode)
    )
    for kode, version, base in model.Session.execute(query).all():
        try:
            found = read.structure(kode, base), read.structure(kode, version)
        except StructureError:
            # What the older version names is gone: nobody can tell where a number came from.
            continue
        before, after = (resolve.expected_values(one) if one else None for one in found)
        if before != after:
            yield kode, version, before, after
