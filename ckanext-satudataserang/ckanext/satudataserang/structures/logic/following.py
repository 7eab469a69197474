"""An entry of the plan follows only a structure that is in force, by whichever way it is said."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context, DataDict

from ckanext.satudataserang.structures import read
from ckanext.satudataserang.structures.refusals import invalid

__all__ = ["satudata_plan_entry_create", "satudata_plan_entry_update"]


@tk.chained_action
def satudata_plan_entry_create(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The plan's own action, for structures that are in force."""
    _refuse_unknown(data_dict)
    return original(context, data_dict)


@tk.chained_action
def satudata_plan_entry_update(original: Action, context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The plan's own action, for structures that are in force."""
    _refuse_unknown(data_dict)
    return original(context, data_dict)


def _refuse_unknown(data_dict: DataDict) -> None:
    kode = data_dict.get("structure_id")
    if isinstance(kode, str) and kode.strip() and read.content(kode.strip()) is None:
        message = tk._("Struktur data “{kode}” tidak ditemukan. Pilih dari daftar struktur.")
        raise invalid(field="structure_id", message=message.format(kode=kode[:100].replace("\0", "")))
