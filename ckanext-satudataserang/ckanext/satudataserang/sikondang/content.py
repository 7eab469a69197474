"""What a family becomes in the portal: its dataset, its table and its deliveries, as plain values.

Only what the export says goes in. Concept, definition, licence and contact are for the OPD to add; until then the
dataset carries the mark of legacy metadata. The texts are data: Indonesian, whatever language a command runs in.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.catalogue.region import Region
from ckanext.satudataserang.core.legacy import CellFacts, DataRow, Family
from ckanext.satudataserang.core.legacy.region import DISTRICT
from ckanext.satudataserang.submission.facts import SubmissionRow
from ckanext.satudataserang.submission.store import Column

SOURCE_SYSTEM = "sikondang"
#: Datasets and resources of the import have the same id on every run, so that a run cut short finds what it made.
_NAMESPACE = uuid.UUID("5e3b0e0c-3c58-5a0e-9f6f-6f5b5bd0a1c4")
_MIXED = "beragam"
_LOWEST = {DISTRICT: "kecamatan"}


@dataclass(frozen=True)
class Identity:
    """The ids of a family's dataset and resource in the portal of one region."""

    dataset_id: str
    resource_id: str


def identity(region: Region, family: Family) -> Identity:
    """The ids that belong to a family."""
    base = f"{region.kode}/{family.kode}"
    return Identity(str(uuid.uuid5(_NAMESPACE, f"{base}/dataset")), str(uuid.uuid5(_NAMESPACE, f"{base}/resource")))


def dataset_dict(region: Region, family: Family) -> dict[str, Any]:
    """The dataset of a family, with its one resource. A family without a row to show stays a draft."""
    ids = identity(region, family)
    facts = {
        "id": ids.dataset_id,
        "name": family.name,
        "title": family.title,
        "type": "dataset",
        "private": False,
        "state": "active" if family.rows else "draft",
        "owner_org": family.opd,
        "notes": _notes(region, family),
        "urusan": family.urusan,
        "klasifikasi_penyajian": _breakdown(family),
        "satuan": _unit(family),
        "frequency": _frequency(family),
        "level_penyajian": _LOWEST.get(family.level, region.jenis),
        "kode_wilayah": region.kode,
        "license_id": region.lisensi,
        "temporal_coverage": _span(family),
        "daftar_data_kode": family.kode,
        "provenance": (
            f"Diambil dari ekspor aplikasi SIKONDANG, bidang {family.bidang}. Satuan dibakukan, baris kembar digabung, "
            "dan nilai yang bertentangan atau meluap tidak diambil. Nol diambil tetapi belum dipastikan."
        ),
    }
    resource = {
        "id": ids.resource_id,
        "name": family.title,
        "format": "CSV",
        "url": "_datastore_only_resource",
        "url_type": "datastore",
        "datastore_active": True,
    }
    return {**{key: value for key, value in facts.items() if value not in ("", [], None)}, "resources": [resource]}


def columns(family: Family) -> list[Column]:
    """The columns of a family's table with their data dictionary."""
    found = [
        Column("kode_wilayah", "text", "Kode wilayah", "Area code", "Kode wilayah Kemendagri"),
        Column("nama_wilayah", "text", "Nama wilayah", "Area name"),
        Column("tahun", "integer", "Tahun", "Year"),
    ]
    if _is_quarterly(family):
        found.append(Column("triwulan", "integer", "Triwulan", "Quarter", "1 sampai 4"))
    found += [
        Column(f"rincian_{level}", "text", f"Rincian {level}", f"Breakdown {level}")
        for level in range(1, family.depth + 1)
    ]
    unit = "" if _unit(family) == _MIXED else _unit(family)
    return [
        *found,
        Column("nilai", "numeric", "Nilai", "Value", unit=unit),
        Column("satuan", "text", "Satuan", "Unit"),
        Column("sumber", "text", "Sumber", "Source", "Sumber sebagaimana tertulis dalam aplikasi lama"),
        Column("catatan", "text", "Catatan", "Note"),
    ]


