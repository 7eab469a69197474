"""Addresses that the chase hands out: the form of a cell, its history, pages of the dashboard."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import current_app, has_request_context

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.pdf import in_indonesian
from ckanext.satudataserang.completeness.links import Links

FORM = "satudata_delivery.form"
HISTORY = "satudata_delivery.history"
REVIEW = "satudata_review.index"
_DONE = ("menunggu_pemeriksaan", "tepat_waktu", "terlambat", "nihil")


@contextmanager
def anywhere() -> Iterator[None]:
    """Let addresses be made and words be said: in a page in its language, in jobs and commands in Indonesian."""
    if has_request_context():
        yield
    else:
        with in_indonesian():
            yield


def known(endpoint: str) -> bool:
    """Whether this portal has the page: the capabilities of delivery and review can be left out."""
    return endpoint in current_app.view_functions


def cell(kode: str, entry_id: str, period: str, state: str, *, absolute: bool = False) -> str:
    """The address behind the button of a cell: its form, or its history where nothing is left to do."""
    endpoint = HISTORY if state in _DONE else FORM
    if known(endpoint):
        # A slash would be read as a step of the path, however it is quoted.
        return url(endpoint, absolute=absolute, kode=kode if "/" not in kode else entry_id, period=period)
    address = Links().cell({"kode": kode, "entry_id": entry_id}, period)
    return absolute_of(address) if absolute else address


def url(endpoint: str, *, absolute: bool = False, **values: Any) -> str:
    """The address of a page; an absolute one stands on `ckan.site_url`, so that it may travel by mail."""
    address = tk.url_for(endpoint, **values)
    return absolute_of(address) if absolute else address


def absolute_of(address: str) -> str:
    """An address of this portal with `ckan.site_url` before it; `ckan.root_path` is part of what url_for gives."""
    return f"{tk.config['ckan.site_url'].rstrip('/')}{address}"
