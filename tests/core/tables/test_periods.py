"""Which periods a table covers."""

from __future__ import annotations

import io
from datetime import date

import pytest

from ckanext.satudataserang.core.checks import engine
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.core.tables.periods import measured_columns, mismatches

from .reading import read_table


@pytest.fixture
def cover(tmp_path):
    """Check a file; keywords are wishes."""

    def call(content: str, **wishes):
        path = tmp_path / "berkas.csv"
        path.write_text(content, encoding="utf-8")
        table = engine.check(opened(path, path.name, directory=tmp_path), Wishes(**wishes), directory=tmp_path)
        assert table.usable, list(table.findings)
        return table

    return call


def counts(table):
    return {key: (facts.rows, facts.expected, facts.filled) for key, facts in table.facts.items()}


def test_a_year_column(cover):
    table = cover("kode_wilayah,tahun,laki,perempuan\n36.73.01,2015,1,2\n36.73.02,2015,-,4\n36.73.01,2016,0,3\n")
    assert counts(table) == {"2015": (2, 4, 3), "2016": (1, 2, 2)}


@pytest.mark.parametrize(
    ("header", "value", "key"),
    [
        ("triwulan", "3", "2025-Q3"),
        ("triwulan", "III", "2025-Q3"),
        ("triwulan", "TW 3", "2025-Q3"),
        ("semester", "II", "2025-S2"),
        ("bulan", "Agustus", "2025-08"),
        ("bulan", "8", "2025-08"),
        ("bulan", "", "2025"),
    ],
)
def test_parts_of_a_year(cover, header, value, key):
    assert list(cover(f"tahun,{header},nilai\n2025,{value},1\n").facts) == [key]


def test_a_period_column_and_the_resources_own_period(cover):
    assert list(cover("periode,nilai\n2025-Q3,1\n2025-S1,2\n").facts) == ["2025-Q3", "2025-S1"]
    assert list(cover("nama,nilai\na,1\n", default_period=" 2025 ").facts) == ["2025"]
    table = cover("nama,nilai\na,1\n")
    assert not table.coverage.has_period
    assert table.facts == {}


def test_unreadable_periods_are_said_once_and_not_counted(cover):
    table = cover("tahun,nilai\n2025,1\nTotal,9\nTotal,9\n25,1\n")
    assert list(table.facts) == ["2025"]
    assert [(one.row, one.value) for one in table.findings if one.code == "periode-tidak-dikenal"] == [
        (3, "Total"),
        (5, "25"),
    ]


def test_shorter_periods_count_into_the_agreed_one(cover):
    quarters = "tahun,triwulan,nilai\n2025,1,5\n2025,2,6\n"
    assert counts(cover(quarters, frequency=Frequency.TAHUNAN)) == {"2025": (2, 2, 2)}
    assert list(cover(quarters, frequency=Frequency.SEMESTERAN).facts) == ["2025-S1"]
    years = "tahun,nilai\n2026,1\n2031,1\n"
    five = cover(years, frequency=Frequency.LIMA_TAHUNAN, since=date(2025, 1, 1))
    assert list(five.facts) == ["2025-2029", "2030-2034"]
    assert list(cover("nama,nilai\na,1\n", frequency=Frequency.STATIS).facts) == ["statis"]


def test_longer_periods_do_not_meet_the_schedule(cover):
    table = cover("tahun,nilai\n2025,1\n", frequency=Frequency.TRIWULANAN)
    (finding,) = mismatches(table.facts.values(), Frequency.TRIWULANAN)
    assert finding.code == "periode-tidak-sesuai-jadwal"
    assert not list(mismatches(table.facts.values(), Frequency.TAHUNAN))


def test_a_period_of_zeros_alone_is_not_filled(cover):
    facts = cover("tahun,a,b\n2015,0,0\n2016,0,3\n").facts
    assert (facts["2015"].filled, facts["2015"].unconfirmed_zeros, facts["2015"].all_zero) == (0, 2, True)
    assert (facts["2016"].filled, facts["2016"].unconfirmed_zeros) == (2, 0)


def test_the_hash_is_of_the_period_alone(cover):
    before = cover("tahun,n\n2015,1\n2016,2\n").facts
    after = cover("tahun,n\n2015,1\n2016,3\n").facts
    assert before["2015"].sha256 == after["2015"].sha256
    assert before["2016"].sha256 != after["2016"].sha256


def test_a_list_of_places_is_filled_by_its_texts(cover):
    table = cover("kode,nama,alamat\n1,SDN 1,Jl. Raya\n2,SDN 2,-\n", default_period="2025")
    assert counts(table) == {"2025": (2, 4, 3)}


def test_keys_are_not_measured():
    table = read_table(io.BytesIO(b"no,tahun,kode,rincian_1,nilai\n1,2025,3,4,5\n"))
    assert measured_columns(table.columns) == ([4], True)


def test_a_name_of_an_area_is_no_figure():
    """A table whose figures are all empty holds nothing, however many areas it names."""
    columns = read_table(io.BytesIO(b"tahun,kecamatan,jumlah\n2025,Serang,\n2025,Curug,\n")).columns
    measured, numeric = measured_columns(columns)
    assert [columns[index].id for index in measured] == ["jumlah"]
    assert not numeric
