"""Who may see and ask for loading: as CKAN says of the resource itself."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def satudata_load_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the resource."""
    return _as("resource_show", context, data_dict)


def satudata_load_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    return _as("resource_update", context, data_dict)


def _as(name: str, context: Context, data_dict: DataDict) -> AuthResult:
    try:
        tk.check_access(name, context, {"id": tk.get_or_bust(data_dict, "id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}
