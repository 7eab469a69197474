"""Who may do what with the plan, by the table of permissions; whatever is agreed on is public."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.core.plan import WAYS_OUT
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.logic.reading import opd_of_gone

__all__ = ["functions"]


def functions() -> dict[str, AuthFunction]:
    """The auth functions by action: those that ask the table alone, and those below."""
    plain = permissions.asking(
        "satudata_opd_change",
        "satudata_plan_carry_over",
        "satudata_plan_entry_list",
        "satudata_plan_entry_show",
        "satudata_plan_entry_similar",
        "satudata_plan_import",
    )
    own = (
        satudata_plan_entry_history,
        satudata_plan_entry_create,
        satudata_plan_entry_update,
        satudata_plan_entry_transition,
        satudata_plan_entry_terms_change,
    )
    return {**plain, **{one.__name__: one for one in own}}


def satudata_plan_entry_history(context: Context, data_dict: DataDict) -> AuthResult:
    """The history of an entry that is gone is its OPD's, too."""
    ref = data_dict["id"]
    try:
        opd_id: str | None = entries.find(context, ref).opd_id
    except tk.ObjectNotFound:
        opd_id = opd_of_gone(ref) if isinstance(ref, str) and "\x00" not in ref else None
        if opd_id is None:
            raise
    return permissions.allowed(context, "satudata_plan_entry_history", opd_id)


def satudata_plan_entry_create(context: Context, data_dict: DataDict) -> AuthResult:
    """Without an OPD: whether somebody may propose anything at all."""
    return permissions.allowed(context, "satudata_plan_entry_create", _opd_id(data_dict.get("opd")))


def satudata_plan_entry_update(context: Context, data_dict: DataDict) -> AuthResult:
    """Of a proposal its OPD may change what describes it; the action says which fields those are."""
    entry = entries.find(context, data_dict["id"])
    if entry.state == "usulan":
        return permissions.allowed(context, "ubah", entry.opd_id, section="proposals")
    return permissions.allowed(context, "satudata_plan_entry_update", entry.opd_id)


def satudata_plan_entry_transition(context: Context, data_dict: DataDict) -> AuthResult:
    """Taking back is its OPD's; every other step is the Walidata's."""
    entry = entries.find(context, data_dict["id"])
    if data_dict.get("to") == WAYS_OUT[1]:
        return permissions.allowed(context, "tarik", entry.opd_id, section="proposals")
    return permissions.allowed(context, "satudata_plan_entry_transition", entry.opd_id)


def satudata_plan_entry_terms_change(context: Context, data_dict: DataDict) -> AuthResult:
    entry = entries.find(context, data_dict["id"])
    return permissions.allowed(context, "satudata_plan_entry_terms_change", entry.opd_id)


def _opd_id(ref: Any) -> str | None:
    group = model.Group.get(ref) if isinstance(ref, str) and ref and "\x00" not in ref else None
    return group.id if group else None
