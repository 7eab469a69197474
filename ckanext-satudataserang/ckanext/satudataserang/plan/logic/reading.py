"""Actions that read the Daftar Data. It is public (Perpres 39/2019 Ps. 36 (4)), except what is only proposed."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.plan import entries, events, similar, terms
from ckanext.satudataserang.plan.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry, PlanEvent

__all__ = [
    "satudata_plan_entry_history",
    "satudata_plan_entry_list",
    "satudata_plan_entry_show",
    "satudata_plan_entry_similar",
]


@tk.side_effect_free
def satudata_plan_entry_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one plan entry.

    A proposal (`usulan`) is found by its own OPD, the Walidata and the Pembina only; they alone see `access_reason`.

    :param id: the entry's id or its kode
    :type id: string
    :returns: the entry with `opd_name`, `opd_title` and `terms`, the history of its terms, oldest first (empty as long
        as nothing changed): ``[{"effective_from", "opd_id", "opd_name", "opd_title", "frequency", "deadline_days",
        "grace_days", "kelas", "reason", "changed_at"}]``
    :rtype: dictionary
    """
    ref = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_plan_entry_show", context, data_dict)
    entry = entries.find(context, ref)
    return entries.shown(context, [entry])[0] | {"terms": terms.shown(entry.id)}


@tk.side_effect_free
@tk.validate_action_data(schema.plan_entry_list)
def satudata_plan_entry_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return plan entries; proposals only to their own OPD, the Walidata and the Pembina.

    :param opd: name or id of an OPD (optional)
    :param urusan: code of a bidang urusan (optional)
    :param state: usulan, disepakati, berlaku or berakhir; several separated by commas (optional)
    :param kelas: wajib, diharapkan or opsional (optional)
    :param frequency: harian … insidental (optional)
    :param access: terbuka, terbatas or tertutup (optional)
    :param prioritas: a year for which the entry is Data Prioritas (optional)
    :param tahun: a year in which the entry is valid on at least one day (optional)
    :param q: words that the title or the kode contains (optional)
    :param source_system: where the entry came from (optional)
    :param sort: kode (default), judul or modified (newest first)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [entry, …]}``; an entry as in `satudata_plan_entry_show`, without `terms`
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_entry_list", context, data_dict)
    query = sa.select(PlanEntry).where(entries.visible(entries.insight(context)), *_conditions(data_dict))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = {"judul": PlanEntry.judul, "modified": PlanEntry.modified.desc()}.get(data_dict["sort"], PlanEntry.kode)
    page = query.order_by(order, PlanEntry.kode).limit(data_dict["limit"]).offset(data_dict["offset"])
    return {"count": count, "results": entries.shown(context, model.Session.scalars(page))}


@tk.side_effect_free
@tk.validate_action_data(schema.plan_entry_similar)
def satudata_plan_entry_similar(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the entries whose title says the same or nearly the same (Perpres 39/2019 Ps. 27).

    :param judul: the title to compare
    :param urusan: code of a bidang urusan: among equals, its entries come first (optional)
    :param opd: name or id of the OPD that asks, to tell its own entries from others' (optional)
    :param exclude: id or kode of an entry to leave out, usually the one the title belongs to (optional)
    :param level_wilayah: compare with entries of this level only (optional)
    :param limit: at most so many (default 5)
    :returns: ``{"results": [{"id", "kode", "judul", "opd_id", "opd_name", "opd_title", "urusan", "state", "frequency",
        "score", "same", "same_opd"}]}``, most alike first; `score` is 0 to 1
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_entry_similar", context, data_dict)
    asking = entries.opd(data_dict["opd"]).id if data_dict.get("opd") else ""
    left_out = entries.find(context, data_dict["exclude"]).id if data_dict.get("exclude") else None
    found = similar.like(
        context,
        data_dict["judul"],
        urusan=data_dict.get("urusan") or "",
        opd_id=asking,
        level=data_dict.get("level_wilayah"),
        leave_out=left_out,
        limit=data_dict["limit"],
    )
    return {"results": found}


@tk.side_effect_free
def satudata_plan_entry_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what was done to an entry; one that was refused or taken back is found by its id.

    :param id: the entry's id or its kode
    :type id: string
    :returns: ``{"entry": entry or None, "events": [{"id", "at", "actor_id", "actor_name", "action", "from_state",
        "to_state", "note", "changes": {field: [old, new]}}] newest first, "terms": as in `satudata_plan_entry_show`}``
    :rtype: dictionary
    """
    ref = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_plan_entry_history", context, data_dict)
    try:
        entry = entries.find(context, ref)
    except tk.ObjectNotFound:
        if not isinstance(ref, str) or "\x00" in ref or opd_of_gone(ref) is None:
            raise
        return {"entry": None, "events": events.of(ref), "terms": []}
    return {
        "entry": entries.shown(context, [entry])[0],
        "events": events.of(entry.id),
        "terms": terms.shown(entry.id),
    }


def opd_of_gone(entry_id: str) -> str | None:
    """The OPD of an entry that is there no more, from the last thing done to it."""
    query = (
        sa.select(PlanEvent.changes)
        .where(
            PlanEvent.entry_id == entry_id,
            ~sa.exists().where(PlanEntry.id == entry_id),
        )
        .order_by(PlanEvent.id.desc())
    )
    changes: Any = model.Session.scalar(query.limit(1))
    return changes["opd_id"][0] if changes and "opd_id" in changes else None


def _conditions(filters: DataDict) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        getattr(PlanEntry, name) == value
        for name in ("urusan", "kelas", "frequency", "access", "source_system")
        if (value := filters.get(name))
    ]
    if opd := filters.get("opd"):
        found.append(PlanEntry.opd_id == _opd_id(opd))
    if states := filters.get("state"):
        found.append(PlanEntry.state.in_(states))
    if year := filters.get("prioritas"):
        found.append(PlanEntry.prioritas.contains([year]))
    if year := filters.get("tahun"):
        found.append(PlanEntry.berlaku_dari <= date(year, 12, 31))
        found.append(sa.or_(PlanEntry.berlaku_sampai.is_(None), PlanEntry.berlaku_sampai >= date(year, 1, 1)))
    found.extend(
        sa.or_(PlanEntry.judul.icontains(word, autoescape=True), PlanEntry.kode.icontains(word, autoescape=True))
        for word in (filters.get("q") or "").split()
    )
    return found


def _opd_id(ref: str) -> str:
    group = model.Group.get(ref)
    if group is None or not group.is_organization:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref)
        raise tk.ObjectNotFound(message)
    return str(group.id)
