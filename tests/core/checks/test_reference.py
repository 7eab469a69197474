"""The engine finds what a plain account of the rules in Python finds, cell by cell."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudataserang.core.checks import profiles
from ckanext.satudataserang.core.checks.codelists import Resolver
from ckanext.satudataserang.core.structures.model import Column, Rule
from ckanext.satudataserang.core.tables.amounts import is_missing, undressed
from ckanext.satudataserang.core.tables.values import COMMA, NOTHING, POINT, Kind, kind_of, number_text

from .tables import AREAS, checked, structure

AGREED = structure(
    Column("wilayah", "Wilayah", code_list="kecamatan", key=True),
    Column("kelas", "Kelas", key=True),
    Column("laki", "Laki", "integer", minimum=Decimal(0), maximum=Decimal(2_000), required=True),
    Column("perempuan", "Perempuan", "integer", required=True),
    Column("jumlah", "Jumlah", "integer"),
    Column("rasio", "Rasio", "numeric", decimals=4),
    Column("sumber", "Sumber", required=True, pattern="[A-Za-z0-9 ]+"),
    rules=(Rule("total", ("laki", "perempuan"), "=", "jumlah", tolerance=Decimal(1)),),
)
TITLES = [column.label for column in AGREED.columns]
AMBIGUOUS = (Kind.AMBIGUOUS_POINT, Kind.AMBIGUOUS_COMMA)
POINTS, COMMAS = {Kind.POINT, Kind.GROUPED_COMMA}, {Kind.COMMA, Kind.GROUPED_POINT}

areas = st.sampled_from(
    ["36.73.01", "Serang", "kec. serang", "3673050", "KASEMEN", "Walantaka", "Walantak", "", "-", "xx"]
)
whole = st.sampled_from(
    ["0", "1", "2", "10", "1.234", "2.500", "Rp 1.000", "(5)", "7-", "1.234−", "-3", "12 orang", "7,0", "7.5", "", "-",
     "tidak ada",
     "abc", "007", "9223372036854775807", "9223372036854775808", "1.234.567", "1,5", "+4", "3 ribu", "2025-01-01", "x1",
     "1 234", "12*", "5 r)", "3²", "1.234 1)", "7p", "\u00a05", "…", "inf", "NaN"]
)  # fmt: skip
fraction = st.sampled_from(
    ["1,5", "0,25", "3", "12,5 %", "1.234,56", "-0,5", "", "n/a", "setengah", "1,23456", "2,50000", "0012", "7,123"]
)
words = st.sampled_from(["BPS", "Dinas 3", "", "-", "a.b", " BPS "])
rows_of = st.lists(
    st.tuples(areas, st.sampled_from(["A", "B", ""]), whole, whole, whole, fraction, words), min_size=1, max_size=8
).map(lambda rows: [row for row in rows if any(cell.strip() for cell in row)])


def whole_number(text):
    """Value (None: none), and the code of what is wrong."""
    if not text or is_missing(text):
        return None, ""
    bare = undressed(text)
    kind = kind_of(bare)
    if kind in (Kind.TEXT, Kind.DATE, Kind.TIMESTAMP):
        return None, "bukan-angka"
    if kind is Kind.CODE:
        digits = bare.lstrip("-")
        if digits.startswith("0"):
            return None, "bukan-angka"
        fits = digits.isdigit() and -(2**63) <= int(bare) < 2**63
        return (int(bare), "") if fits else (None, "angka-terlalu-besar")
    if kind in AMBIGUOUS:
        return int(bare.replace(".", "").replace(",", "")), ""
    value = Decimal(number_text(bare, COMMA if kind in COMMAS else POINT))
    return (int(value), "") if value == int(value) else (None, "bukan-bulat")


def fractions(texts):
    """Values and codes of a whole column, whose values decide together."""
    bare = [None if not text or is_missing(text) else undressed(text) for text in texts]
    kinds = [None if text is None else kind_of(text) for text in bare]
    point, comma = POINTS & set(kinds), COMMAS & set(kinds)
    found = []
    for text, kind in zip(bare, kinds, strict=True):
        if text is None or kind in (Kind.EMPTY, Kind.NOTHING):
            found.append((None, ""))
        elif kind in (Kind.TEXT, Kind.DATE, Kind.TIMESTAMP, Kind.CODE):
            found.append((None, "bukan-angka"))
        elif kind in AMBIGUOUS and bool(point) == bool(comma):
            found.append((None, "angka-rancu"))
        else:
            decimal = (COMMA if comma else POINT) if kind in AMBIGUOUS else COMMA if kind in COMMAS else POINT
            found.append((Decimal(number_text(text, decimal)), ""))
    return found


def filled_down(rows):
    """The rows with names of groups in every row where that is certain, and what is told of it."""
    blank = [place for place in (0, 1) if any(not row[place] for row in rows)]
    known = {place: [row[place] for row in rows if row[place]] for place in blank}
    groups = [
        place for place in blank if rows[0][place] and len(rows) - len(known[place]) >= max(2, len(known[place]) / 2)
    ]
    groups.sort(key=lambda place: len(known[place]))
    whole, certain = [list(row) for row in rows], len(groups) == len(blank) < 2
    for before, row in pairwise(whole):
        for place in groups:
            row[place] = row[place] or before[place]
    certain = certain and len({tuple(row[:2]) for row in whole}) == len(whole)
    for place in groups:
        starts = [number for number, row in enumerate(rows) if row[place]]
        lengths = [end - start for start, end in pairwise([*starts, len(rows)])]
        again = any(one == other for one, other in pairwise(known[place]))
        mostly = sum(length > 1 for length in lengths) * 2 > len(lengths)
        certain = certain and len(starts) > 1 and mostly and not again and not NOTHING & set(known[place])
    code = "nama-kelompok-diisi" if certain else "nama-kelompok-kosong"
    told = [(code, 2 + next(number for number, row in enumerate(rows) if not row[place])) for place in groups]
    return whole if certain else rows, told


def reference(rows):  # noqa: C901, PLR0912 (the rules one after the other)
    """The codes and rows of what is wrong, in the engine's own words."""
    resolver = Resolver(AREAS)
    rows, found = filled_down([[cell.strip() for cell in row] for row in rows])
    rasio = fractions([row[5] for row in rows])
    seen = {}
    for number, (row, (share, share_code)) in enumerate(zip(rows, rasio, strict=True), start=2):
        area, kelas, source = row[0], row[1], row[6]
        missing_area = not area or area.casefold() in NOTHING
        code = None if missing_area else resolver.code_of(area)
        if missing_area:
            found.append(("wajib-kosong", number))
        elif code is None:
            found.append(("kode-tidak-dikenal", number))
        if not kelas:
            found.append(("wajib-kosong", number))
        numbers = []
        for text, is_required in zip(row[2:5], (True, True, False), strict=True):
            value, wrong = whole_number(text)
            numbers.append(value)
            if wrong:
                found.append((wrong, number))
            elif value is None and is_required:
                found.append(("nilai-wajib-kosong", number))
        if share_code:
            found.append((share_code, number))
        if share is not None and len(format(share.normalize(), "f").partition(".")[2]) > 4:
            found.append(("desimal-berlebih", number))
        if numbers[0] is not None and numbers[0] < 0:
            found.append(("di-bawah-minimum", number))
        if numbers[0] is not None and numbers[0] > 2_000:
            found.append(("di-atas-maksimum", number))
        if None not in numbers and abs(numbers[0] + numbers[1] - numbers[2]) > 1:
            found.append(("aturan-kolom", number))
        if not source or source in NOTHING:
            found.append(("wajib-kosong", number))
        elif "." in source:
            found.append(("pola-tidak-cocok", number))
        if code and kelas:
            if (code, kelas) in seen:
                found.append(("kunci-ganda", number))
            seen.setdefault((code, kelas), number)
    return sorted(found)


