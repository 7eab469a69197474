"""Configuration of the portal: one typed reader per declared key. Nothing else spells these keys."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

SEARCH_EXAMPLES = "ckanext.satudataserang.portal.search_examples"
CSP_IMAGE_SOURCES = "ckanext.satudataserang.csp.image_sources"
CSP_FRAME_ANCESTORS = "ckanext.satudataserang.csp.frame_ancestors"


def search_examples() -> list[str]:
    """Words offered as example searches on the home page."""
    return list(tk.config[SEARCH_EXAMPLES])


def csp_image_sources() -> list[str]:
    """Origins besides the portal that images may come from."""
    return list(tk.config[CSP_IMAGE_SOURCES])


def csp_frame_ancestors() -> list[str]:
    """Sources that may show the portal in a frame."""
    return list(tk.config[CSP_FRAME_ANCESTORS])
