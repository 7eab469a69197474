"""Filled templates that are for something else, or by a structure that has changed since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.templates.stale import OTHER_ENTRY, OTHER_PERIOD, OUTDATED, stale

OLD = Structure(
    "pasar", "Pasar", 2, columns=(Column("nama", "Nama pasar", key=True), Column("kios", "Kios", "integer"))
)
NEW = replace(OLD, version=3, columns=(OLD.columns[0], Column("los", "Los", "integer", required=True)))


def told(**changes):
    return {"entri": "DD-1", "periode": "2025", "struktur": "pasar", "versi": "3", **changes}


def check(stamp, structure=NEW, old=OLD):
    return stale(stamp, structure, entry="DD-1", period="2025", old=lambda _kode, _version: old)


def test_a_template_of_today_is_taken():
    assert check(told()) == []


@pytest.mark.parametrize("stamp", [{}, {"entri": "", "periode": ""}])
def test_a_file_without_a_stamp_is_no_template(stamp):
    assert check(stamp) == []


def test_another_period_is_named():
    [found] = check(told(periode="2024"))
    assert found.code == OTHER_PERIOD
    assert "untuk periode 2024" in found.message
    assert "2025" in found.advice


def test_another_entry_is_named():
    [found] = check(told(entri="DD-7"))
    assert found.code == OTHER_ENTRY
    assert "DD-7" in found.message


def test_what_changed_is_told():
    found = check(told(versi="2"))
    assert {one.code for one in found} == {OUTDATED}
    assert "versi 2" in found[0].message
    assert "versi 3" in found[0].message
    said = " ".join(one.message for one in found)
    assert "Kios" in said
    assert "Los" in said
    assert all(one.severity.value == "error" and one.advice for one in found)


def test_a_new_number_alone_refuses_nothing():
    assert check(told(versi="2"), structure=replace(OLD, version=3)) == []


def test_a_version_nobody_knows_is_refused():
    [found] = check(told(struktur="lama", versi="9"), old=None)
    assert "lama versi 9" in found.message


def test_a_template_from_before_there_was_a_structure_is_refused():
    [found] = check(told(struktur="", versi=""))
    assert "sebelum susunan kolomnya disepakati" in found.message


def test_without_a_structure_nothing_is_outdated():
    assert check(told(struktur="", versi=""), structure=None) == []


def test_many_changes_are_cut_and_counted():
    many = replace(OLD, columns=tuple(Column(f"k{n}", f"Kolom {n}") for n in range(40)))
    found = check(told(versi="2"), structure=replace(many, version=3))
    assert len(found) < 20
    assert "perubahan lain" in found[-1].message
