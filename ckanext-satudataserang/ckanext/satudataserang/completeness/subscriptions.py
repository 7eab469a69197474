"""What touches the figures: plan, submissions, datasets and OPDs. Each is noted, mostly in the transaction that changes
it, and after its commit counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.completeness import touched
from ckanext.satudataserang.consistency.signals import comparisons_changed, comparisons_changing
from ckanext.satudataserang.plan.signals import plan_changed, plan_changing
from ckanext.satudataserang.submission.signals import submissions_changed, submissions_changing

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
        plan_changing: [noted],
        plan_changed: [committed],
        submissions_changing: [noted],
        submissions_changed: [committed],
        comparisons_changing: [noted],
        comparisons_changed: [committed],
    }


def noted(_sender: Any, *, entry_ids: list[str], dataset_ids: Sequence[str] = (), **_: Any) -> None:
    """Plan entries, deliveries or what was found about figures change: noted with them."""
    touched.note_within("entry", entry_ids)
    touched.note_within("dataset", dataset_ids)


def committed(_sender: Any, **_: Any) -> None:
    """What was noted is committed."""
    touched.catch_up()


def dataset_written(context: Any, dataset_id: str) -> None:
    """A dataset is being created, changed or deleted: noted with it; a bulk import notes all of its own at the end."""
    if not context.get("satudata_bulk"):
        touched.note_within("dataset", [dataset_id])


def dataset_changed(sender: str, *, context: Any, data_dict: Any, **_: Any) -> None:
    """A dataset was created, changed, published, moved or deleted; within a caller's transaction it is noted already,
    and the caller tells of the commit."""
    if context.get("satudata_bulk") or context.get("defer_commit"):
        return
    if sender != "package_owner_org_update":
        touched.catch_up()
        return
    # No plugin is asked about this one, so nothing is noted yet.
    if dataset := model.Package.get(data_dict.get("id")):
        touched.note("dataset", [dataset.id])


def opd_changed(_sender: Any, *, data_dict: Any, result: Any, **_: Any) -> None:
    """An OPD came, or its name or validity may have changed."""
    if opd := (result.get("id") if isinstance(result, dict) else None) or data_dict.get("id"):
        touched.note("opd", [opd])
