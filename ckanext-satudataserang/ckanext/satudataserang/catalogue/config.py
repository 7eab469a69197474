"""Configuration of the catalogue: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

DAERAH = "ckanext.satudataserang.daerah"
CONTOH = "ckanext.satudataserang.contoh"
URI_WILAYAH = "ckanext.satudataserang.uri_wilayah"


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
