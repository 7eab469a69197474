"""What keeps a dataset from being published."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.publishing import Missing, applies, is_filled, missing_to_publish

FIELDS = [
    {"field_name": "title", "wajib_terbit": True},
    {"field_name": "konsep", "wajib_terbit": True},
    {"field_name": "catatan"},
    {"field_name": "metode", "wajib_terbit": True},
    {"field_name": "metode_lainnya", "wajib_terbit": True, "syarat": {"field": "metode", "nilai": ["lainnya"]}},
    {
        "field_name": "contact",
        "wajib_terbit": True,
        "repeating_subfields": [
            {"field_name": "name", "wajib_terbit": True},
            {"field_name": "email", "wajib_terbit": True},
            {"field_name": "url"},
        ],
    },
]
WHOLE = {
    "title": "Jumlah penduduk",
    "konsep": "Penduduk",
    "metode": ["sekunder"],
    "contact": [{"name": "Subbagian Program", "email": "dinas@contoh.go.id"}],
}


def test_a_whole_dataset_lacks_nothing():
    assert missing_to_publish(WHOLE, FIELDS) == []


def test_an_empty_dataset_lacks_everything_that_applies():
    assert missing_to_publish({}, FIELDS) == [
        Missing("title", "", "kosong"),
        Missing("konsep", "", "kosong"),
        Missing("metode", "", "kosong"),
        Missing("contact", "name", "kosong"),
        Missing("contact", "email", "kosong"),
    ]


@pytest.mark.parametrize("text", ["-", "n/a", "tidak ada", "Jumlah penduduk", "..."])
def test_filler_is_missing(text):
    assert missing_to_publish({**WHOLE, "konsep": text}, FIELDS) == [Missing("konsep", "", "isian_semu")]


def test_a_condition_that_holds_asks_for_more():
    assert missing_to_publish({**WHOLE, "metode": ["sekunder", "lainnya"]}, FIELDS) == [
        Missing("metode_lainnya", "", "kosong")
    ]


def test_lists_stored_as_json_text_are_understood():
    stored = {key: value if isinstance(value, str) else json.dumps(value) for key, value in WHOLE.items()}
    assert missing_to_publish(stored, FIELDS) == []
    assert missing_to_publish({**stored, "metode": "[]"}, FIELDS) == [Missing("metode", "", "kosong")]


def test_the_fullest_group_counts():
    groups = [{"url": "https://contoh.go.id"}, {"name": "Subbagian Program"}]
    assert missing_to_publish({**WHOLE, "contact": groups}, FIELDS) == [Missing("contact", "email", "kosong")]


def test_all_conditions_must_hold():
    field = {"field_name": "x", "syarat": [{"field": "a", "nilai": ["1"]}, {"field": "b", "nilai": ["2", "3"]}]}
    assert applies(field, {"a": "1", "b": "3"})
    assert not applies(field, {"a": "1", "b": "4"})
    assert not applies(field, {})


@pytest.mark.parametrize(
    ("value", "filled"), [(0, True), (False, True), ([], False), ({}, False), ([{"a": ""}], False)]
)
def test_what_is_filled(value, filled):
    assert is_filled(value) is filled


@given(st.dictionaries(st.sampled_from(["title", "konsep", "metode", "contact"]), st.text() | st.lists(st.text())))
def test_filling_in_never_adds_a_gap_to_fields_without_condition(dataset):
    before = {(one.field, one.subfield) for one in missing_to_publish(dataset, FIELDS)}
    after = {(one.field, one.subfield) for one in missing_to_publish({**dataset, "konsep": "Penduduk tetap"}, FIELDS)}
    assert after <= before
