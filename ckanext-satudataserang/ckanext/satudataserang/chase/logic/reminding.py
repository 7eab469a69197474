"""Actions of reminders: sending those of the day, the log of letters, trying again."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue.flags import flag
from ckanext.satudataserang.chase import overview, reminders, schedule
from ckanext.satudataserang.chase.logic import schema
from ckanext.satudataserang.chase.logic.plain import plain
from ckanext.satudataserang.chase.model import Mail

__all__ = [
    "satudata_mail_list",
    "satudata_mail_retry",
    "satudata_reminder_run",
]


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
    return {"counts": counts, "count": count, "results": [plain(row) for row in page]}


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
