"""Pages of the chase: an OPD's tasks, and what the Walidata needs to ask for what is missing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import kindly
from ckanext.satudataserang.catalogue.pdf import CONTENT_TYPE
from ckanext.satudataserang.chase import letters as making
from ckanext.satudataserang.chase import pages

satudata_chase = Blueprint("satudata_chase", __name__)


def _problem(sentence: str, status: int) -> tuple[str, int]:
    return tk.render("satudata_chase/problem.html", {"sentence": sentence, "status": status}), status


_kind = kindly(_problem, members_only=True)


@_kind
def tasks() -> Any:
    """What an OPD owes. Whoever logs in lands here; people without an OPD are sent on to where their work is."""
    shown = pages.tasks(tk.request.args)
    return tk.redirect_to(shown) if isinstance(shown, str) else tk.render("satudata_chase/tasks.html", shown)


@_kind
def letters(opd: str) -> Response:
    """The "Surat Pengingat" to an OPD as PDF."""
    letter = tk.get_action("satudata_reminder_letter")({}, {"opd": opd})
    response = Response(making.as_pdf(letter), content_type=CONTENT_TYPE)
    response.headers.set("Content-Disposition", "inline", filename=f"surat-pengingat-{letter['opd']['name']}.pdf")
    return response


@_kind
def message(opd: str) -> Response:
    """The short text for a messenger, alone."""
    text = tk.get_action("satudata_reminder_letter")({}, {"opd": opd})["text"]
    return Response(text, content_type="text/plain; charset=utf-8")


@_kind
def overview() -> str:
    """All OPDs: what each owes, when it was reminded and met, and the log of letters."""
    return tk.render("satudata_chase/overview.html", pages.overview(tk.request.args))


@_kind
def coaching(opd: str) -> str:
    """One OPD: the text to send it, and the log of coaching with the measures before and after."""
    return tk.render("satudata_chase/coaching.html", pages.coaching(opd, tk.request.args))


@_kind
def retry() -> Any:
    """Try one letter, or all that failed or wait, again."""
    mail_id = tk.request.form.get("id", "")
    try:
        done = tk.get_action("satudata_mail_retry")({}, {"id": mail_id} if mail_id else {})
    except tk.ValidationError as refused:
        tk.h.flash_error(" ".join(map(str, refused.error_summary.values())))
    else:
        tk.h.flash_success(tk._("{n} surat dicoba lagi sebentar lagi.").format(n=done["retried"]))
    return tk.redirect_to("satudata_chase.overview", _anchor="surat")


@_kind
def coaching_create(opd: str) -> Any:
    """Log a clinic or a visit; what is wrong is said beside the form, which keeps what was typed."""
    form = pages.coaching_form(tk.request.form)
    try:
        tk.get_action("satudata_coaching_create")({}, {"opd": opd, **form})
    except tk.ValidationError as wrong:
        return tk.render(
            "satudata_chase/coaching.html", pages.coaching(opd, {}, form=form, errors=wrong.error_dict)
        ), 400
    tk.h.flash_success(tk._("Pembinaan dicatat."))
    return tk.redirect_to("satudata_chase.coaching", opd=opd)


@_kind
def coaching_update(opd: str, coaching_id: str) -> Any:
    """Change an entry of the log."""
    form = pages.coaching_form(tk.request.form)
    try:
        tk.get_action("satudata_coaching_update")({}, {"id": coaching_id, **form})
    except tk.ValidationError as wrong:
        shown = pages.coaching(opd, {"ubah": coaching_id}, form=form, errors=wrong.error_dict)
        return tk.render("satudata_chase/coaching.html", shown), 400
    tk.h.flash_success(tk._("Catatan pembinaan diperbarui."))
    return tk.redirect_to("satudata_chase.coaching", opd=opd)


@_kind
def coaching_delete(opd: str, coaching_id: str) -> Any:
    """Take an entry out of the log."""
    tk.get_action("satudata_coaching_delete")({}, {"id": coaching_id})
    tk.h.flash_success(tk._("Catatan pembinaan dihapus."))
    return tk.redirect_to("satudata_chase.coaching", opd=opd)


for _rule, _view, _methods in (
    ("/tugas", tasks, ["GET"]),
    ("/tugas/<opd>/surat.pdf", letters, ["GET"]),
    ("/tugas/<opd>/pesan.txt", message, ["GET"]),
    ("/penagihan", overview, ["GET"]),
    ("/penagihan/surat/ulang", retry, ["POST"]),
    ("/penagihan/<opd>", coaching, ["GET"]),
    ("/penagihan/<opd>", coaching_create, ["POST"]),
    ("/penagihan/<opd>/<coaching_id>", coaching_update, ["POST"]),
    ("/penagihan/<opd>/<coaching_id>/hapus", coaching_delete, ["POST"]),
):
    satudata_chase.add_url_rule(_rule, view_func=_view, methods=_methods)
