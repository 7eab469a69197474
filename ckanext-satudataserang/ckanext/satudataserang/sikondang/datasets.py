"""The datasets of the import, written through CKAN's actions.

What people mended afterwards stays: an existing dataset gets only the years it covers and fields that are still empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

import ckan.lib.search as ckan_search
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue.publishing import LEGACY_KEY
from ckanext.satudataserang.core.legacy.names import with_hash

MAX_NAME = 100
#: Facts of the export that follow it on every run.
_FOLLOWING = ("temporal_coverage",)
_FIXED = {"id", "name", "title", "type", "private", "state", "owner_org", "resources"}


@contextmanager
def one_index_commit() -> Iterator[None]:
    """Let Solr commit once at the end instead of after every dataset, which takes most of the time of an import."""
    key = "ckan.search.solr_commit"
    before = tk.config[key]
    tk.config[key] = False
    try:
        yield
    finally:
        tk.config[key] = before
        ckan_search.commit()


def existing(dataset_ids: Iterable[str]) -> set[str]:
    """Those of the datasets that are there and not deleted."""
    ids = model.Session.scalars(
        sa.select(model.Package.id).where(
            model.Package.id.in_(list(dataset_ids)), model.Package.state != model.State.DELETED
        )
    )
    return set(ids)


def save(dataset: dict[str, Any], user: str) -> str:
    """Create or complete a dataset; returns ``created``, ``changed`` or ``unchanged``. Raises ValidationError.

    Called for datasets that are new or that an earlier run may have left half done: index and views are seen to again.
    """
    try:
        current = tk.get_action("package_show")(_context(user), {"id": dataset["id"]})
    except tk.ObjectNotFound:
        current = tk.get_action("package_create")(_context(user), {**dataset, "name": _free_name(dataset)})
        outcome = "created"
    else:
        patch = _patch(current, dataset)
        if patch:
            current = tk.get_action("package_patch")(_context(user), {"id": dataset["id"], **patch})
        else:
            ckan_search.rebuild(dataset["id"], defer_commit=True)
        outcome = "changed" if patch else "unchanged"
    views = {"package": current, "create_datastore_views": True}
    tk.get_action("package_create_default_resource_views")(_context(user), views)
    return outcome


def _free_name(dataset: dict[str, Any]) -> str:
    """The dataset's name, with a hash where somebody else's dataset has it."""
    taken = model.Session.scalar(sa.select(model.Package.id).where(model.Package.name == dataset["name"]))
    return with_hash(dataset["name"], MAX_NAME, dataset["id"]) if taken else dataset["name"]


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
