"""Configuration of the DCAT capability: one typed reader per declared key."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

VOCABULARY = "ckanext.satudataserang.dcat.vocabulary"


def vocabulary() -> str:
    """The namespace of the SDI terms, ending with "#" or "/"."""
    return tk.config.get(VOCABULARY) or f"{tk.config['ckan.site_url'].rstrip('/')}/ns/sdi#"
