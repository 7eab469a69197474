"""Addresses that the chase hands out: the form of a cell, its history, pages of the dashboard."""

from __future__ import annotations

from typing import Any

from flask import current_app

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness.links import Links

FORM = "satudata_delivery.form"
HISTORY = "satudata_delivery.history"
REVIEW = "satudata_review.index"
_DONE = ("menunggu_pemeriksaan", "tepat_waktu", "terlambat", "nihil")


def known(endpoint: str) -> bool:
    """Whether this portal has the page: the capabilities of delivery and review can be left out."""
    return endpoint in current_app.view_functions


def cell(kode: str, entry_id: str, period: str, state: str, *, absolute: bool = False) -> str:
    """The address behind the button of a cell: its form, or its history where nothing is left to do.

    An absolute one stands on `ckan.site_url` and names no language, so that it may travel by mail.
    """
    endpoint = HISTORY if state in _DONE else FORM
    # A slash would be read as a step of the path, however it is quoted.
    ref = kode if "/" not in kode else entry_id
    if known(endpoint):
        return url(endpoint, absolute=absolute, kode=ref, period=period)
    address = Links().cell({"kode": kode, "entry_id": entry_id}, period)
    return f"{tk.config['ckan.site_url'].rstrip('/')}{address}" if absolute else address


def url(endpoint: str, *, absolute: bool = False, **values: Any) -> str:
    """The address of a page; an absolute one stands on `ckan.site_url` and names no language."""
    if absolute:
        return tk.url_for(endpoint, _external=True, locale="default", **values)
    return tk.url_for(endpoint, **values)
