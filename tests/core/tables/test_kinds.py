"""The rules of cells in SQL are the rules in Python."""

from __future__ import annotations

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudataserang.core.tables import kinds
from ckanext.satudataserang.core.tables.values import COMMA, NOTHING, POINT, Kind, kind_of, number_text

DATABASE = duckdb.connect(":memory:")
numberlike = st.text("0123456789.,- :T", max_size=22)
near = st.sampled_from(
    [*NOTHING, "TIDAK ADA DATA", "2016-02-29", "2015-02-29", "0000-01-01", "0001-01-01", "9999-12-31"]
)
shaped = st.from_regex(
    r"-?\d{1,4}([.,]\d{3}){0,4}([.,]\d{1,4})?|\d{4}-[01]\d-[0-3]\d([T ][0-2]\d:[0-6]\d(:[0-6]\d(\.\d{1,7})?)?)?",
    fullmatch=True,
)
texts = st.one_of(st.text(max_size=14), numberlike, near, shaped, shaped.map(lambda text: text + "x"))


def sql(expression, text):
    return DATABASE.execute(f"SELECT {expression('x')} FROM (SELECT ?::VARCHAR AS x)", [text or None]).fetchone()[0]


@given(texts)
def test_kinds(text):
    text = text.strip()
    assert Kind(sql(kinds.kind_of, text)) is kind_of(text)


@pytest.mark.parametrize(
    "text",
    ["2016-01-31 24:00", "2016-01-31T23:59:59.123456", "-", "--", "-é", "N/A", "…", "1" * 15, "1" * 16, "-0", "-007",
     "0,5", "00,5", "0.500", "1.234.567", "1.234", "1,234", "12345.678", "1.234,5", "1,234.5", "²", "١٢",
     "tİdak ada data", "n/\u00e0", "\u212a", "nul\u2113", "1" * 16 + ",5", "a\n1", "1\n"],
)  # fmt: skip
def test_kinds_of_odd_ones(text):
    text = text.strip()
    assert Kind(sql(kinds.kind_of, text)) is kind_of(text)


@given(texts, st.sampled_from([POINT, COMMA]))
def test_number_texts(text, decimal):
    assert (sql(lambda x: kinds.number_text(x, decimal), text) or "") == number_text(text, decimal)


@given(st.text(max_size=8) | st.text(st.sampled_from(kinds.BLANKS + "a1\u200b\ufeff"), max_size=6))
def test_blanks(text):
    assert (sql(kinds.stripped, text) or "") == text.strip()
    assert bool(sql(kinds.has_blanks, text)) == (text != text.strip())
