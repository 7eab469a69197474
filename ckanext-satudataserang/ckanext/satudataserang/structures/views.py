"""The pages of structures and standard variables that anybody reads, and their files."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, Response

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.core import sheets
from ckanext.satudataserang.core.structures.csvw import csvw
from ckanext.satudataserang.core.structures.indah import sheets as indah_sheets
from ckanext.satudataserang.core.structures.table_schema import table_schema
from ckanext.satudataserang.core.structures.variables import variable as as_variable
from ckanext.satudataserang.plan import params
from ckanext.satudataserang.plan.pages import act
from ckanext.satudataserang.plan.views import kind
from ckanext.satudataserang.structures import editing, pages, read
from ckanext.satudataserang.structures import variable_pages as register

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_JSON = "application/json; charset=utf-8"

satudata_structures = Blueprint("satudata_structures", __name__)


def index() -> str:
    """The structures, narrowed and counted."""
    args = tk.request.args
    asked = pages.filters(args, ("q", "opd", "urusan", "usulan"))
    return tk.render("satudata_structures/index.html", pages.index(asked, params.page(args)))


def show(kode: str) -> str:
    """A structure: the version in force."""
    return tk.render("satudata_structures/read.html", pages.show(kode))


def version(kode: str, number: str) -> str:
    """One version of a structure."""
    return tk.render("satudata_structures/read.html", pages.show(kode, number))


def variables() -> str:
    """The register of standard variables."""
    args = tk.request.args
    asked = pages.filters(args, ("q", "opd"))
    return tk.render("satudata_structures/variables.html", pages.variables(asked, params.page(args)))


def variable(kode: str) -> str:
    """A standard variable, and who uses it."""
    return tk.render("satudata_structures/variable.html", pages.variable(kode))


def table_schema_json(kode: str) -> Response:
    """The structure as JSON Table Schema."""
    whole = _whole(kode)
    return _file(json.dumps(table_schema(whole), ensure_ascii=False, indent=2), _JSON, f"{kode}.tableschema.json")


def csvw_json(kode: str) -> Response:
    """The structure as metadata of CSV on the Web."""
    found = act("satudata_structure_show", id=kode)
    described = csvw(_whole(kode), f"{kode}.csv", publisher=found["opd_title"])
    return _file(json.dumps(described, ensure_ascii=False, indent=2), _JSON, f"{kode}.csvw.json")


def indah_xlsx(kode: str) -> Response:
    """The structure as a workbook in the order of BPS's INDAH: activity, variables, indicators."""
    whole = _whole(kode)
    named = read.variables({one.variable for one in whole.columns if one.variable})
    known = {name: as_variable(content) for name, content in named.items()}
    # Made of nothing else, so it holds for everybody as long as these are the same.
    key = ("indah", hashlib.sha256(repr((whole, sorted(known.items()))).encode()).hexdigest())
    _name, content = documents.kept(key, lambda: ("", sheets.workbook(indah_sheets(whole, variables=known))))
    return _file(content, _XLSX, f"{kode}.indah.xlsx")


def _whole(kode: str) -> Any:
    """The version that the reader finds under this kode, with all it names."""
    return read.made(act("satudata_structure_show", id=kode)["content"])


def _file(content: str | bytes, content_type: str, filename: str) -> Response:
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


_READING = (
    ("/struktur", "index", index),
    ("/struktur/<kode>", "read", show),
    ("/struktur/<kode>/versi/<number>", "version", version),
    ("/struktur/<kode>/tableschema.json", "table_schema", table_schema_json),
    ("/struktur/<kode>/csvw.json", "csvw", csvw_json),
    ("/struktur/<kode>/indah.xlsx", "indah", indah_xlsx),
    ("/variabel", "variables", variables),
    ("/variabel/<kode>", "variable", variable),
)
for _rule, _name, _view in _READING:
    satudata_structures.add_url_rule(_rule, endpoint=_name, view_func=kind(_view))
for _rule, _name, _view, _methods in editing.ADDRESSES:
    satudata_structures.add_url_rule(f"/struktur{_rule}", endpoint=_name, view_func=kind(_view), methods=_methods)
for _rule, _name, _view, _methods in register.ADDRESSES:
    satudata_structures.add_url_rule(f"/variabel{_rule}", endpoint=_name, view_func=kind(_view), methods=_methods)
