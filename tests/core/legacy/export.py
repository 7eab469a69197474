"""A small made-up export of the legacy application, and a made-up region for it."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timezone

from ckanext.satudataserang.core.codes import WilayahTable
from ckanext.satudataserang.core.legacy import Aliases, ImportPlan, Office, Region, plan_import, read_aliases
from ckanext.satudataserang.core.units import UnitTable

NOW = datetime(2020, 6, 1, tzinfo=timezone.utc)

WILAYAH = WilayahTable.from_rows(
    [
        {"kode": "99.71", "kode_bps": "", "level": "kota", "nama": "Kota Contoh", "induk": "99", "ejaan_lain": ""},
        {
            "kode": "99.71.01",
            "kode_bps": "",
            "level": "kecamatan",
            "nama": "Contoh",
            "induk": "99.71",
            "ejaan_lain": "",
        },
        {
            "kode": "99.71.02",
            "kode_bps": "",
            "level": "kecamatan",
            "nama": "Jambu Air",
            "induk": "99.71",
            "ejaan_lain": "Jambuair",
        },
    ]
)
OFFICES = (
    Office("dinkes", ("Dinas Kesehatan", "Dinkes"), ("1.02",)),
    Office("rsud", ("Rumah Sakit",), ("1.02",)),
    Office("distan", ("Dinas Pertanian", "Distan"), ("3.27",)),
)
URUSAN = {"1.02": ("Kesehatan",), "3.27": ("Pertanian",), "3.30": ("Perdagangan",)}
REGION = Region("99.71", WILAYAH, OFFICES, URUSAN)
ALIASES = read_aliases(
    {
        "opd": {"dinkes": ["Dinkes Kota Contoh"], "distan": ["pertanian"]},
        "bukan_opd": ["Kecamatan"],
        "bidang_urusan": {"3.27": ["Pertanian dan Kebun"]},
        "kemiripan_bidang": 0.85,
    },
    ("dinkes", "rsud", "distan"),
)
UNITS = UnitTable.from_rows(
    [
        {"satuan": "orang", "dimensi": "cacah orang", "alias": ["jiwa"]},
        {"satuan": "rumah tangga", "dimensi": "cacah rumah tangga"},
        {"satuan": "ton", "dimensi": "berat"},
        {"satuan": "kilogram", "dimensi": "berat", "dasar": "ton", "skala": 0.001, "lambang": "kg"},
    ]
)

_VALUE = {
    "bidang_urusan": "1",
    "jenis_data": "1",
    "tahun": "2016",
    "triwulan": "4",
    "wilayah": "1",
    "jumlah": "5",
    "satuan": "orang",
    "sumber_data": "Dinkes",
    "ket": "",
    "created_date": "2018-07-23 11:29:39",
    "updated_date": "",
}


def table(rows: list[dict[str, str]]) -> bytes:
    """The rows as CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def export(
    names: dict[str, tuple[str, str]],
    values: list[dict[str, str]],
    bidang: dict[str, str] | None = None,
    areas: dict[str, str] | None = None,
) -> dict[str, bytes]:
    """An export: indicators as {id: (bidang id, name)}, values as what differs from a usual record."""
    bidang = bidang or {"1": "Kesehatan", "2": "Pertanian dan Kebun"}
    areas = areas or {"1": "Contoh", "2": "Jambu Air", "3": "Kota Contoh"}
    records = [{"id_simpatik": str(number), **_VALUE, **value} for number, value in enumerate(values, start=1)]
    for record, value in zip(records, values, strict=True):
        record["bidang_urusan"] = value.get("bidang_urusan", names.get(record["jenis_data"], ("1",))[0])
    return {
        "tb_bidang_urusan": table([{"id": key, "nama_bidang": name} for key, name in bidang.items()]),
        "tb_jenis_data": table(
            [
                {"id": key, "jenis_data": name, "id_bidang": owner, "id_parent": "0", "deskripsi": "", "file": ""}
                for key, (owner, name) in names.items()
            ]
        ),
        "tb_wilayah": table([{"id": key, "nama_wilayah": name} for key, name in areas.items()]),
        "tb_simpatik": table(records),
    }


def planned(
    values: list[dict[str, str]],
    names: dict[str, tuple[str, str]] | None = None,
    aliases: Aliases = ALIASES,
    **tables: dict[str, str],
) -> ImportPlan:
    """The plan of such an export."""
    names = names or {"1": ("1", "Jumlah Dokter")}
    return plan_import(export(names, values, **tables), REGION, aliases, UNITS, NOW)


def rules(plan: ImportPlan, *, about: str | None = None) -> list[str]:
    """The rule codes of the findings, of one record when `about` names it."""
    return [item.rule for item in plan.findings if about is None or item.row_id == about]
