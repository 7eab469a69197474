"""The pages of the dashboard: public, read-only, complete without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, stream_with_context

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness import exports, lists, pages, params, rendered
from ckanext.satudataserang.completeness.figures import DEFAULT_SORT
from ckanext.satudataserang.completeness.params import PageError

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

satudata_completeness = Blueprint("satudata_completeness", __name__)


def _kind(view: Callable[..., Any]) -> Callable[..., Any]:
    """Answer what cannot be shown with a page that says why and where to go on."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        try:
            # PostgreSQL knows no NUL; such a name can only match nothing.
            return view(*args, **{key: value.replace("\0", "\ufffd") for key, value in kwargs.items()})
        except PageError as problem:
            return _problem(problem.sentence, problem.status)
        except tk.ObjectNotFound as missing:
            return _problem(str(missing.message or ""), 404)
        except tk.ValidationError as refused:
            return _problem(" ".join(map(str, refused.error_summary.values())), 400)

    return answered


def _problem(sentence: str, status: int) -> tuple[str, int]:
    page = {"sentence": sentence, "status": status, "address": tk.url_for("satudata_completeness.index")}
    return tk.render("satudata_completeness/problem.html", page), status


def _city() -> dict[str, Any]:
    args = tk.request.args
    urusan = args.get("urusan", "").strip().replace("\0", "")
    return pages.city(params.year(args), urusan, args.get("urut", "").strip() or DEFAULT_SORT)


@_kind
def index() -> str:
    """The whole city: measures, every OPD, every year."""
    shown = rendered.while_it_holds(_city_body)
    return tk.render("satudata_completeness/index.html", {"about": shown.title, "body": tk.literal(shown.body)})


def _city_body() -> rendered.Rendered:
    page = _city()
    about = f"{page['urusan_title']} {page['year']}" if page["urusan_title"] else str(page["year"])
    return rendered.Rendered(
        title=about, body=tk.render("satudata_completeness/index_body.html", {**page, "about": about})
    )


@_kind
def index_csv() -> Response:
    """The table of the city's page as CSV."""
    page = _city()
    return _csv(exports.csv_lines(exports.city_sheets(page)[0]), f"kelengkapan-{page['year']}.csv")


@_kind
def index_xlsx() -> Response:
    """Everything on the city's page as a workbook."""
    page = _city()
    return _xlsx(exports.city_sheets(page), f"kelengkapan-{page['year']}.xlsx")


@_kind
def opd(ref: str) -> str:
    """One OPD: its measures, its entries by period, what it lost and what to do."""
    return tk.render("satudata_completeness/opd.html", pages.opd(ref, params.year(tk.request.args)))


@_kind
def opd_csv(ref: str) -> Response:
    """The grid of an OPD's page as CSV, one line per cell."""
    page = pages.opd(ref, params.year(tk.request.args))
    return _csv(exports.csv_lines(exports.opd_sheets(page)[0]), f"kelengkapan-{page['opd']['name']}-{page['year']}.csv")


@_kind
def opd_xlsx(ref: str) -> Response:
    """Everything on an OPD's page as a workbook."""
    page = pages.opd(ref, params.year(tk.request.args))
    return _xlsx(exports.opd_sheets(page), f"kelengkapan-{page['opd']['name']}-{page['year']}.xlsx")


@_kind
def cells() -> str:
    """The cells behind a figure."""
    args = tk.request.args
    return tk.render("satudata_completeness/cells.html", lists.cells(params.cell_filters(args), params.page(args)))


@_kind
def cells_csv() -> Response:
    """All cells behind a figure as CSV."""
    found = lists.every("satudata_cell_list", params.cell_filters(tk.request.args))
    return _csv(exports.cell_lines(found), "kelengkapan-sel.csv")


@_kind
def entries() -> str:
    """The plan entries behind a figure."""
    args = tk.request.args
    return tk.render("satudata_completeness/entries.html", lists.entries(params.entry_filters(args), params.page(args)))


@_kind
def entries_csv() -> Response:
    """All plan entries behind a figure as CSV."""
    filters = params.entry_filters(tk.request.args)
    filters.setdefault("year", pages.options()["default_year"])
    return _csv(exports.entry_lines(lists.every("satudata_completeness_entry_list", filters)), "kelengkapan-entri.csv")


@_kind
def entry(ref: str) -> str:
    """One plan entry and its cells."""
    return tk.render("satudata_completeness/entry.html", lists.entry(ref))


@_kind
def cell(ref: str, period: str) -> str:
    """One cell: its facts and its rows."""
    return tk.render("satudata_completeness/cell.html", lists.cell(ref, period, params.page(tk.request.args)))


def _csv(lines: Iterable[str], filename: str) -> Response:
    return _file(Response(stream_with_context(iter(lines)), content_type=_CSV), filename)


def _xlsx(sheets: Iterable[exports.Sheet], filename: str) -> Response:
    return _file(Response(exports.workbook(sheets), content_type=_XLSX), filename)


def _file(response: Response, filename: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


for _rule, _view in (
    ("", index),
    (".csv", index_csv),
    (".xlsx", index_xlsx),
    ("/sel", cells),
    ("/sel.csv", cells_csv),
    ("/entri", entries),
    ("/entri.csv", entries_csv),
    ("/entri/<ref>", entry),
    ("/entri/<ref>/<period>", cell),
    ("/<ref>.csv", opd_csv),
    ("/<ref>.xlsx", opd_xlsx),
    ("/<ref>", opd),
):
    satudata_completeness.add_url_rule(f"/kelengkapan{_rule}", view_func=_view)
