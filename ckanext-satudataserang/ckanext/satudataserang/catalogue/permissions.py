"""The table of permissions (`schemas/hak_akses.yaml`), and the questions that auth functions ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import roles

EVERY_OPD, OWN_OPD = "semua", "sendiri"
#: Sections whose rows are `name: {role: reach}`.
SECTIONS = ("actions", "proposals", "datasets")


@cache
def table() -> dict[str, Any]:
    """The table as it is shipped. Raises ValueError when a role or a reach is none."""
    return checked(
        yaml.safe_load(files("ckanext.satudataserang.schemas").joinpath("hak_akses.yaml").read_text("utf-8"))
    )


def checked(found: dict[str, Any]) -> dict[str, Any]:
    """The table itself. Raises ValueError where a row names a role or a reach that is none."""
    for section in SECTIONS:
        for name, reach in found[section].items():
            if set(reach) - set(roles.ROLES) or set(reach.values()) - {EVERY_OPD, OWN_OPD}:
                message = f"hak_akses.yaml: {section}: {name}"
                raise ValueError(message)
    return found


def allowed(context: Context, action: str, opd_id: str | None = None, *, section: str = "actions") -> AuthResult:
    """Whether the acting user may do `action` for an OPD; None asks whether they may for any OPD at all."""
    if may(context, table()[section][action], opd_id):
        return {"success": True}
    return {"success": False, "msg": tk._("Peran Anda tidak berhak melakukan ini untuk OPD tersebut.")}


def asking(*actions: str) -> dict[str, AuthFunction]:
    """Auth functions by action that ask the table and nothing else; what everybody may do, visitors may, too."""
    return {action: _asking(action) for action in actions}


def _asking(action: str) -> AuthFunction:
    def ask(context: Context, _data_dict: DataDict | None) -> AuthResult:
        return allowed(context, action)

    ask.__name__ = action
    everybody = table()["actions"][action].get(roles.PUBLIK) == EVERY_OPD
    return tk.auth_allow_anonymous_access(ask) if everybody else ask


def may(context: Context, reach: Mapping[str, str], opd_id: str | None) -> bool:
    """Whether a row of the table, `{role: reach}`, lets the acting user do it for an OPD (None: for any)."""
    if reach.get(roles.PUBLIK) == EVERY_OPD:
        return True
    user = roles.user_of(context)
    if user is None:
        return False
    if _by_grant(user, reach):
        return True
    opds = [opd_id] if opd_id else roles.opds_of(user)
    return any(reach.get(role) == OWN_OPD for opd in opds if (role := roles.role_in(user, opd)))


def granted(context: Context, action: str, *, section: str = "actions") -> bool:
    """Whether a grant over the whole city lets the acting user do it, whatever they are in an OPD."""
    return _by_grant(roles.user_of(context), table()[section][action])


def opds_allowed(context: Context, action: str, *, section: str = "actions") -> frozenset[str] | None:
    """Ids of the OPDs for which the acting user may do `action`; None: for every one. Honours CKAN's own passes."""
    user = roles.user_of(context)
    reach: Mapping[str, str] = table()[section][action]
    if context.get("ignore_auth") or reach.get(roles.PUBLIK) == EVERY_OPD or roles.is_sysadmin(user):
        return None
    if _by_grant(user, reach):
        return None
    return frozenset(opd for opd, role in roles.roles_by_opd(user).items() if reach.get(role) == OWN_OPD)


def _by_grant(user: model.User | None, reach: Mapping[str, str]) -> bool:
    return any(reach.get(grant) == EVERY_OPD for grant in roles.grants_of(user))
