"""Configuration of deliveries: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

FORMATS = "ckanext.satudataserang.load.formats"
MAX_SIZE_MB = "ckanext.satudataserang.load.max_size_mb"
TIMEOUT = "ckanext.satudataserang.load.timeout"


def formats() -> frozenset[str]:
    """Formats of uploads that are loaded into the DataStore, lower case."""
    return frozenset(name.lower() for name in tk.config[FORMATS])


def max_size() -> int:
    """The largest file that is loaded, in bytes."""
    return tk.config[MAX_SIZE_MB] * 1024 * 1024


def timeout() -> int:
    """How many seconds one load may take."""
    return tk.config[TIMEOUT]
