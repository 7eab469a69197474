"""Who may see the figures: everybody. They are counts and titles of the public Daftar Data, never rows of data."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions


@tk.auth_allow_anonymous_access
def satudata_completeness_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_history(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_lateness(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_cell_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_entry_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_grid(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_outside_plan_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_mends(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_completeness_options(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


def satudata_completeness_refresh(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": False, "msg": tk._("Hanya pengelola sistem yang dapat menghitung ulang kelengkapan.")}


@tk.auth_allow_anonymous_access
def satudata_completeness_status(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_snapshot_list(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_snapshot_history(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_snapshot_show(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


@tk.auth_allow_anonymous_access
def satudata_snapshot_verify(_context: Context, _data_dict: DataDict) -> AuthResult:
    return {"success": True}


def satudata_snapshot_create(context: Context, _data_dict: DataDict) -> AuthResult:
    return permissions.allowed(context, "satudata_snapshot_create")


@tk.auth_allow_anonymous_access
def satudata_evidence_bundle(context: Context, _data_dict: DataDict) -> AuthResult:
    if permissions.allowed(context, "satudata_evidence_bundle").get("success"):
        return {"success": True}
    message = tk._("Bukti dukung EPSS disediakan untuk Walidata dan Pembina. Masuklah dengan akun yang berperan itu.")
    return {"success": False, "msg": message}
