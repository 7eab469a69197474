"""Addresses of the portal itself, and the headers every response carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

import ckan.plugins.toolkit as tk

from . import headers

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

portal = Blueprint("satudata_portal", __name__)


@portal.after_app_request
def secure_response(response: Response) -> Response:
    """Add the security headers to every response of the portal, its files and errors included."""
    return headers.secure(response)


def about() -> BaseResponse:
    """Lead `/tentang`, the address people type, to CKAN's page about the site."""
    return tk.redirect_to("home.about")


portal.add_url_rule("/tentang", view_func=about)
