"""A yes or no among the parameters of an action, whatever was sent."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import DataDict


def flag(data_dict: DataDict, name: str, default: bool = False) -> bool:
    """The yes or no called `name`; `default` where it is missing or empty. Raises ValidationError for anything else."""
    if (value := data_dict.get(name)) in (None, ""):
        return default
    try:
        return tk.asbool(value)
    except (ValueError, TypeError):
        message = tk._("Tulis true atau false untuk “{name}”.").format(name=name)
        raise tk.ValidationError({name: [message]}) from None
