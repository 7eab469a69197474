"""Who may do what with structures and variables, by the table of permissions; what is in force is public."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.structures import store

__all__ = ["functions"]


def functions() -> dict[str, AuthFunction]:
    """The auth functions by action: those that ask the table alone, and those below."""
    plain = permissions.asking(
        "satudata_structure_assign",
        "satudata_structure_decide",
        "satudata_structure_diff",
        "satudata_structure_draft",
        "satudata_structure_lint",
        "satudata_structure_list",
        "satudata_structure_show",
        "satudata_variable_create",
        "satudata_variable_list",
        "satudata_variable_show",
        "satudata_variable_update",
    )
    own = (
        satudata_structure_create,
        satudata_structure_propose,
    )
    return {**plain, **{one.__name__: one for one in own}}


def satudata_structure_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Without an OPD (its id): whether somebody may add a structure for any OPD at all."""
    return permissions.allowed(context, "satudata_structure_create", data_dict.get("opd") or None)


def satudata_structure_propose(context: Context, data_dict: DataDict) -> AuthResult:
    """An OPD that keeps the structure, or owes data by it."""
    row = store.find(context, data_dict["id"])
    allowed = permissions.opds_allowed(context, "satudata_structure_propose")
    if allowed is None or allowed & store.concerned(row):
        return {"success": True}
    message = tk._("Perubahan struktur ini diusulkan oleh OPD yang mengelolanya atau yang datanya memakainya.")
    return {"success": False, "msg": message}
