"""Entries with a title like another one, over the whole plan that somebody may see."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import region
from ckanext.satudataserang.core.plan_titles import Title, TitleIndex, title_of
from ckanext.satudataserang.plan import entries
from ckanext.satudataserang.plan.model import PlanEntry


def places() -> list[str]:
    """What the portal's own area is called: it says nothing in a title."""
    return [region.get_region().nama]


def reduced(judul: str) -> Title:
    """A title as it is compared here."""
    return title_of(judul, places())


def index(context: Context, *, level: str | None = None, leave_out: str | None = None) -> TitleIndex[str]:
    """The titles of every entry that the acting user may see and that has not ended, by id; read at once."""
    query = sa.select(PlanEntry.id, PlanEntry.judul).where(
        PlanEntry.state != "berakhir", entries.visible(entries.insight(context))
    )
    if level:
        query = query.where(PlanEntry.level_wilayah == level)
    if leave_out:
        query = query.where(PlanEntry.id != leave_out)
    names = places()
    return TitleIndex((id_, title_of(judul, names)) for id_, judul in model.Session.execute(query))


def like(
    context: Context,
    judul: str,
    *,
    urusan: str = "",
    opd_id: str = "",
    level: str | None = None,
    leave_out: str | None = None,
    limit: int = 5,
) -> list[dict[str, Any]]:
    """The entries with a title like this one, most alike first; among equals those of the same urusan."""
    matches = index(context, level=level, leave_out=leave_out).like(reduced(judul))
    scores = {match.key: match.score for match in matches}
    found = list(model.Session.scalars(sa.select(PlanEntry).where(PlanEntry.id.in_(list(scores)))))
    found.sort(key=lambda entry: (-scores[entry.id], entry.urusan != urusan, entry.kode))
    names = entries.opd_names({entry.opd_id for entry in found[:limit]})
    return [
        {
            "id": entry.id,
            "kode": entry.kode,
            "judul": entry.judul,
            "opd_id": entry.opd_id,
            "opd_name": names.get(entry.opd_id, ("", ""))[0],
            "opd_title": names.get(entry.opd_id, ("", ""))[1],
            "urusan": entry.urusan,
            "state": entry.state,
            "frequency": entry.frequency,
            "score": round(scores[entry.id], 3),
            "same": scores[entry.id] == 1,
            "same_opd": entry.opd_id == opd_id,
        }
        for entry in found[:limit]
    ]


def refuse(found: list[dict[str, Any]]) -> None:
    """Raise ValidationError naming the entries with such a title; nothing where there are none."""
    if not found:
        return
    template = tk._("Sudah ada entri serupa: {kode} “{judul}” dari {opd}. {advice}")
    advice = tk._("Pakai data itu, atau simpan dengan “similar_ok” bila memang berbeda (Perpres 39/2019 Pasal 27).")
    sentences = [
        template.format(kode=one["kode"], judul=one["judul"], opd=one["opd_title"], advice=advice) for one in found
    ]
    raise tk.ValidationError({"similar": sentences})
