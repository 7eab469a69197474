"""What a list of entries means for the plan, in the words of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from ckan import model
from ckan.types import Context

from ckanext.satudataserang.plan import events, similar
from ckanext.satudataserang.plan.importing import Batch
from ckanext.satudataserang.plan.model import PlanEntry


def told(context: Context, batch: Batch, *, with_similar: bool) -> dict[str, Any]:
    """The batch as the action answers; `with_similar` adds entries with a title like a new one's."""
    alike = _similar(context, batch.new) if with_similar else {}
    return {
        "created": [row["kode"] for row in batch.new],
        "new": [
            {
                "kode": row["kode"],
                "judul": row["judul"],
                "opd": batch.opd_names.get(row["opd_id"], ""),
                "similar": alike.get(row["kode"], []),
            }
            for row in batch.new
        ],
        "changed": [
            {"kode": one.entry.kode, "judul": one.entry.judul, "changes": _readable(one.changes, batch.opd_names)}
            for one in batch.changed
        ],
        "gone": [{"kode": entry.kode, "judul": entry.judul} for entry in batch.gone],
        "unchanged": batch.unchanged,
    }


def _similar(context: Context, rows: Sequence[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """For each new row by kode: entries of the plan, and other new rows before it, with such a title."""
    known = similar.index(context)
    matches = {}
    for row in rows:
        title = similar.reduced(row["judul"])
        matches[row["kode"]] = known.like(title)[:3]
        known.add(row["kode"], title)
    ids = {match.key for found in matches.values() for match in found}
    names = {
        id_: (kode, judul)
        for id_, kode, judul in model.Session.execute(
            sa.select(PlanEntry.id, PlanEntry.kode, PlanEntry.judul).where(PlanEntry.id.in_(ids))
        )
    } | {row["kode"]: (row["kode"], row["judul"]) for row in rows}
    return {
        kode: [
            {"kode": names[match.key][0], "judul": names[match.key][1], "score": round(match.score, 3)}
            for match in found
        ]
        for kode, found in matches.items()
    }


def _readable(changes: Mapping[str, list[Any]], opd_names: Mapping[str, str]) -> dict[str, list[Any]]:
    """Changes as people read them: OPDs by name."""
    found = events.plain(changes)
    if moved := found.pop("opd_id", None):
        found["opd"] = [opd_names.get(id_, id_) for id_ in moved]
    return found
