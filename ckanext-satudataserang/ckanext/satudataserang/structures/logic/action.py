"""Actions of structures and standard variables: reading, changing, the register."""

from __future__ import annotations

from ckanext.satudataserang.structures.logic.following import satudata_plan_entry_create, satudata_plan_entry_update
from ckanext.satudataserang.structures.logic.reading import (
    satudata_structure_diff,
    satudata_structure_draft,
    satudata_structure_lint,
    satudata_structure_list,
    satudata_structure_show,
)
from ckanext.satudataserang.structures.logic.variables import (
    satudata_variable_create,
    satudata_variable_list,
    satudata_variable_show,
    satudata_variable_update,
)
from ckanext.satudataserang.structures.logic.writing import (
    satudata_structure_assign,
    satudata_structure_create,
    satudata_structure_decide,
    satudata_structure_propose,
)

__all__ = [
    "satudata_plan_entry_create",
    "satudata_plan_entry_update",
    "satudata_structure_assign",
    "satudata_structure_create",
    "satudata_structure_decide",
    "satudata_structure_diff",
    "satudata_structure_draft",
    "satudata_structure_lint",
    "satudata_structure_list",
    "satudata_structure_propose",
    "satudata_structure_show",
    "satudata_variable_create",
    "satudata_variable_list",
    "satudata_variable_show",
    "satudata_variable_update",
]
