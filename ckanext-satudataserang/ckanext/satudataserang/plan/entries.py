"""Finding plan entries: which of them somebody may see, and how they are shown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.plan import Problem
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.plan.signals import plan_changed, plan_changing


def today() -> date:
    """Today by the clock of Asia/Jakarta (WIB)."""
    return datetime.now(WIB).date()


def next_year() -> date:
    """The first day of next year: from then on an entry is valid that does not say."""
    return date(today().year + 1, 1, 1)


def insight(context: Context) -> frozenset[str] | None:
    """Ids of the OPDs whose proposals and reasons the acting user may see; None: of all."""
    return permissions.opds_allowed(context, "lihat", section="proposals")


def visible(opds: frozenset[str] | None) -> sa.ColumnElement[bool]:
    """The condition that leaves the entries to be seen by somebody with this insight: proposals are not public."""
    if opds is None:
        return sa.true()
    return sa.or_(PlanEntry.state != "usulan", PlanEntry.opd_id.in_(opds))


def find(context: Context, ref: Any) -> PlanEntry:
    """The entry with this id or kode, where the acting user may see it. Raises ObjectNotFound."""
    text = ref if isinstance(ref, str) and "\x00" not in ref else ""
    query = sa.select(PlanEntry).where(sa.or_(PlanEntry.id == text, PlanEntry.kode == text), visible(insight(context)))
    # An id wins over another entry's kode that reads the same.
    found = sorted(model.Session.scalars(query), key=lambda entry: entry.id != text)
    if not found:
        message = tk._("Entri Daftar Data “{ref}” tidak ditemukan. Periksa kembali kodenya.")
        raise tk.ObjectNotFound(message.format(ref=str(ref)[:100].replace("\x00", "")))
    return found[0]


def locked(context: Context, ref: Any) -> PlanEntry:
    """As `find`, held against changes by others until the transaction ends, with its newest values."""
    entry = find(context, ref)
    model.Session.refresh(entry, with_for_update=True)
    return entry


def shown(context: Context, entries: Iterable[PlanEntry]) -> list[dict[str, Any]]:
    """The entries as the API gives them: with their OPD's name and title, and reasons only for those who may."""
    found = list(entries)
    opds = insight(context)
    names = opd_names({entry.opd_id for entry in found})
    return [_shown(entry, names, opds) for entry in found]


def _shown(entry: PlanEntry, names: dict[str, tuple[str, str]], opds: frozenset[str] | None) -> dict[str, Any]:
    name, title = names.get(entry.opd_id, ("", ""))
    facts: dict[str, Any] = entry.as_dict() | {"opd_name": name, "opd_title": title}
    if opds is not None and entry.opd_id not in opds:
        facts["access_reason"] = ""
    return facts


def opd_names(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and title of OPDs by id, also of those that are gone."""
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title).where(model.Group.id.in_(list(ids)))
    )
    return {id_: (name, title or name) for id_, name, title in rows}


def opd(ref: Any) -> model.Group:
    """The OPD with this name or id. Raises ValidationError where there is none."""
    group = model.Group.get(ref) if isinstance(ref, str) and "\x00" not in ref else None
    if group is None or not group.is_organization or group.state != model.State.ACTIVE:
        message = tk._("OPD “{opd}” belum terdaftar. Pakai nama OPD seperti pada halaman OPD.")
        raise tk.ValidationError({"opd": [message.format(opd=str(ref)[:100].replace("\x00", ""))]})
    return group


def said(problem: Problem) -> str:
    """A problem as the sentence a user reads."""
    return tk._(problem.template).format(**problem.values)


def refuse(problem: Problem | None) -> None:
    """Raise ValidationError for a problem; nothing for None."""
    if problem is not None:
        raise tk.ValidationError({problem.field: [said(problem)]})


@contextmanager
def one_transaction(context: Context) -> Iterator[list[str]]:
    """Do a change whole or not at all; yields the list that takes the ids of the entries it touches.

    Within a caller's transaction (`defer_commit`) committing and rolling back are the caller's.
    """
    touched: list[str] = []
    try:
        yield touched
        model.Session.flush()
        if touched:
            plan_changing.send(entry_ids=touched)
    except Exception:
        if not context.get("defer_commit"):
            model.Session.rollback()
        raise
    if not context.get("defer_commit"):
        model.Session.commit()
    if touched:
        plan_changed.send(entry_ids=touched)
