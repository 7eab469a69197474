"""What a delivery holds: typed rows as a file, and the checks on handing in."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.findings import Findings, Severity, error, shown, warning
from ckanext.satudataserang.core.periods import STATIC_KEY, Period, PeriodError, parse_period
from ckanext.satudataserang.core.tables.compare import Misfits, StandingColumn, missing_and_extra
from ckanext.satudataserang.core.tables.periods import ALL_ZERO, Coverage, PeriodFacts
from ckanext.satudataserang.core.tables.reader import Table, read_table
from ckanext.satudataserang.submission import config, files
from ckanext.satudataserang.submission.due import Due

EMPTY = "isian-kosong"
_DECIMALS_TAKEN_FOR_THOUSANDS = 3
_WANTED = {"integer": "numeric", "numeric": "numeric", "text": "text"}


@dataclass
class Checked:
    """The result of the checks; the fields are those of a delivery."""

    findings: Findings = field(default_factory=Findings)
    expected_values: int | None = None
    filled_values: int = 0
    zero_values: int = 0
    content_sha256: str = ""
    rows: int = 0

    @property
    def valid(self) -> bool:
        """Whether nothing stands against the delivery."""
        return not self.findings.has_errors

    @property
    def reasons(self) -> list[str]:
        """Codes of what a person should know, sorted."""
        return list(self.findings.codes(Severity.ERROR, Severity.WARNING))


def as_csv(rows: Any, columns: Sequence[str]) -> bytes:
    """Typed rows as a CSV file: `columns` first, then what else the rows name, in the order it comes.

    Raises ValidationError (field `rows`) when they are no list of mappings from column to value, or too many.
    """
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise _rows_error(tk._("Kirim “rows” sebagai daftar baris, masing-masing berisi nama kolom dan nilainya."))
    if len(rows) > config.max_rows():
        message = tk._("Paling banyak {limit} baris dapat diisi langsung; kirim data yang lebih besar sebagai berkas.")
        raise _rows_error(message.format(limit=config.max_rows()))
    named: dict[str, None] = dict.fromkeys(name for name in columns if any(name in row for row in rows))
    for row in rows:
        named.update(dict.fromkeys(map(str, row)))
        if len(named) > config.max_columns():
            message = tk._("Paling banyak {limit} kolom dapat diisi langsung; kirim yang lebih lebar sebagai berkas.")
            raise _rows_error(message.format(limit=config.max_columns()))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([_plain(name, 0) for name in named])
    for number, row in enumerate(rows, start=1):
        cells = [_plain(row.get(name), number) for name in named]
        if any(cells):
            writer.writerow(cells)
    return text.getvalue().encode()


@contextmanager
def opened(sha256: str, standing: Sequence[StandingColumn]) -> Iterator[Table]:
    """Read a kept file through once; numbers where the standing table has numbers."""
    wanted = {column.id: _WANTED[column.type] for column in standing if column.type in _WANTED}
    with files.path_of(sha256).open("rb") as stream:
        yield read_table(stream, wanted=wanted)


def check_file(sha256: str, due: Due, standing: Sequence[StandingColumn]) -> Checked:
    """Check a kept file against its cell and the table that stands."""
    checked = Checked()
    with opened(sha256, standing) as table:
        checked.findings.merge(table.findings)
        if not table.usable:
            return checked
        checked.findings.extend(missing_and_extra(table.columns, standing))
        _count(table, due, {column.id: column.type for column in standing}, checked)
    if checked.rows and checked.filled_values == 0:
        checked.findings.add(_nothing_filled(all_zero=checked.zero_values > 0))
    elif checked.expected_values and checked.filled_values < checked.expected_values:
        checked.findings.add(_some_missing(checked.filled_values, checked.expected_values))
    return checked


def coverage_of(table: Table, due: Due) -> Coverage:
    """Read which period each row of a delivery is of; rows that do not say are of the delivery's own."""
    return Coverage(
        table.columns,
        default_period=STATIC_KEY if due.period.key.startswith(STATIC_KEY) else due.period.key,
        frequency=due.terms.frequency,
        since=due.terms.anchor,
    )


