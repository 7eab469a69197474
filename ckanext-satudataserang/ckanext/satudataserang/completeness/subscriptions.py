"""What touches the figures: plan, submissions, datasets and OPDs. Each is noted; a job refreshes."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.completeness import touched
from ckanext.satudataserang.plan.signals import plan_changed
from ckanext.satudataserang.submission.signals import submissions_changed

#: A purge is noted by the action itself (logic/action.py): afterwards nobody knows whose name it was given.
_DATASET_ACTIONS = ("package_create", "package_update", "package_delete", "package_owner_org_update")
_OPD_ACTIONS = ("organization_create", "organization_update", "organization_delete", "organization_purge")


def get() -> dict[Any, list[Any]]:
    """The subscriptions, as ISignal wants them."""
    actions = [
        *({"sender": action, "receiver": dataset_changed} for action in _DATASET_ACTIONS),
        *({"sender": action, "receiver": opd_changed} for action in _OPD_ACTIONS),
    ]
    return {
        tk.signals.action_succeeded: actions,
        plan_changed: [plan_entries_changed],
        submissions_changed: [deliveries_changed],
    }


def plan_entries_changed(_sender: Any, *, entry_ids: list[str], **_: Any) -> None:
    """Plan entries came or changed."""
    touched.note("entry", entry_ids)


def deliveries_changed(_sender: Any, *, entry_ids: list[str], dataset_ids: list[str], **_: Any) -> None:
    """Deliveries came."""
    if entry_ids:
        touched.note("entry", entry_ids)
    if dataset_ids:
        touched.note("dataset", dataset_ids)


def dataset_changed(_sender: Any, *, context: Any, data_dict: Any, result: Any, **_: Any) -> None:
    """A dataset was created, changed, published, moved or deleted; a bulk import notes all of its own at the end."""
    if context.get("satudata_bulk"):
        return
    dataset_id = result.get("id") if isinstance(result, dict) else result if isinstance(result, str) else None
    # What returns nothing, as a deletion does, was perhaps asked for by name.
    if dataset_id is None and (dataset := model.Package.get(data_dict.get("id"))):
        dataset_id = dataset.id
    if dataset_id:
        touched.note("dataset", [dataset_id])


def opd_changed(_sender: Any, *, data_dict: Any, result: Any, **_: Any) -> None:
    """An OPD came, or its name or validity may have changed."""
    if opd := (result.get("id") if isinstance(result, dict) else None) or data_dict.get("id"):
        touched.note("opd", [opd])
