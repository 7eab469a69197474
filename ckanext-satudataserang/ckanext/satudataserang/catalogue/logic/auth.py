"""Who may do what in the catalogue."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context, DataDict

__all__ = ["satudata_dataset_publish", "satudata_dataset_publish_check"]


def satudata_dataset_publish(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the dataset; what is published is held to the publish rule all the same."""
    return _may_edit(context, data_dict)


def satudata_dataset_publish_check(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever may edit the dataset: gaps of a draft are nobody else's business."""
    return _may_edit(context, data_dict)


def _may_edit(context: Context, data_dict: DataDict) -> AuthResult:
    try:
        tk.check_access("package_update", context, {"id": data_dict["id"]})
    except tk.NotAuthorized:
        return {"success": False, "msg": tk._("Anda bukan penyunting OPD pemilik dataset ini.")}
    return {"success": True}
