"""The pages of one cell: delivering it, asking for an exemption or more time, its history, its files."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, send_file
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import kindly
from ckanext.satudataserang.submission import (
    forms,
    history_page,
    page_grid,
    page_words,
    request_pages,
    template_files,
)
from ckanext.satudataserang.submission.forms import Posted, Refused
from ckanext.satudataserang.submission.pages import Form, Rows
from ckanext.satudataserang.submission.visitor import act

__all__ = ["answered", "satudata_delivery"]

satudata_delivery = Blueprint("satudata_delivery", __name__)

_CSV = "text/csv; charset=utf-8"
_BYTES = "application/octet-stream"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _problem(sentence: str, status: int) -> tuple[str, int]:
    page = {"sentence": sentence, "onward": [{"url": tk.h.url_for("home.index"), "label": tk._("Ke beranda")}]}
    return tk.render("satudata_submission/problem.html", page), status


answered = kindly(_problem, invalid=404)


@answered
def form(kode: str, period: str) -> Any:
    """The form of a delivery: what is asked, and the ways to answer."""
    asked = Form(kode, period)
    args = tk.request.args
    page = asked.page(args.get("cara", ""), again=args.get("lagi") == "ya", rows=Rows.from_args(args))
    return tk.render("satudata_submission/form.html", page)


@answered
def send(kode: str, period: str) -> Any:
    """Take in what a clerk has typed, uploaded or stated."""
    asked = Form(kode, period)
    sent = forms.delivery(tk.request.form, tk.request.files)
    try:
        if sent.deed == "hapus":
            return _discarded(asked)
        if sent.deed in ("baris", "rincian"):
            return tk.render("satudata_submission/form.html", asked.page(sent.way, sent=sent))
        if sent.deed == "halaman":
            rows = Rows.from_text(sent.turns_to)
            return tk.render("satudata_submission/form.html", asked.page(sent.way, sent=sent, rows=rows))
        return _taken(asked, sent)
    except tk.ValidationError as error:
        refused = Refused.from_error(error)
    except Refused as error:
        refused = error
    page = Form(kode, period).page(sent.way, sent=sent, refused=refused, rows=Rows.from_args(tk.request.args))
    return tk.render("satudata_submission/form.html", page), refused.status


def _discarded(asked: Form) -> Any:
    if asked.draft:
        act("satudata_submission_discard", id=asked.draft["id"])
        tk.h.flash_notice(tk._("Draf dibuang. Tidak ada yang terkirim."))
    return tk.redirect_to(asked.here)


def _taken(asked: Form, sent: Posted) -> Any:
    """Hand the content to the actions; whatever was typed is kept as a draft before anything is refused."""
    content, wrong = _content(asked, sent)
    handing_in = sent.deed == "kirim" and wrong is None
    told = {**content, "note": sent.note, "correction_reason": sent.reason}
    if asked.draft:
        one = act("satudata_submission_update", id=asked.draft["id"], changed=sent.changed, **told)
        if handing_in:
            one = act("satudata_submission_transition", id=one["id"], to="diajukan", seen=sent.seen)
    else:
        cell = {"entry": asked.entry["id"], "period": asked.period, "seen": sent.seen}
        one = act("satudata_submission_create", **cell, submit=handing_in, **told)
    if sent.deed in ("kirim", "periksa") and wrong is not None:
        raise wrong
    if sent.deed == "periksa":
        return tk.redirect_to(_checked(asked, sent, one))
    if sent.deed == "draf":
        tk.h.flash_success(tk._("Draf disimpan. Belum terkirim: tekan “Kirim” bila sudah selesai."))
        return tk.redirect_to(f"{asked.here}?cara={sent.way}")
    _say(one)
    return tk.redirect_to(asked.here)


def _content(asked: Form, sent: Posted) -> tuple[dict[str, Any], Refused | None]:
    """What the actions are to take, and why a grid is kept but not sent. Raises Refused for what cannot be kept."""
    if sent.way == "unggah":
        return _file(asked, sent), None
    if sent.way in ("nihil", "konfirmasi"):
        missing = {}
        if sent.way == "nihil" and not sent.note:
            missing["catatan"] = tk._("Tulis mengapa nihil, supaya Walidata dan publik memahaminya.")
        if not sent.stated:
            missing["pernyataan"] = tk._("Centang pernyataannya dulu; tanpa itu tidak ada yang terkirim.")
        if missing:
            raise Refused(missing)
        return ({"nil": True} if sent.way == "nihil" else {"confirms": True}), None
    grid, rows = page_grid.typed(asked, sent)
    if grid.problems:
        # The page names each of them at its box.
        return {"rows": rows}, Refused({})
    if grid.blank:
        message = tk._(
            "Belum ada satu pun nilai yang terisi. Isi dulu, atau pilih “Nihil” bila memang tidak ada datanya."
        )
        return {"rows": rows}, Refused({"isian": message})
    return {"rows": rows}, None


def _file(asked: Form, sent: Posted) -> dict[str, Any]:
    """The file that was sent, or what was answered about the one that is there. Raises Refused where there is none."""
    if sent.upload is not None:
        return {"upload": sent.upload}
    if held := _held(asked, sent):
        return held
    if asked.draft and asked.draft.get("file_sha256"):
        return {}
    raise Refused({"berkas": tk._("Pilih berkasnya dulu.")})


def _held(asked: Form, sent: Posted) -> dict[str, Any]:
    """What was answered about the file that is there already: how to read it, or what stands in its cells."""
    told = asked.answered(sent) or asked.mended(sent)
    if "layout" in told and "upload" not in told and not asked.draft and asked.base and asked.file:
        # What was handed in never changes: the same file goes into a draft of its own.
        return {**told, "upload": FileStorage(asked.file.open("rb"), filename=asked.base["file_name"])}
    return told


def _checked(asked: Form, sent: Posted, one: dict[str, Any]) -> str:
    """Say what the check found; returns where to go on."""
    wrong = sum(finding["severity"] == "error" for finding in one["findings"])
    if (one.get("reading") or {}).get("confirm"):
        tk.h.flash_notice(tk._("Lihat dulu cara berkas ini dibaca."))
    elif wrong:
        tk.h.flash_error(tk._("Disimpan dan dicek: masih ada yang harus diperbaiki."))
    else:
        tk.h.flash_success(tk._("Disimpan dan dicek: tidak ada yang menghalangi. Tekan “Kirim” bila sudah selesai."))
    return f"{asked.here}?cara={sent.way}"


def _say(one: dict[str, Any]) -> None:
    if one["state"] == "draf":
        tk.h.flash_notice(tk._("Belum terkirim: lihat dulu cara berkas ini dibaca, lalu kirim."))
    elif one["state"] == "tidak_valid":
        tk.h.flash_error(tk._("Belum dapat diterima. Perbaiki yang ditandai di bawah, lalu kirim lagi."))
    else:
        tk.h.flash_success(tk._("Terkirim. Terima kasih."))


@answered
def template_xlsx(kode: str, period: str) -> Response:
    """The template as a workbook."""
    made = act("satudata_template_show", entry=kode, period=period)
    return _attached(template_files.written(made, "xlsx"), _XLSX, f"{made['entry']}-{made['period']}.xlsx")


@answered
def template_csv(kode: str, period: str) -> Response:
    """The template as a text file."""
    made = act("satudata_template_show", entry=kode, period=period)
    return _attached(template_files.written(made, "csv"), _CSV, f"{made['entry']}-{made['period']}.csv")


@answered
def sample(kode: str, period: str) -> Any:
    """Where the template used to be."""
    return tk.redirect_to("satudata_delivery.template_csv", kode=kode, period=period)


@answered
def annotated(id: str) -> Response:  # noqa: A002 (the word in CKAN's addresses)
    """A file as it was delivered, with what was found written on its cells."""
    made = act("satudata_submission_annotated", id=id)
    response = _attached(made["content"], _XLSX, made["name"])
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _attached(content: bytes | str, kind: str, name: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@answered
def download(id: str) -> Response:  # noqa: A002 (the word in CKAN's addresses)
    """A file as it was delivered, byte for byte; saved, never shown."""
    file = act("satudata_submission_file", id=id)
    try:
        response = send_file(file["path"], mimetype=_BYTES, as_attachment=True, download_name=file["name"] or id)
    except FileNotFoundError:
        raise tk.ObjectNotFound(
            tk._("Berkas kiriman ini tidak ada di tempat penyimpanan. Hubungi pengelola.")
        ) from None
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@answered
def progress(id: str) -> Any:  # noqa: A002 (the word in CKAN's addresses)
    """How far the check of a file is; the page makes itself anew when it is through."""
    one = act("satudata_submission_show", id=id)
    if one["state"] != "diajukan":
        return Response("", headers={"HX-Refresh": "true", "Cache-Control": "no-store"})
    answer = tk.render("satudata_submission/snippets/progress.html", {"progress": page_words.progress(one)})
    return Response(answer, headers={"Cache-Control": "no-store"})


@answered
def history(kode: str, period: str) -> str:
    """Everything that happened to one cell; the public sees the public part."""
    return tk.render("satudata_submission/history.html", history_page.history(kode, period))


def _request(kind: str, kode: str, period: str) -> Any:
    asked = request_pages.Request(kind, kode, period)
    if tk.request.method == "GET":
        return tk.render("satudata_submission/request.html", asked.page())
    values = forms.texts(tk.request.form, "dari", "sampai", "alasan", "aksi", "id")
    try:
        tk.h.flash_success(asked.revoke(values["id"]) if values["aksi"] == "cabut" else asked.ask(values))
        return tk.redirect_to(asked.here)
    except tk.ValidationError as error:
        refused = Refused.from_error(error)
    except Refused as error:
        refused = error
    return tk.render("satudata_submission/request.html", asked.page(values, refused)), refused.status


@answered
def exempt(kode: str, period: str) -> Any:
    """The OPD asks that an entry does not apply for a while."""
    return _request("pengecualian", kode, period)


@answered
def extend(kode: str, period: str) -> Any:
    """The Walidata gives more time for one period."""
    return _request("perpanjangan", kode, period)


_CELL = "<path:kode>/<period>"
for _rule, _view, _methods in (
    (f"/kirim/{_CELL}", form, ("GET",)),
    (f"/kirim/{_CELL}", send, ("POST",)),
    (f"/kirim/{_CELL}/templat.xlsx", template_xlsx, ("GET",)),
    (f"/kirim/{_CELL}/templat.csv", template_csv, ("GET",)),
    (f"/kirim/{_CELL}/contoh.csv", sample, ("GET",)),
    (f"/riwayat/{_CELL}", history, ("GET",)),
    ("/kiriman/<id>/berkas", download, ("GET",)),
    ("/kiriman/<id>/temuan.xlsx", annotated, ("GET",)),
    ("/kiriman/<id>/kemajuan", progress, ("GET",)),
    (f"/pengecualian/{_CELL}", exempt, ("GET", "POST")),
    (f"/perpanjangan/{_CELL}", extend, ("GET", "POST")),
):
    satudata_delivery.add_url_rule(_rule, endpoint=_view.__name__, view_func=_view, methods=list(_methods))
