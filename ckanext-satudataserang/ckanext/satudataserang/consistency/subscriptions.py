"""What has figures compared anew: deliveries that were published, and changes of the plan."""

from __future__ import annotations

from typing import Any

from ckanext.satudataserang.consistency import job
from ckanext.satudataserang.plan.signals import plan_changed
from ckanext.satudataserang.submission.signals import submissions_changed


def get() -> dict[Any, list[Any]]:
    """The subscriptions, as ISignal wants them."""
    return {submissions_changed: [changed], plan_changed: [changed]}


def changed(_sender: Any, *, entry_ids: list[str], **_: Any) -> None:
    """Figures of these entries, or what is agreed about them, changed."""
    if entry_ids:
        job.note(entry_ids)
