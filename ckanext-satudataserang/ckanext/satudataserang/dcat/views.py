"""Addresses of the vocabulary, and what guards ckanext-dcat's own addresses."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

import ckan.plugins.toolkit as tk

from ckanext.dcat.profiles import RDFProfile
from ckanext.dcat.utils import CONTENT_TYPES

from . import vocabulary

satudata_dcat = Blueprint("satudata_dcat", __name__)

#: Formats of the vocabulary: ending of the address, media type, name in rdflib.
FORMATS = {
    "ttl": ("text/turtle", "turtle"),
    "xml": ("application/rdf+xml", "pretty-xml"),
    "jsonld": ("application/ld+json", "json-ld"),
}


@satudata_dcat.before_app_request
def guard_dcat() -> None:
    """Answer 404 for a format ckanext-dcat does not write, and read the OPDs afresh for every RDF page.

    ckanext-dcat keeps what it read about a publisher for as long as the process lives, so an OPD renamed today would
    keep its old name in RDF until the next restart.
    """
    if (tk.request.endpoint or "").partition(".")[0] != "dcat":
        return
    wanted = (tk.request.view_args or {}).get("_format")
    if wanted is not None and wanted not in CONTENT_TYPES:
        tk.abort(
            404,
            tk._("Format {format} tidak ada. Yang tersedia: {known}.").format(
                format=wanted, known=", ".join(sorted(CONTENT_TYPES))
            ),
        )
    RDFProfile._org_cache.clear()


def vocabulary_page() -> Any:
    """The terms for people, or as RDF for a client that prefers it."""
    preferred = tk.request.accept_mimetypes.best_match(["text/html", *(media for media, _ in FORMATS.values())])
    for ending, (media, _) in FORMATS.items():
        if preferred == media:
            return vocabulary_file(ending)
    return tk.render(
        "satudata_dcat/vocabulary.html",
        extra_vars={
            "namespace": str(vocabulary.namespace()),
            "classes": vocabulary.classes(),
            "terms": vocabulary.terms(),
            "formats": list(FORMATS),
        },
    )


def vocabulary_file(ending: str) -> Response:
    """The vocabulary as RDF."""
    if ending not in FORMATS:
        tk.abort(404, tk._("Format {format} tidak ada.").format(format=ending))
    media, name = FORMATS[ending]
    return Response(vocabulary.graph().serialize(format=name), content_type=f"{media}; charset=utf-8")


satudata_dcat.add_url_rule("/ns/sdi", view_func=vocabulary_page)
satudata_dcat.add_url_rule("/ns/sdi.<ending>", view_func=vocabulary_file)
