"""One uploaded file: read, checked, written, and counted by period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.checks.filled import by_structure
from ckanext.satudataserang.core.checks.privacy import WHOLE
from ckanext.satudataserang.core.findings import Finding, Findings, Severity, error, warning
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.grid import Grid
from ckanext.satudataserang.core.tables.periods import ALL_ZERO, PeriodFacts, mismatches

from . import agreed, ahead, config, constraints, content, direct, store_words
from . import datastore_seam as seam
from .actors import may_publish
from .ahead import Ahead
from .direct import Found, Purpose
from .due import Agreed
from .facts import SubmissionRow
from .guarding import DECISION
from .reading import Reading
from .requests import Request, forget
from .store import StoreError, TableBusyError, replace_table
from .store_model import Filling
from .upload import UploadError, UploadTooLargeError, opened


@dataclass(frozen=True)
class Loaded:
    """What became of a file: `rows` is None where nothing was written."""

    findings: Findings
    rows: int | None = None
    sha256: str = ""
    deliveries: Sequence[SubmissionRow] = ()


def load_upload(dataset: dict[str, Any], resource: dict[str, Any], request: Request) -> Loaded:
    """Read a resource's upload into the DataStore; returns what it delivers, for the caller to record.

    A file for one cell that is not valid is a delivery that is not valid: nothing of it is written. Raises
    TableBusyError.
    """
    findings = Findings()
    what = direct.purpose(
        dataset.get("daftar_data_kode") or "",
        dataset.get("owner_org") or "",
        resource.get("periode") or "",
        resource["id"],
        findings,
    )
    name = str(resource.get("url") or "").rpartition("/")[2]
    try:
        with (
            opened(resource, config.max_size()) as (path, sha256),
            ahead.early() as early,
            direct.opened(
                path,
                name,
                what,
                _wanted_types(resource["id"]),
                # What was loaded before is not sent again, though its table may be gone.
                begin=None if sha256 == request.sha256 else partial(begin, early),
            ) as found,
        ):
            findings.merge(found.reading.table.findings)
            refused = _of_persons(found.reading, resource)
            findings.extend(refused)
            rows = None
            if not findings.has_errors:
                # Only counted where it stands already. Asked now: a table may go while its file is being checked.
                if sha256 == request.sha256 and seam.table_exists(resource["id"]):
                    rows = found.reading.table.rows
                else:
                    forget(resource["id"])
                    rows = write(resource["id"], found.reading, early)
            deliveries = _deliveries(found, dataset, resource, what, request, findings) if not refused else []
            return Loaded(findings, rows, sha256, deliveries)
    except UploadError as problem:
        findings.add(_not_had(problem))
    except TableBusyError:
        # Nothing is wrong with the file: the caller tries again.
        raise
    except StoreError as problem:
        findings.merge(store_words.as_findings(problem))
    return Loaded(findings)


def begin(early: Ahead, grid: Grid, structure: Structure | None) -> None:
    """Send a file that may become a table as it lies on its way."""
    if structure is None or any(column.personal for column in structure.columns):
        return
    early.begin(grid, lambda: Filling(agreed.columns(structure), [column.id for column in structure.columns]))


def write(resource_id: str, found: Reading, early: Ahead) -> int:
    """Make the checked rows the whole table of a resource; returns their number. Raises StoreError."""
    table, structure = found.table, found.structure
    masked = {column.id: WHOLE for column in structure.columns if column.personal} if structure else {}
    demanded = constraints.asked(table, structure, masked) if structure else None
    return replace_table(
        resource_id,
        agreed.of_table(table, structure),
        early.source(table.dump(found.directory, masked)),
        primary_key=_key(found, demanded),
        demanded=demanded,
    ).rows


def _key(found: Reading, demanded: constraints.Constraints | None) -> Sequence[str]:
    """What names a row once: the structure's key in the period, where every row says its period."""
    table = found.table
    if demanded is None or not demanded.key or table.coverage is None:
        return ()
    dated = sum(fact.rows for fact in table.facts.values()) == table.rows
    key = tuple(dict.fromkeys([*table.coverage.told_by, *demanded.key]))
    return key if dated and {column.id for column in table.columns}.issuperset(key) else ()


def _wanted_types(resource_id: str) -> dict[str, str]:
    """Return the types that people chose in the data dictionary of the table that is there now."""
    with seam.write_engine().connect() as connection:
        comments = seam.column_comments(connection.connection.cursor(), resource_id)
    chosen = {name: (comment.get("_info") or {}).get("type_override") for name, comment in comments.items()}
    return {name: wanted for name, wanted in chosen.items() if wanted}


