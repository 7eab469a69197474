"""What an OPD has to do about figures that differ from others': part of its tasks."""

from __future__ import annotations

from typing import Any

from ckan import model

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.consistency import queries, words
from ckanext.satudataserang.consistency.model import plain

#: So many differences are told with the tasks; the rest stands on the page of differences.
_CONFLICTS = 20


def of_opd(opd_id: str) -> dict[str, Any]:
    """Open differences between the OPD's figures and others': ``count``, and the first of them as ``items``."""
    count, rows = queries.todo(model.Session, opd_id, limit=_CONFLICTS)
    # What a figure is made of is told on the page of the difference.
    told = ({**row, "where": _where(row)} for row in rows)
    return {"count": count, "items": [{key: plain(row[key]) for key in row if key != "detail"} for row in told]}


def _where(row: dict[str, Any]) -> str:
    """Area and classes in words."""
    area = get_region().wilayah.get(row["area"]) if row["area"] else None
    return words.code({**row, "area_name": area.name if area else row["area"]})
