"""Actions of the Daftar Data, by what they do: reading, changing one entry, changing many, changes of OPDs."""

from __future__ import annotations

from ckanext.satudataserang.plan.logic.many import satudata_plan_carry_over, satudata_plan_import
from ckanext.satudataserang.plan.logic.opd import satudata_opd_change
from ckanext.satudataserang.plan.logic.reading import (
    satudata_plan_entry_history,
    satudata_plan_entry_list,
    satudata_plan_entry_show,
    satudata_plan_entry_similar,
)
from ckanext.satudataserang.plan.logic.writing import (
    satudata_plan_entry_create,
    satudata_plan_entry_terms_change,
    satudata_plan_entry_transition,
    satudata_plan_entry_update,
)

__all__ = [
    "satudata_opd_change",
    "satudata_plan_carry_over",
    "satudata_plan_entry_create",
    "satudata_plan_entry_history",
    "satudata_plan_entry_list",
    "satudata_plan_entry_show",
    "satudata_plan_entry_similar",
    "satudata_plan_entry_terms_change",
    "satudata_plan_entry_transition",
    "satudata_plan_entry_update",
    "satudata_plan_import",
]
