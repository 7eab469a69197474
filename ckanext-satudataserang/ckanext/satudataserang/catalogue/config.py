"""Configuration of the catalogue: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

DAERAH = "ckanext.satudataserang.daerah"
CONTOH = "ckanext.satudataserang.contoh"
URI_WILAYAH = "ckanext.satudataserang.uri_wilayah"
ATTACHMENT_FORMATS = "ckanext.satudataserang.attachment.formats"
ATTACHMENT_SIZE_MB = "ckanext.satudataserang.attachment.max_size_mb"


def daerah() -> str:
    """Name or path of the region profile."""
    return tk.config[DAERAH]


def contoh() -> bool:
    """Whether seeding brings the profile's sample data along."""
    return tk.config[CONTOH]


def uri_wilayah() -> str:
    """Address under which areas are named, without a slash at the end.

    Not `/id/...`, as such addresses often begin: CKAN takes that for the Indonesian version of a page.
    """
    base = tk.config.get(URI_WILAYAH) or f"{tk.config['ckan.site_url'].rstrip('/')}/wilayah"
    return base.rstrip("/")


def attachment_formats() -> frozenset[str]:
    """Endings of files that may be put on a dataset, lower case."""
    return frozenset(name.lower().lstrip(".") for name in tk.config[ATTACHMENT_FORMATS])


def attachment_size() -> int:
    """The largest document, map or picture, in bytes."""
    return tk.config[ATTACHMENT_SIZE_MB] * 1024 * 1024
