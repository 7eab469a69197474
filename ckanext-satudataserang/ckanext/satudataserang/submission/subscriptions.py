"""When files are noted for loading, and when the queue hears of them.

Noted in the transaction that writes the dataset; handed to the queue when that is committed, so that no worker looks
for a file that is not there yet.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from . import queue, requests

_NOTED = "satudata_loads"


def get() -> dict[Any, list[Any]]:
    """The subscriptions, as ISignal wants them."""
    return {
        tk.signals.action_succeeded: [
            {"sender": "package_create", "receiver": committed},
            {"sender": "package_update", "receiver": committed},
        ]
    }


def dataset_written(context: Any, pkg_dict: dict[str, Any]) -> None:
    """A dataset is being written: note its files."""
    user = context.get("auth_user_obj")
    noted = requests.note_dataset(
        pkg_dict["id"],
        requested_by=user.id if user else context.get("user") or "",
        origin="api" if context.get("api_version") else "unggahan",
    )
    if noted:
        context[_NOTED] = noted


def committed(_sender: str, *, context: Any, **_: Any) -> None:
    """A dataset is written: tell the queue what was noted."""
    noted = context.pop(_NOTED, None)
    if noted and not context.get("defer_commit"):
        queue.nudge(noted)
