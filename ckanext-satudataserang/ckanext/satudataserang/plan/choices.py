"""What the pages of the plan can be narrowed to, and who may do what there."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions, tables
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan import entries, words
from ckanext.satudataserang.plan.logic.schema import OPD_CHANGES
from ckanext.satudataserang.plan.model import ACCESS, KELAS, LEVELS, STATES, PlanEntry

_MOST_STRUCTURES = 1000


def filters() -> dict[str, Any]:
    """Choices of the list's filters: only what some entry has."""
    first, last = model.Session.execute(
        sa.select(sa.func.min(PlanEntry.berlaku_dari), sa.func.max(PlanEntry.berlaku_sampai))
    ).one()
    today = entries.today()
    highest = max(today.year + 1, min(last.year, today.year + 5) if last else 0)
    lowest = min(first.year, today.year) if first else today.year
    return {
        "opds": opds(with_entries=True),
        "urusan": [
            {"value": kode, "text": f"{kode} {words.urusan(kode)}"}
            for kode in model.Session.scalars(sa.select(PlanEntry.urusan).distinct().order_by(PlanEntry.urusan))
        ],
        "kelas": [{"value": name, "text": words.kelas(name)} for name in KELAS],
        "frekuensi": frequencies(),
        "keadaan": [{"value": name, "text": words.state(name).word} for name in STATES],
        "tahun": [{"value": year, "text": year} for year in range(highest, lowest - 1, -1)],
        "prioritas": [{"value": year, "text": year} for year in _priority_years()],
    }


def fields(opd_ids: frozenset[str] | None) -> dict[str, list[dict[str, Any]]]:
    """Choices of the form's fields; `opd_ids` are those somebody may propose for, None all."""
    return {
        "opd": opds(only=opd_ids),
        **dict.fromkeys(("from_opd", "to_opd"), opds()),
        "kind": [{"value": name, "text": words.opd_change(name)} for name in OPD_CHANGES],
        "urusan": [{"value": one.kode, "text": f"{one.kode} {one.nama}"} for one in tables.urusan().values()],
        "kelas": [{"value": name, "text": words.kelas(name)} for name in KELAS],
        "frequency": frequencies(),
        "access": [{"value": name, "text": words.access(name)} for name in ACCESS],
        "level_wilayah": [{"value": name, "text": words.level(name)} for name in LEVELS],
        "structure_id": structures(),
    }


def structures() -> list[dict[str, str]]:
    """The structures that an entry can follow, where the portal keeps any."""
    if not p.plugin_loaded("satudata_structures"):
        return []
    found = tk.get_action("satudata_structure_list")(Context(), {"limit": _MOST_STRUCTURES})["results"]
    named = [{"value": one["kode"], "text": one["nama"]} for one in found if one["current_version"]]
    return [{"value": "", "text": tk._("tanpa struktur data")}, *named]


def frequencies() -> list[dict[str, str]]:
    """The frequencies, the most frequent first."""
    return [{"value": one.value, "text": words.frequency(one.value)} for one in Frequency]


def opds(*, with_entries: bool = False, only: frozenset[str] | None = None) -> list[dict[str, str]]:
    """OPDs by title: all that are active, those with entries, or those with these ids."""
    query = sa.select(model.Group.id, model.Group.name, model.Group.title).where(
        model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
    )
    if with_entries:
        query = query.where(sa.exists().where(PlanEntry.opd_id == model.Group.id))
    if only is not None:
        query = query.where(model.Group.id.in_(only))
    rows = model.Session.execute(query.order_by(model.Group.title, model.Group.name))
    return [{"id": id_, "value": name, "text": title or name} for id_, name, title in rows]


def rights() -> dict[str, bool]:
    """What the reader may do with the plan as a whole."""
    named = {
        "propose": "satudata_plan_entry_create",
        "manage": "satudata_plan_entry_update",
        "import_": "satudata_plan_import",
        "carry_over": "satudata_plan_carry_over",
        "opd_change": "satudata_opd_change",
    }
    context = Context(user=tk.current_user.name if tk.current_user.is_authenticated else "")
    allowed = {key: permissions.opds_allowed(context, action) for key, action in named.items()}
    return {key: found is None or bool(found) for key, found in allowed.items()}


def own_opds() -> frozenset[str] | None:
    """Ids of the OPDs the reader may propose for; None: all."""
    return permissions.opds_allowed(
        Context(user=tk.current_user.name if tk.current_user.is_authenticated else ""), "satudata_plan_entry_create"
    )


def _priority_years() -> list[int]:
    query = sa.select(sa.func.unnest(PlanEntry.prioritas).label("year")).distinct()
    return sorted(model.Session.scalars(query), reverse=True)
