"""The statements, asked of real tables: sums, missing parts, totals in the rows, days, names that need quotes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import duckdb
import pytest

from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.keys import Keys, common, pairs
from ckanext.satudataserang.core.consistency.model import ClassColumn, Rule, Side, Source

END = date(2025, 12, 31)
SAME = Rule("sama", "Sama", "sama", Side(variable="x"), Side(variable="x"))
SEX = ClassColumn("jk", "jenis_kelamin", {"l": "L", "p": "P"}, size=2, whole=True)
ROOM = {"36.73.01": 2, "36.73.02": 1, "36.73": 3}
VILLAGES = Source(
    "kel",
    "kelurahan%",
    'jiwa "x"',
    "orang",
    periods=("periode",),
    period_keys={("2025",): ("2025", END)},
    area="kode",
    areas={"36.73.01.1001": "36.73.01.1001", "cipare": "36.73.01.1002", "36.73.02.1001": "36.73.02.1001"},
    areas_below=ROOM,
    depth=3,
    root="36.73",
    classes=(SEX,),
)
DISTRICTS = Source(
    "kec",
    "kecamatan",
    "penduduk",
    "orang",
    periods=("tahun",),
    period_keys={("2025",): ("2025", END)},
    area="nama",
    areas={"serang": "36.73.01", "kasemen": "36.73.02"},
    areas_below={"36.73": 2},
    depth=2,
    root="36.73",
    day="hari",
)


@pytest.fixture
def ask():
    base = duckdb.connect()
    base.execute('CREATE TABLE "kelurahan%" (periode text, kode text, jk text, "jiwa ""x""" integer)')
    base.execute(
        """INSERT INTO "kelurahan%" VALUES ('2025', '36.73.01.1001', 'L', 10), ('2025', '36.73.01.1001', 'P', 11),
        ('2025', ' Cipare ', 'L', 20), ('2025', 'CIPARE', 'P', 21), ('2025', 'CIPARE', 'Jumlah', 41),
        ('2025', '36.73.02.1001', 'L', 5), ('2025', '36.73.02.1001', 'P', NULL), ('2024', 'CIPARE', 'L', 9)"""
    )
    base.execute("CREATE TABLE kecamatan (tahun integer, nama text, penduduk decimal(9, 1), hari date)")
    base.execute(
        "INSERT INTO kecamatan VALUES (2025, 'Serang', 62.0, NULL), (2025, 'KASEMEN', 10.5, '2025-06-30'), "
        "(2025, 'Kota Serang', 72.5, NULL)"
    )
    return lambda statement: base.execute(statement.sql, list(statement.values)).fetchall()


def test_parts_are_summed_beside_what_the_other_publishes(ask):
    keys = common(SAME, VILLAGES, DISTRICTS)
    assert keys == Keys(2, ())
    first, second = ask(plan.figures(SAME, keys, VILLAGES, DISTRICTS, "?"))
    assert first == ("2025", "36.73.01", 62, 4, 4, 4, 0, END, END, Decimal("62.0"), 1, 1, 1, 1, END, END)
    mid = date(2025, 6, 30)
    assert second[:8] == ("2025", "36.73.02", 5, 2, 1, 2, 0, END)
    assert second[9:] == (Decimal("10.5"), 1, 1, 1, 1, mid, mid)


def test_a_side_without_the_key_has_nothing(ask):
    alone = replace(DISTRICTS, areas={"serang": "36.73.01"})
    rows = ask(plan.figures(SAME, Keys(2, ()), VILLAGES, alone, "?"))
    assert [(row[1], row[10]) for row in rows] == [("36.73.01", 1), ("36.73.02", None)]
    nobody = replace(DISTRICTS, period_keys={})
    assert {row[10] for row in ask(plan.figures(SAME, Keys(2, ()), VILLAGES, nobody, "?"))} == {None}


def test_classes_that_both_have_are_kept_apart(ask):
    other = replace(VILLAGES, entry_id="lain")
    keys = common(SAME, VILLAGES, other)
    assert keys == Keys(3, ("jenis_kelamin",))
    rows = ask(plan.figures(SAME, keys, VILLAGES, other, "?"))
    assert [(row[1], row[2], row[3]) for row in rows if row[1].endswith("1002")] == [
        ("36.73.01.1002", "L", 20),
        ("36.73.01.1002", "P", 21),
    ]
    summed = replace(SAME, left=Side(variable="x", sum_over=("jk",)))
    assert common(summed, VILLAGES, other) == Keys(3, ())


