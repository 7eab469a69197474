"""The action for changes of OPDs: merged, renamed, split, closed at a date."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.plan import changes, entries
from ckanext.satudataserang.plan.logic import schema

__all__ = ["satudata_opd_change"]


def satudata_opd_change(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Carry out a change of OPDs that was decided, whole or not at all (Walidata).

    `merge`: everything of `from_opd` goes to `to_opd`, and `from_opd` ends. `split`: the named entries go to `to_opd`.
    `rename`: another title, name or abbreviation, nothing else. `close`: the entries in force of `from_opd` end with
    it, its proposals leave the plan. Entries move with their history: what was due before `effective` stays the old
    OPD's. Datasets of entries that move get the new OPD as their owner.

    :param kind: merge, rename, split or close
    :param from_opd: name or id of the OPD that changes
    :param to_opd: name or id of the OPD that takes over (merge and split)
    :param effective: first day of the new arrangement (ISO 8601), today or earlier
    :param entries: kodes of the entries that move (split)
    :param reason: the decision, such as the number of the regulation
    :param new_title: the new title (rename)
    :param new_name: the new name in addresses (rename, optional)
    :param new_singkatan: the new abbreviation (rename, optional)
    :param dry_run: only say what would change (default false)
    :returns: ``{"kind", "moved": [kode], "ended": [kode], "withdrawn": [kode], "datasets": N}``
    :rtype: dictionary
    """
    tk.check_access("satudata_opd_change", context, data_dict)
    data = schema.validated(context, data_dict, schema.opd_change())
    with entries.one_transaction(context) as touched:
        found = changes.plan_change(context, data)
        if not data["dry_run"]:
            changes.carry_out(context, found)
            touched.extend(found.touched)
    if not data["dry_run"]:
        changes.reindex(found)
    return {
        "kind": data["kind"],
        "moved": sorted(entry.kode for entry in found.moving),
        "ended": sorted(entry.kode for entry in found.ending),
        "withdrawn": sorted(found.withdrawn),
        "datasets": len(found.dataset_ids),
    }
