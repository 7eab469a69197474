"""Actions of the catalogue: publishing a draft, and asking what it still lacks."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import helpers

__all__ = ["satudata_dataset_publish", "satudata_dataset_publish_check"]


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
