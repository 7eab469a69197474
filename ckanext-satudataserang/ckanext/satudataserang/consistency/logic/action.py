"""Actions of sameness, by what they do: rules, and what they found."""

from __future__ import annotations

from ckanext.satudataserang.consistency.logic.conflicts import (
    satudata_comparison_list,
    satudata_conflict_decide,
    satudata_conflict_explain,
    satudata_conflict_list,
    satudata_conflict_show,
    satudata_variable_compare,
)
from ckanext.satudataserang.consistency.logic.rules import (
    satudata_consistency_rule_create,
    satudata_consistency_rule_list,
    satudata_consistency_rule_show,
    satudata_consistency_rule_test,
    satudata_consistency_rule_update,
)

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
