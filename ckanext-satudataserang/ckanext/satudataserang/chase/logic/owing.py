"""Actions that tell what OPDs owe, and what a letter to one would say."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.chase import config, differences, letters, links, overview, reminders, words
from ckanext.satudataserang.chase.logic import schema
from ckanext.satudataserang.chase.logic.plain import plain
from ckanext.satudataserang.chase.opds import opd_of
from ckanext.satudataserang.chase.todo import todo

__all__ = [
    "satudata_chase_list",
    "satudata_reminder_letter",
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
        "results": [plain(row) for row in overview.opds(model.Session, now, data_dict["only"])],
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


def _told(item: dict[str, Any]) -> dict[str, Any]:
    """A cell with its words and the address behind its button."""
    return {
        **plain(item),
        "due": words.due(item),
        "why": words.why(item),
        "button": words.button(item),
        "url": links.cell(item["kode"], item["entry_id"], item["period"], item["state"]),
    }
