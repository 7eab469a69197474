"""Actions of the Daftar Data: reading it, and bringing many entries in at once.

Proposing and agreeing on single entries is not done here.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Context, DataDict

from ckanext.satudataserang.plan.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.plan.signals import plan_changed

_OWN_COLUMNS = frozenset({"id", "created", "modified"})
#: What an entry is when the caller leaves it out.
_OPTIONAL = {"berlaku_sampai": None, "expected_values": None, "structure_id": None}


@tk.side_effect_free
def satudata_plan_entry_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one plan entry.

    :param id: the entry's id or its kode
    :type id: string
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_entry_show", context, data_dict)
    ref = tk.get_or_bust(data_dict, "id")
    entry = model.Session.get(PlanEntry, ref) or PlanEntry.by_kode(ref)
    if entry is None:
        message = tk._("Entri Daftar Data “{ref}” tidak ditemukan. Periksa kembali kodenya.").format(ref=ref)
        raise tk.ObjectNotFound(message)
    return entry.as_dict()


@tk.side_effect_free
@tk.validate_action_data(schema.plan_entry_list)
def satudata_plan_entry_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return plan entries, ordered by kode.

    :param opd: name or id of an OPD (optional)
    :param urusan: code of a bidang urusan (optional)
    :param state: usulan, disepakati, berlaku or berakhir (optional)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [entry, …]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_entry_list", context, data_dict)
    query = sa.select(PlanEntry)
    if opd := data_dict.get("opd"):
        query = query.where(PlanEntry.opd_id == _opd_id(opd))
    for column in ("urusan", "state"):
        if value := data_dict.get(column):
            query = query.where(getattr(PlanEntry, column) == value)
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    page = query.order_by(PlanEntry.kode).limit(data_dict["limit"]).offset(data_dict["offset"])
    return {"count": count, "results": [entry.as_dict() for entry in model.Session.scalars(page)]}


def satudata_plan_import(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Create or update plan entries by their kode, all or none.

    Entries that are in the plan but not in the list stay as they are.

    :param entries: the entries; see ``plan.logic.schema.plan_entry``
    :type entries: list of dictionaries
    :param dry_run: only say what would change (default false)
    :returns: ``{"created": [kode], "changed": [kode], "unchanged": N}``
    :raises ValidationError: with one error list per faulty entry, keyed by its place in the list from 1
    """
    tk.check_access("satudata_plan_import", context, data_dict)
    rows = _validated(context, tk.get_or_bust(data_dict, "entries"))
    known = PlanEntry.by_kodes(row["kode"] for row in rows)
    created = [row["kode"] for row in rows if row["kode"] not in known]
    changed = [row["kode"] for row in rows if row["kode"] in known and _differs(known[row["kode"]], row)]
    touched = set(created) | set(changed)
    if touched and not tk.asbool(data_dict.get("dry_run", False)):
        ids = _upsert([row for row in rows if row["kode"] in touched])
        if not context.get("defer_commit"):
            model.Session.commit()
        plan_changed.send(entry_ids=ids)
    return {"created": created, "changed": changed, "unchanged": len(rows) - len(touched)}


def _validated(context: Context, entries: Any) -> list[dict[str, Any]]:
    """The entries as table rows. Raises ValidationError naming every faulty one."""
    if not isinstance(entries, list):
        raise tk.ValidationError({"entries": [tk._("Kirim “entries” sebagai daftar entri.")]})
    opd_ids = _opd_ids()
    rows: list[dict[str, Any]] = []
    errors: dict[str, Any] = {}
    seen: set[str] = set()
    for number, entry in enumerate(entries, start=1):
        row, problems = tk.navl_validate(dict(entry), schema.plan_entry(), context)
        opd_id = opd_ids.get(row.pop("opd", None) or "")
        if not problems and opd_id is None:
            message = tk._("OPD “{opd}” belum terdaftar. Pakai nama OPD seperti pada halaman OPD.")
            problems = {"opd": [message.format(opd=entry.get("opd"))]}
        if row.get("kode") in seen:
            message = tk._("Kode “{kode}” muncul lebih dari sekali dalam daftar ini.")
            problems = {**problems, "kode": [message.format(kode=row["kode"])]}
        seen.add(row.get("kode") or "")
        if problems:
            errors[str(number)] = problems
        else:
            rows.append({**_OPTIONAL, **row, "opd_id": opd_id})
    if errors:
        raise tk.ValidationError(errors)
    return rows


def _opd_ids() -> dict[str, str]:
    """Ids of all organizations by name and by id."""
    pairs = model.Session.execute(
        sa.select(model.Group.name, model.Group.id).where(
            model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
        )
    )
    return {key: id_ for name, id_ in pairs for key in (name, id_)}


def _opd_id(ref: str) -> str:
    group = model.Group.get(ref)
    if group is None or not group.is_organization:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref)
        raise tk.ObjectNotFound(message)
    return group.id


def _differs(entry: PlanEntry, row: dict[str, Any]) -> bool:
    return any(getattr(entry, column) != value for column, value in row.items())


def _upsert(rows: list[dict[str, Any]]) -> list[str]:
    """Write the rows in one statement; returns their entry ids."""
    now = datetime.now(timezone.utc)
    stamped = [{"id": make_uuid(), "created": now, "modified": now, **row} for row in rows]
    insert = postgresql.insert(PlanEntry).values(stamped)
    updates = {
        column.key: insert.excluded[column.key]
        for column in sa.inspect(PlanEntry).columns
        if column.key not in _OWN_COLUMNS
    }
    statement = insert.on_conflict_do_update(
        index_elements=[PlanEntry.kode], set_={**updates, "modified": now}
    ).returning(PlanEntry.id)
    ids = list(model.Session.scalars(statement))
    model.Session.expire_all()
    return ids
