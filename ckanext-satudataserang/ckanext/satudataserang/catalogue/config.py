"""Configuration of the catalogue: one typed function per key of `config_declaration.yaml`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

DAERAH = "ckanext.satudataserang.daerah"
URI_WILAYAH = "ckanext.satudataserang.uri_wilayah"


def daerah() -> str:
    """Name or path of the region profile."""
    return tk.config[DAERAH]


def uri_wilayah() -> str:
    """Address under which areas are named, without a slash at the end.

    Not `/id/...`, as such addresses often begin: CKAN takes that for the Indonesian version of a page.
    """
    base = tk.config.get(URI_WILAYAH) or f"{tk.config['ckan.site_url'].rstrip('/')}/wilayah"
    return base.rstrip("/")
