"""The pages of the Daftar Data that anybody reads: the list, an entry, the release calendar, the files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from flask import Blueprint, Response, stream_with_context

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents, pdf
from ckanext.satudataserang.catalogue.answers import PageError, kindly
from ckanext.satudataserang.core import plan_columns, sheets
from ckanext.satudataserang.plan import calendar, editing, entries, minutes, pages, params

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON = "application/json; charset=utf-8"
_ICS = "text/calendar; charset=utf-8"

satudata_plan = Blueprint("satudata_plan", __name__)


def _problem(sentence: str, status: int) -> tuple[str, int]:
    return tk.render("satudata_plan/problem.html", {"sentence": sentence, "status": status}), status


kind = kindly(_problem)


@kind
def index() -> str:
    """What is planned, by whom, and when it is due next."""
    args = tk.request.args
    return tk.render("satudata_plan/index.html", pages.index(params.filters(args), params.page(args)))


@kind
def read(ref: str) -> str:
    """One entry."""
    return tk.render("satudata_plan/read.html", pages.read(ref))


@kind
def index_csv() -> Response:
    """The list as CSV, in our own shape or the national one."""
    sheet = _sheet()
    return _file(Response(stream_with_context(sheets.csv_lines(sheet)), content_type=_CSV), "daftar-data.csv")


@kind
def index_xlsx() -> Response:
    """The list as a workbook."""
    # Anybody may ask for it, and it takes long: one at a time.
    _name, content = documents.kept(None, lambda: ("", sheets.workbook([_sheet()])))
    return _file(Response(content, content_type=_XLSX), "daftar-data.xlsx")


@kind
def index_json() -> Response:
    """The list as JSON, as the action gives it."""
    found = pages.every(params.filters(tk.request.args))
    return Response(stream_with_context(_json(found)), content_type=_JSON)


def _sheet() -> sheets.Sheet:
    args = tk.request.args
    rows = pages.every(params.filters(args))
    shape = params.clean(args.get("bentuk", "")) or plan_columns.OWN
    if shape == plan_columns.OWN:
        return sheets.Sheet(tk._("Daftar Data"), plan_columns.OWN_COLUMNS, plan_columns.own_rows(_named(rows)))
    if shape != plan_columns.NATIONAL:
        message = tk._("Bentuk “{shape}” tidak dikenal. Pilih sendiri atau nasional.").format(shape=shape[:40])
        raise PageError(message)
    year = entries.today().year
    return sheets.Sheet(
        tk._("Data Prioritas"), plan_columns.national_columns(year), plan_columns.national_rows(rows, year)
    )


def _named(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    return ({**row, "opd": row["opd_name"]} for row in rows)


def _json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield "["
    for number, row in enumerate(rows):
        yield (",\n" if number else "\n") + json.dumps(row, ensure_ascii=False)
    yield "\n]\n"


def _file(response: Response, filename: str) -> Response:
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


@kind
def calendar_page() -> str:
    """What is due in a month, by day."""
    args = tk.request.args
    opd = params.clean(args.get("opd", ""))
    return tk.render("satudata_plan/calendar.html", pages.month(params.month(args, entries.today()), opd))


@kind
def calendar_ics() -> Response:
    """The release calendar of all OPDs as iCalendar."""
    return _icalendar(None, tk._("Daftar Data: tenggat semua OPD"), "daftar-data.ics")


@kind
def opd_ics(opd: str) -> Response:
    """The release calendar of one OPD as iCalendar."""
    found = pages.opd_of(opd)
    title = tk._("Daftar Data: {opd}").format(opd=found["title"])
    return _icalendar(found["id"], title, f"daftar-data-{found['name']}.ics")


def _icalendar(opd_id: str | None, title: str, filename: str) -> Response:
    today = entries.today()
    tag = calendar.tag(today, opd_id)
    if tk.request.if_none_match.contains(tag):
        response = Response(status=304)
    else:
        response = Response(calendar.icalendar(today, opd_id, title), content_type=_ICS)
        response.headers.set("Content-Disposition", "inline", filename=filename)
    response.set_etag(tag)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@kind
def berita_acara(year: str) -> Response:
    """The agreed entries of a year as a document to be signed."""
    number = params.year(year)
    _name, content = documents.kept(("berita acara", number, calendar.stamp()), lambda: ("", minutes.document(number)))
    response = Response(content, content_type=pdf.CONTENT_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=f"berita-acara-daftar-data-{number}.pdf")
    return response


for _rule, _view in (
    ("", index),
    (".csv", index_csv),
    (".xlsx", index_xlsx),
    (".json", index_json),
    ("/kalender", calendar_page),
    ("/kalender.ics", calendar_ics),
    ("/kalender/<opd>.ics", opd_ics),
    ("/berita-acara/<year>.pdf", berita_acara),
    ("/<ref>", read),
):
    _name = {"calendar_page": "calendar", "berita_acara": "minutes"}.get(_view.__name__, _view.__name__)
    satudata_plan.add_url_rule(f"/daftar-data{_rule}", endpoint=_name, view_func=_view)

for _rule, _view, _methods in editing.ADDRESSES:
    satudata_plan.add_url_rule(f"/daftar-data{_rule}", view_func=kind(_view), methods=_methods)
