"""Figures in thousands or millions, or shares where numbers are agreed, are never taken for the unit of the column."""

from __future__ import annotations

import pytest

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.tables.multiples import contradicts, is_agreed, multiple_of, said_multiple

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


@pytest.mark.parametrize(
    ("said", "units", "agreed"),
    [
        ("(dalam juta rupiah)", ["juta rupiah"], True),
        ("(dalam juta rupiah)", ["juta rupiah", "orang", "persen", ""], True),
        ("(dalam jutaan Rp)", ["juta rupiah"], True),
        ("juta", ["juta rupiah", "persen"], True),
        ("Satuan: ribu jiwa", ["ribu orang"], True),
        ("(dalam juta rupiah)", ["rupiah"], False),
        ("(dalam juta rupiah)", ["juta rupiah", "rupiah"], False),
        ("(dalam juta rupiah)", ["ribu rupiah"], False),
        ("(dalam juta rupiah)", ["ribu orang"], False),
        ("dalam ribuan", ["juta rupiah", "ribu orang"], False),
        ("dalam ribuan", ["persen"], False),
        ("dalam ribuan", [""], False),
        ("dalam ribuan", [], False),
    ],
)
def test_a_multiple_that_the_columns_are_agreed_in(said, units, agreed):
    assert is_agreed(said, units) is agreed


def in_millions(unit="juta rupiah", label="Pagu"):
    return Structure(
        "anggaran",
        "Anggaran",
        columns=(
            Column("dinas", "Perangkat Daerah", key=True, synonyms=("dinas",)),
            Column("pagu", label, "numeric", satuan=unit, synonyms=("pagu",)),
            Column("n", "Pegawai", "integer", satuan="orang"),
        ),
    )


ABOVE = "Realisasi;;\n(dalam juta rupiah);;\nDinas;Pagu;Pegawai\nA;1,5;2\nB;2,5;2\n"
UNDER = "Dinas;Pagu;Pegawai\n;(juta Rp);(orang)\nA;1,5;2\nB;2,5;2\n"


@pytest.mark.parametrize("text", [ABOVE, UNDER])
def test_the_multiple_of_the_structure_itself_is_not_said(read, text):
    assert "satuan-kelipatan" not in codes(read(text, structure=in_millions()))
    assert "satuan-kelipatan" not in codes(read(text, structure=in_millions("", "Pagu (juta rupiah)")))
    assert "satuan-kelipatan" in codes(read(text, structure=in_millions("rupiah")))
    assert "satuan-kelipatan" in codes(read(text, structure=in_millions("")))


def test_a_unit_under_its_title_is_said_of_that_column_alone(read):
    swapped = "Dinas;Pagu;Pegawai\n;(juta Rp);(ribu)\nA;1,5;2\nB;2,5;2\n"
    (finding,) = [one for one in read(swapped, structure=in_millions()).findings if one.code == "satuan-kelipatan"]
    assert finding.value == "(ribu)"
    other = "Dinas;Pagu;Sisa\n;(juta Rp);(ribu)\nA;1,5;2\nB;2,5;2\n"
    assert "satuan-kelipatan" not in codes(read(other, structure=in_millions()))


def test_a_multiple_is_said_beside_what_else_is_wrong_with_the_form(read):
    found = codes(read("(dalam juta rupiah);;\nDinas;Pagu;Sisa\nA;#REF!;2\nB;2,5;2\n"))
    assert {"rumus-galat", "satuan-kelipatan"} <= set(found)