def primary_key(family: Family) -> tuple[str, ...]:
    """The columns that name a row once."""
    quarter = ("triwulan",) if _is_quarterly(family) else ()
    return ("kode_wilayah", "tahun", *quarter, *(f"rincian_{level}" for level in range(1, family.depth + 1)))


def table_rows(family: Family) -> Iterator[tuple[object, ...]]:
    """The rows in the order of `columns`."""
    quarterly = _is_quarterly(family)
    for row in family.rows:
        quarter = (row.triwulan,) if quarterly else ()
        yield (
            row.kode_wilayah,
            row.nama_wilayah,
            row.tahun,
            *quarter,
            *row.rincian,
            row.nilai,
            row.satuan,
            row.sumber,
            row.catatan,
        )


def fingerprint(dataset: dict[str, Any], family: Family) -> str:
    """SHA-256 of everything the import writes for a family but its deliveries."""
    return _sha256([dataset, [column.info() | {"id": column.id} for column in columns(family)], _plain(family.rows)])


def deliveries(region: Region, family: Family, entry_id: str, user: str, now: datetime) -> list[SubmissionRow]:
    """One delivery per period of a family; one whose records bear no readable date counts from `now`."""
    ids = identity(region, family)
    return [
        SubmissionRow(
            period=cell.period,
            dataset_id=ids.dataset_id,
            delivered_at=cell.delivered_at or now,
            content_sha256=_sha256([_plain(tuple(row for row in family.rows if _period(family, row) == cell.period))]),
            entry_id=entry_id,
            resource_id=ids.resource_id,
            origin="impor",
            valid=cell.valid,
            expected_values=cell.expected,
            filled_values=cell.filled,
            zero_values=cell.zeros,
            reasons=_reasons(cell),
            created_by=user,
            note="Impor SIKONDANG",
        )
        for cell in family.cells
    ]


def _reasons(cell: CellFacts) -> tuple[str, ...]:
    missing = cell.expected - cell.filled - cell.zeros - cell.invalid
    return tuple(sorted({*cell.reasons, *(["nilai-kosong"] if missing > 0 else [])}))


def _is_quarterly(family: Family) -> bool:
    return family.frequency == "triwulanan"


def _period(family: Family, row: DataRow) -> str:
    return f"{row.tahun:04d}-Q{row.triwulan}" if _is_quarterly(family) else f"{row.tahun:04d}"


def _notes(region: Region, family: Family) -> str:
    """What the table holds, in plain sentences made of facts."""
    by = " dan ".join(_breakdown_parts(family))
    what = f"{family.title} di {region.nama}" + (f" menurut {by}" if by else "")
    text = f"{what}, dari catatan aplikasi SIKONDANG bidang {family.bidang}."
    if not family.rows:
        return text
    zeros = sum(row.nilai == 0 for row in family.rows)
    years = f"tahun {family.first_year}–{family.last_year}"
    return f"{text} Memuat {len(family.rows)} nilai {years}; {zeros} di antaranya nol yang belum dipastikan."


def _breakdown(family: Family) -> str:
    return "; ".join(_breakdown_parts(family)) or "tanpa rincian"


def _breakdown_parts(family: Family) -> list[str]:
    areas = ["kecamatan"] if family.level == DISTRICT else []
    return [*areas, f"{len(family.classes)} rincian"] if family.depth else areas


def _unit(family: Family) -> str:
    """The one unit of a family, or the word for several; spellings nobody knows are for the rows alone."""
    known = [unit for unit in family.units if tables.units().canonical(unit).unit]
    if len(known) > 1:
        return _MIXED
    return known[0] if known else ""


def _frequency(family: Family) -> str:
    return next(uri for uri, code in tables.frequencies().items() if code.kata == family.frequency)


def _span(family: Family) -> list[dict[str, str]]:
    if not family.rows:
        return []
    return [{"start": str(family.first_year), "end": str(family.last_year)}]


def _plain(rows: tuple[DataRow, ...]) -> list[list[str]]:
    return [
        [
            row.kode_wilayah,
            str(row.tahun),
            str(row.triwulan),
            *row.rincian,
            str(row.nilai),
            row.satuan,
            row.sumber,
            row.catatan,
        ]
        for row in rows
    ]


def _sha256(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
