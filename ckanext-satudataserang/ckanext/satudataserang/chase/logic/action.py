"""Actions of the chase: what an OPD owes, reminding it, the log of letters."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.chase import (
    coaching,
    config,
    differences,
    effects,
    letters,
    links,
    overview,
    reminders,
    schedule,
    words,
)
from ckanext.satudataserang.chase.logic import schema
from ckanext.satudataserang.chase.model import Mail
from ckanext.satudataserang.chase.opds import opd_of
from ckanext.satudataserang.chase.todo import todo

__all__ = [
    "satudata_chase_list",
    "satudata_coaching_create",
    "satudata_coaching_delete",
    "satudata_coaching_effect_list",
    "satudata_coaching_list",
    "satudata_coaching_update",
    "satudata_mail_list",
    "satudata_mail_retry",
    "satudata_reminder_letter",
    "satudata_reminder_run",
    "satudata_todo_list",
]


@tk.side_effect_free
@tk.validate_action_data(schema.todo_list)
def satudata_todo_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what an OPD owes now, in groups.

    The groups are terlambat (the cells that the dashboard calls terlewat), dikembalikan (returned or not valid),
    segera (due within 14 days), menunggu (waiting for the Walidata) and selesai (complete; only the newest period of
    each entry).

    :param opd: name or id of the OPD
    :param group: only the items of this group (optional)
    :param limit: at most so many items of each group (default 100, maximum 1000)
    :param offset: skip so many items of each group (default 0)
    :returns: ``{"opd": {"id", "name", "title"}, "generated_at", "classes": {kelas: {"done", "total"}},
        "done", "total", "groups": [{"name", "title", "count", "items": [{"entry_id", "kode", "judul", "kelas",
        "period", "state", "deadline", "days_late", "due", "why", "button", "url", …}]}],
        "conflicts": {"count", "items": open differences between its figures and others', as satudata_conflict_list
        tells of each in full}}``
    :rtype: dictionary
    """
    tk.check_access("satudata_todo_list", context, data_dict)
    opd = opd_of(data_dict["opd"])
    now = datetime.now(timezone.utc)
    found = todo(
        model.Session,
        now,
        opd.id,
        group=data_dict.get("group"),
        limit=data_dict["limit"],
        offset=data_dict["offset"],
    )
    with links.anywhere():
        groups = [
            {
                "name": name,
                "title": words.group(name),
                "count": found["counts"][name],
                "items": [_told(item) for item in items],
            }
            for name, items in found["items"].items()
        ]
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": opd.title or opd.name},
        "generated_at": now.isoformat(),
        "classes": {name: {"done": done, "total": total} for name, (done, total) in found["classes"].items()},
        "done": sum(done for done, _ in found["classes"].values()),
        "total": sum(total for _, total in found["classes"].values()),
        "groups": groups,
        "conflicts": differences.of_opd(opd.id),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.chase_list)
