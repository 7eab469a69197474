"""Sending the portal's own style sheets and scripts compressed and cacheable.

Pages are not compressed here: they carry a CSRF token beside text the visitor chose, and compressing both together
lets an eavesdropper guess the token. A proxy in front may do as it likes; a response it has already encoded, or one
this middleware has, passes through untouched.
"""

from __future__ import annotations

import gzip
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

_COMPRESSIBLE = ("text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/manifest+json")
_MAX_BYTES = 2_000_000
_MAX_ENTRIES = 128
#: Names of bundles carry a hash of their content, so a browser may keep them for a year.
_VERSIONED = ("/webassets/",)
_FONTS = (".woff2",)
_DOWNLOADS = "/download/"

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class StaticDelivery:
    """WSGI middleware: gzip for style sheets and scripts, long caching for versioned bundles and fonts."""

    def __init__(self, app: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self.app = app
        self._cache: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = Lock()

    def __getattr__(self, name: str) -> Any:
        # CKAN reads attributes of the Flask application off whatever the last middleware returned.
        return getattr(self.app, name)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if environ.get("REQUEST_METHOD") != "GET" or not _is_static(path):
            return self.app(environ, start_response)

        held: dict[str, Any] = {}

        def hold(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            held.update(status=status, headers=headers, exc_info=exc_info)
            return lambda data: None

        body = self.app(environ, hold)
        status, headers = held["status"], _cacheable(path, held["status"], held["headers"])
        if not (status.startswith("200") and _wants_gzip(environ) and _compressible(headers)):
            start_response(status, headers)
            return body

        compressed = self._compressed(path, _header(headers, "etag"), body)
        start_response(status, _encoded(headers, len(compressed)))
        return [compressed]

    def _compressed(self, path: str, etag: str, body: Iterable[bytes]) -> bytes:
        key = (path, etag)
        try:
            with self._lock:
                if etag and key in self._cache:
                    self._cache.move_to_end(key)
                    return self._cache[key]
            compressed = gzip.compress(b"".join(body), 9, mtime=0)
        finally:
            close = getattr(body, "close", None)
            if close:
                close()
        with self._lock:
            self._cache[key] = compressed
            while len(self._cache) > _MAX_ENTRIES:
                self._cache.popitem(last=False)
        return compressed


def _is_static(path: str) -> bool:
    return path.endswith((".css", ".js", ".svg", *_FONTS))


def _header(headers: list[tuple[str, str]], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _without(headers: list[tuple[str, str]], *names: str) -> list[tuple[str, str]]:
    return [(key, value) for key, value in headers if key.lower() not in names]


def _wants_gzip(environ: Environ) -> bool:
    accepted = environ.get("HTTP_ACCEPT_ENCODING", "")
    return "gzip" in accepted and "gzip;q=0" not in accepted.replace(" ", "")


def _compressible(headers: list[tuple[str, str]]) -> bool:
    length = _header(headers, "content-length")
    return (
        _header(headers, "content-type").split(";")[0] in _COMPRESSIBLE
        and not _header(headers, "content-encoding")
        and length.isdigit()
        and int(length) <= _MAX_BYTES
    )


def _cacheable(path: str, status: str, headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    # A publisher may call a dataset or a file like ours; who may read that is asked again every time.
    ours = _DOWNLOADS not in path and (any(part in path for part in _VERSIONED) or path.endswith(_FONTS))
    if not ours or not status.startswith(("200", "304")):
        return headers
    return [*_without(headers, "cache-control", "expires"), ("Cache-Control", "public, max-age=31536000, immutable")]


def _encoded(headers: list[tuple[str, str]], length: int) -> list[tuple[str, str]]:
    # The bytes differ from the file's, so its strong validator becomes a weak one.
    etag = _header(headers, "etag")
    changed = _without(headers, "content-length", "etag", "vary", "accept-ranges")
    changed += [("Content-Encoding", "gzip"), ("Content-Length", str(length)), ("Vary", "Accept-Encoding")]
    if etag:
        changed.append(("ETag", etag if etag.startswith("W/") else f"W/{etag}"))
    return changed
