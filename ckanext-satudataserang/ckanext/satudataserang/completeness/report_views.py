"""Documents of the dashboard: the reports as PDF for everybody, the evidence bundle for Walidata and Pembina."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, send_file

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import documents, pdf
from ckanext.satudataserang.catalogue.answers import kindly
from ckanext.satudataserang.completeness import params, rendered
from ckanext.satudataserang.completeness.evidence.action import TARGET
from ckanext.satudataserang.completeness.reports import asking, city, opd
from ckanext.satudataserang.core.windows import Window

satudata_reports = Blueprint("satudata_reports", __name__)


def _problem(sentence: str, status: int) -> tuple[str, int]:
    page = {"sentence": sentence, "status": status, "address": tk.url_for("satudata_completeness.index")}
    return tk.render("satudata_completeness/problem.html", page), status


_kind = kindly(_problem)


@_kind
def summary() -> Response:
    """The summary of the city."""
    window = params.window(tk.request.args)
    return _document(*_kept("ringkasan", window, lambda: city.summary(window)))


@_kind
def reports() -> Response:
    """One page about every OPD."""
    window = params.window(tk.request.args)
    return _document(*_kept("rapor", window, lambda: opd.reports(window)))


@_kind
def report(ref: str) -> Response:
    """One page about one OPD."""
    window = params.window(tk.request.args)
    return _document(*_kept(f"rapor {ref}", window, lambda: opd.report(ref, window)))


@_kind
def evidence() -> Response:
    """The evidence bundle of a year as a zip."""
    # Asked first: who may not, learns it before anything is made.
    tk.check_access("satudata_evidence_bundle", Context(), {})
    year = params.year(tk.request.args) or asking.act("satudata_completeness_options")["default_year"]
    # Closed by the response once it is sent.
    target = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        made = tk.get_action("satudata_evidence_bundle")(_into(target), {"year": year})
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return send_file(target, mimetype="application/zip", as_attachment=True, download_name=made["filename"], max_age=0)


def _kept(name: str, window: Window | None, make: Callable[[], documents.Document]) -> documents.Document:
    """A document, made once while the figures hold; whatever else the address says is no part of it."""
    stamp = rendered.stamp()
    return documents.kept(None if stamp is None else (name, window, *stamp), make)


def _into(target: Any) -> Context:
    context: Any = {TARGET: target}
    return context


def _document(filename: str, content: bytes) -> Response:
    response = Response(content, content_type=pdf.CONTENT_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=filename)
    return response


for _rule, _view in (
    ("/ringkasan.pdf", summary),
    ("/rapor.pdf", reports),
    ("/opd/<ref>/rapor.pdf", report),
    ("/bukti-epss.zip", evidence),
):
    satudata_reports.add_url_rule(f"/kelengkapan{_rule}", view_func=_view)
