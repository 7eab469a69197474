"""Figures in thousands or millions, or shares where numbers are agreed, are never taken for the unit of the column."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.tables.multiples import contradicts, multiple_of, said_multiple

from .grids import cells, codes

SPENT = Structure(
    "anggaran",
    "Anggaran",
    columns=(
        Column("dinas", "Perangkat Daerah", key=True),
        Column("pagu", "Pagu", "numeric", satuan="rupiah"),
        Column("n", "Pegawai", "integer", satuan="orang"),
        Column("x", "Capaian", "numeric"),
    ),
)


def test_multiples_are_told():
    said = ["juta rupiah", "Rp. Ribu", "ribuan", "Milyar", "000", "Rp 000.000", "rupiah", "ribut", "1.000", "jutawan"]
    assert list(map(multiple_of, said)) == [10**6, 10**3, 10**3, 10**9, 10**3, 10**6, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("(dalam juta rupiah)", "(dalam juta rupiah)"),
        ("Tabel 3. Produksi (Ribu Ton), 2024", "(Ribu Ton)"),
        ("Satuan: ribu jiwa", "Satuan: ribu jiwa"),
        ("Dalam Jutaan Rupiah", "Dalam Jutaan Rupiah"),
        ("Kota Serang dalam Angka", ""),
        ("Program 1 juta rumah", ""),
        ("Penduduk (jiwa)", ""),
        ("", ""),
    ],
)
def test_lines_that_say_a_multiple(line, said):
    assert said_multiple(line) == said


@pytest.mark.parametrize(
    ("title", "unit", "told"),
    [
        ("Pagu (juta Rp)", "rupiah", "juta Rp"),
        ("Pagu (juta rupiah)", "juta rupiah", ""),
        ("Pagu (rupiah)", "juta rupiah", "rupiah"),
        ("Penduduk (ribu jiwa)", "ribu orang", ""),
        ("Penduduk (jiwa)", "orang", ""),
        ("Penduduk (%)", "orang", "%"),
        ("Penduduk (%)", "persen", ""),
        ("Penduduk (%)", "", ""),
        ("Penduduk (ribuan)", "", "ribuan"),
        ("Penduduk (2024)", "orang", ""),
        ("Juta", "orang", ""),
    ],
)
def test_titles_of_another_unit(title, unit, told):
    assert contradicts(title, unit) == told


def test_another_unit_in_a_title_is_an_error_where_the_unit_is_agreed(read):
    grid = read("Perangkat Daerah;Pagu (juta Rp);Pegawai (jiwa);Capaian (ribu)\nA;1,5;2;3\n", structure=SPENT)
    assert [(one.code, one.severity.value, one.column) for one in grid.findings] == [
        ("satuan-berbeda", "error", "Pagu (juta Rp)"),
        ("satuan-berbeda", "warning", "Capaian (ribu)"),
    ]
    assert not grid.usable
    assert codes(read("Perangkat Daerah;Pagu (Rp);Pegawai;Capaian (%)\nA;1,5;2;3\n", structure=SPENT)) == []


def test_a_multiple_above_the_table_or_under_its_titles_is_said(read):
    above = read("Realisasi;;\n(dalam juta rupiah);;\nDinas;Pagu;Sisa\nA;1,5;2\nB;2,5;2\n")
    assert codes(above) == ["satuan-kelipatan", "di-atas-tabel"]
    finding = next(iter(above.findings))
    assert (finding.row, finding.value, finding.severity.value) == (2, "(dalam juta rupiah)", "warning")
    under = read("Dinas;Pagu;Sisa\n;(juta Rp);(juta Rp)\nA;1,5;2\nB;2,5;2\n")
    assert codes(under) == ["satuan-kelipatan", "baris-satuan"]
    assert len(cells(under)) == 2
