"""A delivery beside the table it is to enter."""

from __future__ import annotations

from ckanext.satudataserang.core.tables.compare import Misfits, StandingColumn, missing_and_extra
from ckanext.satudataserang.core.tables.reader import TableColumn
from ckanext.satudataserang.core.tables.types import ColumnType

STANDING = [
    StandingColumn("periode", "Periode", "text"),
    StandingColumn("kecamatan", "Kecamatan", "text"),
    StandingColumn("nilai", "Nilai", "numeric"),
    StandingColumn("tanggal", "Tanggal", "date"),
]


def columns(**types):
    return [TableColumn(name, name.title(), ColumnType(kind)) for name, kind in types.items()]


def test_missing_columns_are_errors_and_new_ones_warnings():
    found = list(missing_and_extra(columns(kecamatan="text", jumlah="integer", tahun="integer"), STANDING))
    assert [(one.code, one.severity.value, one.column) for one in found] == [
        ("kolom-kurang", "error", "Nilai"),
        ("kolom-kurang", "error", "Tanggal"),
        ("kolom-baru", "warning", "Jumlah"),
    ]
    assert "Mungkin namanya berubah" in found[0].message
    assert list(missing_and_extra(columns(apa="text"), [])) == []


def test_values_that_do_not_fit_are_named_with_their_place():
    delivered = columns(kecamatan="text", nilai="text", tanggal="text")
    misfits = Misfits(delivered, {column.id: column.type for column in STANDING}, cap=2)
    seen = [
        *misfits.see(2, ["Serang", "12", "2025-01-02"]),
        *misfits.see(3, ["Curug", "dua", "kemarin"]),
        *misfits.see(4, ["Curug", "1.234", None]),
        *misfits.see(5, ["Curug", "tiga", "-"]),
    ]
    assert [(one.code, one.row, one.column) for one in seen] == [
        ("bukan-angka", 3, "Nilai"),
        ("bukan-tanggal", 3, "Tanggal"),
        ("angka-rancu", 4, "Nilai"),
    ]


def test_columns_of_the_right_type_are_not_looked_at():
    misfits = Misfits(columns(kecamatan="text", nilai="integer"), {"kecamatan": "text", "nilai": "numeric"})
    assert list(misfits.see(2, ["x", "y"])) == []
