"""The agreed structures, for other capabilities: what a plan entry's table is to look like, and what its words mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue import config, region
from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.core.structures.model import CodeList, Structure
from ckanext.satudataserang.core.structures.resolve import area_lists, resolve
from ckanext.satudataserang.core.structures.store import LISTS_FILE, from_yaml
from ckanext.satudataserang.core.structures.variables import Variable, variable
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures.model import StructureRow, StructureVersion, VariableRow

__all__ = ["code_lists", "content", "made", "structure", "structure_of", "variables"]

_KEPT = 256


def structure_of(entry: PlanEntry) -> Structure | None:
    """The structure that a plan entry's table follows: its newest version in force, with all it names.

    None where the entry names none, or one of which no version is in force.
    """
    return structure(entry.structure_id) if entry.structure_id else None


def structure(kode: str, version: int | None = None) -> Structure | None:
    """A version of a structure with all that it names; without a number the one in force.

    None: there is none. A version that is only proposed or was refused is found by its number.
    """
    found = content(kode, version)
    return made(found) if found is not None else None


def content(kode: str, version: int | None = None) -> dict[str, Any] | None:
    """The content of a version as it is kept (`parse.as_dict`); without a number that of the one in force."""
    if "\0" in kode:
        return None
    query = sa.select(StructureVersion.content).where(StructureVersion.kode == kode)
    if version is None:
        query = query.join(StructureRow, StructureRow.kode == StructureVersion.kode)
        query = query.where(StructureVersion.version == StructureRow.current_version)
    else:
        query = query.where(StructureVersion.version == version)
    return model.Session.scalar(query)


def made(found: Mapping[str, Any]) -> Structure:
    """A content as a structure with all it names. Raises StructureError where it cannot be used."""
    named = {name for column in _members(found, "columns") if isinstance(name := column.get("variable"), str) and name}
    register = variables(named) if named else {}
    return _made(_text(found), _text(register), config.daerah())


def variables(kodes: Iterable[str] | None = None) -> dict[str, dict[str, Any]]:
    """The register of standard variables by kode, each as it is kept (MS-Var shape); None: all of them."""
    query = sa.select(VariableRow.kode, VariableRow.content).order_by(VariableRow.kode)
    if kodes is not None:
        query = query.where(VariableRow.kode.in_([kode for kode in kodes if "\0" not in kode]))
    return {row.kode: row.content for row in model.Session.execute(query)}


def code_lists() -> dict[str, CodeList]:
    """The code lists that structures may name without holding them, by id: shared ones, and those of areas."""
    return _code_lists(config.daerah())


@lru_cache(maxsize=8)
def _code_lists(daerah: str) -> dict[str, CodeList]:
    return {one.id: one for one in (*_shared(), *area_lists(region.load_region(daerah).wilayah))}


@cache
def _shared() -> tuple[CodeList, ...]:
    text = (files("ckanext.satudataserang.schemas") / "struktur" / LISTS_FILE).read_text(encoding="utf-8")
    return parse.code_lists(from_yaml(text))


@lru_cache(maxsize=_KEPT)
def _made(text: str, register: str, daerah: str) -> Structure:
    """What is remembered hangs on the whole content and on all that it names, never on a kode alone."""
    found: dict[str, Variable] = {kode: variable(one) for kode, one in json.loads(register).items()}
    return resolve(parse.structure(json.loads(text)), _code_lists(daerah).values(), found)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _members(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = found.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, (list, tuple)) else []
