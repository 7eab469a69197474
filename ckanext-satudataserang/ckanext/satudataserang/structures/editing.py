"""The pages on which structures are changed: the form, what it changes, the decision, a draft from an example."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.plan.pages import act, may
from ckanext.satudataserang.plan.params import clean
from ckanext.satudataserang.structures import form as forms
from ckanext.satudataserang.structures import pages, words
from ckanext.satudataserang.structures.refusals import StaleError

_REFUSED, _WRONG = 409, 400
_CHECK, _SAVE, _PROPOSE, _BACK = "periksa", "simpan", "usulkan", "kembali"


def edit(kode: str) -> Any:
    """Change a structure: rows to fill in, then what that changes, then saving or proposing it."""
    tk.check_access("satudata_structure_propose", Context(), {"id": kode})
    found = act("satudata_structure_show", id=kode)
    base = {"kode": kode, "nama": found["nama"], "base": found["current_version"]}
    if tk.request.method == "GET":
        taken = clean(tk.request.args.get("usulan", ""))
        content = act("satudata_structure_show", id=kode, version=taken)["content"] if taken else found["content"]
        return _form(base, forms.of_content(content), {}, 200)
    return _posted(base)


def new() -> Any:
    """Add a structure: the same form, empty or as it was drafted from an example."""
    tk.check_access("satudata_structure_create", Context(), {})
    base: dict[str, Any] = {"kode": "", "nama": "", "base": None}
    if tk.request.method == "GET":
        return _form(base, _empty(), {}, 200)
    return _posted(base)


def draft() -> Any:
    """Upload an example table; what it suggests fills the form of a new structure, with the guesses to be confirmed."""
    tk.check_access("satudata_structure_draft", Context(), {})
    if tk.request.method == "GET":
        return tk.render("satudata_structures/draft.html", {"problems": []})
    try:
        found = act("satudata_structure_draft", upload=tk.request.files.get("upload"))
    except tk.ValidationError as refused:
        errors: Any = refused.error_dict
        problems = [
            {"href": "#field-upload", "label": tk._("Berkas contoh"), "message": str(sentence)}
            for sentences in errors.values()
            for sentence in sentences
        ]
        return tk.render("satudata_structures/draft.html", {"problems": problems}), _WRONG
    empty, form = _empty(), forms.of_content(found["content"])
    tokens = {row.texts["id"]: row for row in form.columns}
    notes = [
        {
            "href": f"#baris-{tokens[one['column']].token}" if one["column"] in tokens else "",
            "label": tokens[one["column"]].texts["label"] if one["column"] in tokens else "",
            "text": one["text"],
        }
        for one in found["notes"]
        if not one["sure"]
    ]
    kept = {name: text for name, text in form.head.items() if text}
    base: dict[str, Any] = {"kode": "", "nama": "", "base": None}
    return _form(base, replace(form, head={**empty.head, **kept}), {}, 200, notes=notes)


def _empty() -> forms.Form:
    head: dict[str, str] = dict.fromkeys(forms.HEAD, "")
    own = pages.choices()["opd"]
    head |= {"keyakinan": "sedang", "opd": own[0]["value"] if len(own) == 1 else ""}
    return forms.stepped(forms.Form(head), "tambah-kolom")[0]


def _posted(base: Mapping[str, Any]) -> Any:
    sent = tk.request.form
    step = clean(sent.get("langkah", "")) or _CHECK
    # The version the form began with: where another one holds by now, it is not told as the newest.
    began = {**base, "base": _number(sent.get("dasar", ""))}
    if step in (_SAVE, _PROPOSE, _BACK):
        content = _carried(sent.get("isi", ""))
        if step == _BACK:
            return _form(began, forms.of_content(content), {}, 200)
        return _save(began, content, in_force=step == _SAVE)
    form = forms.of_post(sent)
    if step != _CHECK:
        form, token = forms.stepped(form, step)
        return _form(began, form, {}, 200, at=token)
    filled = forms.filled(form)
    kept = {**filled.content, **({"kode": base["kode"]} if base["kode"] else {})}
    try:
        return _review(began, kept, {}, 200)
    except tk.ValidationError as refused:
        return _form(began, form, _by_field(filled, refused.error_dict), _WRONG)


def _review(base: Mapping[str, Any], content: Mapping[str, Any], errors: Mapping[str, Any], status: int) -> Any:
    """What the form would change, and advice, before anything is saved. Raises ValidationError."""
    changes = None
    if base["base"] is not None:
        found = act("satudata_structure_diff", id=base["kode"], content=content, base=base["base"])
        changes = found["changes"]
    said = act("satudata_structure_lint", content=content)["advice"]
    page = {
        "base": base,
        "content": content,
        "carried": json.dumps(content, ensure_ascii=False),
        "changes": changes,
        "advice": [{**one, "where": _where(content, one["place"])} for one in said],
        "errors": errors,
        "reason": clean(tk.request.form.get("reason", "")),
        "can_save": may("satudata_structure_decide", id=base["kode"]),
        "action": _address(base),
    }
    return tk.render("satudata_structures/review.html", page), status


def _save(base: Mapping[str, Any], content: Mapping[str, Any], *, in_force: bool) -> Any:
    given = {"content": content, "reason": clean(tk.request.form.get("reason", "")), "in_force": in_force}
    try:
        if base["kode"]:
            made = act("satudata_structure_propose", id=base["kode"], base_version=base["base"] or "", **given)
        else:
            made = act("satudata_structure_create", **given)
    except StaleError as stale:
        return _review(base, content, {"message": [str(stale)]}, _REFUSED)
    except tk.ValidationError as refused:
        flat = {name: messages for name, messages in refused.error_dict.items() if name != "places"}
        try:
            return _review(base, content, flat, _WRONG)
        except tk.ValidationError:
            # What was carried along is no structure: somebody wrote it by hand.
            raise refused from None
    if in_force:
        message = tk._("Tersimpan: “{name}” versi {version} berlaku sekarang.")
        tk.h.flash_success(message.format(name=made["nama"], version=made["version"]["version"]))
        return tk.redirect_to("satudata_structures.read", kode=made["kode"])
    message = tk._("Usulan terkirim. Walidata akan memutuskannya; sampai saat itu versi yang berlaku tetap dipakai.")
    tk.h.flash_success(message)
    return tk.redirect_to("satudata_structures.version", kode=made["kode"], number=str(made["version"]["version"]))


def decide(kode: str, number: str) -> Any:
    """Accept or refuse a proposed version."""
    sent = tk.request.form
    given = {"decision": clean(sent.get("putusan", "")), "note": clean(sent.get("note", ""))}
    try:
        made = act("satudata_structure_decide", id=kode, version=number, **given)
    except StaleError as stale:
        page = pages.show(kode, number)
        return tk.render("satudata_structures/read.html", {**page, "errors": [str(stale)]}), _REFUSED
    except tk.ValidationError as refused:
        page = pages.show(kode, number)
        sentences = [str(one) for one in refused.error_summary.values()]
        return tk.render("satudata_structures/read.html", {**page, "errors": sentences}), _WRONG
    accepted = made["version"]["state"] == "berlaku"
    template = tk._("Versi {version} berlaku sekarang.") if accepted else tk._("Usulan versi {version} ditolak.")
    tk.h.flash_success(template.format(version=made["version"]["version"]))
    return tk.redirect_to("satudata_structures.read", kode=kode)


def assign(kode: str) -> Any:
    """Let plan entries follow a structure, or no longer."""
    sent = tk.request.form
    asked = clean(sent.get("entri", ""))
    off = clean(sent.get("lepas", ""))
    refs = [off] if off else [one for one in asked.replace(";", ",").replace("\n", ",").split(",") if one.strip()]
    if not refs:
        raise PageError(tk._("Tulis kode data dari Daftar Data yang memakai struktur ini."))
    wanted = [ref.strip() for ref in refs]
    done = act("satudata_structure_assign", id="" if off else kode, entries=wanted)
    count = len(done["changed"])
    message = tk._("{count} data dilepas dari struktur ini.") if off else tk._("{count} data memakai struktur ini.")
    tk.h.flash_success(message.format(count=count))
    return tk.redirect_to("satudata_structures.read", kode=kode)


def _form(
    base: Mapping[str, Any], form: forms.Form, errors: Mapping[str, Any], status: int, at: str = "", notes: Any = ()
) -> Any:
    page = {
        "base": base,
        "form": form,
        "choices": pages.choices(),
        "own_options": [
            {"value": f"daftar:{row.token}", "text": row.texts.get("label") or tk._("daftar tanpa nama")}
            for row in form.lists
        ],
        "number_options": [
            {"value": row.token, "text": row.texts.get("label") or tk._("kolom tanpa judul")}
            for row in form.columns
            if row.texts.get("type") in ("integer", "numeric")
        ],
        "errors": errors,
        "problems": [
            {"href": f"#field-{name.replace('.', '-')}" if name else "", "label": _label(form, name), "message": text}
            for name, texts in errors.items()
            for text in texts
        ],
        "at": at,
        "action": _address(base),
        "notes": list(notes),
    }
    return tk.render("satudata_structures/form.html", page), status


def _address(base: Mapping[str, Any]) -> str:
    if base["kode"]:
        return tk.url_for("satudata_structures.edit", kode=base["kode"])
    return tk.url_for("satudata_structures.new")


def _label(form: forms.Form, name: str) -> str:
    token, _, field = name.rpartition(".")
    row = next((one for one in (*form.columns, *form.lists) if one.token == token), None)
    title = row.texts.get("label", "") if row else ""
    return f"{title}: {words.field(field)}" if title else words.field(field or name)


def _where(content: Mapping[str, Any], place: str) -> str:
    """Which column or part a place of the content is, for people."""
    name, _, rest = place.partition("[")
    number = rest.partition("]")[0]
    field = place.rpartition(".")[2] if "." in place else ""
    rows = content.get(name, ())
    if (
        number.isdecimal()
        and isinstance(rows, list)
        and int(number) < len(rows)
        and isinstance(rows[int(number)], dict)
    ):
        title = rows[int(number)].get("label") or rows[int(number)].get("id") or ""
        return f"{title}: {words.field(field)}" if field else str(title)
    return words.field(name)


def _by_field(filled: forms.Filled, errors: Mapping[str, Any]) -> dict[str, list[str]]:
    """The errors of an action by the form's fields; what belongs to none stands under an empty name."""
    found: dict[str, list[str]] = {}
    places: Any = errors.get("places")
    if isinstance(places, Mapping):
        for place, sentences in places.items():
            found.setdefault(filled.field_of(place), []).extend(sentences)
        return found
    for name, sentences in errors.items():
        found.setdefault(name if name in forms.HEAD else "", []).extend(map(str, sentences))
    return found


def _carried(text: str) -> dict[str, Any]:
    """The content that the review page carries along. Raises PageError where it is none."""
    try:
        # Whoever made it: only what is a structure goes back into the form or on to the actions.
        return parse.as_dict(parse.structure(json.loads(text)))
    except (ValueError, RecursionError):
        message = tk._("Isi formulir tidak terbaca lagi. Buka kembali halaman ubah, lalu ulangi.")
        raise PageError(message) from None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None  # noqa: PLR2004


#: Addresses under /struktur; the words of each are in `views`.
ADDRESSES = (
    ("/baru", "new", new, ["GET", "POST"]),
    ("/susun", "draft", draft, ["GET", "POST"]),
    ("/<kode>/ubah", "edit", edit, ["GET", "POST"]),
    ("/<kode>/data", "assign", assign, ["POST"]),
    ("/<kode>/versi/<number>/putusan", "decide", decide, ["POST"]),
)
