"""Code lists that come with the project (`schemas/kode/`), each read once."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from ckanext.satudataserang.core.units import UnitTable

__all__ = ["FrequencyCode", "Urusan", "frequencies", "frequency_word", "units", "urusan"]

_SCHEMAS = "ckanext.satudataserang.schemas"


@dataclass(frozen=True)
class Urusan:
    """One bidang urusan (Permendagri 90/2019). `tema` is the EU data theme it falls under."""

    kode: str
    nama: str
    kelompok: str
    tema: str
    ejaan_lain: tuple[str, ...]


@dataclass(frozen=True)
class FrequencyCode:
    """One frequency: our word, the EU authority URI stored in datasets, and its labels by language."""

    kata: str
    uri: str
    labels: dict[str, str]


@cache
def urusan() -> dict[str, Urusan]:
    """All bidang urusan by code, in the order of the codes."""
    return {
        row["kode"]: Urusan(
            row["kode"],
            row["nama"],
            row["kelompok"],
            row["tema"],
            tuple(part for part in row["ejaan_lain"].split(";") if part),
        )
        for row in _rows("urusan.csv")
    }


@cache
def frequencies() -> dict[str, FrequencyCode]:
    """All frequencies by the URI stored in datasets."""
    return {
        row["uri"]: FrequencyCode(row["kata"], row["uri"], {"id": row["label_id"], "en": row["label_en"]})
        for row in _rows("frekuensi.csv")
    }


def frequency_word(uri: str) -> str | None:
    """Our word ("tahunan") for a stored frequency URI; None for an unknown one."""
    code = frequencies().get(uri)
    return code.kata if code else None


@cache
def units() -> UnitTable:
    """The vocabulary of units."""
    return UnitTable.from_rows(yaml.safe_load(_text("satuan.yaml")))


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(_text(name).splitlines()))


def _text(name: str) -> str:
    return files(_SCHEMAS).joinpath(f"kode/{name}").read_text(encoding="utf-8")
