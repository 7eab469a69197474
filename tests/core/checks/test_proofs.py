"""What one pass over the file proves is not looked at again, and what it cannot prove goes the long way."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import passes, proofs
from ckanext.satudataserang.core.checks.digests import digest_sql
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


_WRITTEN = st.one_of(
    st.sampled_from(
        ["0", "-0", "0.00", "-0.00", "1.50", "1.5", "12.345", "0.125", "-1.234", "1234.500", "1,5", ".5", "5."]
    ),
    st.sampled_from(
        ["999999999999.99", "999999999999.999999", "1000000000000", "123456789012345", "1e2", "007", "+1", ""]
    ),
    st.decimals(-10_000, 10_000, places=2).map(str),
    st.decimals(-10_000, 10_000, places=3).map(str),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    usual=st.integers(0, 4),
    others=st.lists(_WRITTEN, max_size=4),
    decimals=st.sampled_from([None, 0, 2, 3, 6]),
    kind=st.sampled_from(["integer", "numeric"]),
)
def test_numbers_are_read_alike_by_both_ways_whatever_the_first_rows_let_expect(
    monkeypatch, usual, others, decimals, kind
):
    monkeypatch.setattr(passes, "_SAMPLE", 3)
    agreed = structure(Column("n", "N", "integer", key=True), Column("x", "X", kind, decimals=decimals))
    texts = [f"{Decimal(number) / 8:.{usual}f}" for number in (3, 100, 8, 17)] + others
    rows = [[str(number), text] for number, text in enumerate(texts)]
    found = []
    for worth in (0, 1_000_000):
        monkeypatch.setattr(proofs, "WORTH", worth)
        table = checked(["N", "X"], rows, structure=agreed, period="2025")
        found.append(([one.as_dict() for one in table.findings], list(table.records()), table.delivered))
    assert found[0] == found[1]


def test_fractions_that_are_written_otherwise_later_on_are_still_proven(monkeypatch):
    monkeypatch.setattr(proofs, "WORTH", 0)
    monkeypatch.setattr(passes, "_SAMPLE", 2)
    agreed = structure(Column("n", "N", "integer", key=True), Column("x", "X", "numeric"))
    rows = [["1", "1.25"], ["2", "3.50"], ["3", "7"], ["4", "0.5"]]
    subject = checked(["N", "X"], rows, structure=agreed, period="2025")._subject
    assert subject is not None
    assert subject.columns[1].proven


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        ("numeric", "1.5", "1.50", True),
        ("numeric", "1.5", "1.500001", False),
        ("numeric", "1.5", "1.5000001", False),
        ("numeric", "0.12345678", "0.12345679", False),
        ("numeric", "123456789012.5", "123456789012.25", False),
        ("numeric", "1234567890123.5", "1234567890123.25", False),
        ("numeric", "0", None, False),
        ("integer", "999999999999999", "999999999999998", False),
        ("text", "1.5", "1.50", False),
    ],
)
def test_a_digest_tells_values_apart(kind, one, other, same):
    def digest(text):
        asked = digest_sql([("k", "text"), ("x", kind)])
        return duckdb.execute(f"SELECT {asked} FROM (SELECT 'a' AS k, ?::VARCHAR AS x)", [text]).fetchall()

    assert (digest(one) == digest(other)) is same


def test_a_digest_is_the_same_whatever_is_known_of_the_numbers():
    texts = ["0", "-0", "7", "-12.5", "999999999999.999999", None]
    rows = ", ".join(f"({'NULL' if text is None else repr(text)}::VARCHAR)" for text in texts)
    for kind in ("integer", "numeric"):
        fields = [("x", kind), ("'a'", "text")]
        asked = f"{digest_sql(fields)}, {digest_sql(fields, exact=True)}"
        ((loose, exact),) = duckdb.execute(f"SELECT {asked} FROM (VALUES {rows}) AS t(x)").fetchall()
        assert loose == exact


def test_the_digest_of_known_rows_stays_what_it_was():
    """It is stored with deliveries: where the database hashes otherwise, every period of a file seems changed."""
    fields = digest_sql([("k", "text"), ("n", "integer"), ("x", "numeric"), ("d", "date")])
    rows = """
        ('Kecamatan Serang', '7', '1.50', '2025-01-31'), ('Curug', '-12', NULL, NULL),
        (NULL, NULL, '1234567890123.25', '2024-02-29')
    """
    assert duckdb.execute(f"SELECT {fields} FROM (VALUES {rows}) AS t(k, n, x, d)").fetchall() == [
        ("42335220063806270965",)
    ]
