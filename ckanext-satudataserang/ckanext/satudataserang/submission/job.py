"""The job `satudata_submission.load`: one uploaded file into the DataStore, and what it delivers into the facts."""

from __future__ import annotations

import logging
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.core.findings import Findings, error, warning

from . import facts, passing, queue
from .loading import Loaded, load_upload
from .marking import mark_active
from .model import Load
from .requests import GONE, Request
from .store_model import TableBusyError

log = logging.getLogger(__name__)


def load(resource_id: str) -> None:
    """Load a resource as often as it is asked for; nothing happens where nobody asks.

    Safe to run twice, at the same time, or after a worker died: the table and the facts change in transactions, and a
    request is only done when its row says so.
    """
    while _is_asked(resource_id):
        with queue.exclusive(resource_id) as alone:
            if not alone:
                # Whoever is at it looks again when done.
                return
            while request := _claim(resource_id):
                _run(request)


def _run(request: Request) -> None:
    if request.fingerprint == GONE:
        _withdraw(request)
        return
    try:
        outcome = _load(request)
    except passing.PASSING as hindrance:
        model.Session.rollback()
        log.warning("Pemuatan %s tertunda: %s", request.resource_id, hindrance)
        if _postpone(request, hindrance):
            return
        outcome = _given_up(hindrance)
    except Exception:
        model.Session.rollback()
        log.exception("Pemuatan %s gagal", request.resource_id)
        outcome = _failed("pemuatan-gagal", tk._("Berkas tidak dapat dimuat karena gangguan pada sistem."))
    _finish(request, outcome)


def _load(request: Request) -> Loaded:
    if request.attempts > queue.MAX_ATTEMPTS:
        return _failed("pemuatan-terhenti", tk._("Pemuatan berkali-kali terhenti sebelum selesai."))
    context = _context()
    try:
        dataset = tk.get_action("package_show")(context, {"id": request.dataset_id})
    except tk.ObjectNotFound:
        return Loaded(Findings())
    resource = next((each for each in dataset["resources"] if each["id"] == request.resource_id), None)
    if resource is None:
        return Loaded(Findings())
    outcome = load_upload(dataset, resource, request)
    if outcome.rows is None:
        # What is not valid is delivered all the same; the table stays as it was.
        facts.record_submissions(outcome.deliveries)
        return outcome
    # First what was delivered: the table stands already, and what follows needs the search index.
    gone = facts.withdrawals(
        [request.resource_id], outcome.deliveries, now=request.requested_at, created_by=request.requested_by
    )
    facts.record_submissions([*outcome.deliveries, *gone])
    mark_active([request.resource_id])
    queue.index_soon(request.resource_id)
    tk.get_action("resource_create_default_resource_views")(
        _context(),
        {"resource": {**resource, "datastore_active": True}, "package": dataset, "create_datastore_views": True},
    )
    return outcome


def _withdraw(request: Request) -> None:
    """The resource is gone: so is what it delivered."""
    gone = facts.withdrawals([request.resource_id], [], now=datetime.now(timezone.utc), created_by=request.requested_by)
    facts.record_submissions(gone)
    model.Session.execute(sa.delete(Load).where(Load.resource_id == request.resource_id, Load.fingerprint == GONE))
    model.Session.commit()


def _is_asked(resource_id: str) -> bool:
    asked = model.Session.scalar(sa.select(sa.exists().where(Load.resource_id == resource_id, queue.waiting())))
    model.Session.commit()
    return bool(asked)


def _claim(resource_id: str) -> Request | None:
    """Take the request on, if there is one. Only the holder of `queue.exclusive` may."""
    row = model.Session.execute(
        sa.update(Load)
        .where(Load.resource_id == resource_id, queue.waiting())
        .values(state="memuat", started_at=datetime.now(timezone.utc), attempts=Load.attempts + 1, retry_at=None)
        .returning(
            Load.resource_id,
            Load.dataset_id,
            Load.fingerprint,
            Load.requested_at,
            Load.requested_by,
            Load.origin,
            Load.attempts,
            Load.sha256,
            Load.hindered_since,
        )
    ).one_or_none()
    model.Session.commit()
    return Request(*row) if row else None


def _postpone(request: Request, hindrance: Exception) -> bool:
    """Have the sweep try again later; False where that was done for long enough."""
    now = datetime.now(timezone.utc)
    since = request.hindered_since or now
    again = passing.next_try(since, now)
    if again is None:
        return False
    code, message = _hindrance(hindrance)
    findings = Findings()
    findings.add(warning(code, message, tk._("Pemuatan diulang sendiri; Anda tidak perlu berbuat apa-apa.")))
    # Only what kills its worker is counted.
    values = {"state": "antre", "started_at": None, "retry_at": again, "hindered_since": since, "attempts": 0}
    _settle(request, {**values, **_told(findings)})
    queue.plan_sweep()
    return True


def _given_up(hindrance: Exception) -> Loaded:
    code, message = _hindrance(hindrance)
    hours = int(passing.PATIENCE.total_seconds() // 3600)
    ending = tk._("Pemuatan sudah diulang selama {hours} jam tanpa hasil.").format(hours=hours)
    return _failed(code, f"{message} {ending}")


def _hindrance(problem: Exception) -> tuple[str, str]:
    if isinstance(problem, TableBusyError):
        return "tabel-sedang-dipakai", tk._("Tabel lama sedang dipakai terlalu lama sehingga belum dapat diganti.")
    return "layanan-terganggu", tk._("Basis data atau indeks pencarian sedang tidak menjawab.")


def _finish(request: Request, outcome: Loaded) -> None:
    """Write the result down, unless the file was asked for anew meanwhile: then that request is still open."""
    values: dict[str, Any] = {
        "state": "gagal" if outcome.findings.has_errors else "selesai",
        "finished_at": datetime.now(timezone.utc),
        "hindered_since": None,
        **_told(outcome.findings),
    }
    if outcome.rows is not None:
        values.update(rows=outcome.rows, sha256=outcome.sha256)
    _settle(request, values)


def _told(findings: Findings) -> dict[str, Any]:
    return {"findings": [finding.as_dict() for finding in findings], "totals": dict(findings.totals)}


def _settle(request: Request, values: dict[str, Any]) -> None:
    model.Session.execute(
        sa.update(Load)
        .where(
            Load.resource_id == request.resource_id,
            Load.state == "memuat",
            Load.requested_at == request.requested_at,
        )
        .values(**values)
    )
    model.Session.commit()


def _failed(code: str, message: str) -> Loaded:
    findings = Findings()
    advice = tk._("Tekan “Muat ulang”. Jika berulang, hubungi pengelola portal dengan menyebut waktu kejadiannya.")
    findings.add(error(code, message, advice))
    return Loaded(findings)


def _context() -> Any:
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site_user["name"], "ignore_auth": True}
