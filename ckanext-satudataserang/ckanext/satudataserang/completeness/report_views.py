"""Documents of the dashboard: the reports as PDF for everybody, the evidence bundle for Walidata and Pembina."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, send_file

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import documents, pdf
from ckanext.satudataserang.completeness import params, rendered
from ckanext.satudataserang.completeness.evidence.action import TARGET
from ckanext.satudataserang.completeness.params import PageError
from ckanext.satudataserang.completeness.reports import asking, city, opd
from ckanext.satudataserang.core.windows import Window

satudata_reports = Blueprint("satudata_reports", __name__)


def _kind(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer what cannot be made with a page that says why and where to go on."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            # PostgreSQL knows no NUL; such a name can only match nothing.
            return view(*args, **{key: value.replace("\0", "\ufffd") for key, value in kwargs.items()})
        except tk.NotAuthorized as refused:
            if tk.current_user.is_anonymous:
                return tk.h.redirect_to("user.login", came_from=tk.request.full_path)
            return _problem(str(refused.message or ""), 403)
        except (PageError, tk.ObjectNotFound, tk.ValidationError, pdf.PdfError) as problem:
            return _problem(*_told(problem))

    return answered


def _told(problem: Exception) -> tuple[str, int]:
    """The sentence and the HTTP status for what went wrong."""
    if isinstance(problem, PageError):
        return problem.sentence, problem.status
    if isinstance(problem, tk.ObjectNotFound):
        return str(problem.message or ""), 404
    if isinstance(problem, tk.ValidationError):
        return " ".join(map(str, problem.error_summary.values())), 400
    return str(problem), 503


def _problem(sentence: str, status: int) -> tuple[str, int]:
    page = {"sentence": sentence, "status": status, "address": tk.url_for("satudata_completeness.index")}
    return tk.render("satudata_completeness/problem.html", page), status


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
