"""The form of a standard variable (Walidata)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.core.structures.model import CONFIDENCE
from ckanext.satudataserang.plan import forms
from ckanext.satudataserang.plan.pages import act
from ckanext.satudataserang.plan.params import clean
from ckanext.satudataserang.structures import words
from ckanext.satudataserang.structures.opds import Opds
from ckanext.satudataserang.structures.refusals import StaleError

_NAMES = (
    "kode", "nama", "opd", "definisi", "konsep", "satuan", "ukuran", "klasifikasi", "type", "aturan_validasi",
    "referensi", "referensi_waktu", "pertanyaan", "alias", "akses_umum", "keyakinan",
)  # fmt: skip
_KINDS = {
    **dict.fromkeys(("opd", "type", "akses_umum", "keyakinan", "satuan"), "select"),
    **dict.fromkeys(("definisi", "aturan_validasi", "referensi", "alias", "pertanyaan"), "area"),
}


def edit(kode: str) -> Any:
    """Change a variable."""
    tk.check_access("satudata_variable_update", Context(), {"id": kode})
    found = act("satudata_variable_show", id=kode)
    if tk.request.method == "GET":
        return _form(found, _holding(found["content"]), found["revision"], {}, 200)
    values = _typed()
    base = clean(tk.request.form.get("dasar", ""))
    reason = clean(tk.request.form.get("reason", ""))
    try:
        content = _content({**values, "kode": kode})
        act("satudata_variable_update", id=kode, content=content, base_revision=base, reason=reason)
    except StaleError as stale:
        return _form(found, values, base, {"": [str(stale)]}, 409)
    except tk.ValidationError as refused:
        return _form(found, values, base, _by_field(refused.error_dict), 400)
    tk.h.flash_success(tk._("Tersimpan. Arti ini berlaku untuk semua kolom yang merujuknya."))
    return tk.redirect_to("satudata_structures.variable", kode=kode)


def new() -> Any:
    """Add a variable."""
    tk.check_access("satudata_variable_create", Context(), {})
    if tk.request.method == "GET":
        return _form(None, {"type": "integer", "akses_umum": "ya", "keyakinan": "sedang"}, "", {}, 200)
    values = _typed()
    reason = clean(tk.request.form.get("reason", ""))
    try:
        made = act("satudata_variable_create", content=_content(values), reason=reason)
    except tk.ValidationError as refused:
        return _form(None, values, "", _by_field(refused.error_dict), 400)
    tk.h.flash_success(tk._("Variabel “{name}” tersimpan.").format(name=made["nama"]))
    return tk.redirect_to("satudata_structures.variable", kode=made["kode"])


def _typed() -> dict[str, str]:
    return {name: tk.request.form.get(name, "").strip() for name in _NAMES}


def _content(values: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, in the shape of MS-Var."""
    found: dict[str, Any] = {name: value for name, value in values.items() if value}
    found["akses_umum"] = values.get("akses_umum") != "tidak"
    found["alias"] = [" ".join(line.split()) for line in values.get("alias", "").splitlines() if line.strip()]
    return found


def _holding(content: Mapping[str, Any]) -> dict[str, str]:
    held = {name: content.get(name, "") for name in _NAMES}
    return {
        **{name: str(value) for name, value in held.items() if name not in ("alias", "akses_umum")},
        "alias": "\n".join(content.get("alias", ())),
        "akses_umum": "tidak" if content.get("akses_umum") is False else "ya",
    }


def _by_field(errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """The errors of an action by field of the form."""
    places: Any = errors.get("places")
    found: dict[str, list[str]] = {}
    for place, sentences in (places if isinstance(places, Mapping) else errors).items():
        name = str(place).rpartition(".")[2].partition("[")[0]
        found.setdefault(name if name in (*_NAMES, "reason") else "", []).extend(map(str, sentences))
    return found


def _form(found: Mapping[str, Any] | None, values: Mapping[str, str], base: Any, errors: Any, status: int) -> Any:
    options = {
        "opd": [{"value": one["short"] or one["name"], "text": one["title"]} for one in Opds().rows],
        "type": words.kinds(),
        "akses_umum": [{"value": "ya", "text": tk._("ya")}, {"value": "tidak", "text": tk._("tidak")}],
        "keyakinan": [{"value": one, "text": tk._(one)} for one in CONFIDENCE],
        "satuan": [{"value": "", "text": tk._("tanpa satuan")}]
        + [{"value": one, "text": one} for one in sorted(tables.units().names)],
    }
    names = [name for name in _NAMES if not (found and name == "kode")]
    if found:
        names.append("reason")
        values = {**values, "reason": clean(tk.request.form.get("reason", ""))}
    fields = [
        forms.Field(
            name=name,
            label=words.field(name),
            kind=_KINDS.get(name, "text"),
            value=values.get(name, ""),
            hint=_hint(name),
            error=" ".join(errors.get(name, ())),
            required=name in ("kode", "nama", "opd", "definisi", "reason"),
            options=tuple(options.get(name, ())),
        )
        for name in names
    ]
    problems = [
        {"href": f"#field-{name}" if name else "", "label": words.field(name) if name else "", "message": sentence}
        for name, sentences in errors.items()
        for sentence in sentences
    ]
    page = {"found": found, "fields": fields, "problems": problems, "base": base}
    return tk.render("satudata_structures/variable_form.html", page), status


def _hint(name: str) -> str:
    return {
        "kode": tk._("Huruf kecil, angka, dan garis bawah, misalnya jumlah_penduduk. Tidak dapat diubah lagi."),
        "nama": tk._("Kata benda, setiap kata diawali huruf besar, tanpa tahun, wilayah, dan kata “jumlah”."),
        "opd": tk._("Satu OPD pemilik arti ini."),
        "definisi": tk._("Batasan yang sama bagi semua OPD: apa yang dihitung, dan apa yang tidak."),
        "aturan_validasi": tk._("Syarat nilainya dengan kata-kata, misalnya: bilangan bulat, tidak kurang dari 0."),
        "alias": tk._("Sebutan lain, satu baris satu."),
        "reason": tk._("Tampil pada riwayat variabel ini."),
    }.get(name, "")


ADDRESSES = (
    ("/baru", "variable_new", new, ["GET", "POST"]),
    ("/<kode>/ubah", "variable_edit", edit, ["GET", "POST"]),
)
