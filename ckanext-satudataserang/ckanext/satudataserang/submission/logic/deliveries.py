"""Actions that change deliveries: making them, handing them in, checking, publishing."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.submission import actors, config, due, jobs, lifecycle, publishing, queries, titles
from ckanext.satudataserang.submission.content import Checked
from ckanext.satudataserang.submission.logic.inputs import content_of, notes_of, seen_of, text_of, texts_of
from ckanext.satudataserang.submission.model import Submission
from ckanext.satudataserang.submission.refusals import ConflictError, moment, person, refuse


def satudata_submission_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Deliver for one period of a plan entry: keep a draft, or hand it in at once.

    Exactly one of `upload`, `rows`, `nil` and `confirms` says what is delivered. A draft of one's own for the period is
    continued. What does not fit the moment (somebody else delivered meanwhile, an approved delivery is being published)
    is refused with HTTP 409 and the error keys ``message`` and ``code``. A file of which somebody has to say how it is
    to be read stays a draft (``state`` draf, ``reading.confirm`` true) until `layout` says it.

    :param entry: kode or id of the plan entry
    :param period: key of the period, as ``2025``, ``2025-Q3``, ``2025-07``, ``statis-2026``
    :param upload: the file (CSV, TSV, XLSX, XLS, ODS)
    :param layout: how the file is to be read, as ``reading.layout`` of `satudata_submission_show`, with what was
        decided: ``columns`` (title -> column id), ``sheet``, ``melt`` (optional)
    :param rows: typed rows, ``[{column: value}]``
    :param columns: order of the columns of `rows` (optional)
    :param nil: true: there was nothing to report; `note` must say why
    :param confirms: true: the static data still hold (periods ``statis-<year>`` only)
    :param note: a remark for the Walidata
    :param submit: hand it in (default true); false keeps a draft
    :param correction_reason: why a published period is corrected; compulsory then, and shown to the public
    :param seen: id of the open delivery that the sender's page showed, empty for none (optional)
    :returns: the delivery, as `satudata_submission_show`
    :rtype: dictionary
    """
    began = due.now()
    entry = due.entry_of(tk.get_or_bust(data_dict, "entry"))
    tk.check_access("satudata_submission_create", context, data_dict)
    what = due.due_of(entry, tk.get_or_bust(data_dict, "period"))
    delivered = content_of(data_dict, what)
    actor = actors.id_of(context)
    submit = flag(data_dict, "submit", default=True)
    lifecycle.lock(entry.id, what.period.key)
    found = lifecycle.cell(entry.id, what.period.key)
    draft = found.draft
    if draft is not None and draft.created_by != actor:
        if not submit:
            _rollback_with(_someones_draft(draft))
        draft = None
    try:
        if submit:
            lifecycle.guard(found, seen_of(data_dict), began)
        row = lifecycle.save_draft(what, delivered, draft=draft, actor=actor, **texts_of(context, data_dict))
        if delivered.layout:
            titles.remember(entry.id, delivered.layout["columns"], actor)
        checked = _check_now(row, what)
        submit = submit and not (checked and checked.unconfirmed)
        if submit:
            lifecycle.hand_in(row, what, found, actor)
    except (tk.ValidationError, tk.NotAuthorized):
        model.Session.rollback()
        raise
    return _finish(context, row, what, checked, submit=submit)


def satudata_submission_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Replace what a draft holds; handed-in deliveries never change.

    Takes the content, `note` and `correction_reason` of `satudata_submission_create`.

    :param id: id of the draft
    :param changed: `delivered_at` of the draft as the sender's page showed it; another value means that somebody else
        saved meanwhile, and is refused (optional)
    :rtype: dictionary
    """
    row = locked(data_dict, context, "satudata_submission_update")
    _only_draft(row)
    before = row.layout
    if (changed := data_dict.get("changed")) and changed != row.delivered_at.isoformat():
        _rollback_with(_someones_draft(row))
    entry = due.entry_of(row.entry_id)
    try:
        what = due.due_of(entry, row.period)
        row = lifecycle.save_draft(
            what,
            content_of(data_dict, what, old=row),
            draft=row,
            actor=actors.id_of(context),
            **texts_of(context, {"note": row.note, "correction_reason": row.correction_reason, **data_dict}),
        )
        if row.layout and row.layout != before:
            titles.remember(entry.id, row.layout["columns"], actors.id_of(context))
    except tk.ValidationError:
        model.Session.rollback()
        raise
    return _finish(context, row, what, _check_now(row, what), submit=False)


def satudata_submission_discard(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Throw a draft away.

    :param id: id of the draft
    :returns: ``{"id"}``
    :rtype: dictionary
    """
    row = locked(data_dict, context, "satudata_submission_discard")
    _only_draft(row)
    lifecycle.discard(row)
    lifecycle.commit(row.entry_id, row.period, announce=False)
    return {"id": data_dict["id"]}


