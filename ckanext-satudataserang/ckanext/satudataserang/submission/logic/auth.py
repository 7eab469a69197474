"""Who may do what with deliveries: the table of permissions, asked for the OPD of the entry concerned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import due
from ckanext.satudataserang.submission.model import Exemption, Extension, Submission

_Find = Callable[[DataDict], "list[str]"]


@tk.auth_allow_anonymous_access
def satudata_load_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may see the resource."""
    return _as("resource_show", context, data_dict)


def satudata_load_submit(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may change the resource."""
    return _as("resource_update", context, data_dict)


def satudata_submission_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers for the entry's OPD."""
    return _allowed(context, "satudata_submission_create", _opds_of_entry(context, data_dict))


def satudata_submission_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the entry's OPD."""
    return _allowed(context, "satudata_submission_check", _opds_of_entry(context, data_dict))


def satudata_submission_form(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the entry's OPD."""
    return _allowed(context, "satudata_submission_form", _opds_of_entry(context, data_dict))


def satudata_submission_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers for the OPD of the draft."""
    return _allowed(context, "satudata_submission_update", _opds_of_submission(data_dict))


def satudata_submission_discard(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers for the OPD of the draft."""
    return _allowed(context, "satudata_submission_discard", _opds_of_submission(data_dict))


def satudata_submission_transition(context: Context, data_dict: DataDict) -> AuthResult:
    """Who takes any step at all with deliveries of the OPD; which one, says the table of steps."""
    return _allowed(context, "satudata_submission_transition", _opds_of_submission(data_dict))


def satudata_submission_privacy(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return _allowed(context, "satudata_submission_privacy", _opds_of_submission(data_dict))


def satudata_submission_recheck(context: Context, data_dict: DataDict) -> AuthResult:
    """The Pembina."""
    return _allowed(context, "satudata_submission_recheck", _opds_of_submission(data_dict))


def satudata_submission_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD."""
    return _allowed(context, "satudata_submission_show", _opds_of_submission(data_dict))


def satudata_submission_diff(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD."""
    return _allowed(context, "satudata_submission_diff", _opds_of_submission(data_dict))


def satudata_submission_file(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD."""
    return _allowed(context, "satudata_submission_file", _opds_of_submission(data_dict))


def satudata_submission_annotated(context: Context, data_dict: DataDict) -> AuthResult:
    """Who may have the file itself."""
    return _allowed(context, "satudata_submission_annotated", _opds_of_submission(data_dict))


@tk.auth_allow_anonymous_access
def satudata_template_show(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody: what is agreed is public; figures are shown to who may read their table."""
    return _allowed(context, "satudata_template_show", [])


def satudata_submission_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD asked for, or for any."""
    return _allowed(context, "satudata_submission_list", _opd_of_filter(data_dict))


@tk.auth_allow_anonymous_access
def satudata_submission_history(context: Context, data_dict: DataDict) -> AuthResult:
    """Everybody; what is not published is shown to the OPD and the checkers only."""
    return _allowed(context, "satudata_submission_history", [])


def satudata_exemption_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers for the entry's OPD proposes; not who delivered for it once: the days may be the new OPD's."""
    return _allowed(context, "satudata_exemption_create", _opds_of_entry(context, {"entry": data_dict.get("entry")}))


def satudata_exemption_decide(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return _allowed(context, "satudata_exemption_decide", _opds_of(Exemption, data_dict))


def satudata_exemption_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return _allowed(context, "satudata_exemption_revoke", _opds_of(Exemption, data_dict))


def satudata_exemption_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD asked for, or for any."""
    return _allowed(context, "satudata_exemption_list", _opd_of_filter(data_dict))


def satudata_extension_create(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return _allowed(context, "satudata_extension_create", _opds_of_entry(context, data_dict))


def satudata_extension_revoke(context: Context, data_dict: DataDict) -> AuthResult:
    """The Walidata."""
    return _allowed(context, "satudata_extension_revoke", _opds_of(Extension, data_dict))


def satudata_extension_list(context: Context, data_dict: DataDict) -> AuthResult:
    """Who delivers or checks for the OPD asked for, or for any."""
    return _allowed(context, "satudata_extension_list", _opd_of_filter(data_dict))


def _as(name: str, context: Context, data_dict: DataDict) -> AuthResult:
    try:
        tk.check_access(name, context, {"id": tk.get_or_bust(data_dict, "id")})
    except tk.NotAuthorized as error:
        return {"success": False, "msg": str(error)}
    return {"success": True}


def _allowed(context: Context, action: str, opd_ids: list[str]) -> AuthResult:
    """Allowed for one of the OPDs is allowed; without any, for whichever the person has."""
    result = permissions.allowed(context, action)
    for opd_id in opd_ids:
        result = permissions.allowed(context, action, opd_id)
        if result.get("success"):
            break
    return result


def _opds_of_entry(context: Context, data_dict: DataDict) -> list[str]:
    if not data_dict.get("entry"):
        return []
    return _opds(due.entry_for(context, data_dict["entry"]), str(data_dict.get("period") or ""))


def _opds_of_submission(data_dict: DataDict) -> list[str]:
    row = model.Session.get(Submission, str(data_dict.get("id") or "").replace("\0", ""))
    if row is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak ditemukan."))
    entry = model.Session.get(PlanEntry, row.entry_id) if row.entry_id else None
    if entry is None:
        package = model.Package.get(row.dataset_id) if row.dataset_id else None
        return [package.owner_org] if package is not None and package.owner_org else ["-"]
    return _opds(entry, row.period)


def _opds_of(kind: Any, data_dict: DataDict) -> list[str]:
    row = model.Session.get(kind, str(data_dict.get("id") or "").replace("\0", ""))
    entry = model.Session.get(PlanEntry, row.entry_id) if row is not None else None
    if entry is None:
        raise tk.ObjectNotFound(tk._("Tidak ditemukan. Mungkin sudah dihapus; muat ulang daftarnya."))
    return [entry.opd_id]


def _opds(entry: PlanEntry, period: str) -> list[str]:
    """The entry's OPD, and the one that was bound to the period, which may have been another."""
    try:
        then = due.due_of(entry, period, future=True).terms.opd_id
    except tk.ValidationError:
        return [entry.opd_id]
    return list(dict.fromkeys([entry.opd_id, then]))


def _opd_of_filter(data_dict: DataDict) -> list[str]:
    if not data_dict.get("opd"):
        return []
    group = model.Group.get(str(data_dict["opd"]).replace("\0", ""))
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("OPD ini tidak ditemukan. Periksa kembali namanya."))
    return [group.id]