def _count(table: Table, due: Due, types: Mapping[str, str], checked: Checked) -> None:
    coverage = coverage_of(table, due)
    fact, strangers, unnamed = PeriodFacts(due.period.key), Counter[str](), Counter[str]()
    first: dict[str, int] = {}
    misfits = Misfits(table.columns, types)
    for number, cells in table.records():
        checked.rows += 1
        checked.findings.extend(misfits.see(number, cells))
        key = coverage.period_of(number, cells)
        if key is not None and is_of(key, due.period):
            fact.add(cells, coverage.measured, numeric=coverage.numeric)
            continue
        group, name = (strangers, key) if key is not None else (unnamed, "")
        group[name] += 1
        first.setdefault(name, number)
    checked.findings.merge(coverage.findings)
    for name, count in strangers.items():
        checked.findings.add(_other_period(due.period, name, count, first[name]))
    if unnamed:
        checked.findings.add(_no_period(due.period, unnamed[""], first[""]))
    checked.expected_values = due.entry.expected_values or fact.expected
    checked.filled_values, checked.zero_values = fact.filled, fact.unconfirmed_zeros
    checked.content_sha256 = fact.sha256


def is_of(key: str, period: Period) -> bool:
    """Whether a row that names `key` belongs to a delivery for `period`: the same, or a longer one that holds it."""
    if key == period.key:
        return True
    try:
        told = parse_period(key)
    except PeriodError:
        return False
    return told.start <= period.start and period.end <= told.end


def _plain(value: object, row: int) -> str:
    """A typed value as the file has it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, (int, date, datetime)):
        return value.isoformat() if isinstance(value, date) else str(value)
    if isinstance(value, (float, Decimal)):
        text = format(Decimal(str(value)), "f") if Decimal(str(value)).is_finite() else ""
        whole, _point, part = text.partition(".")
        # Three decimals could be read as a sign of thousands.
        return f"{whole}.{part}0" if len(part) == _DECIMALS_TAKEN_FOR_THOUSANDS else text
    if isinstance(value, str):
        return value.replace("\0", "").strip()
    message = tk._("Baris {row}: nilai harus berupa teks atau angka.")
    raise _rows_error(message.format(row=row))


def _rows_error(message: str) -> tk.ValidationError:
    return tk.ValidationError({"rows": [message]})


def _other_period(period: Period, name: str, count: int, row: int) -> Any:
    return error(
        "periode-lain",
        f"{count} baris (mulai baris {row}) untuk periode {name}, padahal kiriman ini untuk {period.key}.",
        f"Hapus baris itu, atau kirim lewat formulir periode {name}.",
        row=row,
        value=name,
    )


def _no_period(period: Period, count: int, row: int) -> Any:
    return error(
        "baris-tanpa-periode",
        f"{count} baris (mulai baris {row}) tidak menyebut periode yang dapat dibaca.",
        f"Isi periodenya dengan {period.key}, atau hapus kolom periodenya.",
        row=row,
    )


def _nothing_filled(*, all_zero: bool) -> Any:
    advice = "Isi datanya. Bila memang tidak ada kejadian pada periode ini, pakai pernyataan nihil."
    if all_zero:
        return error(ALL_ZERO, "Semua nilai nol, sehingga tidak dapat dibedakan dari data yang belum diisi.", advice)
    return error(EMPTY, "Tidak ada satu pun nilai wajib yang terisi.", advice)


def _some_missing(filled: int, expected: int) -> Any:
    return warning(
        "nilai-kosong",
        f"Baru {shown(filled)} dari {shown(expected)} nilai wajib yang terisi.",
        "Lengkapi nilai yang kosong bila datanya sudah ada.",
    )
