"""Response headers that hold everywhere: content security policy, sniffing, referrers, downloads.

Two policies. A *plain* page carries no script but its own files, so scripts written into the page never run. A *form*
page runs CKAN's classic modules, whose templates still write handlers into attributes and `javascript:` links, so
inline script is allowed there. Both name this portal alone as the source of everything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from . import config

if TYPE_CHECKING:
    from flask import Response

#: Pages an anonymous visitor reads; they need none of CKAN's scripts.
PLAIN_ENDPOINTS = frozenset(
    {
        "home.index",
        "home.about",
        "dataset.search",
        "dataset.read",
        "dataset.groups",
        "organization.index",
        "organization.read",
        "organization.about",
        "organization.members",
        "group.index",
        "group.read",
        "group.about",
        "user.login",
        "user.logged_out_page",
        # An address nobody knows ends at the static files, and its 404 page is as plain as the rest.
        "static",
        "webassets.index",
    }
)

#: What a file from a publisher may do in a browser: nothing.
_INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def is_plain_page() -> bool:
    """Whether the page being made is one that needs no script of CKAN: public, read by an anonymous visitor."""
    settled = tk.g.get("satudata_portal_plain")
    return settle_plain_page(None) if settled is None else settled


def settle_plain_page(resource: Any) -> bool:
    """Decide once for a page whether it is plain, and remember it for its headers.

    :param resource: the resource (a dictionary) the page is about, if it is about one; anything else counts as none.
    """
    if tk.g.get("satudata_portal_plain") is None:
        tk.g.satudata_portal_plain = _plain(resource if isinstance(resource, dict) else {})
    return tk.g.satudata_portal_plain


def _plain(resource: dict[str, Any]) -> bool:
    if tk.current_user.is_authenticated:
        return False
    endpoint = tk.request.endpoint
    if endpoint is None:
        return True
    if endpoint == "dataset_resource.read":
        return bool(resource and (resource.get("datastore_active") or not resource.get("has_views")))
    return endpoint in PLAIN_ENDPOINTS or endpoint.startswith("satudata_")


def content_security_policy(*, plain: bool) -> str:
    """The policy of a page; `plain` forbids scripts written into it."""
    images = " ".join(["'self'", "data:", *config.csp_image_sources()])
    directives = {
        "default-src": "'self'",
        "script-src": "'self'" if plain else "'self' 'unsafe-inline'",
        "style-src": "'self' 'unsafe-inline'",
        "img-src": images,
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "frame-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(config.csp_frame_ancestors()),
    }
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def is_publisher_file() -> bool:
    """Whether the request asks for a file someone uploaded, rather than for a page of the portal."""
    endpoint = tk.request.endpoint or ""
    return endpoint.endswith("resource.download") or tk.request.path.startswith("/uploads/")


def secure(response: Response) -> Response:
    """Add the security headers to a response, keeping those a view has set itself."""
    headers = response.headers
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    if is_publisher_file():
        headers["Content-Security-Policy"] = _INERT
        _as_attachment(response)
    else:
        headers.setdefault("Content-Security-Policy", content_security_policy(plain=is_plain_page()))
    return response


def _as_attachment(response: Response) -> None:
    """Have the browser save a resource's file instead of showing it; pictures of OPDs stay pictures."""
    endpoint = tk.request.endpoint or ""
    if not endpoint.endswith("resource.download") or response.status_code not in (200, 206):
        return
    disposition = response.headers.get("Content-Disposition", "")
    if disposition.startswith("inline"):
        response.headers["Content-Disposition"] = "attachment" + disposition.removeprefix("inline")
    elif not disposition:
        filename = tk.request.path.rstrip("/").rsplit("/", 1)[-1]
        response.headers.set("Content-Disposition", "attachment", filename=filename)
