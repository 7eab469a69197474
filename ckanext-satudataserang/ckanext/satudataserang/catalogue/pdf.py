"""Documents as PDF: an HTML template, our own type and colours, A4, and nothing fetched from anywhere.

Documents are written in Indonesian whatever the language of the page that asked for them. The same template with the
same values gives the same bytes: every date in the file is the `moment` of the figures, never the clock.

Templates extend `satudata/pdf/base.html`. Files they name have the scheme `satudata:` and a path below the extension,
for example `satudata:completeness/assets/pdf/rapor.css`; everything else but `data:` is refused.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import current_app, has_app_context, has_request_context
from flask_babel import force_locale

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, region
from ckanext.satudataserang.core.deadlines import WIB

__all__ = ["CONTENT_TYPE", "LANGUAGE", "PdfError", "in_indonesian", "letterhead", "render"]

CONTENT_TYPE = "application/pdf"
LANGUAGE = "id"
SCHEME = "satudata:"
#: Debian's packages of the libraries that set type.
PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0", "fonts-dejavu-core")

_ROOT = Path(__file__).resolve().parents[1]
_KINDS = {".css": "text/css", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".png": "image/png"}


class PdfError(RuntimeError):
    """No document could be made; the message is an Indonesian sentence for the operator."""


def render(template: str, *, title: str, moment: datetime, rule_version: str = "", **context: Any) -> bytes:
    """The PDF of a template.

    :param template: name of a template that extends `satudata/pdf/base.html`
    :param title: title of the document, for its head and its metadata
    :param moment: when its figures were computed; an aware datetime. It stands in the footer and in the metadata
    :param rule_version: version of the rules behind the figures, for the footer; empty where none apply
    :param context: what else the template shows; `kop` is the letterhead, see `letterhead`
    :raises PdfError: the libraries are missing, or the template names a file that is not ours
    """
    if moment.tzinfo is None:
        message = "moment must be aware"
        raise ValueError(message)
    shown = {
        "kop": letterhead(),
        **context,
        "title": title,
        "moment": moment,
        "created": moment.astimezone(WIB).replace(microsecond=0).isoformat(),
        "computed": formats.moment(moment, LANGUAGE),
        "rule_version": rule_version,
        "language": LANGUAGE,
    }
    with in_indonesian():
        html = tk.render(template, shown)
    return _written(html)


@contextmanager
def in_indonesian() -> Iterator[None]:
    """Everything said within is said in Indonesian; works in a page, in a job and on the command line."""
    with ExitStack() as stack:
        if not has_request_context():
            stack.enter_context(_app().test_request_context(base_url=tk.config["ckan.site_url"]))
        environ = tk.request.environ
        before = environ.get("CKAN_LANG")
        environ["CKAN_LANG"] = LANGUAGE
        try:
            with force_locale(LANGUAGE):
                yield
        finally:
            environ["CKAN_LANG"] = before
            if before is None:
                del environ["CKAN_LANG"]


def letterhead(opd: str = "") -> dict[str, str]:
    """The head of a letter: `pemda`, `kantor`, `alamat`, `kontak`; what the region profile does not say is empty.

    :param opd: slug of the OPD that writes; the Walidata where none is given
    """
    place = region.get_region()
    office = place.opd_by_name(opd or place.walidata)
    contact = (office.telepon, office.email, office.url) if office else ()
    return {
        "pemda": f"Pemerintah {place.nama}",
        "kantor": office.title if office else "",
        "alamat": office.alamat if office else "",
        "kontak": " · ".join(filter(None, contact)),
    }


def _app() -> Any:
    if has_app_context():
        return current_app
    # Where CKAN's own url_for looks outside of a request: the command line and its jobs.
    from ckan.config import middleware  # noqa: PLC0415

    if middleware._internal_test_request_context is None:
        message = "no CKAN application has been made"
        raise RuntimeError(message)
    return middleware._internal_test_request_context.app


def _written(html: str) -> bytes:
    try:
        # Loads the system's libraries, which a portal without documents need not have.
        import weasyprint  # noqa: PLC0415
    except OSError as err:
        raise PdfError(_lacking(err)) from err

    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    fetcher = _fetcher()
    fonts = FontConfiguration()
    document = weasyprint.HTML(string=html, base_url=SCHEME, url_fetcher=fetcher).render(font_config=fonts)
    if fetcher.refused:
        message = f"PDF tidak dibuat: templatnya menyebut berkas yang tidak boleh diambil: {', '.join(fetcher.refused)}"
        raise PdfError(message)
    # PDF/UA: tagged, with language and title, as screen readers need it.
    return document.write_pdf(pdf_variant="pdf/ua-1", finisher=_undated) or b""


def _undated(_document: Any, file: Any) -> None:
    """Take the time of writing, which nothing else in the file tells, out of its typefaces."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    for one in file.objects:
        # Only the streams of typefaces have Length1.
        if "Length1" not in getattr(one, "extra", ()):
            continue
        font = TTFont(BytesIO(b"".join(one.stream)), recalcTimestamp=False)
        font["head"].modified = font["head"].created  # type: ignore[attr-defined]
        out = BytesIO()
        font.save(out, reorderTables=False)
        one.stream, one.extra["Length1"] = [out.getvalue()], len(out.getvalue())


def _lacking(err: OSError) -> str:
    return (
        f"PDF belum dapat dibuat karena pustaka sistem tidak ditemukan ({str(err).splitlines()[0]}). Pengelola portal: "
        f"pasang paket {' '.join(PACKAGES)} (nama Debian), lalu mulai ulang portal."
    )


def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class OwnFiles(URLFetcher):
        """Gives files of the extension and data: addresses, and remembers what it refused."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=("data",), allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = own_file(url)
            if path is None:
                self.refused.append(url[:200])
                message = f"not one of our files: {url[:200]}"
                raise ValueError(message)
            kind = _KINDS.get(path.suffix) or mimetypes.guess_type(path.name)[0]
            return URLFetcherResponse(url, BytesIO(path.read_bytes()), {"Content-Type": kind})

    return OwnFiles()


def own_file(url: str) -> Path | None:
    """The file behind `satudata:<path>`, if it is a stylesheet, font or picture that lies within the extension."""
    if not url.startswith(SCHEME):
        return None
    path = (_ROOT / url.removeprefix(SCHEME).lstrip("/")).resolve()
    return path if path.is_relative_to(_ROOT) and path.suffix in _KINDS and path.is_file() else None
