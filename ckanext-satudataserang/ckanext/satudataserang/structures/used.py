"""What is asked of all structures at once: lists, versions, and who uses what. A few statements, nothing per row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import aliased

from ckan import model
from ckan.types import Context

from ckanext.satudataserang.plan import entries as plan_entries
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import store
from ckanext.satudataserang.structures.model import (
    IN_FORCE,
    PROPOSED,
    REPLACED,
    StructureRow,
    StructureVersion,
    VariableRow,
)
from ckanext.satudataserang.structures.opds import Opds

#: Versions that hold or once held: everybody may see them.
PUBLIC = (IN_FORCE, REPLACED)
_PEOPLE = ("proposed_by", "proposed_by_name", "decided_by", "decided_by_name")


def versions(kode: str, *, everything: bool) -> list[dict[str, Any]]:
    """The versions of a structure, newest first, without their content.

    Who wrote and who decided is told to those who see proposals (`everything`).
    """
    proposer, decider = aliased(model.User), aliased(model.User)
    named = [column for column in sa.inspect(StructureVersion).columns if column.key not in ("kode", "content")]
    query = (
        sa.select(
            *named,
            sa.func.coalesce(proposer.fullname, proposer.name, "").label("proposed_by_name"),
            sa.func.coalesce(decider.fullname, decider.name, "").label("decided_by_name"),
        )
        .outerjoin(proposer, proposer.id == StructureVersion.proposed_by)
        .outerjoin(decider, decider.id == StructureVersion.decided_by)
        .where(StructureVersion.kode == kode)
        .order_by(StructureVersion.version.desc())
    )
    if not everything:
        query = query.where(StructureVersion.state.in_(PUBLIC))
    found = [_plain(row) for row in model.Session.execute(query).mappings()]
    return found if everything else [{**one, **dict.fromkeys(_PEOPLE, "")} for one in found]


def entries(context: Context, kode: str) -> list[dict[str, Any]]:
    """The plan entries that use a structure, by kode; proposed ones only for those who may see them."""
    query = (
        sa.select(PlanEntry.id, PlanEntry.kode, PlanEntry.judul, PlanEntry.opd_id, PlanEntry.state)
        .where(PlanEntry.structure_id == kode, plan_entries.visible(plan_entries.insight(context)))
        .order_by(PlanEntry.kode)
    )
    opds = Opds()
    return [{**row, **opds.shown(row["opd_id"])} for row in model.Session.execute(query).mappings()]


def listed(context: Context, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The structures that somebody may see and asked for."""
    uses = (
        sa.select(PlanEntry.structure_id.label("kode"), sa.func.count().label("entries"))
        .where(PlanEntry.structure_id.is_not(None), plan_entries.visible(plan_entries.insight(context)))
        .group_by(PlanEntry.structure_id)
        .subquery()
    )
    waiting = _waiting(store.insight(context))
    shown = StructureVersion.content
    count = sa.func.coalesce(uses.c.entries, 0)
    columns = sa.func.jsonb_array_length(sa.func.coalesce(shown["columns"], sa.text("'[]'::jsonb")))
    query = (
        sa.select(
            StructureRow.kode,
            StructureRow.nama,
            StructureRow.opd_id,
            StructureRow.current_version,
            StructureRow.created,
            StructureRow.modified,
            sa.func.coalesce(shown["urusan"].astext, "").label("urusan"),
            columns.label("columns"),
            count.label("entries"),
            sa.func.coalesce(waiting.c.numbers, sa.cast([], postgresql.ARRAY(sa.Integer))).label("proposed"),
        )
        .join(StructureVersion, sa.and_(StructureVersion.kode == StructureRow.kode, _shown_version()))
        .outerjoin(uses, uses.c.kode == StructureRow.kode)
        .outerjoin(waiting, waiting.c.kode == StructureRow.kode)
        .where(store.visible(store.insight(context)), *_conditions(asked, waiting))
    )
    total = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    order = {
        "kode": StructureRow.kode,
        "modified": StructureRow.modified.desc(),
        "entries": count.desc(),
    }.get(asked["sort"], sa.func.lower(StructureRow.nama))
    page = query.order_by(order, StructureRow.kode).limit(asked["limit"]).offset(asked["offset"])
    opds = Opds()
    rows = [_plain(row) | opds.shown(row["opd_id"]) for row in model.Session.execute(page).mappings()]
    return {"count": total, "results": rows}


