"""The datasets of the import, written through CKAN's actions.

What people mended afterwards stays: an existing dataset gets only the years it covers and fields that are still empty.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.publishing import LEGACY_KEY
from ckanext.satudataserang.core.legacy.names import with_hash

MAX_NAME = 100
#: Facts of the export that follow it on every run.
_FOLLOWING = ("temporal_coverage",)
_FIXED = {"id", "name", "title", "type", "private", "state", "owner_org", "resources"}


def existing(dataset_ids: Iterable[str]) -> set[str]:
    """Those of the datasets that are there and not deleted."""
    ids = model.Session.scalars(
        sa.select(model.Package.id).where(
            model.Package.id.in_(list(dataset_ids)), model.Package.state != model.State.DELETED
        )
    )
    return set(ids)


def save(dataset: dict[str, Any], user: str) -> str:
    """Create or complete a dataset; returns ``created``, ``changed`` or ``unchanged``. Raises ValidationError."""
    try:
        current = tk.get_action("package_show")(_context(user), {"id": dataset["id"]})
    except tk.ObjectNotFound:
        _create(dataset, user)
        return "created"
    patch = _patch(current, dataset)
    if not patch:
        return "unchanged"
    tk.get_action("package_patch")(_context(user), {"id": dataset["id"], **patch})
    return "changed"


def _create(dataset: dict[str, Any], user: str) -> None:
    taken = model.Session.scalar(sa.select(model.Package.id).where(model.Package.name == dataset["name"]))
    if taken:
        dataset = {**dataset, "name": with_hash(dataset["name"], MAX_NAME, dataset["id"])}
    created = tk.get_action("package_create")(_context(user), dataset)
    tk.get_action("package_create_default_resource_views")(
        _context(user), {"package": created, "create_datastore_views": True}
    )


def _patch(current: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """What an existing dataset lacks. A deleted one comes back; a missing resource is put back first."""
    patch = {key: wanted[key] for key in _FOLLOWING if key in wanted and not _same(current.get(key), wanted[key])}
    patch |= {key: value for key, value in wanted.items() if key not in _FIXED and not current.get(key)}
    if current["state"] == model.State.DELETED or (current["state"] == "draft" and wanted["state"] == "active"):
        patch["state"] = wanted["state"]
    resource = wanted["resources"][0]
    if resource["id"] not in {one["id"] for one in current["resources"]}:
        patch["resources"] = [resource, *current["resources"]]
    return patch


def _same(current: Any, wanted: Any) -> bool:
    """Whether the stored value says the same; stored groups may have further, empty parts."""
    if isinstance(wanted, list):
        return (
            isinstance(current, list)
            and len(current) == len(wanted)
            and all(_same(have, want) for have, want in zip(current, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return isinstance(current, dict) and all(_same(current.get(key), value) for key, value in wanted.items())
    return str(current) == str(wanted)


def _context(user: str) -> Context:
    context = Context(user=user)
    # Old data has no concept, definition or contact; inventing them would be worse than their absence.
    context[LEGACY_KEY] = True  # type: ignore[typeddict-unknown-key]
    # Completeness notes a bulk import once, at its end.
    context["satudata_bulk"] = True  # type: ignore[typeddict-unknown-key]
    return context
