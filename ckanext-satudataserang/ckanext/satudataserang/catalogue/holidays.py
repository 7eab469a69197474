"""Holidays as data: `schemas/kode/hari_libur.yaml`."""

from __future__ import annotations

from datetime import date
from functools import cache
from importlib.resources import files

import yaml

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


@cache
def holidays() -> frozenset[date]:
    """All known holidays: the fixed ones of every year, the movable ones of the years that are announced."""
    source = files("ckanext.satudataserang.schemas").joinpath("kode/hari_libur.yaml")
    table = yaml.safe_load(source.read_text(encoding="utf-8"))
    fixed = {
        date.fromisoformat(f"{year}-{day}") for year in range(_FIRST_YEAR, _LAST_YEAR + 1) for day in table["tetap"]
    }
    moving = {date.fromisoformat(f"{year}-{day}") for year, days in table["bergerak"].items() for day in days}
    return frozenset(fixed | moving)