def columns_of_variable(kode: str) -> list[dict[str, Any]]:
    """The columns of structures in force that refer to a standard variable: structure, OPD, column id and label."""
    column = sa.func.jsonb_array_elements(StructureVersion.content["columns"]).table_valued(
        sa.column("value", postgresql.JSONB), name="member"
    )
    query = (
        sa.select(
            StructureRow.kode,
            StructureRow.nama,
            StructureRow.opd_id,
            column.c.value["id"].astext.label("column"),
            column.c.value["label"].astext.label("label"),
        )
        .join(
            StructureVersion,
            sa.and_(
                StructureVersion.kode == StructureRow.kode, StructureVersion.version == StructureRow.current_version
            ),
        )
        .join(column, sa.true())
        .where(column.c.value["variable"].astext == kode)
        .order_by(StructureRow.nama, StructureRow.kode)
    )
    opds = Opds()
    return [{**row, **opds.shown(row["opd_id"])} for row in model.Session.execute(query).mappings()]


def uses_by_variable() -> dict[str, int]:
    """How many columns of structures in force refer to each standard variable."""
    column = sa.func.jsonb_array_elements(StructureVersion.content["columns"]).table_valued(
        sa.column("value", postgresql.JSONB), name="member"
    )
    kode = column.c.value["variable"].astext
    query = (
        sa.select(kode, sa.func.count())
        .select_from(StructureVersion)
        .join(column, sa.true())
        .where(StructureVersion.state == IN_FORCE, kode.is_not(None))
        .group_by(kode)
    )
    return dict(model.Session.execute(query).tuples().all())


def waiting_count(context: Context) -> int:
    """How many proposed changes wait for a decision, of those that somebody may see."""
    waiting = _waiting(store.insight(context))
    count: Any = model.Session.scalar(sa.select(sa.func.sum(sa.func.cardinality(waiting.c.numbers))))
    return int(count or 0)


def opds_with_structures() -> set[str]:
    """Ids of the OPDs that keep a structure."""
    return set(model.Session.scalars(sa.select(StructureRow.opd_id).distinct()))


def urusan_in_use() -> list[str]:
    """The bidang urusan of structures in force, by code."""
    kode = StructureVersion.content["urusan"].astext
    query = sa.select(kode).where(StructureVersion.state == IN_FORCE, kode.is_not(None)).distinct().order_by(kode)
    return [str(one) for one in model.Session.scalars(query)]


def opds_with_variables() -> set[str]:
    """Ids of the OPDs that own a standard variable."""
    return set(model.Session.scalars(sa.select(VariableRow.opd_id).distinct()))


def _waiting(opds: frozenset[str] | None) -> sa.Subquery:
    """The numbers of the versions that wait for a decision, by kode, for who may see the proposals of these OPDs."""
    query = sa.select(
        StructureVersion.kode,
        sa.func.array_agg(postgresql.aggregate_order_by(StructureVersion.version, StructureVersion.version)).label(
            "numbers"
        ),
    ).where(StructureVersion.state == PROPOSED)
    if opds is not None:
        kept = sa.select(StructureRow.kode).where(StructureRow.opd_id.in_(opds))
        owed = sa.select(PlanEntry.structure_id).where(PlanEntry.opd_id.in_(opds), PlanEntry.structure_id.is_not(None))
        query = query.where(sa.or_(StructureVersion.kode.in_(kept), StructureVersion.kode.in_(owed)))
    return query.group_by(StructureVersion.kode).subquery()


def _shown_version() -> sa.ColumnElement[bool]:
    """The version whose content a list shows: the one in force, before that the first proposal."""
    first = (
        sa.select(sa.func.min(StructureVersion.version))
        .where(StructureVersion.kode == StructureRow.kode)
        .correlate(StructureRow)
        .scalar_subquery()
    )
    return StructureVersion.version == sa.func.coalesce(StructureRow.current_version, first)


def _conditions(asked: Mapping[str, Any], waiting: sa.Subquery) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if opd := asked.get("opd"):
        found.append(StructureRow.opd_id == Opds().wanted(opd)["id"])
    if urusan := asked.get("urusan"):
        found.append(StructureVersion.content["urusan"].astext == urusan)
    if variable := asked.get("variable"):
        found.append(StructureVersion.content["columns"].contains([{"variable": variable}]))
    if asked.get("proposed"):
        found.append(waiting.c.numbers.is_not(None))
    labels = sa.cast(sa.func.jsonb_path_query_array(StructureVersion.content, "$.columns[*].label"), sa.Text)
    found.extend(
        sa.or_(
            StructureRow.nama.icontains(word, autoescape=True),
            StructureRow.kode.icontains(word, autoescape=True),
            labels.icontains(word, autoescape=True),
        )
        for word in (asked.get("q") or "").split()
    )
    return found


def _plain(row: Any) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}