@pytest.mark.parametrize("counted", [True, False], ids=["text by text", "cell by cell"])
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=rows_of.filter(bool))
def test_the_engine_finds_what_the_rules_say(monkeypatch, counted, rows):
    monkeypatch.setattr(profiles, "_FEW_IN_SAMPLE", 8_000 if counted else -1)
    table = checked(TITLES, rows, structure=AGREED)
    told = {"angka-dibaca", "negatif-dibaca", "tanda-catatan", "desimal-campur", "nilai-kosong"}
    assert sorted((one.code, one.row) for one in table.findings if one.code not in told) == reference(rows)
    table.close()


REST = ("1", "1", "2", "1,5", "BPS")
#: Names with what stands below each: in every row, in most, or once.
grouped = st.lists(
    st.tuples(
        st.sampled_from(["Serang", "Kasemen", "Walantaka", "Kec. Serang", "xx", "-", ""]),
        st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=4, unique=True),
        st.sampled_from(["once"] * 9 + ["always"]),
    ),
    min_size=2,
    max_size=4,
    unique_by=lambda group: group[0],
).map(
    lambda groups: [
        (name if how == "always" or not place else "", kelas, *REST)
        for name, classes, how in groups
        for place, kelas in enumerate(classes)
    ]
)


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=grouped)
def test_names_are_filled_down_as_the_rules_say(rows):
    table = checked(TITLES, rows, structure=AGREED)
    assert sorted((one.code, one.row) for one in table.findings) == reference(rows)
    whole, _told = filled_down(rows)
    resolver = Resolver(AREAS)
    assert [cells[0] for _row, cells in table.records()] == [resolver.code_of(row[0]) for row in whole]
    table.close()
