"""The pages of the dashboard: public, read-only, complete without scripts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, stream_with_context

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.catalogue.answers import kindly
from ckanext.satudataserang.completeness import exports, lists, office, pages, params, rendered, sheets
from ckanext.satudataserang.completeness.figures import DEFAULT_SORT

_CSV = "text/csv; charset=utf-8"
_JSON = "application/json; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: The files in which a table can be had.
_ENDING = "<any(csv, xlsx, json):ending>"

satudata_completeness = Blueprint("satudata_completeness", __name__)


def _problem(sentence: str, status: int) -> tuple[str, int]:
    page = {"sentence": sentence, "status": status, "address": tk.url_for("satudata_completeness.index")}
    return tk.render("satudata_completeness/problem.html", page), status


_kind = kindly(_problem)


def _asked() -> pages.Asked:
    args = tk.request.args
    return pages.Asked(
        window=params.window(args),
        urusan=params.text(args, "urusan"),
        tema=params.text(args, "tema"),
        sort=params.text(args, "urut") or DEFAULT_SORT,
        compared=params.compared(args),
    )


@_kind
def index() -> str:
    """The whole city: measures, every OPD, every month."""
    shown = rendered.while_it_holds(_city_body)
    return tk.render("satudata_completeness/index.html", {"about": shown.title, "body": tk.literal(shown.body)})


def _city_body() -> rendered.Rendered:
    page = pages.city(_asked())
    about = f"{page['narrowed_title']} {page['span']}" if page["narrowed_title"] else page["span"]
    return rendered.Rendered(
        title=about, body=tk.render("satudata_completeness/index_body.html", {**page, "about": about})
    )


@_kind
def index_file(ending: str) -> Response:
    """The tables of the city's page as a file."""
    page = pages.city(_asked())
    return _page_file(sheets.city(page), page, ending, "kelengkapan")


@_kind
def opd(ref: str) -> str:
    """One OPD: its measures, its entries by period, why it lost points and what to do."""
    return tk.render("satudata_completeness/opd.html", office.opd(ref, _asked()))


@_kind
def opd_file(ref: str, ending: str) -> Response:
    """The tables of an OPD's page as a file."""
    page = office.opd(ref, _asked())
    return _page_file(sheets.opd(page), page, ending, f"kelengkapan-{page['opd']['name']}")


@_kind
def losses(ref: str) -> str:
    """Every lost point of one OPD, why it was lost and what to do."""
    args = tk.request.args
    page = office.losses(ref, params.window(args), params.page(args))
    return tk.render("satudata_completeness/losses.html", page)


@_kind
def losses_file(ref: str, ending: str) -> Response:
    """Every lost point of one OPD as a file."""
    name, rows = office.every_loss(ref, params.window(tk.request.args))
    return _file_of([sheets.losses(rows)], ending, f"kelengkapan-{name}-mengapa", {})


@_kind
def cells() -> str:
    """The cells behind a figure."""
    args = tk.request.args
    return tk.render("satudata_completeness/cells.html", lists.cells(params.cell_filters(args), params.page(args)))


@_kind
def cells_file(ending: str) -> Response:
    """All cells behind a figure as a file."""
    found = lists.every("satudata_cell_list", params.cell_filters(tk.request.args))
    return _file_of([exports.cell_sheet(found)], ending, "kelengkapan-sel", {})


@_kind
def entries() -> str:
    """The plan entries behind a figure."""
    args = tk.request.args
    return tk.render("satudata_completeness/entries.html", lists.entries(params.entry_filters(args), params.page(args)))


@_kind
def entries_file(ending: str) -> Response:
    """All plan entries behind a figure as a file."""
    filters = params.entry_filters(tk.request.args)
    if not params.has_window(filters):
        filters["year"] = pages.options()["default_year"]
    found = lists.every("satudata_completeness_entry_list", filters)
    return _file_of([exports.entry_sheet(found)], ending, "kelengkapan-entri", {})


@_kind
def entry(ref: str) -> str:
    """One plan entry and its cells."""
    return tk.render("satudata_completeness/entry.html", lists.entry(ref))


@_kind
def cell(ref: str, period: str) -> str:
    """One cell: its facts and its rows."""
    return tk.render("satudata_completeness/cell.html", lists.cell(ref, period, params.page(tk.request.args)))


def _page_file(found: list[sheets.Sheet], page: Mapping[str, Any], ending: str, name: str) -> Response:
    """A page's tables as a file: CSV holds one of them, the first where `tabel` names none. Raises PageError."""
    key = params.choice(tk.request.args, "tabel", {sheet.key: sheet.key for sheet in found})
    chosen = [sheet for sheet in found if sheet.key == key] if key else found[:1] if ending == "csv" else found
    about = {"dihitung": page["generated_at"], "aturan": page["rule_version"], **params.query(page["window"])}
    return _file_of(chosen, ending, "-".join(filter(None, (name, params.file_name(page["window"]), key))), about)


def _file_of(found: list[sheets.Sheet], ending: str, name: str, about: Mapping[str, Any]) -> Response:
    if ending == "xlsx":
        response = Response(_workbook(found), content_type=_XLSX)
    elif ending == "json":
        response = Response(stream_with_context(exports.json_lines(found, about)), content_type=_JSON)
    else:
        response = Response(stream_with_context(exports.csv_lines(found[0])), content_type=_CSV)
    return _file(response, f"{name}.{ending}")


def _workbook(found: list[sheets.Sheet]) -> bytes:
    """The tables as a workbook, one made at a time; a visitor's is made once while the figures hold."""
    stamp = None if tk.current_user.is_authenticated else rendered.stamp()
    request = tk.request
    key = None if stamp is None else ("buku kerja", *stamp, tk.h.lang(), request.path, request.query_string)
    _name, content = documents.kept(key, lambda: ("", exports.workbook(found)))
    return content


def _file(response: Response, filename: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


for _rule, _view in (
    ("", index),
    (f".{_ENDING}", index_file),
    ("/sel", cells),
    (f"/sel.{_ENDING}", cells_file),
    ("/entri", entries),
    (f"/entri.{_ENDING}", entries_file),
    ("/entri/<ref>", entry),
    ("/entri/<ref>/<period>", cell),
    (f"/<ref>.{_ENDING}", opd_file),
    ("/<ref>", opd),
    ("/<ref>/mengapa", losses),
    (f"/<ref>/mengapa.{_ENDING}", losses_file),
):
    satudata_completeness.add_url_rule(f"/kelengkapan{_rule}", view_func=_view)
