"""Typed rows as a file: what somebody filled in on a page or sent as JSON goes the way of every file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import config

_DECIMALS_TAKEN_FOR_THOUSANDS = 3


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