def satudata_submission_transition(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take one step with a delivery: hand a draft in, approve, return, publish.

    A step that the state does not allow is refused with HTTP 409, one that the role does not allow with 403.

    :param id: id of the delivery
    :param to: ``diajukan``, ``disetujui``, ``dikembalikan``, ``terbit``, or ``menunggu_pemeriksaan`` (Pembina)
    :param note: why; compulsory for a return, unless `notes` says it
    :param notes: remarks on single findings, ``[{"code", "row", "column", "note"}]``
    :param publish: with ``disetujui``: publish at once where nothing else is needed (default false)
    :param seen: as in `satudata_submission_create`, for ``diajukan``
    :returns: the delivery; `publish_asked_at` stands while it is being published, `problem` says what is in the way
    :rtype: dictionary
    """
    began = due.now()
    to = str(tk.get_or_bust(data_dict, "to"))
    row = locked(data_dict, context, "satudata_submission_transition")
    note, notes = text_of(data_dict.get("note")), notes_of(data_dict.get("notes"))
    entry, actor = due.entry_of(row.entry_id), actors.id_of(context)
    try:
        what = due.due_of(entry, row.period, future=True)
        prioritas = _is_prioritas(row, what)
        held = actors.roles_for(context, [entry.opd_id, what.terms.opd_id])
        not_superseded(row)
        refuse(
            actors.lifecycle().check_any(
                row.state,
                to,
                held,
                prioritas=prioritas,
                rechecked=row.rechecked_at is not None,
                noted=bool(note or notes),
            )
        )
        if to == life.DIAJUKAN:
            found = lifecycle.cell(row.entry_id or "", row.period)
            lifecycle.guard(found, seen_of(data_dict), began)
            due.due_of(entry, row.period)
            if note:
                row.note = note
            checked = _check_now(row, what)
            submit = not (checked and checked.unconfirmed)
            if submit:
                lifecycle.hand_in(row, what, found, actor)
            return _finish(context, row, what, checked, submit=submit)
        _not_being_published(row)
        if to == life.DISETUJUI:
            _no_undecided_person(row)
    except (tk.ValidationError, tk.NotAuthorized):
        model.Session.rollback()
        raise
    row.prioritas = prioritas
    if to == life.TERBIT:
        return _publish(context, row, actor, note)
    lifecycle.move(row, to, actor, action=_ACTIONS[to, row.state], note=note, notes=notes)
    if to == life.DISETUJUI and flag(data_dict, "publish") and not prioritas:
        return _publish(context, row, actor, "")
    lifecycle.commit(row.entry_id, row.period)
    return queries.shown(context, row)


def satudata_submission_recheck(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """The Pembina looks at an approved delivery of Data Prioritas: agrees, or returns it to the Walidata.

    :param id: id of the delivery
    :param ok: whether the Pembina agrees
    :param note: why not; compulsory when `ok` is false
    :rtype: dictionary
    """
    tk.get_or_bust(data_dict, "ok")
    ok = flag(data_dict, "ok")
    if not ok:
        tk.check_access("satudata_submission_recheck", context, data_dict)
        return satudata_submission_transition(context, {**data_dict, "to": life.MENUNGGU})
    row = locked(data_dict, context, "satudata_submission_recheck")
    entry = due.entry_of(row.entry_id)
    try:
        what = due.due_of(entry, row.period, future=True)
        not_superseded(row)
        _not_being_published(row)
        if not _is_prioritas(row, what):
            message = tk._("Periksa ulang Pembina hanya untuk Data Prioritas; kiriman ini bukan Data Prioritas.")
            raise ConflictError(message, "bukan-prioritas")
        if row.state != life.DISETUJUI:
            message = tk._("Pembina memeriksa ulang setelah Walidata menyetujui; kiriman ini berstatus “{state}”.")
            raise ConflictError(message.format(state=tk._(life.WORDS[row.state])), "urutan")
        if row.rechecked_at is not None:
            message = tk._("{who} sudah menyetujui kiriman ini pada {when}.")
            raise ConflictError(
                message.format(who=person(row.rechecked_by), when=moment(row.rechecked_at)), "sudah-diperiksa"
            )
    except tk.ValidationError:
        model.Session.rollback()
        raise
    actor = actors.id_of(context)
    row.rechecked_at, row.rechecked_by = due.now(), actor
    lifecycle.remark(row, "periksa_ulang", actor, text_of(data_dict.get("note")))
    lifecycle.commit(row.entry_id, row.period)
    return queries.shown(context, row)


_ACTIONS = {
    (life.DISETUJUI, life.MENUNGGU): "setujui",
    (life.DIKEMBALIKAN, life.MENUNGGU): "kembalikan",
    (life.MENUNGGU, life.DISETUJUI): "kembalikan_pembina",
}


def _publish(context: Context, row: Submission, actor: str, note: str) -> dict[str, Any]:
    publishing.ask(row, actor, note)
    lifecycle.commit(row.entry_id, row.period)
    jobs.publish_soon(row)
    return queries.shown(context, row)


def _check_now(row: Submission, what: due.Due) -> Checked | None:
    """Check what is small while the sender waits; None where a job has to."""
    return lifecycle.check(row, what) if (row.file_size or 0) <= config.at_once() else None


def _finish(
    context: Context, row: Submission, what: due.Due, checked: Checked | None, *, submit: bool
) -> dict[str, Any]:
    """Keep what was found, leave what is large to a job, and commit."""
    row_id = row.id
    if checked is not None and submit:
        lifecycle.settle(row, checked)
    elif checked is not None:
        lifecycle.note_findings(row, checked)
    else:
        row.progress = 0
    lifecycle.commit(what.entry.id, what.period.key, announce=submit)
    if checked is None:
        jobs.check_soon(row_id)
    return queries.shown(context, row)


def locked(data_dict: DataDict, context: Context, action: str) -> Submission:
    """The delivery, read again under the lock of its cell. Raises ObjectNotFound, NotAuthorized."""
    row = model.Session.get(Submission, str(tk.get_or_bust(data_dict, "id")).replace("\0", ""))
    if row is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini tidak ditemukan."))
    tk.check_access(action, context, data_dict)
    if row.entry_id is None:
        message = tk._("Kiriman ini di luar Daftar Data sehingga tidak diperiksa di sini.")
        raise ConflictError(message, "di-luar-daftar-data")
    lifecycle.lock(row.entry_id, row.period)
    row = model.Session.get(Submission, row.id, populate_existing=True)
    if row is None:
        model.Session.rollback()
        raise tk.ObjectNotFound(tk._("Draf ini sudah dihapus."))
    return row


def _is_prioritas(row: Submission, what: due.Due) -> bool:
    """Whether the Pembina looks at it: what was handed in as Data Prioritas stays so, whatever the plan says later."""
    return row.prioritas or what.prioritas


def _only_draft(row: Submission) -> None:
    if row.state != life.DRAF:
        message = tk._("Kiriman yang sudah dikirim tidak dapat diubah. Kirim yang baru untuk menggantikannya.")
        _rollback_with(ConflictError(message, "bukan-draf"))


def not_superseded(row: Submission) -> None:
    if row.superseded_by is None:
        return
    newer = model.Session.get(Submission, row.superseded_by)
    message = tk._("Kiriman ini sudah diganti kiriman yang lebih baru ({when}). Buka yang terbaru.")
    when = moment(newer.delivered_at) if newer else "-"
    raise ConflictError(message.format(when=when), "diganti", id=row.superseded_by)


def _not_being_published(row: Submission) -> None:
    if row.publish_asked_at is not None:
        message = tk._("Kiriman ini sedang diterbitkan sejak {when}. Tunggu sampai selesai.")
        raise ConflictError(message.format(when=moment(row.publish_asked_at)), "sedang-terbit")


def _no_undecided_person(row: Submission) -> None:
    if row.privacy == "ditahan":
        message = tk._(
            "Kiriman ini memuat data pribadi. Putuskan dahulu: samarkan, terbitkan apa adanya dengan alasan, atau "
            "kembalikan agar OPD menghapusnya."
        )
        raise ConflictError(message, "data-pribadi")


def _someones_draft(row: Submission) -> ConflictError:
    message = tk._("{who} sedang mengisi draf untuk periode ini (terakhir disimpan {when}). Lanjutkan draf itu.")
    when: datetime = row.delivered_at
    return ConflictError(message.format(who=person(row.created_by), when=moment(when)), "draf-lain", id=row.id)


def _rollback_with(error: ConflictError) -> None:
    model.Session.rollback()
    raise error
