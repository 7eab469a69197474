"""The rows of structures: finding those that somebody may see, and bringing a version in, one writer at a time."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.plan.signals import plan_changed, plan_changing
from ckanext.satudataserang.structures import followers
from ckanext.satudataserang.structures.model import (
    IN_FORCE,
    PERSON,
    PROPOSED,
    REPLACED,
    StructureRow,
    StructureVersion,
)
from ckanext.satudataserang.structures.opds import Opds
from ckanext.satudataserang.structures.signals import structures_changed


def insight(context: Context) -> frozenset[str] | None:
    """Ids of the OPDs whose proposed changes the acting user may see; None: of all."""
    return permissions.opds_allowed(context, "lihat", section="proposals")


def visible(opds: frozenset[str] | None) -> sa.ColumnElement[bool]:
    """The condition that leaves the structures to be seen: before a first version is in force, its OPD's alone."""
    if opds is None:
        return sa.true()
    return sa.or_(StructureRow.current_version.is_not(None), StructureRow.opd_id.in_(opds))


def find(context: Context, kode: Any) -> StructureRow:
    """The structure with this kode, where the acting user may see it. Raises ObjectNotFound."""
    text = kode if isinstance(kode, str) and "\x00" not in kode else ""
    query = sa.select(StructureRow).where(StructureRow.kode == text, visible(insight(context)))
    found = model.Session.scalar(query)
    if found is None:
        message = tk._("Struktur data “{kode}” tidak ditemukan. Periksa kembali kodenya.")
        raise tk.ObjectNotFound(message.format(kode=str(kode)[:100].replace("\x00", "")))
    return found


def locked(context: Context, kode: Any) -> StructureRow:
    """As `find`, held against changes by others until the transaction ends, with its newest values."""
    row = find(context, kode)
    model.Session.refresh(row, with_for_update=True)
    return row


def version(row: StructureRow, number: int | None = None) -> StructureVersion:
    """A version of a structure: the one in force, or the one of this number. Raises ObjectNotFound."""
    wanted = row.current_version if number is None else number
    # Before anything is in force, the first proposal is what there is to see.
    query = sa.select(StructureVersion).where(StructureVersion.kode == row.kode)
    query = query.where(StructureVersion.version == wanted) if wanted is not None else query
    found = model.Session.scalar(query.order_by(StructureVersion.version.desc()).limit(1))
    if found is None:
        raise no_version(row, wanted)
    return found


def no_version(row: StructureRow, number: int | None) -> tk.ObjectNotFound:
    """There is no such version for who asks."""
    message = tk._("Versi {version} dari struktur “{kode}” tidak ada.")
    return tk.ObjectNotFound(message.format(version=number, kode=row.kode))


def sees_proposals(context: Context, row: StructureRow) -> bool:
    """Whether the acting user may see what is proposed for a structure: an OPD that keeps or uses it, the Walidata."""
    opds = insight(context)
    return opds is None or bool(opds & concerned(row))


def concerned(row: StructureRow) -> frozenset[str]:
    """Ids of the OPDs that keep a structure or owe data by it."""
    query = sa.select(PlanEntry.opd_id).where(PlanEntry.structure_id == row.kode).distinct()
    return frozenset({row.opd_id, *model.Session.scalars(query)} - {""})


def add(
    context: Context,
    row: StructureRow,
    content: Mapping[str, Any],
    *,
    state: str,
    reason: str,
    source: str = PERSON,
) -> StructureVersion:
    """Write the next version of a structure, whose row is locked or new."""
    query = sa.select(sa.func.coalesce(sa.func.max(StructureVersion.version), 0)).where(
        StructureVersion.kode == row.kode
    )
    number = int(model.Session.scalar(query) or 0) + 1
    now = datetime.now(timezone.utc)
    made = StructureVersion(
        kode=row.kode,
        version=number,
        content={**content, "version": number},
        state=PROPOSED,
        base_version=row.current_version,
        source=source,
        reason=reason,
        proposed_by=roles.actor_id(context),
        created_at=now,
        decided_by="",
        decision_note="",
    )
    model.Session.add(made)
    model.Session.flush()
    if state == IN_FORCE:
        put_in_force(context, row, made)
    return made


def put_in_force(context: Context, row: StructureRow, wanted: StructureVersion, note: str = "") -> None:
    """Make a version the one that holds; the one before it is replaced. The row is locked."""
    now = datetime.now(timezone.utc)
    model.Session.execute(
        sa.update(StructureVersion)
        .where(StructureVersion.kode == row.kode, StructureVersion.state == IN_FORCE)
        .values(state=REPLACED),
        execution_options={"synchronize_session": "fetch"},
    )
    wanted.state, wanted.decided_by, wanted.decided_at = IN_FORCE, roles.actor_id(context), now
    wanted.decision_note = note
    row.current_version, row.nama, row.modified = wanted.version, wanted.content["nama"], now
    opd = Opds().find(wanted.content.get("opd", ""))
    row.opd_id = opd["id"] if opd else ""
    model.Session.flush()


def digest(content: Mapping[str, Any]) -> str:
    """The print of a content, whatever the version it bears."""
    text = json.dumps({**content, "version": 0}, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@contextmanager
def one_transaction(context: Context) -> Iterator[set[str]]:
    """Do a change whole or not at all; yields the set that takes the kodes whose version in force changed.

    Plan entries that follow them learn in the same transaction what is expected of them from now on.

    Within a caller's transaction (`defer_commit`) committing and rolling back are the caller's.
    """
    changed: set[str] = set()
    try:
        yield changed
        model.Session.flush()
        followed = followers.carry_on(context, changed) if changed else []
        if followed:
            plan_changing.send(entry_ids=followed)
    except Exception:
        if not context.get("defer_commit"):
            model.Session.rollback()
        raise
    if not context.get("defer_commit"):
        model.Session.commit()
    if changed:
        structures_changed.send(kodes=sorted(changed))
    if followed:
        plan_changed.send(entry_ids=followed)
