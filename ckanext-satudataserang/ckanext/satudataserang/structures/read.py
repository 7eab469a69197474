"""The agreed structures, for other capabilities: what a plan entry's table is to look like, and what its words mean."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue import config, region
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures.model import StructureRow, StructureVersion, VariableRow

__all__ = ["content", "structure", "structure_of", "variables"]

_KEPT = 256


def structure_of(entry: PlanEntry) -> Structure | None:
    """The structure that a plan entry's table follows: its newest version in force, its code lists resolved.

    None where the entry names none, or one of which no version is in force.
    """
    return structure(entry.structure_id) if entry.structure_id else None


def structure(kode: str, version: int | None = None) -> Structure | None:
    """A version of a structure with its code lists resolved; without a number the one in force. None: there is none.

    A version that is only proposed is no structure yet; it is found by its number.
    """
    found = content(kode, version)
    return _made(json.dumps(found, sort_keys=True), config.daerah()) if found is not None else None


def content(kode: str, version: int | None = None) -> dict[str, Any] | None:
    """The content of a version as it is kept (`core.structures.parse.as_dict`); without a number of the one in force."""
    if "\0" in kode:
        return None
    query = sa.select(StructureVersion.content).where(StructureVersion.kode == kode)
    if version is None:
        query = query.join(StructureRow, StructureRow.kode == StructureVersion.kode)
        query = query.where(StructureVersion.version == StructureRow.current_version)
    else:
        query = query.where(StructureVersion.version == version)
    return model.Session.scalar(query)


def variables() -> dict[str, dict[str, Any]]:
    """The register of standard variables by kode, each as it is kept (MS-Var shape)."""
    rows = model.Session.execute(sa.select(VariableRow.kode, VariableRow.content).order_by(VariableRow.kode))
    return {kode: found for kode, found in rows}


@lru_cache(maxsize=_KEPT)
def _made(text: str, _region: str) -> Structure:
    """A kept content as a structure. The text is all of it, so what is remembered is never of another content."""
    from ckanext.satudataserang.core.structures import parse  # noqa: PLC0415
    from ckanext.satudataserang.core.structures.resolve import resolve  # noqa: PLC0415

    return resolve(parse.structure(json.loads(text)), region.get_region().wilayah)
