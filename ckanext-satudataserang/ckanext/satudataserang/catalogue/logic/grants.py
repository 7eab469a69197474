"""Actions that give and take the roles over the whole city."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.catalogue.model import GRANTS, Grant

__all__ = ["satudata_grant_create", "satudata_grant_delete", "satudata_grant_list"]


def satudata_grant_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Give a user a role over the whole city (sysadmin). Giving it again changes nothing.

    :param user: name or id of an active user
    :param role: walidata or pembina
    :returns: ``{"user", "role"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_grant_create", context, data_dict)
    user, role = _user_and_role(data_dict)
    if user.state != model.State.ACTIVE:
        message = tk._("Akun “{user}” tidak aktif. Aktifkan dahulu, lalu beri peran.")
        raise tk.ValidationError({"user": [message.format(user=user.name)]})
    roles.grant(str(user.id), role, roles.actor_id(context))
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"user": user.name, "role": role}


def satudata_grant_delete(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take a role over the whole city from a user (sysadmin).

    :param user: name or id of a user
    :param role: walidata or pembina
    :returns: ``{"user", "role"}``
    :raises ObjectNotFound: the user does not hold it
    :rtype: dictionary
    """
    tk.check_access("satudata_grant_delete", context, data_dict)
    user, role = _user_and_role(data_dict)
    if model.Session.get(Grant, (user.id, role)) is None:
        message = tk._("“{user}” bukan {role}.").format(user=user.name, role=role)
        raise tk.ObjectNotFound(message)
    roles.revoke(str(user.id), role)
    if not context.get("defer_commit"):
        model.Session.commit()
    return {"user": user.name, "role": role}


@tk.side_effect_free
def satudata_grant_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return who holds a role over the whole city (sysadmin, Walidata, Pembina).

    :param role: walidata or pembina (optional)
    :returns: ``[{"user", "fullname", "role", "granted_by", "granted_at"}]``, by role and name
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_grant_list", context, data_dict)
    giver = aliased(model.User)
    query = (
        sa.select(Grant, model.User.name, model.User.fullname, giver.name)
        .join(model.User, model.User.id == Grant.user_id)
        .outerjoin(giver, giver.id == Grant.granted_by)
        .where(model.User.state == model.State.ACTIVE)
        .order_by(Grant.role.desc(), model.User.name)
    )
    if role := data_dict.get("role"):
        query = query.where(Grant.role == _role(role))
    return [
        {
            "user": name,
            "fullname": fullname or name,
            "role": grant.role,
            "granted_by": granted_by or "",
            "granted_at": grant.granted_at.isoformat(),
        }
        for grant, name, fullname, granted_by in model.Session.execute(query)
    ]


def _user_and_role(data_dict: DataDict) -> tuple[model.User, str]:
    ref, role = tk.get_or_bust(data_dict, ["user", "role"])
    user = model.User.get(ref) if isinstance(ref, str) and "\x00" not in ref else None
    if user is None:
        message = tk._("Pengguna “{user}” tidak ditemukan. Periksa kembali namanya.")
        raise tk.ValidationError({"user": [message.format(user=str(ref)[:100].replace("\x00", ""))]})
    return user, _role(role)


def _role(role: Any) -> str:
    if role not in GRANTS:
        message = tk._("Peran “{role}” tidak dikenal. Pilih: {known}.")
        raise tk.ValidationError({"role": [message.format(role=str(role)[:50], known=", ".join(GRANTS))]})
    return role
