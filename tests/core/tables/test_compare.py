"""A delivery beside the table it is to enter."""

from __future__ import annotations

from ckanext.satudataserang.core.tables.compare import StandingColumn, missing_and_extra
from ckanext.satudataserang.core.tables.types import ColumnType, TableColumn

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
