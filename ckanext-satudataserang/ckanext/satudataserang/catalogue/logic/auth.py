"""Who may do what in the catalogue."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions

__all__ = [
    "package_create",
    "package_update",
    "satudata_dataset_publish",
    "satudata_dataset_publish_check",
    "satudata_grant_create",
    "satudata_grant_delete",
    "satudata_grant_list",
]


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_create(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN; the Walidata makes datasets for every OPD, too."""
    return _also_by_grant(next_auth, context, data_dict, "buat")


@tk.auth_allow_anonymous_access
@tk.chained_auth_function
def package_update(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN; the Walidata edits every OPD's datasets, too. Resources ask this function for their dataset."""
    return _also_by_grant(next_auth, context, data_dict, "ubah")


def _also_by_grant(next_auth: AuthFunction, context: Context, data_dict: DataDict | None, action: str) -> AuthResult:
    result = next_auth(context, data_dict or {})
    if not result.get("success") and permissions.granted(context, action, section="datasets"):
        return {"success": True}
    return result


def satudata_grant_create(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_grant_create")


def satudata_grant_delete(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_grant_delete")


def satudata_grant_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_grant_list")


def satudata_dataset_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the dataset; what is published is held to the publish rule all the same."""
    return _may_edit(context, data_dict)


def satudata_dataset_publish_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the dataset: gaps of a draft are nobody else's business."""
    return _may_edit(context, data_dict)


def _may_edit(context: Context, data_dict: DataDict) -> AuthResult:
    try:
        tk.check_access("package_update", context, {"id": data_dict["id"]})
    except tk.NotAuthorized:
        return {"success": False, "msg": tk._("Anda bukan penyunting OPD pemilik dataset ini.")}
    return {"success": True}
