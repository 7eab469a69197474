"""When reminders go out: every day at an hour of WIB, by CKAN's job scheduler; planning twice changes nothing."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from typing import Any

from redis.exceptions import RedisError

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.chase import config, reminders
from ckanext.satudataserang.core.deadlines import WIB

log = logging.getLogger(__name__)

QUEUE = "satudata"
_TIMEOUT = 1800
#: How soon the day's run is tried again where it could not send at all.
_AGAIN = timedelta(hours=1)


def run_daily() -> None:
    """The job of the day."""
    # First, so that a day that fails does not take all the later ones with it.
    plan_daily()
    if not config.enabled():
        return
    now = datetime.now(timezone.utc)
    try:
        done = reminders.run(now)
    except reminders.CannotSendError as err:
        model.Session.rollback()
        log.error("Pengingat hari ini belum terkirim: %s", err)
        _again(now)
        return
    log.info("Pengingat: %s surat dicatat, %s terkirim, %s gagal", done.noted, done.sent.sent, done.sent.failed)
    plan_sending(done.sent.next_attempt_at)


def run_sending() -> None:
    """The job that tries again what waits in the outbox."""
    try:
        done = reminders.send(datetime.now(timezone.utc))
    except reminders.CannotSendError as err:
        model.Session.rollback()
        log.error("Surat yang menunggu belum terkirim: %s", err)
        plan_sending(datetime.now(timezone.utc) + _AGAIN)
        return
    plan_sending(done.next_attempt_at)


def plan_daily() -> None:
    """Plan the next day's run."""
    now = datetime.now(WIB)
    at = now.replace(hour=config.hour(), minute=0, second=0, microsecond=0)
    if at <= now:
        at += timedelta(days=1)
    # A job id of its own per day: a running job must not plan itself away.
    _plan(f"satudata_chase_daily_{at:%Y%m%d}", at, run_daily)


def plan_sending(at: datetime | None) -> None:
    """Plan another attempt for the letters that wait, at the moment the first of them may be tried; None: none wait."""
    if at is not None:
        at = max(at, datetime.now(timezone.utc) + timedelta(seconds=1))
        _plan(f"satudata_chase_sending_{at:%Y%m%d%H%M}", at, run_sending)


def _again(now: datetime) -> None:
    """Try the day's run once more later on the same day."""
    at = now + _AGAIN
    if at.astimezone(WIB).date() == now.astimezone(WIB).date():
        _plan(f"satudata_chase_again_{at:%Y%m%d%H}", at, run_daily)


def _plan(job_id: str, at: datetime, job: Any) -> None:
    try:
        try:
            tk.job_from_id(job_id)
        except KeyError:
            tk.get_job_queue(QUEUE).enqueue_at(at, job, job_id=job_id, job_timeout=_TIMEOUT)
    except RedisError:
        log.warning("Redis tidak menjawab: pengingat dijadwalkan pada kesempatan berikutnya")
