"""Actions of the catalogue: publishing a draft, and asking what it still lacks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import helpers, permissions
from ckanext.satudataserang.catalogue.logic.grants import (
    satudata_grant_create,
    satudata_grant_delete,
    satudata_grant_list,
)
from ckanext.satudataserang.catalogue.logic.offices import organization_show

__all__ = [
    "organization_list_for_user",
    "organization_show",
    "satudata_dataset_publish",
    "satudata_dataset_publish_check",
    "satudata_grant_create",
    "satudata_grant_delete",
    "satudata_grant_list",
]

#: What one may do with datasets of an OPD; where a form asks for these, the Walidata is offered every OPD.
_OF_DATASETS = ("create_dataset", "update_dataset")


def satudata_dataset_publish(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Publish a draft dataset.

    Refused with a ValidationError that names every field still missing, its label and what to do.

    :param id: id or name of the dataset
    :type id: string
    :returns: the published dataset
    :rtype: dictionary
    """
    name = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_dataset_publish", context, data_dict)
    return tk.get_action("package_patch")(tk.fresh_context(context), {"id": name, "state": "active"})


@tk.side_effect_free
def satudata_dataset_publish_check(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Tell what a dataset still lacks for publication; changes nothing.

    :param id: id or name of the dataset
    :type id: string
    :returns: `{"ready": bool, "missing": [{"field", "label", "advice"}]}` in the order of the form
    :rtype: dictionary
    """
    name = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_dataset_publish_check", context, data_dict)
    missing = helpers.satudata_missing_to_publish(
        tk.get_action("package_show")(tk.fresh_context(context), {"id": name})
    )
    return {"ready": not missing, "missing": missing}


@tk.chained_action
@tk.side_effect_free
def organization_list_for_user(original: Any, context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """CKAN's own list, and for the Walidata every OPD when asked whose datasets may be made or edited."""
    tk.check_access("organization_list_for_user", context, data_dict)
    if data_dict.get("permission") not in _OF_DATASETS or data_dict.get("id"):
        return original(context, data_dict)
    if not permissions.granted(context, "ubah", section="datasets"):
        return original(context, data_dict)
    # To the site's own user CKAN lists every OPD.
    site_user = tk.get_action("get_site_user")(Context(ignore_auth=True), {})["name"]
    return [{**one, "capacity": "editor"} for one in original(Context(user=site_user, ignore_auth=True), data_dict)]
