"""What a request says beside a delivery is read as hostile, whatever program sent it."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.submission.logic.inputs import notes_of, text_of


@pytest.mark.parametrize(
    ("row", "read"), [(7, 7), ("12", 12), ("abc", ""), (None, ""), (True, ""), (10**30, ""), (-1, ""), ("²", "")]
)
def test_a_remark_names_its_row_by_a_number_or_not_at_all(row, read):
    assert notes_of([{"code": "x", "row": row, "column": "nilai", "note": "Lengkapi"}]) == [
        {"code": "x", "row": read, "column": "nilai", "note": "Lengkapi"}
    ]


def test_a_text_holds_nothing_that_the_database_refuses():
    assert text_of(" a\0b ") == "ab"
    assert notes_of([{"note": "\0"}, {"note": "x\0", "column": 3}]) == [
        {"code": "", "row": "", "column": "3", "note": "x"}
    ]
