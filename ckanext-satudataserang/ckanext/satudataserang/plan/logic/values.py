"""What checks one value of the plan's actions: texts, days, years, codes. Each says what is wrong and what to write."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.plan.model import STATES

MOST_DAYS = 3660
MOST_VALUES = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1945, 2200
_MOST_CHARACTERS = 5000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def text(most: int = _MOST_CHARACTERS) -> Validator:
    """A text without signs that no keyboard types, of at most so many characters; spaces around it go."""

    def check(value: Any) -> str:
        return _cleaned(value, most)

    return check


def _cleaned(value: Any, most: int) -> str:
    if not isinstance(value, (str, int, float)):
        raise tk.Invalid(tk._("Isi dengan teks."))
    cleaned = str(value).strip()
    if _CONTROL.search(cleaned):
        raise tk.Invalid(tk._("Teks ini memuat tanda kendali yang tidak terlihat. Ketik ulang bagian ini."))
    if len(cleaned) > most:
        raise tk.Invalid(tk._("Teks ini terlalu panjang; paling banyak {most} tanda.").format(most=most))
    return cleaned


def known_urusan(value: Any) -> Any:
    """A code of a bidang urusan."""
    if value not in tables.urusan():
        message = tk._("Urusan “{urusan}” tidak dikenal. Pakai kode seperti 1.02 atau 2.12.")
        raise tk.Invalid(message.format(urusan=str(value)[:20]))
    return value


def states(value: str) -> list[str]:
    """States separated by commas."""
    found = [part.strip() for part in value.split(",") if part.strip()]
    if unknown := [state for state in found if state not in STATES]:
        message = tk._("Status “{state}” tidak dikenal. Pilih dari: {known}.")
        raise tk.Invalid(message.format(state=unknown[0], known=", ".join(STATES)))
    return found


def as_date(value: Any) -> Any:
    """The day of what `isodate` has read, in a span of years that people mean."""
    if not isinstance(value, datetime):
        # `isodate` has already said what is wrong with it.
        return value
    day = value.date()
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = tk._("Tanggal {day} di luar rentang {first}–{last}. Periksa kembali tahunnya.")
        raise tk.Invalid(message.format(day=day.isoformat(), first=_FIRST_YEAR, last=_LAST_YEAR))
    return day


def day_or_nothing(isodate: Any) -> Validator:
    """A day, or None where nothing is given."""

    def check(value: Any, context: Any) -> Any:
        return as_date(isodate(value, context)) if value else None

    return check


def at_most(most: int) -> Validator:
    """A number that arithmetic on dates and the database can bear."""

    def check(value: Any) -> Any:
        if isinstance(value, int) and value > most:
            message = tk._("Angka {value} terlalu besar; paling banyak {most}.")
            raise tk.Invalid(message.format(value=value, most=most))
        return value

    return check


def year(value: Any) -> int:
    """One calendar year."""
    try:
        found = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise tk.Invalid(tk._("Tahun ditulis dengan angka, misalnya 2026.")) from error
    if not _FIRST_YEAR <= found <= _LAST_YEAR:
        message = tk._("Tahun {year} di luar rentang {first}–{last}.")
        raise tk.Invalid(message.format(year=found, first=_FIRST_YEAR, last=_LAST_YEAR))
    return found


def years(value: Any) -> list[int]:
    """Years as a list, or separated by commas, sorted and each once."""
    parts = [part for part in re.split(r"[,;\s]+", value) if part] if isinstance(value, str) else value
    try:
        found = sorted({int(part) for part in parts})
    except (TypeError, ValueError, OverflowError) as error:
        message = tk._("Tahun prioritas harus berupa daftar tahun, misalnya [2025, 2026].")
        raise tk.Invalid(message) from error
    return [year(one) for one in found]


def kodes(value: Any) -> list[str]:
    """Codes as a list, or separated by commas, sorted and each once."""
    parts = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise tk.Invalid(tk._("Kirim “entries” sebagai daftar kode."))
    return sorted({_cleaned(part, 200) for part in parts if part})


def optional(key: FlattenKey, data: FlattenDataDict, _errors: FlattenErrorDict, _context: Context) -> None:
    """Leave a blank field out. Zero is no blank."""
    value = data.get(key)
    if value is tk.missing or value is None or value == "":
        data.pop(key, None)
        raise tk.StopOnError
