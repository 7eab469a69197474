"""Who may do what about sameness, by the table of permissions."""

from __future__ import annotations

from ckan.types import AuthFunction, AuthResult, Context, DataDict

from ckanext.satudataserang.catalogue.permissions import allowed, asking
from ckanext.satudataserang.consistency import steps

__all__ = ["functions"]


def functions() -> dict[str, AuthFunction]:
    """The auth functions by action: those that ask the table alone, and those below."""
    plain = asking(
        "satudata_comparison_list",
        "satudata_conflict_decide",
        "satudata_conflict_list",
        "satudata_conflict_show",
        "satudata_consistency_rule_create",
        "satudata_consistency_rule_list",
        "satudata_consistency_rule_show",
        "satudata_consistency_rule_test",
        "satudata_consistency_rule_update",
        "satudata_variable_compare",
    )
    own = (satudata_conflict_explain,)
    return {**plain, **{one.__name__: one for one in own}}


def satudata_conflict_explain(context: Context, data_dict: DataDict) -> AuthResult:
    """An OPD of either side."""
    refused = allowed(context, "satudata_conflict_explain", "-")
    answers = (
        allowed(context, "satudata_conflict_explain", opd) for opd in steps.owners(steps.find(data_dict.get("id")))
    )
    return next((one for one in answers if one.get("success")), refused)
