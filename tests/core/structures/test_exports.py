"""Structures in the words of others: Table Schema, CSVW, INDAH, the data dictionary."""

from __future__ import annotations

import csv
import io
import json
import warnings

import csvw as reader
import jsonschema
import pytest
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from ckanext.satudataserang.core.sheets import workbook
from ckanext.satudataserang.core.structures.csvw import csvw
from ckanext.satudataserang.core.structures.dictionary import fields
from ckanext.satudataserang.core.structures.indah import INDICATOR_COLUMNS, VARIABLE_COLUMNS, sheets
from ckanext.satudataserang.core.structures.indah_attributes import ACTIVITY
from ckanext.satudataserang.core.structures.parse import structure
from ckanext.satudataserang.core.structures.resolve import area_lists, expected_keys, resolve
from ckanext.satudataserang.core.structures.table_schema import table_schema

from .samples import areas, plain_structures, resolved, shipped

KODES = sorted(shipped().structures)

#: What the standard says a Table Schema of these types of fields may hold (Data Package 2.0).
_LIMIT = {"type": "number"}
_COMMON = {"required": {"type": "boolean"}, "unique": {"type": "boolean"}}
_ALLOWED = {
    "string": {"pattern": {"type": "string"}, "enum": {"type": "array", "minItems": 1, "uniqueItems": True}},
    "integer": {"minimum": {"type": "integer"}, "maximum": {"type": "integer"}},
    "number": {"minimum": _LIMIT, "maximum": _LIMIT},
    "date": {},
    "boolean": {},
}
_CATEGORY = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "string"}, "label": {"type": "string"}},
}
_FIELDS = [
    {
        "type": "object",
        "required": ["name", "type"],
        "properties": {
            "type": {"const": name},
            "name": {"type": "string", "minLength": 1},
            "title": {"type": "string"},
            "description": {"type": "string"},
            "categories": {"type": "array", "items": _CATEGORY, "minItems": 1},
            "constraints": {
                "type": "object",
                "minProperties": 1,
                "properties": {**_COMMON, **allowed},
                "additionalProperties": False,
            },
        },
    }
    for name, allowed in _ALLOWED.items()
]
TABLE_SCHEMA = {
    "type": "object",
    "required": ["fields"],
    "properties": {
        "$schema": {"const": "https://datapackage.org/profiles/2.0/tableschema.json"},
        "fields": {"type": "array", "minItems": 1, "items": {"oneOf": _FIELDS}},
        "primaryKey": {"type": "array", "minItems": 1, "uniqueItems": True, "items": {"type": "string"}},
        "missingValues": {"type": "array", "items": {"type": "string"}},
    },
}


def is_table_schema(found):
    jsonschema.validate(json.loads(json.dumps(found, allow_nan=False)), TABLE_SCHEMA)
    names = [field["name"] for field in found["fields"]]
    assert len(set(names)) == len(names)
    assert set(found.get("primaryKey", names)) <= set(names)


@settings(deadline=None, max_examples=40)
@given(plain_structures())
def test_any_structure_is_a_table_schema(data):
    found = resolve(structure(data), area_lists(areas()))
    is_table_schema(table_schema(found))
    is_table_schema(table_schema(found, with_period=True))
    json.dumps(csvw(found, "a.csv"), allow_nan=False)
    assert workbook(sheets(found))


@pytest.mark.parametrize("kode", KODES)
def test_shipped_structures_are_table_schemas(kode):
    found = resolved()[kode]
    made = table_schema(found)
    is_table_schema(made)
    assert made.get("primaryKey", []) == list(found.key)
    assert table_schema(found, with_period=True)["primaryKey"] == ["periode", *found.key]


def table_of(found, value):
    """A CSV of the expected rows, `value` in every number."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.id for column in found.columns])
    for key in expected_keys(found):
        row = dict(zip(found.expected, key, strict=True))
        writer.writerow([row.get(column.id, value if column.is_number else "teks") for column in found.columns])
    return out.getvalue()


@pytest.mark.parametrize("kode", [kode for kode in KODES if shipped().structures[kode].expected])
def test_csvw_describes_the_table(kode, tmp_path):
    found = resolved()[kode]
    (tmp_path / "tabel.csv").write_text(table_of(found, "1"), encoding="utf-8")
    metadata = tmp_path / "tabel.csv-metadata.json"
    metadata.write_text(json.dumps(csvw(found, "tabel.csv", publisher=found.opd)), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert reader.CSVW(str(tmp_path / "tabel.csv"), md_url=str(metadata)).is_valid


def test_csvw_tells_a_wrong_code(tmp_path):
    found = resolved()["kasus-dbd-kecamatan"]
    (tmp_path / "tabel.csv").write_text(table_of(found, "1").replace(",P,", ",X,"), encoding="utf-8")
    metadata = tmp_path / "tabel.csv-metadata.json"
    metadata.write_text(json.dumps(csvw(found, "tabel.csv")), encoding="utf-8")
    with warnings.catch_warnings():
        # the reader tells faults as warnings, which other tests' filters may have silenced
        warnings.simplefilter("always")
        assert not reader.CSVW(str(tmp_path / "tabel.csv"), md_url=str(metadata)).is_valid


def test_csvw_codes_are_no_patterns():
    found = resolved()["penduduk-kecamatan-jenis-kelamin"]
    area = csvw(found, "a.csv")["tableSchema"]["columns"][0]
    assert area["datatype"]["format"].startswith(r"36\.73\.01|")


@pytest.mark.parametrize("kode", KODES)
def test_indah_in_its_order(kode):
    found = resolved()[kode]
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook(sheets(found, variables=shipped().variables))))
    assert book.sheet_names == ["Kegiatan", "Variabel", "Indikator"]
    activity, variables, indicators = (book.get_sheet_by_name(name).to_python() for name in book.sheet_names)
    assert len(activity) == len(ACTIVITY) + 1 == 70
    assert tuple(variables[0]) == VARIABLE_COLUMNS
    assert len(variables) == len(found.columns) + 1
    assert tuple(indicators[0]) == INDICATOR_COLUMNS
    assert len(indicators) == sum(column.is_measure for column in found.columns) + 1


def test_indah_tells_what_is_known():
    found = resolved()["stunting-balita-kelurahan"]
    activity, variables, indicators = sheets(found, {"instansi_penyelenggara": "Dinas Kesehatan"}, shipped().variables)
    told = {row[2]: row[3] for row in activity.rows}
    assert told["Instansi penyelenggara"] == "Dinas Kesehatan"
    assert told["Tingkat penyajian hasil"] == "Desa/Kelurahan"
    stunting = dict(zip(VARIABLE_COLUMNS, next(row for row in variables.rows if "Stunting" in row[3]), strict=True))
    assert stunting["Satuan"] == "orang"
    assert "Balita Pendek + Balita Sangat Pendek harus sama dengan Balita Stunting" in stunting["Aturan validasi"]
    assert stunting["Referensi waktu"] == "selama periode"
    assert all(row[12] == "Desa/Kelurahan" for row in indicators.rows)


@pytest.mark.parametrize("kode", KODES)
def test_the_data_dictionary_tells_every_column(kode):
    found = resolved()[kode]
    made = fields(found)
    assert [one["id"] for one in made] == [column.id for column in found.columns]
    for one, column in zip(made, found.columns, strict=True):
        assert one["info"]["label"] == column.label
        assert column.definisi in one["info"]["notes"]
        assert one["info"].get("satuan", "") == column.satuan
        assert all(isinstance(text, str) and text for text in one["info"].values())