def satudata_chase_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return every OPD with what it owes, when it was last reminded and when it was last coached.

    :param only: semua (default), terlambat, diperbaiki, or tanpa_penerima (nobody there can be written to)
    :returns: ``{"generated_at", "stopped": why no mail goes out or empty, "results": [{"id", "name", "title", "late",
        "mend", "soon", "waiting", "oldest", "oldest_days", "last_reminder", "last_coaching", "people"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_chase_list", context, data_dict)
    now = datetime.now(timezone.utc)
    return {
        "generated_at": now.isoformat(),
        "stopped": config.smtp_problem() or reminders.stopped(model.Session),
        "results": [_plain(row) for row in overview.opds(model.Session, now, data_dict["only"])],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.one_opd)
def satudata_reminder_letter(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what a letter to an OPD says: its late and returned cells, and a short text for a messenger.

    :param opd: name or id of the OPD
    :returns: ``{"opd": {"id", "name", "title"}, "generated_at", "count", "items": [{"kode", "judul", "period",
        "period_name", "deadline", "due", "state"}], "text"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_reminder_letter", context, data_dict)
    with links.anywhere():
        return letters.content(model.Session, datetime.now(timezone.utc), opd_of(data_dict["opd"]))


def satudata_reminder_run(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Send today's reminders: one letter per person with everything that is new to them. A second run sends nothing.

    Refused, with nothing changed, where no mail server is set or answers, or while the figures cannot be trusted.

    :param dry_run: only tell what would be sent to whom (default false)
    :returns: ``{"dry_run", "letters": [{"recipient", "name", "items": […]}], "sent", "failed", "cancelled"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_reminder_run", context, data_dict)
    dry_run = flag(data_dict, "dry_run")
    try:
        done = reminders.run(datetime.now(timezone.utc), dry_run=dry_run)
    except reminders.CannotSendError as err:
        raise tk.ValidationError({"surel": [str(err)]}) from err
    schedule.plan_sending(done.sent.next_attempt_at)
    return {
        "dry_run": dry_run,
        "letters": reminders.summary(done.digests),
        "sent": done.sent.sent,
        "failed": done.sent.failed,
        "cancelled": done.sent.cancelled,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.mail_list)
def satudata_mail_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the log of letters, newest first.

    :param state: antre, terkirim, gagal or batal (optional)
    :param limit: at most so many (default 50, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"counts": {state: n}, "count", "results": [{"id", "recipient", "name", "state", "subject", "created",
        "next_attempt_at", "attempts", "error", "sent_at", "items": number of cells}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_mail_list", context, data_dict)
    state = data_dict.get("state")
    counts, page = overview.mails(model.Session, state=state, limit=data_dict["limit"], offset=data_dict["offset"])
    count = counts.get(state, 0) if state else sum(counts.values())
    return {"counts": counts, "count": count, "results": [_plain(row) for row in page]}


@tk.validate_action_data(schema.mail_retry)
def satudata_mail_retry(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Let letters that failed, or that wait for their next attempt, be tried again now.

    :param id: one letter; without it all that failed or wait (optional)
    :param wait: send in this call and not by a worker (default false)
    :returns: ``{"retried": n, "sent", "failed", "cancelled"}``; the last three are 0 where a worker sends
    :rtype: dictionary
    """
    tk.check_access("satudata_mail_retry", context, data_dict)
    mail_id = data_dict.get("id")
    if mail_id and model.Session.get(Mail, mail_id) is None:
        raise tk.ObjectNotFound(tk._("Surat itu tidak ditemukan."))
    try:
        reminders.refuse_unless_ready()
        now = datetime.now(timezone.utc)
        statement = (
            sa.update(Mail)
            .where(Mail.state.in_(("gagal", "antre")), sa.true() if not mail_id else Mail.id == mail_id)
            .values(state="antre", attempts=0, next_attempt_at=now)
            .returning(Mail.id)
        )
        retried = len(model.Session.execute(statement).all())
        model.Session.commit()
        done = reminders.send(now) if data_dict["wait"] and retried else None
    except reminders.CannotSendError as err:
        raise tk.ValidationError({"surel": [str(err)]}) from err
    if retried:
        schedule.plan_sending(done.next_attempt_at if done else now)
    return {
        "retried": retried,
        "sent": done.sent if done else 0,
        "failed": done.failed if done else 0,
        "cancelled": done.cancelled if done else 0,
    }


@tk.side_effect_free
@tk.validate_action_data(schema.coaching_list)
def satudata_coaching_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the clinics and visits for an OPD, newest first.

    :param opd: name or id of the OPD
    :param limit: at most so many (default 20, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"opd": {"id", "name", "title"}, "count", "results": [{"id", "date", "kind", "topic", "entries",
        "outcome", "created_by", "created", "modified"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_list", context, data_dict)
    opd = opd_of(data_dict["opd"])
    count, found = coaching.of_opd(model.Session, opd.id, limit=data_dict["limit"], offset=data_dict["offset"])
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": opd.title or opd.name},
        "count": count,
        "results": [one.as_dict() for one in found],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.coaching_list)
def satudata_coaching_effect_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an OPD's measures before and after each day on which it was coached, newest first.

    :param opd: name or id of the OPD
    :param limit: at most so many (default 20, maximum 20)
    :param offset: skip so many (default 0)
    :returns: ``{"opd": {"id", "name", "title"}, "count", "results": [{"date", "kind", "before", "after"}]}``; before
        and after are ``{"dari", "sampai": months, "measures": {name: {"numerator", "denominator", "rate"}}}``, after
        is null where that day's month is not counted yet
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_effect_list", context, data_dict)
    opd, now = opd_of(data_dict["opd"]), datetime.now(timezone.utc)
    limit = min(data_dict["limit"], effects.MOST)
    count, found = coaching.of_opd(model.Session, opd.id, limit=limit, offset=data_dict["offset"])
    return {
        "opd": {"id": opd.id, "name": opd.name, "title": opd.title or opd.name},
        "count": count,
        "results": [
            {"date": one.date.isoformat(), "kind": one.kind, **effects.of_day(opd.name, one.date, now)} for one in found
        ],
    }


@tk.validate_action_data(schema.coaching)
def satudata_coaching_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Log a clinic or a visit.

    :param opd: name or id of the OPD
    :param date: the day, for example 2026-11-21; not in the future
    :param kind: klinik or kunjungan
    :param topic: what it was about
    :param entries: codes of the OPD's plan entries that were spoken of, as a list or with commas (optional)
    :param outcome: what was agreed (optional)
    :returns: the new entry of the log
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_create", context, data_dict)
    opd = opd_of(data_dict["opd"])
    made = coaching.create(model.Session, opd.id, data_dict, _actor(context))
    model.Session.commit()
    return made.as_dict()


@tk.validate_action_data(schema.coaching_update)
def satudata_coaching_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change an entry of the log; the parameters are those of satudata_coaching_create, with its id and without OPD.

    :param id: the entry of the log
    :returns: the changed entry of the log
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_update", context, data_dict)
    changed = coaching.update(model.Session, coaching.get(model.Session, data_dict["id"]), data_dict)
    model.Session.commit()
    return changed.as_dict()


@tk.validate_action_data(schema.one_id)
def satudata_coaching_delete(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an entry out of the log.

    :param id: the entry of the log
    :returns: ``{"id"}``
    :rtype: dictionary
    """
    tk.check_access("satudata_coaching_delete", context, data_dict)
    found = coaching.get(model.Session, data_dict["id"])
    model.Session.delete(found)
    model.Session.commit()
    return {"id": data_dict["id"]}


def _told(item: dict[str, Any]) -> dict[str, Any]:
    """A cell with its words and the address behind its button."""
    return {
        **_plain(item),
        "due": words.due(item),
        "why": words.why(item),
        "button": words.button(item),
        "url": links.cell(item["kode"], item["entry_id"], item["period"], item["state"]),
    }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}


def _actor(context: Context) -> str:
    user = model.User.get(context.get("user") or "")
    return user.id if user else ""
