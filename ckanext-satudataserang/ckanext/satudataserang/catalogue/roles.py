"""Roles of Satu Data: two that belong to an OPD and two that hold for the whole city (Perpres 39/2019 Ps. 18-24).

An OPD's editors are its Produsen Data, its admins the Walidata pendukung. Walidata and Pembina are grants of their own,
so that nobody has to be a sysadmin to do the work of Satu Data.
"""

from __future__ import annotations

from datetime import datetime, timezone

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.model import Grant

PUBLIK, PRODUSEN, PENDUKUNG, WALIDATA, PEMBINA = "publik", "produsen", "pendukung", "walidata", "pembina"
ROLES = (PUBLIK, PRODUSEN, PENDUKUNG, WALIDATA, PEMBINA)


def user_of(context: Context) -> model.User | None:
    """The account that acts, or None for a visitor without one."""
    user = context.get("auth_user_obj")
    if isinstance(user, model.User):
        return user
    name = context.get("user")
    return model.User.get(name) if name else None


def grants_of(user: model.User | None) -> frozenset[str]:
    """The roles that a user holds over the whole city."""
    if user is None or user.state != model.State.ACTIVE:
        return frozenset()
    return frozenset(model.Session.scalars(sa.select(Grant.role).where(Grant.user_id == user.id)))


def role_in(user: model.User | None, opd_id: str) -> str | None:
    """`produsen`, `pendukung` or None: what a user is in one OPD, also by a role that cascades from its parent."""
    opd = model.Group.get(opd_id) if user is not None and user.state == model.State.ACTIVE else None
    if user is None or opd is None:
        return None
    parents = [parent.id for parent in opd.get_parent_group_hierarchy(type="organization")]
    cascading = tk.config["ckan.auth.roles_that_cascade_to_sub_groups"]
    query = sa.select(model.Member.capacity).where(
        model.Member.table_name == "user",
        model.Member.table_id == user.id,
        model.Member.state == model.State.ACTIVE,
        sa.or_(
            model.Member.group_id == opd.id,
            model.Member.group_id.in_(parents) & model.Member.capacity.in_(cascading),
        ),
    )
    capacities = set(model.Session.scalars(query))
    if "admin" in capacities:
        return PENDUKUNG
    return PRODUSEN if "editor" in capacities else None


def opds_of(user: model.User | None) -> list[str]:
    """Ids of the OPDs in which a user is editor or admin (memberships of the user's own, not inherited ones)."""
    if user is None:
        return []
    query = (
        sa.select(model.Member.group_id)
        .join(model.Group, model.Group.id == model.Member.group_id)
        .where(
            model.Member.table_name == "user",
            model.Member.table_id == user.id,
            model.Member.capacity.in_(("admin", "editor")),
            model.Member.state == model.State.ACTIVE,
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
        )
        .order_by(model.Group.title)
    )
    return [str(id_) for id_ in model.Session.scalars(query)]


def roles_by_opd(user: model.User | None) -> dict[str, str]:
    """Every OPD in which a user is `produsen` or `pendukung`, by id, also by a role that cascades from its parent."""
    if user is None or user.state != model.State.ACTIVE:
        return {}
    found: dict[str, str] = {}
    cascading = tk.config["ckan.auth.roles_that_cascade_to_sub_groups"]
    query = (
        sa.select(model.Group, model.Member.capacity)
        .join(model.Member, model.Group.id == model.Member.group_id)
        .where(
            model.Member.table_name == "user",
            model.Member.table_id == user.id,
            model.Member.capacity.in_(("admin", "editor")),
            model.Member.state == model.State.ACTIVE,
            model.Group.is_organization.is_(True),
            model.Group.state == model.State.ACTIVE,
        )
    )
    for opd, capacity in model.Session.execute(query):
        children = opd.get_children_group_hierarchy(type="organization") if capacity in cascading else ()
        role = PENDUKUNG if capacity == "admin" else PRODUSEN
        for id_ in (opd.id, *(child[0] for child in children)):
            if found.get(id_) != PENDUKUNG:
                found[id_] = role
    return found


def is_sysadmin(user: model.User | None) -> bool:
    """Whether an account passes CKAN's checks everywhere."""
    return user is not None and bool(user.sysadmin) and user.state == model.State.ACTIVE


def actor_id(context: Context) -> str:
    """Id of the account that acts, for what is kept about who did what; empty where nobody in particular does."""
    user = user_of(context)
    return str(user.id) if user else ""


def holders(role: str) -> list[model.User]:
    """The active users that hold a grant."""
    query = (
        sa.select(model.User)
        .join(Grant, Grant.user_id == model.User.id)
        .where(Grant.role == role, model.User.state == model.State.ACTIVE)
        .order_by(model.User.name)
    )
    return list(model.Session.scalars(query))


def grant(user_id: str, role: str, granted_by: str) -> None:
    """Give a user a role, in the session's transaction; nothing changes where it is held already."""
    row = {"user_id": user_id, "role": role, "granted_by": granted_by, "granted_at": datetime.now(timezone.utc)}
    model.Session.execute(postgresql.insert(Grant).values(row).on_conflict_do_nothing())


def revoke(user_id: str, role: str) -> None:
    """Take a role from a user, in the session's transaction."""
    model.Session.execute(sa.delete(Grant).where(Grant.user_id == user_id, Grant.role == role))
