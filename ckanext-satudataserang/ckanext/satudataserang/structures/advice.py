"""What the rules say of a structure, in the reader's language: what changed, and what could be better."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import region, tables
from ckanext.satudataserang.core.structures.diff import diff
from ckanext.satudataserang.core.structures.lint import lint
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.structures.model import StructureRow


def changes(old: Structure, new: Structure) -> list[dict[str, Any]]:
    """What differs between two structures, breaking changes first: ``[{"text", "breaking", "code", "column"}]``."""
    found = [
        {
            "text": tk._(one.template).format(**one.params),
            "breaking": one.breaking,
            "code": one.code,
            "column": one.column,
        }
        for one in diff(old, new)
    ]
    return sorted(found, key=lambda one: not one["breaking"])


def of(found: Structure) -> list[dict[str, Any]]:
    """Advice on a structure, what fails the standard of data first.

    ``[{"place", "code", "severity": error or warning, "text", "advice"}]``; a place is such as ``columns[2].definisi``.
    """
    others = model.Session.scalars(sa.select(StructureRow.nama).where(StructureRow.kode != found.kode))
    places = [area.name for area in region.get_region().wilayah.areas]
    said = [
        {
            "place": one.path,
            "code": one.code,
            "severity": one.severity,
            "text": tk._(one.template).format(**one.params),
            "advice": tk._(one.advice).format(**one.params),
        }
        for one in lint(found, tables.units(), places, list(others))
    ]
    return sorted(said, key=lambda one: one["severity"] != "error")
