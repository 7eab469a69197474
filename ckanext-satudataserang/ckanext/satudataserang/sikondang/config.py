"""Configuration of the SIKONDANG import: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

DEADLINE_DAYS = "ckanext.satudataserang.sikondang.deadline_days"
GRACE_DAYS = "ckanext.satudataserang.sikondang.grace_days"


def deadline_days() -> int:
    """Days after the end of a period by which data of a newly imported plan entry is due."""
    return tk.config[DEADLINE_DAYS]


def grace_days() -> int:
    """Days of grace after that deadline."""
    return tk.config[GRACE_DAYS]
