"""What one pass over the file proves is not looked at again, and what it cannot prove goes the long way."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ckanext.satudataserang.core.checks import proofs
from ckanext.satudataserang.core.structures.model import Column, Rule

from .tables import checked, codes, structure, values

AGREED = structure(
    Column("w", "W", code_list="kecamatan", key=True, required=True),
    Column("n", "N", "integer", key=True, required=True, minimum=Decimal(0)),
    Column("x", "X", "numeric", decimals=2, maximum=Decimal("99.5")),
    Column("d", "D", "date"),
    Column("t", "T", pattern="[a-z ]+"),
    rules=(Rule("r", ("x",), "<=", "n", tolerance=Decimal(100)),),
)
GOOD = [
    ["36.73.01", "1", "2.25", "2025-01-31", "abc"],
    ["36.73.02", "0", "99.50", "", "d e"],
    ["36.73.01", "2"] + [""] * 3,
]


def test_what_is_proven_is_never_loaded(monkeypatch):
    monkeypatch.setattr(proofs, "WORTH", 0)
    table = checked(list("WNXDT"), GOOD, structure=AGREED, period="2025")
    subject = table._subject
    assert subject is not None
    assert not subject.loaded
    assert table.rows == 3
    assert codes(table) == ["nilai-kosong"]
    assert values(table, 2) == ["2.25", "99.50", None]
    assert subject.loaded


@pytest.mark.parametrize(
    ("place", "text", "code"),
    [
        (0, "Serang", None),
        (0, "xx", "kode-tidak-dikenal"),
        (0, "", "wajib-kosong"),
        (1, "-0", None),
        (1, "007", "bukan-angka"),
        (1, "-1", "di-bawah-minimum"),
        (1, "9999999999999999", None),
        (1, "99999999999999999999", "angka-terlalu-besar"),
        (1, "2 ", "kunci-ganda"),
        (2, "1,5", None),
        (2, "1.234", "desimal-berlebih"),
        (2, "99.51", "di-atas-maksimum"),
        (2, "1e1", "bukan-angka"),
        (3, "2025-02-30", "bukan-tanggal"),
        (3, "infinity", "bukan-tanggal"),
        (3, "12025-01-01", "bukan-tanggal"),
        (3, "31/12/2025", None),
        (4, "Abc", "pola-tidak-cocok"),
        (4, "-", None),
        (4, " abc", None),
    ],
)
def test_one_cell_of_another_kind_is_found_by_both_ways_alike(monkeypatch, place, text, code):
    row = ["36.73.01", "3", "1", "2025-01-01", "abc"]
    row[place] = text
    found = []
    for worth in (0, proofs.WORTH):
        monkeypatch.setattr(proofs, "WORTH", worth)
        table = checked(list("WNXDT"), [*GOOD, row], structure=AGREED, period="2025")
        found.append(
            (
                [one.as_dict() for one in table.findings],
                list(table.records()),
                table.delivered,
                table.personal,
            )
        )
    assert found[0] == found[1]
    assert code is None or code in codes(table)


@pytest.mark.parametrize(
    ("texts", "proven"),
    [
        (["1.234", "0.5"], True),
        (["0.125", "7", "", "-12.345", "3.75", "1.234"], True),
        (["1.234", "1234.567"], True),
        (["1.234", "2.345"], False),
        (["1.234", "5"], False),
        (["1.234", "1,5"], False),
        (["0.125", "1.234.567"], False),
    ],
)
def test_fractions_of_three_digits_are_proven_where_another_shows_the_sign(monkeypatch, texts, proven):
    agreed = structure(Column("n", "N", "integer", key=True), Column("x", "X", "numeric", maximum=Decimal(9_999_999)))
    rows = [[str(number), text] for number, text in enumerate(texts)]
    found = []
    for worth in (0, proofs.WORTH):
        monkeypatch.setattr(proofs, "WORTH", worth)
        table = checked(["N", "X"], rows, structure=agreed, period="2025")
        subject = table._subject
        assert subject is not None
        if worth == 0:
            assert subject.columns[1].proven is proven
        found.append(([one.as_dict() for one in table.findings], list(table.records()), table.delivered))
    assert found[0] == found[1]


@pytest.mark.parametrize("different", [1, 2_000])
@pytest.mark.parametrize("text", ["3673014101900001", "NIP 198001012005011001", "hubungi a@b.co", "0812 3456 7890"])
def test_personal_data_among_proven_texts(monkeypatch, different, text):
    agreed = structure(Column("n", "N", "integer", key=True), Column("t", "T"))
    rows = [[str(n), f"isi {n % different}"] for n in range(2_100)] + [["9999", text]]
    found = []
    for worth in (0, proofs.WORTH):
        monkeypatch.setattr(proofs, "WORTH", worth)
        table = checked(["N", "T"], rows, structure=agreed, period="2025")
        found.append(([one.as_dict() for one in table.findings], table.personal))
    assert found[0] == found[1]
    assert len(found[0][1]) == 1
