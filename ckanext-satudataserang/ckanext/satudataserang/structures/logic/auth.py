"""Who may do what with structures and variables, by the table of permissions; what is in force is public."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.structures import store

__all__ = [
    "satudata_structure_assign",
    "satudata_structure_create",
    "satudata_structure_decide",
    "satudata_structure_diff",
    "satudata_structure_draft",
    "satudata_structure_lint",
    "satudata_structure_list",
    "satudata_structure_propose",
    "satudata_structure_show",
    "satudata_variable_create",
    "satudata_variable_list",
    "satudata_variable_show",
    "satudata_variable_update",
]


@tk.auth_allow_anonymous_access
def satudata_structure_show(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_show")


@tk.auth_allow_anonymous_access
def satudata_structure_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_list")


@tk.auth_allow_anonymous_access
def satudata_structure_diff(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_diff")


def satudata_structure_lint(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_lint")


def satudata_structure_draft(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_draft")


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


def satudata_structure_decide(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_decide")


def satudata_structure_assign(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_structure_assign")


@tk.auth_allow_anonymous_access
def satudata_variable_show(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_variable_show")


@tk.auth_allow_anonymous_access
def satudata_variable_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_variable_list")


def satudata_variable_create(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_variable_create")


def satudata_variable_update(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_variable_update")
