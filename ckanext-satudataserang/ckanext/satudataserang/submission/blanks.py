"""The template of one cell: the agreed columns, the rows that are expected, and what stood there the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.compare import StandingColumn
from ckanext.satudataserang.core.templates import Subject, Template, template_of
from ckanext.satudataserang.core.templates.model import MOST_ROWS
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import actors, due, grid_view, rows, tables, words
from ckanext.satudataserang.submission.due import Due


def template(context: Context, what: Due) -> Template:
    """Lay out the template of a cell. Raises ObjectNotFound where nobody has said yet which columns it has.

    Figures of the period before are shown to who may read the table they stand in.
    """
    entry = what.entry
    structure = structures.structure_of(entry)
    place = tables.place_of(entry)
    found = tables.fields(place.resource_id) if place and place.resource_id else []
    fields = [field for field in found if not tables.is_period_column(field.id)]
    standing = [StandingColumn(field.id, field.title, field.type) for field in fields]
    when, before = "", _areas(what) if not standing else []
    if not structure and not standing:
        standing = _new(what)
    if not structure and not standing:
        message = tk._("Belum ada susunan kolom untuk {kode}, jadi templatnya belum dapat dibuat.")
        raise tk.ObjectNotFound(message.format(kode=entry.kode))
    if found and place and place.resource_id and actors.may(context, "resource_show", id=place.resource_id):
        when, before = _before(what, place.resource_id, found)
    return template_of(
        _subject(what),
        structure,
        standing,
        made=datetime.now(WIB).date(),
        earlier=before,
        earlier_when=when,
        units={field.id: str(field.info.get("unit") or "") for field in fields},
    )


def exists(entry: Mapping[str, Any], structure: Structure | None, columns: Sequence[Any]) -> bool:
    """Whether there is a template for an entry: something is known of its columns."""
    return structure is not None or bool(columns) or bool(grid_view.areas(str(entry["level_wilayah"] or "")))


def _subject(what: Due) -> Subject:
    entry, key = what.entry, what.period.key
    opd = model.Group.get(what.terms.opd_id)
    return Subject(
        entry=entry.kode,
        title=entry.judul,
        opd=(opd.title or opd.name) if opd is not None else "",
        period=key,
        when=words.period(key),
        deadline=formats.day(what.deadline, formats.DEFAULT),
        address=tk.url_for("satudata_delivery.form", kode=entry.kode, period=key, qualified=True),
    )


def _before(what: Due, resource_id: str, fields: Sequence[tables.Field]) -> tuple[str, list[dict[str, str | None]]]:
    """The newest period before this one that has rows, in words, and its rows."""
    known = [period for period in due.periods_of(what.entry) if period.start < what.period.start]
    keys = [period.key for period in reversed(known)]
    for key, held in rows.of_periods(resource_id, fields, what, keys, limit=MOST_ROWS, most=1):
        return words.period(key), held.as_dicts()
    return "", []


def _new(what: Due) -> list[StandingColumn]:
    """The columns of a table that does not exist yet, where the entry's areas say so."""
    if not grid_view.areas(what.entry.level_wilayah or ""):
        return []
    columns = grid_view.new_columns(what.entry.level_wilayah or "", [])
    return [StandingColumn(one.id, one.title, "numeric" if one.number else "text") for one in columns]


def _areas(what: Due) -> list[dict[str, str | None]]:
    return [
        {"kode_wilayah": code, "nama_wilayah": name} for code, name in grid_view.areas(what.entry.level_wilayah or "")
    ]
