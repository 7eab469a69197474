"""Looking up units: names, aliases, units cut off, unknown ones."""

from __future__ import annotations

from importlib.resources import files

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.units import UnitTable


@pytest.fixture(scope="module")
def units() -> UnitTable:
    table = files("ckanext.satudataserang.schemas").joinpath("kode/satuan.yaml").read_text(encoding="utf-8")
    return UnitTable.from_rows(yaml.safe_load(table))


@pytest.mark.parametrize(
    ("text", "name", "rule"),
    [
        ("orang", "orang", "exact"),
        ("ORANG", "orang", "exact"),
        (" Orang ", "orang", "exact"),
        ("jiwa", "orang", "alias"),
        ("Rp", "rupiah", "alias"),
        ("RP.", "rupiah", "alias"),
        ("Ha", "hektare", "alias"),
        ("KK", "kepala keluarga", "alias"),
        ("kepala  keluarga", "kepala keluarga", "exact"),
        ("m3", "meter kubik", "alias"),
        ("M", "meter", "alias"),
        ("RT", "RT", "exact"),
        ("%", "persen", "alias"),
        ("Rumah Tang", "rumah tangga", "cut_off"),
        ("Rumah tang", "rumah tangga", "cut_off"),
        ("Kilometer ", "kilometer", "exact"),
    ],
)
def test_known_units(units, text, name, rule):
    match = units.canonical(text)
    assert (match.unit.name, match.rule, match.text) == (name, rule, text)


@pytest.mark.parametrize("text", [None, "", ".", "ss", "h", "0", "o", "Rumah Ta", "Rumah Tanggal"])
def test_unknown_units_stay_unknown(units, text):
    match = units.canonical(text)
    assert match.unit is None
    assert match.rule == "unknown"


def test_a_cut_unit_with_two_continuations_stays_unknown():
    table = UnitTable.from_rows(
        [{"satuan": "rumah tangga", "dimensi": "a"}, {"satuan": "rumah tangga miskin", "dimensi": "a"}]
    )
    assert table.canonical("Rumah Tang").rule == "unknown"


def test_one_spelling_for_two_units_is_refused():
    with pytest.raises(ValueError, match="dipakai dua satuan"):
        UnitTable.from_rows(
            [
                {"satuan": "orang", "dimensi": "a", "alias": ["jiwa"]},
                {"satuan": "kepala", "dimensi": "a", "alias": ["Jiwa"]},
            ]
        )


def test_every_base_is_a_unit_of_the_same_dimension(units):
    by_name = {unit.name: unit for unit in units.units}
    for unit in units.units:
        assert by_name[unit.base].dimension == unit.dimension, unit.name
        assert unit.scale > 0


def test_every_spelling_leads_to_its_unit(units):
    for unit in units.units:
        for spelling in (unit.name, *unit.aliases, *([unit.symbol] if unit.symbol else [])):
            assert units.canonical(spelling.upper()).unit == unit


@given(st.text(max_size=20))
def test_any_text_has_an_answer_and_is_kept(text):
    match = UnitTable.from_rows([{"satuan": "orang", "dimensi": "a"}]).canonical(text)
    assert match.text == text
    assert (match.unit is None) == (match.rule == "unknown")
