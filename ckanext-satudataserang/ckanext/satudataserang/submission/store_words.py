"""Why a table could not be written, in words for the person who made the file."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.findings import Findings, error, shown

from .store_model import (
    AgreementError,
    CellValueError,
    DuplicateRowError,
    KeyViolation,
    NarrowingError,
    PrimaryKeyError,
    StoreError,
    TableBusyError,
    Violation,
)

_SHOWN = 5


def sentence(problem: StoreError) -> str:
    """The problem in one or two sentences; rows count from the first one of data."""
    findings = as_findings(problem)
    return " ".join(finding.message for finding in list(findings)[:_SHOWN])


def as_findings(problem: StoreError) -> Findings:
    """The problem as findings: what is wrong, in which rows of data, and what to do."""
    findings = Findings()
    if isinstance(problem, PrimaryKeyError):
        _key(problem, findings)
    elif isinstance(problem, AgreementError):
        for violation in problem.violations:
            _agreement(violation, findings)
    elif isinstance(problem, NarrowingError):
        message = tk._(
            "Struktur menetapkan kolom “{column}” berjenis {wanted}, tetapi tabel terbit berjenis {standing} "
            "dan {total} nilainya tidak cocok, misalnya {values}."
        )
        findings.add(
            error(
                "jenis-menyempit",
                message.format(
                    column=problem.column,
                    wanted=_kind(problem.wanted),
                    standing=_kind(problem.standing),
                    total=problem.total,
                    values=", ".join(shown(value) for value in problem.values),
                ),
                tk._("Perbaiki dahulu data periode lain, atau ubah jenis kolom itu dalam strukturnya."),
                column=problem.column,
            )
        )
    elif isinstance(problem, DuplicateRowError):
        message = tk._("Ada dua baris dengan {columns} yang sama: {values}.")
        findings.add(
            error(
                "kunci-ganda",
                message.format(columns=problem.columns, values=shown(problem.values)),
                tk._("Hapus salah satunya, lalu kirim lagi."),
            )
        )
    elif isinstance(problem, CellValueError):
        _cell(problem, findings)
    elif isinstance(problem, TableBusyError):
        message = tk._("Tabelnya sedang dipakai pembaca lain sehingga belum dapat diganti.")
        findings.add(error("tabel-sedang-dipakai", message, tk._("Tidak perlu apa-apa: portal mengulanginya sendiri.")))
    else:
        message = tk._("Tabel tidak dapat diganti: {reason}")
        advice = tk._("Hubungi pengelola portal dengan menyebut waktu kejadiannya.")
        findings.add(error("tabel-gagal", message.format(reason=str(problem)[:300]), advice))
    return findings


def _key(problem: PrimaryKeyError, findings: Findings) -> None:
    columns = ", ".join(problem.columns)
    for one in problem.duplicates:
        message = tk._("Baris data {rows} punya {columns} yang sama: {values}.")
        text = message.format(rows=_rows(one.rows), columns=columns, values=_values(one))
        findings.add(error("kunci-ganda", text, tk._("Hapus salah satunya, lalu kirim lagi."), column=columns))
    for one in problem.empty:
        message = tk._("Baris data {rows} tidak mengisi semua kolom kunci ({columns}).")
        text = message.format(rows=_rows(one.rows), columns=columns)
        findings.add(error("kunci-kosong", text, tk._("Isi kolom itu di setiap baris."), column=columns))


def _agreement(violation: Violation, findings: Findings) -> None:
    message = {
        "wajib": tk._("Kolom {columns} wajib diisi, tetapi kosong di {total} baris (baris data {rows})."),
        "minimum": tk._("Kolom {columns} tidak boleh kurang dari {limit}; ada {total} baris (baris data {rows})."),
        "maksimum": tk._("Kolom {columns} tidak boleh lebih dari {limit}; ada {total} baris (baris data {rows})."),
        "desimal": tk._("Kolom {columns} punya lebih dari {limit} angka desimal di {total} baris (baris data {rows})."),
        "kode": tk._("Kolom {columns} berisi kode di luar daftar “{limit}” di {total} baris (baris data {rows})."),
        "aturan": tk._("Aturan “{limit}” tidak terpenuhi di {total} baris (baris data {rows})."),
    }[violation.code]
    columns = ", ".join(violation.columns)
    text = message.format(columns=columns, limit=violation.limit, total=violation.total, rows=_rows(violation.rows))
    value = violation.values[0][0] if len(violation.columns) == 1 else ""
    findings.add(
        error(
            f"tabel-{violation.code}",
            text,
            tk._("Perbaiki nilainya, lalu kirim lagi."),
            column=columns,
            value=value or "",
        )
    )


def _cell(problem: CellValueError, findings: Findings) -> None:
    if problem.row is None:
        message = tk._("Basis data menolak sebuah nilai: {reason}").format(reason=problem.reason)
    else:
        message = tk._("Basis data menolak nilai di baris data ke-{row}, kolom {column}: {reason}").format(
            row=problem.row, column=problem.column, reason=problem.reason
        )
    findings.add(
        error(
            "nilai-ditolak",
            message,
            tk._("Perbaiki nilai itu, lalu kirim lagi."),
            column=problem.column or "",
            value=problem.value or "",
        )
    )


def _rows(rows: tuple[int, ...]) -> str:
    return ", ".join(map(str, rows[:_SHOWN])) + (" …" if len(rows) > _SHOWN else "")


def _values(one: KeyViolation) -> str:
    return ", ".join(shown(value or "") for value in one.values)


def _kind(name: str) -> str:
    kinds = {
        "text": tk._("teks"),
        "integer": tk._("bilangan bulat"),
        "numeric": tk._("bilangan desimal"),
        "date": tk._("tanggal"),
        "timestamp": tk._("waktu"),
        "boolean": tk._("ya/tidak"),
    }
    return kinds.get(name, name)
