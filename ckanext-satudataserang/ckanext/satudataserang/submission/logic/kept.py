"""What is published of an agreed entry is not dropped by writing its dataset without it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.submission.model import Submission


@tk.chained_action
def package_update(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """As in CKAN, but a table that serves the Daftar Data stays: what leaves it out is refused as its deletion is."""
    if not context.get("ignore_auth") and not permissions.granted(context, "ubah", section="datasets"):
        dropped = _published(data_dict) - {one.get("id") for one in data_dict.get("resources") or ()}
        # Whoever may write a part of a dataset leaves out what is to stay as it is.
        if dropped and ("resources" in data_dict or not context.get("allow_partial_update")):
            message = tk._(
                "Tabel yang melayani Daftar Data tidak dapat dihapus dari datasetnya. Sertakan tabel itu, atau kirim "
                "koreksinya lewat halaman Tugas."
            )
            raise tk.NotAuthorized(message)
    return next_action(context, data_dict)


def _published(data_dict: DataDict) -> set[str]:
    """The resources of a dataset in which a published delivery for an entry of the Daftar Data stands."""
    ref = data_dict.get("id") or data_dict.get("name")
    dataset = model.Package.get(ref.replace("\0", "")) if isinstance(ref, str) else None
    if dataset is None:
        return set()
    return set(
        model.Session.scalars(
            sa.select(model.Resource.id)
            .join(Submission, Submission.resource_id == model.Resource.id)
            .where(
                model.Resource.package_id == dataset.id,
                model.Resource.state == model.State.ACTIVE,
                Submission.entry_id.is_not(None),
                Submission.state == "terbit",
                Submission.superseded_by.is_(None),
            )
        )
    )
