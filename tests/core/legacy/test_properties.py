"""Whatever an export holds, no value disappears and no cell has more than it should."""

from __future__ import annotations

import csv
import io
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.legacy import plan_import, report_csv
from ckanext.satudataserang.core.legacy.findings import REPORT_COLUMNS, RULES

from .export import ALIASES, NOW, REGION, UNITS, export

NAMES = {
    "1": ("1", "Guru ( PNS ) ( Laki - Laki )"),
    "2": ("1", "Guru ( PNS ) ( laki-laki )"),
    "3": ("1", "Guru"),
    "4": ("2", "Padi"),
    "5": ("2", "HACKED"),
}
record = st.fixed_dictionaries(
    {
        "jenis_data": st.sampled_from(list(NAMES)),
        "tahun": st.sampled_from(["2015", "2016"]),
        "triwulan": st.sampled_from(["4", "4", "4", "3"]),
        "wilayah": st.sampled_from(["1", "2", "3"]),
        "jumlah": st.sampled_from(["0", "5", "6", "2147483647", "", "x", "-1", "3.5"]) | st.integers().map(str),
        "satuan": st.sampled_from(["orang", "Orang", "ton", "KIT", "Rumah Tang", ""]),
        "sumber_data": st.sampled_from(["Dinkes", "pertanian", ".", "Entah", "<b>x</b>", "=1+1"]),
        "created_date": st.sampled_from(["2018-07-23 11:29:39", "", "0000-00-00"]),
    }
)


@settings(max_examples=60, deadline=None)
@given(st.lists(record, min_size=1, max_size=40))
def test_values_read_are_imported_collapsed_left_out_or_quarantined(records):
    """The sum holds, rows have unique keys, and cells stay within what is expected."""
    plan = plan_import(export(NAMES, records), REGION, ALIASES, UNITS, NOW)
    totals = plan.totals
    assert totals.balanced
    assert totals.read == len(records)
    assert totals.imported == sum(len(family.rows) for family in plan.families)
    for family in plan.families:
        keys = [(row.kode_wilayah, row.tahun, row.triwulan, row.rincian) for row in family.rows]
        assert len(keys) == len(set(keys))
        assert all(len(row.rincian) == family.depth and all(row.rincian) for row in family.rows)
        for cell in family.cells:
            assert 0 <= cell.filled + cell.zeros <= cell.expected == family.expected_values
            assert not (cell.valid and (cell.invalid or not cell.filled))


@settings(max_examples=30, deadline=None)
@given(st.lists(record, min_size=1, max_size=30), st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_figure(records, shuffler: random.Random):
    """A database gives its rows in any order: totals, values and cells stay the same."""
    shuffled = list(records)
    shuffler.shuffle(shuffled)
    one, other = (plan_import(export(NAMES, rows), REGION, ALIASES, UNITS, NOW) for rows in (records, shuffled))
    assert one.totals == other.totals
    for mine, its in zip(one.families, other.families, strict=True):
        assert (mine.kode, mine.cells, mine.expected_values) == (its.kode, its.cells, its.expected_values)
        assert [row.nilai for row in mine.rows] == [row.nilai for row in its.rows]


@settings(max_examples=20, deadline=None)
@given(st.lists(record, min_size=1, max_size=20))
def test_the_same_export_gives_the_same_plan_and_a_safe_report(records):
    """Planning is deterministic; the report has no cell a spreadsheet would run, and known rules only."""
    files = export(NAMES, records)
    plan, again = (plan_import(files, REGION, ALIASES, UNITS, NOW) for _ in range(2))
    assert plan == again
    rows = list(csv.DictReader(io.StringIO(report_csv(plan.findings))))
    assert len(rows) == len(plan.findings)
    for row in rows:
        assert tuple(row) == REPORT_COLUMNS
        assert row["rule"] in RULES
        assert row["advice"]
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


@settings(max_examples=30, deadline=None)
@given(st.lists(record, min_size=1, max_size=20), record)
def test_a_refused_value_never_raises_a_cell(records, extra):
    """One more contradicting or refused record never adds a filled value or makes a cell valid."""
    bad = {**extra, "jumlah": "2147483647"}
    before = plan_import(export(NAMES, [*records, {**bad, "jumlah": ""}]), REGION, ALIASES, UNITS, NOW)
    after = plan_import(export(NAMES, [*records, bad]), REGION, ALIASES, UNITS, NOW)
    for mine, its in zip(before.families, after.families, strict=True):
        for cell, worse in zip(mine.cells, its.cells, strict=True):
            assert worse.filled <= cell.filled
            assert worse.valid <= cell.valid
