"""Who may do what with the plan. The Daftar Data itself is public (Perpres 39/2019 Ps. 36 (4))."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict


@tk.auth_allow_anonymous_access
def satudata_plan_entry_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_plan_entry_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


def satudata_plan_import(_context: Context, _data_dict: DataDict) -> AuthResult:
    # Putting entries in force is the Walidata's; until a grant of its own exists only a sysadmin passes.
    return {"success": False, "msg": tk._("Hanya Walidata yang dapat mengubah Daftar Data.")}
