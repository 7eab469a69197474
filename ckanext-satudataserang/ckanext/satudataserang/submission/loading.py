"""One uploaded file: read, checked, written, and counted by period."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.findings import Finding, Findings, Severity, error, warning
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.tables.periods import ALL_ZERO, Coverage, PeriodFacts, mismatches
from ckanext.satudataserang.core.tables.reader import Table, read_table
from ckanext.satudataserang.plan.model import PlanEntry

from . import config
from . import datastore_seam as seam
from .actors import may_publish
from .facts import SubmissionRow
from .requests import Request
from .store import CellValueError, Column, ColumnType, TableBusyError, replace_table
from .upload import UploadError, UploadTooLargeError, opened


@dataclass(frozen=True)
class Loaded:
    """What became of a file: `rows` is None where nothing was written."""

    findings: Findings
    rows: int | None = None
    sha256: str = ""
    deliveries: Sequence[SubmissionRow] = ()


def load_upload(dataset: dict[str, Any], resource: dict[str, Any], request: Request) -> Loaded:
    """Read a resource's upload into the DataStore; returns what it delivers, for the caller to record."""
    findings = Findings()
    entry = _entry(dataset, findings)
    frequency = Frequency(entry.frequency) if entry else None
    try:
        with opened(resource, config.max_size()) as (stream, sha256):
            table = read_table(stream, wanted=_wanted_types(resource["id"]))
            findings.merge(table.findings)
            if not table.usable:
                return Loaded(findings)
            coverage = Coverage(
                table.columns,
                default_period=resource.get("periode") or "",
                frequency=frequency,
                since=entry.berlaku_dari if entry else None,
            )
            unchanged = sha256 == request.sha256 and seam.table_exists(resource["id"])
            rows = _write(resource["id"], table, coverage, unchanged=unchanged)
    except UploadError as problem:
        findings.add(_not_had(problem))
        return Loaded(findings)
    except TableBusyError:
        findings.add(_busy())
        return Loaded(findings)
    except CellValueError as problem:
        findings.add(_refused(problem))
        return Loaded(findings)
    findings.merge(coverage.findings)
    if frequency:
        findings.extend(mismatches(coverage.facts.values(), frequency, entry.berlaku_dari if entry else None))
    if not coverage.has_period:
        findings.add(_no_period())
    deliveries = [_delivery(fact, dataset, resource, entry, request, findings) for fact in coverage.facts.values()]
    return Loaded(findings, rows, sha256, deliveries)


def _write(resource_id: str, table: Table, coverage: Coverage, *, unchanged: bool) -> int:
    """Write the table, counting its rows on the way; an unchanged file is counted only."""

    def counted() -> Iterator[Sequence[object]]:
        for number, cells in table.records():
            coverage.see(number, cells)
            yield cells

    if unchanged:
        return sum(1 for _row in counted())
    columns = [
        Column(column.id, cast(ColumnType, column.type.name), label=column.title if column.title != column.id else "")
        for column in table.columns
    ]
    return replace_table(resource_id, columns, counted()).rows


def _wanted_types(resource_id: str) -> dict[str, str]:
    """Return the types that people chose in the data dictionary of the table that is there now."""
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    chosen = {name: (comment.get("_info") or {}).get("type_override") for name, comment in comments.items()}
    return {name: wanted for name, wanted in chosen.items() if wanted}


def _entry(dataset: dict[str, Any], findings: Findings) -> PlanEntry | None:
    """Find the plan entry that the dataset names; another OPD's entry cannot be filled."""
    kode = (dataset.get("daftar_data_kode") or "").strip()
    if not kode:
        return None
    entry = PlanEntry.by_kode(kode)
    if entry is None:
        message = tk._("Kode Daftar Data “{kode}” tidak dikenal; datanya dihitung di luar Daftar Data.")
        findings.add(warning("kode-daftar-data", message.format(kode=kode), tk._("Periksa kodenya di dataset.")))
        return None
    if entry.opd_id != dataset.get("owner_org"):
        message = tk._("Kode Daftar Data “{kode}” milik OPD lain; datanya dihitung di luar Daftar Data.")
        advice = tk._("Pakai kode milik OPD Anda, atau hubungi Walidata.")
        findings.add(warning("kode-opd-lain", message.format(kode=kode), advice))
        return None
    return entry


def _delivery(
    fact: PeriodFacts,
    dataset: dict[str, Any],
    resource: dict[str, Any],
    entry: PlanEntry | None,
    request: Request,
    findings: Findings,
) -> SubmissionRow:
    reasons = set(findings.codes(Severity.WARNING))
    if fact.all_zero:
        reasons.add(ALL_ZERO)
    valid = fact.filled > 0
    return SubmissionRow(
        period=fact.period,
        dataset_id=dataset["id"],
        delivered_at=request.requested_at,
        content_sha256=fact.sha256,
        entry_id=entry.id if entry else None,
        resource_id=resource["id"],
        origin=request.origin,
        state=_state(entry, request, valid=valid),
        valid=valid,
        expected_values=(entry.expected_values if entry else None) or fact.expected,
        filled_values=fact.filled,
        zero_values=fact.unconfirmed_zeros,
        reasons=tuple(sorted(reasons)),
        created_by=request.requested_by,
    )


def _state(entry: PlanEntry | None, request: Request, *, valid: bool) -> str:
    """What a person of the OPD uploads for an entry in force waits for the Walidata; all else stands at once."""
    if not valid:
        return "tidak_valid"
    waits = entry is not None and entry.state in ("berlaku", "berakhir") and not may_publish(request.requested_by)
    return "menunggu_pemeriksaan" if waits else "terbit"


def _not_had(problem: UploadError) -> Finding:
    if isinstance(problem, UploadTooLargeError):
        message = tk._("Berkas lebih besar dari {mb} MB sehingga tidak dimuat menjadi tabel.")
        advice = tk._("Pecah berkasnya, misalnya per tahun. Berkas aslinya tetap dapat diunduh.")
        return error("berkas-terlalu-besar", message.format(mb=config.max_size() // (1024 * 1024)), advice)
    return error("berkas-hilang", tk._("Berkas yang diunggah tidak ditemukan."), tk._("Unggah kembali berkasnya."))


def _busy() -> Finding:
    return error(
        "tabel-sedang-dipakai",
        tk._("Tabel lama sedang dipakai terlalu lama oleh pembaca lain sehingga belum dapat diganti."),
        tk._("Tekan “Muat ulang” beberapa saat lagi."),
    )


def _refused(problem: CellValueError) -> Finding:
    message = tk._("Basis data menolak nilai di baris data ke-{row}, kolom {column}: {reason}")
    return error(
        "nilai-ditolak",
        message.format(row=problem.row, column=problem.column, reason=problem.reason),
        tk._("Perbaiki nilai itu, lalu unggah ulang."),
        column=problem.column or "",
        value=problem.value or "",
    )


def _no_period() -> Finding:
    return warning(
        "tanpa-periode",
        tk._("Tabel tidak menyebut periode datanya sehingga tidak dihitung dalam kelengkapan."),
        tk._("Tambahkan kolom “tahun”, atau isi kolom Periode pada berkas di formulir."),
    )
