"""Who may do what in the chase: rows of `schemas/hak_akses.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue.permissions import allowed
from ckanext.satudataserang.chase.model import Coaching

__all__ = [
    "satudata_chase_list",
    "satudata_coaching_create",
    "satudata_coaching_delete",
    "satudata_coaching_effect_list",
    "satudata_coaching_list",
    "satudata_coaching_update",
    "satudata_mail_list",
    "satudata_mail_retry",
    "satudata_reminder_letter",
    "satudata_reminder_run",
    "satudata_todo_list",
]


def satudata_todo_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The OPD's own people, and those who check for all."""
    return allowed(context, "satudata_todo_list", _opd(data_dict))


def satudata_chase_list(context: Context, _data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_chase_list")


def satudata_reminder_letter(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_reminder_letter", _opd(data_dict))


def satudata_reminder_run(context: Context, _data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_reminder_run")


def satudata_mail_list(context: Context, _data_dict: DataDict) -> AuthResult:
    """The Walidata: the log holds addresses of persons."""
    return allowed(context, "satudata_mail_list")


def satudata_mail_retry(context: Context, _data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_mail_retry")


@tk.auth_allow_anonymous_access
def satudata_coaching_effect_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: the measures are public, and so is the day on which an OPD was coached."""
    return allowed(context, "satudata_coaching_effect_list", _opd(data_dict))


def satudata_coaching_list(context: Context, data_dict: DataDict) -> AuthResult:
    """The OPD's own people, and those who check for all."""
    return allowed(context, "satudata_coaching_list", _opd(data_dict))


def satudata_coaching_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_coaching_create", _opd(data_dict))


def satudata_coaching_update(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_coaching_update", _opd_of_coaching(data_dict))


def satudata_coaching_delete(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return allowed(context, "satudata_coaching_delete", _opd_of_coaching(data_dict))


def _opd(data_dict: DataDict) -> str | None:
    """The id of the OPD asked for; what names no OPD is passed on and belongs to nobody."""
    ref = data_dict.get("opd")
    if not isinstance(ref, str) or not ref:
        return None
    found = model.Group.get(ref.replace("\0", ""))
    return found.id if found else ref.replace("\0", "")


def _opd_of_coaching(data_dict: DataDict) -> str | None:
    ref = data_dict.get("id")
    found = model.Session.get(Coaching, ref.replace("\0", "")) if isinstance(ref, str) else None
    return found.opd_id if found else None
