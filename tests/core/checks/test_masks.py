"""What is kept beside a file shows nothing that is masked in the table, and all else as it was."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks.masks import hidden, hidden_cell, hidden_finding
from ckanext.satudataserang.core.checks.numbers import BUKAN_ANGKA
from ckanext.satudataserang.core.checks.privacy import kinds_in

NIK, NIP = "3673014101900001", "198001012005011001"
parts = st.sampled_from([NIK, NIP, "0812 3456 7890", "a.b@example.co.id", " ", ", ", "x", "36.73", "\u00a0"])


def test_every_number_and_address_is_hidden():
    text = f"NIK {NIK}, NIP {NIP}, 0812-3456-7890, fulan@example.com"
    assert hidden(text) == f"NIK {'*' * 16}, NIP {'*' * 18}, {'*' * 12}, ***@***"
    for said in ("Kec. Serang, 1.234 jiwa (2024)", "dinas@serangkota.go.id", "0254-200123"):
        assert hidden(said) == said


@settings(deadline=None)
@given(st.lists(parts, max_size=6).map(" ".join))
def test_nothing_is_left(text):
    assert not kinds_in(hidden(text))


@pytest.mark.parametrize(
    ("text", "kind", "left"),
    [
        (f"a.n. {NIK}", "nik", f"a.n. {'*' * 16}"),
        ("Fulan bin Fulan", "***", "***"),
        ("Fulan", "nama_ttd", "Fulan"),
        (f"{NIP} x", "nip+nama_ttd", f"{'*' * 18} x"),
        ("", "***", ""),
    ],
)
def test_cells_of_columns(text, kind, left):
    assert hidden_cell(text, kind) == left


def test_a_finding_says_where_without_saying_what():
    found = BUKAN_ANGKA.found(row=7, column="Jumlah", value=f"NIK {NIK}").as_dict()
    told = hidden_finding(found, "")
    assert NIK not in str(told)
    assert told["message"] == f"Baris 7, kolom “Jumlah”: “NIK {'*' * 16}” bukan angka."
    assert (told["row"], told["column"], told["code"]) == (7, "Jumlah", "bukan-angka")
    named = BUKAN_ANGKA.found(row=7, column="Jumlah", value="Fulan bin Fulan").as_dict()
    assert hidden_finding(named, "***")["message"] == "Baris 7, kolom “Jumlah”: “***” bukan angka."
    assert hidden_finding(named, "") == named
    bare = {"code": "x", "message": f"{NIK} salah", "value": NIK}
    assert hidden_finding(bare, "") == {
        **bare,
        "message": f"{'*' * 16} salah",
        "value": "*" * 16,
        "params": {},
        "advice": "",
    }
