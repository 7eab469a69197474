"""Tables that are agreed: CKAN's own ways of writing them, held to what the Walidata approved.

These chain to functions of CKAN's DataStore, so the plugin offers them only where the DataStore is.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.core.checks.privacy import kinds_in
from ckanext.satudataserang.submission.model import Submission


@tk.chained_auth_function
def datastore_create(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN, but rows of an agreed table come in as deliveries; its data dictionary stays the OPD's to write."""
    if data_dict and (data_dict.get("records") or data_dict.get("aliases")):
        return _unless_personal(context, data_dict) or _unless_published(next_auth, context, data_dict)
    return next_auth(context, data_dict or {})


@tk.chained_auth_function
def datastore_upsert(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN, but rows of an agreed table come in as deliveries."""
    return _unless_personal(context, data_dict) or _unless_published(next_auth, context, data_dict)


@tk.chained_auth_function
def datastore_delete(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN, but an agreed table is not emptied behind the Walidata's back."""
    return _unless_published(next_auth, context, data_dict)


@tk.chained_auth_function
def datastore_records_delete(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN, but rows of an agreed table are corrected by a delivery."""
    return _unless_published(next_auth, context, data_dict)


@tk.chained_auth_function
def resource_delete(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """As in CKAN, but the table of an agreed entry goes only with the Walidata."""
    return _unless_published(next_auth, context, data_dict)


def _unless_published(next_auth: AuthFunction, context: Context, data_dict: DataDict | None) -> AuthResult:
    """What is published of an agreed entry changes by approval alone (Perpres 39/2019 Ps. 36 (2))."""
    data_dict = data_dict or {}
    if _is_published(data_dict.get("resource_id") or data_dict.get("id")) and not permissions.granted(
        context, "ubah", section="datasets"
    ):
        message = tk._("Tabel ini melayani Daftar Data. Kirim data atau koreksinya lewat halaman Tugas.")
        return {"success": False, "msg": message}
    return next_auth(context, data_dict)


def _unless_personal(context: Context, data_dict: DataDict | None) -> AuthResult | None:
    """Rows are public as soon as they are written, so those about persons are the Walidata's to write, as files are."""
    records = (data_dict or {}).get("records")
    rows = [row for row in records if isinstance(row, dict)] if isinstance(records, list) else []
    if not any(kinds_in(str(value)) for row in rows for value in row.values() if value is not None):
        return None
    if permissions.granted(context, "ubah", section="datasets"):
        return None
    message = tk._(
        "Baris yang dikirim memuat data pribadi (NIK, NIP, nomor telepon, atau surel) dan akan langsung dapat dibaca "
        "siapa saja. Hapus data itu, atau minta Walidata yang menuliskannya."
    )
    return {"success": False, "msg": message}


def _is_published(resource_id: Any) -> bool:
    """Whether a published delivery for an entry of the Daftar Data stands in the table of a resource."""
    standing = sa.exists().where(
        Submission.resource_id == str(resource_id).replace("\0", ""),
        Submission.entry_id.is_not(None),
        Submission.state == "terbit",
        Submission.superseded_by.is_(None),
    )
    return bool(model.Session.scalar(sa.select(standing)))


FUNCTIONS = {
    "datastore_create": datastore_create,
    "datastore_upsert": datastore_upsert,
    "datastore_delete": datastore_delete,
    "datastore_records_delete": datastore_records_delete,
    "resource_delete": resource_delete,
}
