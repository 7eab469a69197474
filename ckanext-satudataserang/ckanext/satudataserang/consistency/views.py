"""Pages of sameness: differences between published figures, the rules that find them, one variable side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.catalogue.answers import PageError, kindly
from ckanext.satudataserang.consistency import forms, pages
from ckanext.satudataserang.core import sheets
from ckanext.satudataserang.plan.params import clean

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: What writes a list as a file, by ending.
_WRITERS: dict[str, tuple[str, Callable[[sheets.Sheet], bytes]]] = {
    "csv": (_CSV, lambda sheet: "".join(sheets.csv_lines(sheet)).encode()),
    "xlsx": (_XLSX, lambda sheet: sheets.workbook([sheet])),
}

satudata_consistency = Blueprint("satudata_consistency", __name__)


def _problem(sentence: str, status: int) -> tuple[str, int]:
    return tk.render("satudata_consistency/problem.html", {"sentence": sentence, "status": status}), status


_kind = kindly(_problem)


@_kind
def index() -> str:
    """Published figures that ought to be the same and are not."""
    return tk.render("satudata_consistency/index.html", pages.conflicts(tk.request.args))


@_kind
def comparisons() -> str:
    """Every comparison, also of figures that agree or cannot be compared."""
    return tk.render("satudata_consistency/comparisons.html", pages.comparisons(tk.request.args))


def _exported(action: str, name: str, ending: str) -> Response:
    if ending not in _WRITERS:
        raise PageError(tk._("Bentuk berkas itu tidak ada. Pilih CSV atau XLSX."), status=404)
    content_type, write = _WRITERS[ending]
    args = tk.request.args
    # Anybody may ask for it, and it takes long: one at a time.
    _name, content = documents.kept(None, lambda: ("", write(pages.sheet(action, args))))
    response = Response(content, content_type=content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.{ending}")
    return response


@_kind
def index_file(ending: str) -> Response:
    """The list of differences as a file."""
    return _exported("satudata_conflict_list", "kesamaan", ending)


@_kind
def comparisons_file(ending: str) -> Response:
    """The list of comparisons as a file."""
    return _exported("satudata_comparison_list", "perbandingan", ending)


@_kind
def read(ref: str) -> str:
    """One difference: both figures, whose they are, what was said of it."""
    return tk.render("satudata_consistency/read.html", pages.conflict(ref))


@_kind
def explain(ref: str) -> Any:
    """An OPD says why the figures differ."""
    text = clean(tk.request.form.get("penjelasan", ""))
    try:
        pages.act("satudata_conflict_explain", id=ref, explanation=text)
    except tk.ValidationError as wrong:
        return _again(ref, wrong, {"penjelasan": text})
    tk.h.flash_success(tk._("Penjelasan tersimpan dan menunggu keputusan Walidata."))
    return tk.redirect_to("satudata_consistency.read", ref=ref)


@_kind
def decide(ref: str) -> Any:
    """The Walidata accepts an explanation or asks for a better one."""
    accept = tk.request.form.get("keputusan") == "terima"
    note = clean(tk.request.form.get("catatan", ""))
    try:
        pages.act("satudata_conflict_decide", id=ref, accept=accept, note=note)
    except tk.ValidationError as wrong:
        return _again(ref, wrong, {"catatan": note})
    tk.h.flash_success(
        tk._("Penjelasan diterima dan terbit bersama angkanya.") if accept else tk._("OPD diminta menjelaskan lagi.")
    )
    return tk.redirect_to("satudata_consistency.read", ref=ref)


def _again(ref: str, wrong: tk.ValidationError, form: dict[str, str]) -> tuple[str, int]:
    return tk.render("satudata_consistency/read.html", pages.conflict(ref, wrong.error_dict, form)), 400


@_kind
def rules() -> str:
    """The rules, and what each found."""
    return tk.render("satudata_consistency/rules.html", pages.rules())


@_kind
def rule_new() -> Any:
    """A new rule: tried, or kept."""
    tk.check_access("satudata_consistency_rule_create", {}, {})
    if tk.request.method == "GET":
        return _rule_form({"jenis": "sama", "keparahan": "peringatan", "aktif": "ya"}, new=True)
    return _sent("satudata_consistency_rule_create", None)


@_kind
def rule(kode: str) -> Any:
    """A rule: read by all, changed by the Walidata."""
    found = pages.act("satudata_consistency_rule_show", kode=kode)
    if tk.request.method == "POST":
        return _sent("satudata_consistency_rule_update", found)
    return _rule_form(forms.as_form(found), new=False, found=found)


def _sent(action: str, found: dict[str, Any] | None) -> Any:
    form = {key: clean(value)[:5000] for key, value in tk.request.form.items()}
    if found:
        form["kode"] = found["kode"]
    content = forms.as_rule(form)
    try:
        if form.get("langkah") == "coba":
            tried = pages.act("satudata_consistency_rule_test", **content)
            return _rule_form(form, new=found is None, found=found, tried=tried)
        more = {"version": form.get("version")} if found else {}
        pages.act(action, **content, note=form.get("note", ""), **more)
    except tk.ValidationError as wrong:
        return _rule_form(form, new=found is None, found=found, errors=wrong.error_dict), 400
    tk.h.flash_success(tk._("Aturan tersimpan. Angka yang terbit sedang dibandingkan lagi."))
    return tk.redirect_to("satudata_consistency.rules")


def _rule_form(
    form: dict[str, str],
    *,
    new: bool,
    found: dict[str, Any] | None = None,
    errors: dict[str, Any] | None = None,
    tried: dict[str, Any] | None = None,
) -> str:
    errors = errors or {}
    groups = forms.fields(form, errors, new=new)
    shown = [one for fields in groups.values() for one in fields]
    known = {one["error"] for one in shown if one["error"]}
    problems = [
        {"label": one["label"], "message": one["error"], "href": f"#field-{one['name']}"}
        for one in shown
        if one["error"]
    ]
    others = (" ".join(map(str, said)) for said in errors.values())
    problems += [{"label": "", "message": said, "href": ""} for said in others if said not in known]
    return tk.render(
        "satudata_consistency/rule.html",
        {
            "groups": groups,
            "form": form,
            "found": found,
            "problems": problems,
            "tried": tried,
            "new": new,
            "may_write": pages.may("satudata_consistency_rule_update") and not (found and found["otomatis"]),
        },
    )


@_kind
def variable(kode: str) -> str:
    """One standard variable over all OPDs that publish it."""
    return tk.render("satudata_consistency/variable.html", pages.variable(kode, tk.request.args))


for _rule, _view, _methods in (
    ("/kesamaan", index, ["GET"]),
    ("/kesamaan.<ending>", index_file, ["GET"]),
    ("/kesamaan/perbandingan", comparisons, ["GET"]),
    ("/kesamaan/perbandingan.<ending>", comparisons_file, ["GET"]),
    ("/kesamaan/aturan", rules, ["GET"]),
    ("/kesamaan/aturan/baru", rule_new, ["GET", "POST"]),
    ("/kesamaan/aturan/<kode>", rule, ["GET", "POST"]),
    ("/kesamaan/<ref>", read, ["GET"]),
    ("/kesamaan/<ref>/penjelasan", explain, ["POST"]),
    ("/kesamaan/<ref>/keputusan", decide, ["POST"]),
    ("/variabel/<kode>/banding", variable, ["GET"]),
):
    satudata_consistency.add_url_rule(_rule, view_func=_view, methods=_methods)
