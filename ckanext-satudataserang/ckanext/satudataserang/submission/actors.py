"""Who acts, and in which roles towards one OPD's delivery."""

from __future__ import annotations

from collections.abc import Iterable

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions, roles
from ckanext.satudataserang.core.lifecycle import SYSTEM, Lifecycle

_LIFECYCLE: dict[str, Lifecycle] = {}


def lifecycle() -> Lifecycle:
    """The steps as they are shipped (`schemas/hak_akses.yaml`)."""
    if "" not in _LIFECYCLE:
        _LIFECYCLE[""] = Lifecycle.from_rows(permissions.table()["transitions"])
    return _LIFECYCLE[""]


def id_of(context: Context) -> str:
    """The id of the acting account; the system's own where none acts."""
    user = roles.user_of(context)
    return user.id if user is not None else SYSTEM


def roles_for(context: Context, opd_ids: Iterable[str]) -> dict[str, bool]:
    """Role -> own: what the acting person is towards these OPDs. A sysadmin is everything."""
    user = roles.user_of(context)
    if context.get("ignore_auth") or (user is not None and user.sysadmin and user.state == model.State.ACTIVE):
        return {roles.PENDUKUNG: True, roles.WALIDATA: True, roles.PEMBINA: True}
    held = dict.fromkeys(roles.grants_of(user), False)
    for opd_id in set(opd_ids):
        if role := roles.role_in(user, opd_id):
            held[role] = True
    return held


def may_publish(user_ref: str) -> bool:
    """Whether what this account uploads needs no check by the Walidata: it is the Walidata, or a sysadmin."""
    user = model.User.get(user_ref) if user_ref else None
    if user is None or user.state != model.State.ACTIVE:
        return False
    return bool(user.sysadmin) or roles.WALIDATA in roles.grants_of(user)


def may(context: Context, action: str, **data: object) -> bool:
    """Whether the acting person passes an action's check."""
    try:
        tk.check_access(action, tk.fresh_context(context), dict(data))
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
