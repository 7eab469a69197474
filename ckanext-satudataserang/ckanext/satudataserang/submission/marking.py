"""Telling CKAN that a resource has a DataStore table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

import ckan.lib.search as ckan_search
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterable


def mark_active(resource_ids: Iterable[str], *, reindex: bool = True) -> int:
    """Tell CKAN that these resources have a DataStore table; returns how many were not marked before.

    The flag lies in the resource's extras. It is set there directly, as the DataStore itself does when it clears it: a
    `resource_patch` would validate the whole dataset again (a half-filled draft may not pass), write an activity for
    something nobody did, and change `metadata_modified`. Indexes the datasets that changed, and commits; where the
    index cannot be reached nothing is marked, so that marking again indexes as well.
    """
    marked = model.Session.execute(
        sa.text(
            "UPDATE resource SET extras = (coalesce(nullif(extras, ''), '{}')::jsonb || "
            "'{\"datastore_active\": true}'::jsonb)::text WHERE id = ANY(:ids) AND "
            "coalesce(nullif(extras, '')::jsonb ->> 'datastore_active', 'false') <> 'true' RETURNING package_id"
        ).bindparams(sa.bindparam("ids", list(resource_ids), sa.ARRAY(sa.Text)))
    ).fetchall()
    model.Session.expire_all()
    if reindex:
        for package_id in sorted({row[0] for row in marked}):
            ckan_search.rebuild(package_id)
    model.Session.commit()
    return len(marked)
