"""Which tables of the bundle speak for which EPSS indicator (`schemas/kode/epss.csv`).

The choice of tables is this project's reading of the indicators; `certainty` says how far a table goes: tinggi (it
shows the thing itself), sedang (a part of it), rendah (a trace, the rest is proven elsewhere).
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CERTAINTIES = ("tinggi", "sedang", "rendah")


@dataclass(frozen=True)
class Indicator:
    """One EPSS indicator: its five-digit code, its name, the tables that support it, and what they show."""

    kode: str
    nama: str
    tables: tuple[str, ...]
    certainty: str
    note: str


@cache
def indicators() -> tuple[Indicator, ...]:
    """The indicators the portal speaks for, by code. Raises ValueError for an unknown certainty."""
    text = files("ckanext.satudataserang.schemas").joinpath("kode/epss.csv").read_text(encoding="utf-8")
    found = tuple(
        Indicator(row["kode"], row["nama"], tuple(row["berkas"].split()), row["keyakinan"], row["catatan"])
        for row in csv.DictReader(text.splitlines())
    )
    for one in found:
        if one.certainty not in CERTAINTIES or not one.tables:
            message = f"epss.csv: {one.kode}"
            raise ValueError(message)
    return found
