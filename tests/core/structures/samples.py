"""Structures for the tests: one of every kind of column, what is shipped, and any that hypothesis can think of."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import yaml
from hypothesis import strategies as st

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.resolve import area_lists, resolve
from ckanext.satudataserang.core.structures.store import Shipped, load
from ckanext.satudataserang.core.units import UnitTable

SCHEMAS = files("ckanext.satudataserang.schemas")


def sample(**changes):
    """The plain shape of a small sound structure."""
    return {
        "kode": "penduduk",
        "nama": "Penduduk menurut Kecamatan",
        "columns": [
            {
                "id": "kode_wilayah",
                "label": "Kecamatan",
                "required": True,
                "key": True,
                "code_list": "wilayah:kecamatan",
            },
            {"id": "jk", "label": "Jenis Kelamin", "required": True, "key": True, "code_list": "jk"},
            {"id": "nik", "label": "Contoh Nomor", "pattern": "[0-9]{16}", "personal": True},
            {"id": "laki", "label": "Laki-laki", "type": "integer", "minimum": 0},
            {"id": "perempuan", "label": "Perempuan", "type": "integer", "minimum": 0},
            {
                "id": "jumlah",
                "label": "Penduduk",
                "type": "integer",
                "required": True,
                "minimum": 0,
                "synonyms": ["Jiwa"],
            },
            {"id": "luas", "label": "Luas", "type": "numeric", "decimals": 2, "minimum": "0.5", "maximum": 100},
            {"id": "tanggal", "label": "Tanggal", "type": "date"},
            {"id": "aktif", "label": "Aktif", "type": "boolean"},
        ],
        "expected": ["kode_wilayah", "jk"],
        "rules": [{"id": "jumlah", "parts": ["laki", "perempuan"], "relation": "=", "whole": "jumlah"}],
        "lists": [
            {
                "id": "jk",
                "label": "Jenis Kelamin",
                "codes": [
                    {"code": "L", "label": "Laki-laki", "synonyms": ["Pria"]},
                    {"code": "P", "label": "Perempuan"},
                ],
            }
        ],
        **changes,
    }


@cache
def shipped() -> Shipped:
    return load(SCHEMAS.joinpath("struktur"))


@cache
def areas() -> WilayahTable:
    text = files("ckanext.satudataserang.daerah").joinpath("kota-serang/wilayah.csv").read_text(encoding="utf-8")
    return WilayahTable.from_rows(csv.DictReader(text.splitlines()))


@cache
def units() -> UnitTable:
    return UnitTable.from_rows(yaml.safe_load(SCHEMAS.joinpath("kode/satuan.yaml").read_text(encoding="utf-8")))


@cache
def resolved() -> dict[str, Structure]:
    """Every shipped structure with all it names."""
    lists = [*shipped().lists.values(), *area_lists(areas())]
    return {kode: resolve(one, lists, shipped().variables) for kode, one in shipped().structures.items()}


_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40)
_NUMBER = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-1000, 1000, places=3).map(str),
    st.floats(-1e6, 1e6).map(lambda one: round(one, 3)),
)


@st.composite
def plain_structures(draw):
    """The plain shape of a sound structure."""
    number = draw(st.integers(1, 6))
    columns = []
    for index in range(number):
        kind = draw(st.sampled_from(("text", "integer", "numeric", "date", "boolean")))
        column = {
            "id": f"kolom_{index}",
            "label": f"Judul {index} {draw(_TEXT)}",
            "type": kind,
            "konsep": draw(_TEXT),
            "definisi": draw(_TEXT),
            "satuan": draw(_TEXT),
            "personal": draw(st.booleans()),
            "outliers": draw(st.sampled_from(("off", "history", "seasonal"))),
            "synonyms": [f"Lain {index} {one}" for one in range(draw(st.integers(0, 3)))],
        }
        column["required"] = column["key"] = draw(st.booleans())
        if kind == "text":
            column["pattern"] = draw(st.sampled_from(("", "[a-z]+", r"\d{2}\.\d{2}")))
            column["code_list"] = draw(st.sampled_from(("", "kode", "wilayah:kecamatan")))
        if kind == "numeric":
            low, high = sorted((draw(_NUMBER), draw(_NUMBER)), key=float)
            column |= {"minimum": low, "decimals": draw(st.none() | st.integers(0, 12))}
            column |= {"maximum": high} if float(low) < float(high) else {}
        columns.append(column)
    numbers = [one["id"] for one in columns if one["type"] in ("integer", "numeric")]
    rules = [
        {"id": "a", "parts": numbers[1:], "relation": "<=", "whole": one, "tolerance": "0.5"} for one in numbers[:1]
    ]
    expected = [one["id"] for one in columns if one["key"] and one.get("code_list")]
    codes = ["A", {"code": "B", "label": "Be", "synonyms": ["Beh"]}]
    return {
        "kode": "contoh",
        "nama": "Contoh " + draw(_TEXT),
        "version": draw(st.integers(1, 99)),
        "description": draw(_TEXT),
        "columns": columns,
        "expected": expected,
        "rules": rules if len(numbers) > 1 else [],
        "lists": [{"id": "kode", "label": "Kode", "codes": codes}],
    }
