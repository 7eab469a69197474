"""A note clears what it can explain, and nothing else."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.explained import explained, unexplained
from ckanext.satudataserang.core.findings import Severity, error, localized, warning

FAR = warning("nilai-mencolok", "Baris {row}: jauh dari biasanya.", "Beri penjelasan.", row=2, params={"row": "2"})


def test_a_note_clears_an_outlier_and_is_told_with_it():
    found = explained(FAR, " Pemekaran {wilayah} ")
    assert (found.code, found.row, found.severity) == ("nilai-mencolok", 2, Severity.INFO)
    told = ("Baris 2: jauh dari biasanya.", "Dijelaskan pengirim: “Pemekaran {wilayah}”.")
    assert (found.message, found.advice) == localized(found.as_dict(), str) == told


@pytest.mark.parametrize("note", ["", "  "])
def test_without_a_note_it_stays_a_warning(note):
    assert explained(FAR, note) is FAR


def test_other_findings_stay():
    for finding in (warning("nilai-kosong", "Kosong."), error("bukan-angka", "Bukan angka.")):
        assert explained(finding, "Sudah benar.") is finding


def test_what_is_explained_is_no_reason_any_more():
    found = ["nilai-kosong", "nilai-mencolok"]
    assert unexplained(found, " Pemekaran ") == ["nilai-kosong"]
    assert unexplained(found, " ") == unexplained(found, "") == found
