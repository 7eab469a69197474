"""Who may do what about sameness, by the table of permissions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue.permissions import allowed
from ckanext.satudataserang.consistency import steps

__all__ = [
    "satudata_comparison_list",
    "satudata_conflict_decide",
    "satudata_conflict_explain",
    "satudata_conflict_list",
    "satudata_conflict_show",
    "satudata_consistency_rule_create",
    "satudata_consistency_rule_list",
    "satudata_consistency_rule_show",
    "satudata_consistency_rule_test",
    "satudata_consistency_rule_update",
    "satudata_variable_compare",
]


@tk.auth_allow_anonymous_access
def satudata_conflict_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_conflict_list")


@tk.auth_allow_anonymous_access
def satudata_comparison_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_comparison_list")


@tk.auth_allow_anonymous_access
def satudata_conflict_show(context: Context, _data_dict: DataDict) -> AuthResult:
    """What is closed is left out by the action."""
    return allowed(context, "satudata_conflict_show")


@tk.auth_allow_anonymous_access
def satudata_variable_compare(context: Context, _data_dict: DataDict) -> AuthResult:
    """What is closed is left out by the action."""
    return allowed(context, "satudata_variable_compare")


def satudata_conflict_explain(context: Context, data_dict: DataDict) -> AuthResult:
    """An OPD of either side."""
    refused = allowed(context, "satudata_conflict_explain", "-")
    answers = (
        allowed(context, "satudata_conflict_explain", opd) for opd in steps.owners(steps.find(data_dict.get("id")))
    )
    return next((one for one in answers if one.get("success")), refused)


def satudata_conflict_decide(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_conflict_decide")


@tk.auth_allow_anonymous_access
def satudata_consistency_rule_list(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_consistency_rule_list")


@tk.auth_allow_anonymous_access
def satudata_consistency_rule_show(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_consistency_rule_show")


def satudata_consistency_rule_create(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_consistency_rule_create")


def satudata_consistency_rule_update(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_consistency_rule_update")


def satudata_consistency_rule_test(context: Context, _data_dict: DataDict) -> AuthResult:
    return allowed(context, "satudata_consistency_rule_test")