def _of_persons(found: Reading, resource: dict[str, Any]) -> list[Finding]:
    """Data about persons on which nobody decided: a file that came past the form is not made a table of."""
    kinds = content.undecided(found.table.personal, found.structure)
    if not kinds or resource.get(DECISION):
        return []
    columns = ", ".join(f"“{one.title}”" for one in found.table.columns if one.id in kinds)
    return [
        error(
            "data-pribadi",
            "Kolom {columns} memuat data pribadi, sehingga berkas ini tidak dijadikan tabel.",
            "Hapus kolom itu, lalu unggah ulang; atau kirim lewat formulir kiriman, tempat Walidata memutuskan.",
            params={"columns": columns},
        )
    ]


def _deliveries(
    found: Found,
    dataset: dict[str, Any],
    resource: dict[str, Any],
    what: Purpose,
    request: Request,
    findings: Findings,
) -> list[SubmissionRow]:
    """What the file delivers: for its cell, or for each period that it names."""
    table, entry = found.reading.table, what.entry
    if found.due is not None:
        if found.reading.unconfirmed:
            return []
        fact = table.delivered
        expected = table.expected_values or found.due.expected_values
        made = _delivery(fact, expected, dataset, resource, what, request, findings, period=found.due.period.key)
        return [made]
    if findings.has_errors:
        return []
    if entry is not None:
        findings.extend(mismatches(table.facts.values(), Frequency(entry.frequency), entry.berlaku_dari))
    if table.coverage is not None and not table.coverage.has_period:
        findings.add(_no_period())
    agreed_on = Agreed(entry) if entry is not None else None
    return [
        _delivery(
            fact, _expected(what, fact, agreed_on), dataset, resource, what, request, findings, period=fact.period
        )
        for fact in table.facts.values()
    ]


def _expected(what: Purpose, fact: PeriodFacts, agreed_on: Agreed | None) -> int:
    structure: Structure | None = what.structure
    told = agreed_on.of(fact.period) if agreed_on else None
    return by_structure(structure, fact) or told or fact.expected


def _delivery(
    fact: PeriodFacts,
    expected: int | None,
    dataset: dict[str, Any],
    resource: dict[str, Any],
    what: Purpose,
    request: Request,
    findings: Findings,
    *,
    period: str,
) -> SubmissionRow:
    reasons = set(findings.codes(Severity.ERROR, Severity.WARNING))
    if fact.all_zero:
        reasons.add(ALL_ZERO)
    valid = fact.filled > 0 and not findings.has_errors
    return SubmissionRow(
        period=period,
        dataset_id=dataset["id"],
        delivered_at=request.requested_at,
        content_sha256=fact.sha256,
        entry_id=what.entry.id if what.entry else None,
        resource_id=resource["id"],
        origin=request.origin,
        state=_state(what, request, valid=valid),
        valid=valid,
        expected_values=expected,
        filled_values=fact.filled,
        zero_values=fact.unconfirmed_zeros,
        reasons=tuple(sorted(reasons)),
        created_by=request.requested_by,
    )


def _state(what: Purpose, request: Request, *, valid: bool) -> str:
    """What a person of the OPD uploads for an entry in force waits for the Walidata; all else stands at once."""
    if not valid:
        return "tidak_valid"
    waits = what.entry is not None and what.entry.state in ("berlaku", "berakhir")
    return "menunggu_pemeriksaan" if waits and not may_publish(request.requested_by) else "terbit"


def _not_had(problem: UploadError) -> Finding:
    if isinstance(problem, UploadTooLargeError):
        message = tk._("Berkas lebih besar dari {mb} MB sehingga tidak dimuat menjadi tabel.")
        advice = tk._("Pecah berkasnya, misalnya per tahun. Berkas aslinya tetap dapat diunduh.")
        return error("berkas-terlalu-besar", message.format(mb=config.max_size() // (1024 * 1024)), advice)
    return error("berkas-hilang", tk._("Berkas yang diunggah tidak ditemukan."), tk._("Unggah kembali berkasnya."))


def _no_period() -> Finding:
    return warning(
        "tanpa-periode",
        tk._("Tabel tidak menyebut periode datanya sehingga tidak dihitung dalam kelengkapan."),
        tk._("Tambahkan kolom “tahun”, atau isi kolom Periode pada berkas di formulir."),
    )
