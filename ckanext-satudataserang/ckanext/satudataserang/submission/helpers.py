"""Template helpers of deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import actors, words
from ckanext.satudataserang.submission.visitor import act, holds

#: A page that waits longer than this no longer reloads by itself.
_PATIENCE = timedelta(minutes=15)


def satudata_load_status(resource: dict[str, Any]) -> dict[str, Any] | None:
    """Return how far a resource's file is loaded, None where there is nothing to say.

    Beside what the action gives: `running`, `watched` (the page should look again soon) and `shown_totals`.
    """
    if not resource.get("id") or resource.get("url_type") != "upload":
        return None
    try:
        load = tk.get_action("satudata_load_show")({}, {"id": resource["id"]})
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    running = load["state"] in ("antre", "memuat")
    age = datetime.now(timezone.utc) - datetime.fromisoformat(load["requested_at"])
    severities = {finding["severity"] for finding in load["findings"]}
    return {
        **load,
        "running": running,
        "watched": running and age < _PATIENCE and not load["retry_at"],
        "problems": sum(load["totals"].values()),
        "has_warnings": "warning" in severities,
    }


def satudata_decides_personal() -> bool:
    """Whether the reader may decide that personal data in a file are public: the Walidata, or a sysadmin."""
    return actors.may_publish(tk.current_user.id if tk.current_user.is_authenticated else "")


def satudata_submission_moment(value: datetime | str | None) -> str:
    """A moment as the page's language writes it ("21 November 2026 07.00 WIB"); empty for None."""
    return formats.moment(value, words.locale()) if value else ""


def satudata_submission_day(value: datetime | str | None) -> str:
    """The day of a moment as the page's language writes it; empty for None."""
    return formats.day(value, words.locale()) if value else ""


def satudata_submission_number(value: int) -> str:
    """A number with the grouping of the page's language."""
    return formats.number(value, words.locale())


def satudata_submission_waiting() -> int | None:
    """How much waits for the visitor's check; None for who checks nothing."""
    if not tk.current_user.is_authenticated:
        return None
    decides = holds("satudata_exemption_decide")
    if not decides and not holds("satudata_submission_recheck"):
        return None
    count: int = act("satudata_submission_list", waiting=True, limit=1)["count"]
    if decides:
        count += act("satudata_exemption_list", state="diusulkan", limit=1)["count"]
    return count
