"""The rules of the figures as the project ships them: weights, bands, metadata points (`schemas/*.yaml`)."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from ckanext.satudataserang.core.measures import MEASURES, Band, Rules
from ckanext.satudataserang.core.metadata import Rule, rules_from_table

_SCHEMAS = "ckanext.satudataserang.schemas"


def _load(name: str) -> dict[str, Any]:
    return yaml.safe_load(files(_SCHEMAS).joinpath(name).read_text(encoding="utf-8"))


@cache
def rules() -> Rules:
    """Weights, bands and version of today. Raises ValueError when a measure has no weight or an unknown one has."""
    table = _load("measures.yaml")
    if set(table["weights"]) != set(MEASURES):
        message = f"measures.yaml: bobot harus menyebut tepat {', '.join(MEASURES)}"
        raise ValueError(message)
    return _rules(table, table)


@cache
def rules_on(day: date) -> Rules:
    """The rules under which a month that ends on `day` is frozen: the newest that held by then."""
    table = _load("measures.yaml")
    versions = [table, *table.get("earlier", ())]
    return _rules(table, next((one for one in versions if one.get("since", day) <= day), versions[-1]))


def _rules(table: dict[str, Any], version: dict[str, Any]) -> Rules:
    bands = tuple(Band(**band) for band in table["bands"])
    named = f"{version['version']}.{_load('metadata_points.yaml')['version']}"
    return Rules(version=named, weights=version["weights"], bands=bands)


@cache
def metadata_rules() -> tuple[Rule, ...]:
    """The table of metadata points."""
    return rules_from_table(_load("metadata_points.yaml")["rules"])
