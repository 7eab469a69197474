"""Asking the actions for what a report shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.completeness import params
from ckanext.satudataserang.core.windows import Window, month_key

ALL = 1000


def act(name: str, **parameters: Any) -> Any:
    """Call an action as the visitor."""
    return tk.get_action(name)(Context(), parameters)


def has(name: str) -> bool:
    """Whether the portal has an action."""
    try:
        tk.get_action(name)
    except KeyError:
        return False
    return True


def every(name: str, **parameters: Any) -> Iterator[dict[str, Any]]:
    """All results of a listing action, page after page."""
    offset = 0
    while True:
        page = act(name, **parameters, limit=ALL, offset=offset)
        yield from page["results"]
        offset += ALL
        if offset >= page["count"]:
            return


def window_or_default(asked: Window | None) -> Window:
    """The window asked for, or the newest year in which anything was due."""
    return asked or Window.of_year(act("satudata_completeness_options")["default_year"])


def shown(window: Window, opd: str = "") -> dict[str, Any]:
    """The figures of the window: the city and every OPD, or one. Raises ObjectNotFound for an unknown OPD."""
    found = act("satudata_completeness_show", **params.parameters(window), opd=opd, group_by="opd", limit=ALL)
    if opd and not found["groups"]:
        raise tk.ObjectNotFound(tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=opd))
    return found


def months(window: Window, scope: str, scope_id: str = "") -> tuple[list[str], dict[str, list[dict[str, Any] | None]]]:
    """The months of a window, and the figures of each by member of a scope; None where nothing is known of a month."""
    asked = {"scope": scope, "step": "month", "dari": month_key(window.first), "sampai": month_key(window.last)}
    found = act("satudata_completeness_history", **asked, **({"scope_id": scope_id} if scope_id else {}))
    keys = list(found["months"])
    return keys, {member: [of.get(key) for key in keys] for member, of in found["figures"].items()}


def moment(found: dict[str, Any]) -> datetime:
    """When the figures were computed."""
    return datetime.fromisoformat(found["generated_at"])
