"""Configuration of deliveries: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

FORMATS = "ckanext.satudataserang.load.formats"
MAX_SIZE_MB = "ckanext.satudataserang.load.max_size_mb"
TIMEOUT = "ckanext.satudataserang.load.timeout"
MAX_ROWS = "ckanext.satudataserang.delivery.max_rows"
MAX_COLUMNS = "ckanext.satudataserang.delivery.max_columns"
AT_ONCE_MB = "ckanext.satudataserang.delivery.at_once_mb"
JUMP_PERCENT = "ckanext.satudataserang.delivery.jump_percent"


def formats() -> frozenset[str]:
    """Formats of uploads that are loaded into the DataStore, lower case."""
    return frozenset(name.lower() for name in tk.config[FORMATS])


def max_size() -> int:
    """The largest file that is loaded, in bytes."""
    return tk.config[MAX_SIZE_MB] * 1024 * 1024


def timeout() -> int:
    """How many seconds one load may take."""
    return tk.config[TIMEOUT]


def max_rows() -> int:
    """How many rows may be typed into one delivery."""
    return tk.config[MAX_ROWS]


def max_columns() -> int:
    """How many columns typed rows may have."""
    return tk.config[MAX_COLUMNS]


def max_upload() -> int:
    """The largest file that is taken in, in bytes: what CKAN allows for resources."""
    return tk.config["ckan.max_resource_size"] * 1024 * 1024


def at_once() -> int:
    """Up to this size (bytes) a file is checked and published while the sender waits; larger ones go to a job."""
    return tk.config[AT_ONCE_MB] * 1024 * 1024


def jump_percent() -> int:
    """From which change on, in percent, a value is shown as a large jump."""
    return tk.config[JUMP_PERCENT]