def test_filters_narrow_and_take_the_class_out(ask):
    rule = replace(SAME, left=Side(variable="x", filters=(("jk", ("l",)),)))
    keys = common(rule, VILLAGES, DISTRICTS)
    row = ask(plan.figures(rule, keys, VILLAGES, DISTRICTS, "?"))[0]
    assert row[2:6] == (30, 2, 2, 2)
    assert plan.expected(rule.left, VILLAGES, keys, "36.73.01") == 2


@pytest.mark.parametrize(
    ("source", "depth", "area", "count"),
    [
        (VILLAGES, 2, "36.73.01", 4),
        (VILLAGES, 1, "36.73", 6),
        (VILLAGES, 3, "36.73.01.1001", 2),
        (DISTRICTS, 2, "36.73.01", 1),
        (DISTRICTS, 1, "36.73", 2),
        (replace(VILLAGES, classes=(replace(SEX, whole=False),)), 3, "36.73.01.1001", None),
    ],
)
def test_how_many_parts_a_figure_is_made_of(source, depth, area, count):
    assert plan.expected(SAME.left, source, Keys(depth, ()), area) == count


def test_classes_that_nobody_knows_whole_are_summed_only_where_the_rule_says_so():
    source = replace(VILLAGES, classes=(replace(SEX, whole=False),))
    keys = Keys(2, ())
    assert plan.expected(Side(variable="x"), source, keys, "36.73.01") is None
    assert plan.expected(Side(variable="x", sum_over=("jk",)), source, keys, "36.73.01") == 2
    assert plan.expected(Side(variable="x"), source, keys, "36.73.01", trusted=True) == 2
    filtered = Side(variable="x", filters=(("jk", ("l", "p")),))
    assert plan.expected(filtered, VILLAGES, keys, "36.73.01") == 4


def test_all_classes_are_the_same_or_nothing_is_compared():
    rule = replace(SAME, classes=("semua",))
    rice, maize = (ClassColumn("tanaman", name, {"a": "a"}, size=1, whole=True) for name in ("padi", "palawija"))
    assert common(rule, VILLAGES, VILLAGES) == Keys(3, ("jenis_kelamin",))
    assert common(rule, VILLAGES, DISTRICTS) is None
    assert common(rule, replace(DISTRICTS, classes=(rice,)), replace(DISTRICTS, classes=(maize,))) is None
    assert common(rule, replace(DISTRICTS, classes=(rice,)), replace(DISTRICTS, classes=(rice,))) == Keys(2, ("padi",))


def test_codes_of_one_side_alone_are_named(ask):
    rule = replace(SAME, kind="kode")
    left, right = replace(VILLAGES, column="jk"), replace(DISTRICTS, column="nama")
    [row] = ask(plan.codes(rule, left, right, "?"))
    assert row[:3] == ("2025", 3, 3)
    assert row[3] == "jumlah, l, p"
    assert row[4] == "36.73.01, 36.73.02, kota serang"


def test_a_level_that_a_side_does_not_know_cannot_be_compared():
    assert common(replace(SAME, level="kelurahan"), VILLAGES, DISTRICTS) is None
    assert common(replace(SAME, level="kota"), VILLAGES, DISTRICTS) == Keys(1, ())
    assert common(replace(SAME, classes=("jk",)), VILLAGES, DISTRICTS) is None


def test_each_two_columns_of_a_variable_once():
    third = replace(DISTRICTS, entry_id="kec-2")
    found = [(one.entry_id, other.entry_id) for one, other in pairs(SAME, [VILLAGES, DISTRICTS, third], [])]
    assert sorted(found) == [("kec", "kec-2"), ("kec", "kel"), ("kec-2", "kel")]
    rule = replace(SAME, right=Side(variable="y"))
    assert [(a.entry_id, b.entry_id) for a, b in pairs(rule, [VILLAGES], [DISTRICTS, third])] == [
        ("kel", "kec"),
        ("kel", "kec-2"),
    ]


def test_names_with_a_percent_sign_reach_a_driver_that_reads_them():
    statement = plan.figures(SAME, Keys(2, ()), VILLAGES, DISTRICTS)
    assert '"kelurahan%%"' in statement.sql
    assert statement.sql.count("CAST(%s AS") == len(statement.values)
