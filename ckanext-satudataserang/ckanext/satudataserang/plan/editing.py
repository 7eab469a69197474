"""The pages on which the plan is changed: proposing, editing, agreeing, changing terms, bringing files in.

They belong to the blueprint of `views`, which imports this module's table of addresses.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.core.plan_files import MAX_BYTES, PlanFileError
from ckanext.satudataserang.plan import choices, entries, forms, pages, params, words
from ckanext.satudataserang.plan.files import incoming

_MOST_AT_ONCE = 500
_STEPS = ("disepakati", "berlaku", "berakhir", "ditolak", "ditarik")
_REFUSED = 409


def propose() -> Any:
    """The form of a proposal. Entries with such a title are shown before anything is saved."""
    tk.check_access("satudata_plan_entry_create", Context(), {})
    names = forms.names_to_propose(walidata=choices.rights()["manage"])
    if tk.request.method == "GET":
        return _form("satudata_plan/propose.html", names, forms.beginning(), {}, 200)
    values = forms.typed(names)
    try:
        made = pages.act("satudata_plan_entry_create", **_given(values), similar_ok=_similar_ok())
    except tk.ValidationError as refused:
        return _form("satudata_plan/propose.html", names, values, refused.error_dict, 400)
    tk.h.flash_success(
        tk._("Usulan “{title}” tersimpan dengan kode {kode}.").format(title=made["judul"], kode=made["kode"])
    )
    return tk.redirect_to(pages.entry_url(made))


def edit(ref: str) -> Any:
    """The form of an entry: what describes it, and for the Walidata its validity and priority."""
    entry = pages.act("satudata_plan_entry_show", id=ref)
    tk.check_access("satudata_plan_entry_update", Context(), {"id": entry["id"]})
    names = forms.names_to_edit(entry, walidata=choices.rights()["manage"])
    if tk.request.method == "GET":
        return _form("satudata_plan/edit.html", names, forms.holding(entry, names), {}, 200, entry=entry)
    values = forms.typed(names)
    note = params.clean(tk.request.form.get("note", ""))
    try:
        made = pages.act("satudata_plan_entry_update", id=entry["id"], **values, note=note, similar_ok=_similar_ok())
    except tk.ValidationError as refused:
        return _form("satudata_plan/edit.html", names, values, refused.error_dict, 400, entry=entry)
    tk.h.flash_success(tk._("Perubahan “{title}” tersimpan.").format(title=made["judul"]))
    return tk.redirect_to(pages.entry_url(made))


def edit_terms(ref: str) -> Any:
    """New terms of an entry in force, from a day on and with a reason."""
    entry = pages.act("satudata_plan_entry_show", id=ref)
    tk.check_access("satudata_plan_entry_terms_change", Context(), {"id": entry["id"]})
    names = (*forms.TERMS, "effective_from", "reason")
    if tk.request.method == "GET":
        values = {**forms.holding(entry, forms.TERMS), "effective_from": entries.today().isoformat(), "reason": ""}
        return _form("satudata_plan/terms.html", names, values, {}, 200, entry=entry)
    values = forms.typed(names)
    try:
        made = pages.act("satudata_plan_entry_terms_change", id=entry["id"], **values)
    except tk.ValidationError as refused:
        return _form("satudata_plan/terms.html", names, values, refused.error_dict, 400, entry=entry)
    since = words.day(values["effective_from"])
    message = tk._("Ketentuan baru “{title}” berlaku mulai {day}.").format(title=made["judul"], day=since)
    tk.h.flash_success(message)
    return tk.redirect_to(pages.entry_url(made))


def step(ref: str) -> Any:
    """Take one entry to its next state, or a proposal out of the plan."""
    form = tk.request.form
    to = _step_asked()
    given = {name: form.get(name, "").strip() for name in ("note", "berlaku_dari", "berlaku_sampai")}
    try:
        made = pages.act("satudata_plan_entry_transition", id=ref, to=to, **_given(given))
    except tk.ValidationError as refused:
        page = pages.read(ref)
        problems = forms.summary(refused.error_dict, ())
        return tk.render("satudata_plan/read.html", {**page, "problems": problems}), _REFUSED
    said = words.state(made["state"]).word
    tk.h.flash_success(tk._("“{title}” sekarang {state}.").format(title=made["judul"], state=said))
    if to in ("ditolak", "ditarik"):
        return tk.redirect_to(pages.address(keadaan="usulan"))
    return tk.redirect_to(pages.entry_url(made))


def steps() -> Any:
    """Take the chosen entries of the list one step further: all or none."""
    form = tk.request.form
    filters = params.filters(tk.request.args)
    chosen = list(dict.fromkeys(params.clean(one) for one in form.getlist("pilih")))[:_MOST_AT_ONCE]
    to = _step_asked()
    if not chosen:
        raise PageError(tk._("Belum ada data yang dipilih. Kembali, centang datanya, lalu coba lagi."))
    given: dict[str, Any] = {"note": form.get("note", "").strip()}
    if to == "berlaku":
        year = params.year(params.clean(form.get("tahun", "")))
        given |= {"berlaku_dari": f"{year}-01-01", "berlaku_sampai": f"{year}-12-31"}
    try:
        done = pages.act("satudata_plan_entry_transition", id=chosen, to=to, **given)["results"]
    except tk.ValidationError as refused:
        problems = [
            {"href": "", "label": kode, "message": sentence}
            for kode, messages in refused.error_dict.items()
            for sentence in forms.sentences(messages)
        ]
        page = pages.index(filters, 1)
        return tk.render("satudata_plan/index.html", {**page, "problems": problems, "chosen": set(chosen)}), _REFUSED
    said = words.state(to).word
    tk.h.flash_success(tk._("{count} data sekarang {state}.").format(count=words.number(len(done)), state=said))
    return tk.redirect_to(pages.address(**filters))


def import_() -> Any:
    """Bring a file in: first what it would change, then the change itself."""
    tk.check_access("satudata_plan_import", Context(), {})
    if tk.request.method == "GET":
        return _import_page({}, 200)
    try:
        if token := tk.request.form.get("pratinjau"):
            return _confirm(token)
        return _preview()
    except PlanFileError as problem:
        return _import_page({"refused": str(problem)}, 400)


def _preview() -> Any:
    upload = tk.request.files.get("upload")
    if upload is None or not upload.filename:
        return _import_page({"refused": tk._("Belum ada berkas. Pilih berkas CSV atau .xlsx, lalu unggah lagi.")}, 400)
    content = upload.stream.read(MAX_BYTES + 1)
    common = _given(forms.typed(("effective_from", "reason")))
    found = incoming.compared(content, Context(), **common)
    shown = {"found": found, "filename": upload.filename[:100], "common": common}
    if found.problems:
        return _import_page(shown, 400)
    return _import_page({**shown, "token": incoming.signed(found, common, tk.current_user.id)}, 200)


def _confirm(token: str) -> Any:
    rows, common = incoming.unsigned(token, tk.current_user.id)
    try:
        done = pages.act("satudata_plan_import", entries=rows, **common)
    except tk.ValidationError:
        # The plan has changed since the preview; what is wrong now is seen by looking again.
        message = tk._("Daftar Data berubah sejak pratinjau ini dibuat. Unggah lagi berkasnya untuk melihat bedanya.")
        return _import_page({"refused": message}, _REFUSED)
    tk.h.flash_success(
        tk._("Selesai: {new} data baru, {changed} berubah, {same} tetap.").format(
            new=words.number(len(done["created"])),
            changed=words.number(len(done["changed"])),
            same=words.number(done["unchanged"]),
        )
    )
    return tk.redirect_to(pages.address())


def _import_page(shown: dict[str, Any], status: int) -> tuple[str, int]:
    blank = {"found": None, "refused": "", "token": "", "common": {}, "filename": ""}
    return tk.render("satudata_plan/import.html", {**blank, **shown, "today": entries.today()}), status


def carry_over() -> Any:
    """Keep the entries of a year in force through the next one."""
    tk.check_access("satudata_plan_carry_over", Context(), {})
    form = tk.request.form if tk.request.method == "POST" else tk.request.args
    this_year = entries.today().year
    first = params.year(params.clean(form.get("dari", "")) or str(this_year))
    last = params.year(params.clean(form.get("ke", "")) or str(first + 1))
    page: dict[str, Any] = {"from_year": first, "to_year": last, "problems": [], "outcome": None}
    write = tk.request.method == "POST"
    try:
        page["outcome"] = pages.act("satudata_plan_carry_over", from_year=first, to_year=last, dry_run=not write)
    except tk.ValidationError as refused:
        page["problems"] = forms.summary(refused.error_dict, ())
        return tk.render("satudata_plan/carry_over.html", page), 400
    if not write:
        return tk.render("satudata_plan/carry_over.html", page)
    count = len(page["outcome"]["extended"])
    tk.h.flash_success(
        tk._("{count} data diteruskan sampai akhir {year}.").format(count=words.number(count), year=last)
    )
    return tk.redirect_to(pages.address(tahun=last))


def opd_change() -> Any:
    """A change of OPDs: what it would move and end first, then the change itself."""
    tk.check_access("satudata_opd_change", Context(), {})
    names = forms.OPD_CHANGE
    if tk.request.method == "GET":
        begin = {"effective": entries.today().isoformat()}
        return _form("satudata_plan/opd_change.html", names, begin, {}, 200, outcome=None)
    values = forms.typed(names)
    given = _given(forms.of_kind(values))
    sure = tk.request.form.get("yakin") == "ya"
    try:
        outcome = pages.act("satudata_opd_change", **given, dry_run=not sure)
    except tk.ValidationError as refused:
        return _form("satudata_plan/opd_change.html", names, values, refused.error_dict, 400, outcome=None)
    if not sure:
        return _form("satudata_plan/opd_change.html", names, values, {}, 200, outcome=outcome)
    message = tk._("Perubahan OPD tercatat: {moved} data pindah, {ended} berakhir, {withdrawn} usulan ditarik.")
    counts = {key: words.number(len(outcome[key])) for key in ("moved", "ended", "withdrawn")}
    tk.h.flash_success(message.format(**counts))
    return tk.redirect_to(pages.address())


def _form(
    template: str, names: tuple[str, ...], values: dict[str, str], errors: dict[str, Any], status: int, **shown: Any
) -> tuple[str, int]:
    alike: list[dict[str, Any]] = []
    if "similar" in errors:
        entry = shown.get("entry") or {}
        asked = {"judul": values["judul"], "urusan": values.get("urusan"), "opd": values.get("opd")}
        alike = pages.act("satudata_plan_entry_similar", **asked, exclude=entry.get("id", ""))["results"]
        errors = {name: messages for name, messages in errors.items() if name != "similar"}
    page = {
        "fields": forms.built(names, values, errors),
        "problems": forms.summary(errors, names),
        "similar": [{**one, "url": pages.entry_url(one)} for one in alike],
        "note": params.clean(tk.request.form.get("note", "")),
        **shown,
    }
    return tk.render(template, page), status


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _similar_ok() -> bool:
    return tk.request.form.get("similar_ok") == "ya"


def _step_asked() -> str:
    to = params.clean(tk.request.form.get("to", ""))
    if to not in _STEPS:
        message = tk._("Langkah “{to}” tidak dikenal. Pilih salah satu: {choices}.")
        raise PageError(message.format(to=to[:40], choices=", ".join(_STEPS)))
    return to


ADDRESSES = (
    ("", steps, ["POST"]),
    ("/usul", propose, ["GET", "POST"]),
    ("/impor", import_, ["GET", "POST"]),
    ("/impor/tahun", carry_over, ["GET", "POST"]),
    ("/perubahan-opd", opd_change, ["GET", "POST"]),
    ("/<ref>/ubah", edit, ["GET", "POST"]),
    ("/<ref>/ubah-ketentuan", edit_terms, ["GET", "POST"]),
    ("/<ref>/langkah", step, ["POST"]),
)
