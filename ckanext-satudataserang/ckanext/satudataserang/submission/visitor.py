"""The visitor of a page: calling actions as they may, asking what they may, addresses of pages about one cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import permissions

__all__ = ["act", "address", "holds", "may"]


def act(name: str, **data: Any) -> Any:
    """Call an action as the visitor."""
    return tk.get_action(name)({}, data)


def may(name: str, **data: Any) -> bool:
    """Whether the visitor may call an action."""
    try:
        tk.check_access(name, {"user": tk.current_user.name if tk.current_user.is_authenticated else ""}, data)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return False
    return True


def holds(action: str) -> bool:
    """Whether the visitor may do something for any OPD at all."""
    if not tk.current_user.is_authenticated:
        return False
    sysadmin = bool(getattr(tk.current_user, "sysadmin", False))
    return sysadmin or bool(permissions.allowed({"user": tk.current_user.name}, action).get("success"))


def address(endpoint: str, entry: Mapping[str, Any], period: str, **query: Any) -> str:
    """The address of a page about one cell."""
    return tk.url_for(endpoint, kode=entry["kode"], period=period, **query)
