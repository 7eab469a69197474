"""Addresses of the portal itself, what is asked of every form, and the headers every response carries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, current_app

import ckan.plugins.toolkit as tk

from . import headers

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.wrappers import Response as BaseResponse

portal = Blueprint("satudata_portal", __name__)


@portal.before_app_request
def refuse_forged_form() -> None:
    """Check the CSRF token of everybody known by a session, whatever is exempt from CKAN's own check.

    CKAN 2.12.0 exempts a view for the life of the process as soon as somebody without a session asks for it, which any
    stranger can do. A request that proves itself by the header with its API token needs no check.
    """
    if tk.request.endpoint is None or not current_app.config["WTF_CSRF_ENABLED"]:
        return
    if tk.request.method not in current_app.config["WTF_CSRF_METHODS"] or not tk.current_user.is_authenticated:
        return
    if not tk.g.get("login_via_auth_header"):
        current_app.extensions["csrf"].protect()


@portal.after_app_request
def secure_response(response: Response) -> Response:
    """Add the security headers to every response of the portal, its files and errors included."""
    return headers.secure(response)


def about() -> BaseResponse:
    """Lead `/tentang`, the address people type, to CKAN's page about the site."""
    return tk.redirect_to("home.about")


portal.add_url_rule("/tentang", view_func=about)
