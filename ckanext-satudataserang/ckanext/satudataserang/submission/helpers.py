"""Template helpers of deliveries."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk

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
        "watched": running and age < _PATIENCE,
        "problems": sum(load["totals"].values()),
        "has_warnings": "warning" in severities,
    }
