"""Findings are values that can be said in any language."""

from __future__ import annotations

import json

from ckanext.satudataserang.core.findings import Findings, Severity, error, info, localized, warning

ENGLISH = {
    "Baris {row}: “{value}” bukan angka.": "Row {row}: “{value}” is no number.",
    "Tulis angkanya saja.": "Write the number alone.",
    "Berkas kosong.": "The file is empty.",
    "Rusak {row}": "Broken {nothing}",
}


def english(message):
    return ENGLISH.get(message, message)


def test_a_template_is_said_in_both_languages():
    found = error(
        "bukan-angka",
        "Baris {row}: “{value}” bukan angka.",
        "Tulis angkanya saja.",
        row=7,
        value="x\ny",
        params={"row": 7, "value": "x\ny"},
    )
    assert (found.message, found.value, found.row) == ("Baris 7: “x y” bukan angka.", "x y", 7)
    assert localized(found, english) == ("Row 7: “x y” is no number.", "Write the number alone.")
    again = json.loads(json.dumps(found.as_dict()))
    assert localized(again, english) == ("Row 7: “x y” is no number.", "Write the number alone.")


def test_sentences_written_as_they_stand_still_go():
    plain = info("berkas-kosong", "Berkas kosong.")
    assert (plain.template, plain.params) == ("", {})
    assert localized(plain, english) == ("The file is empty.", "")
    assert localized({"message": "Isi {aneh}", "advice": None}, english) == ("Isi {aneh}", "")


def test_a_wrong_translation_falls_back_to_the_indonesian():
    found = warning("x", "Rusak {row}", params={"row": 1})
    assert localized(found, english) == ("Rusak 1", "")


def test_values_with_braces_are_no_placeholders():
    found = error("x", "Baris {row}: “{value}”", params={"row": 1, "value": "{oops}"})
    assert found.message == "Baris 1: “{oops}”"


def test_totals_hold_what_is_no_longer_kept():
    findings = Findings(cap=2)
    findings.extend([info("a", "A."), info("b", "B."), error("c", "C.")])
    findings.count("c", Severity.ERROR, 10)
    assert findings.totals == {"a": 1, "b": 1, "c": 11}
    assert [one.code for one in findings] == ["a", "c"]
    assert findings.has_errors
