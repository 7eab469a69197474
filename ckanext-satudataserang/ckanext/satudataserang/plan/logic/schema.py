"""Schemas of the plan's actions."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import (
    Context,
    DataDict,
    FlattenDataDict,
    FlattenErrorDict,
    FlattenKey,
    Schema,
    Validator,
    ValidatorFactory,
)

from ckanext.satudataserang.catalogue import tables
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan.model import ACCESS, KELAS, LEVELS, STATES

_MOST_DAYS = 3660
_MOST_VALUES = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1945, 2200
_MOST_CHARACTERS = 5000
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
SORTS = ("kode", "judul", "modified")
OPD_CHANGES = ("merge", "rename", "split", "close")

#: What the OPD may change of its own proposal, and the Walidata of any entry.
DESCRIBING = frozenset({"judul", "urusan", "dasar_hukum", "level_wilayah", "access", "access_reason", "source_system"})
#: What only the Walidata changes.
WALIDATA_ONLY = frozenset({"prioritas", "expected_values", "structure_id", "berlaku_dari", "berlaku_sampai"})
#: What only the Walidata changes, and here only as long as nothing is in force.
BINDING = frozenset({"opd", "frequency", "deadline_days", "grace_days", "kelas"})


@tk.validator_args
def _fields(
    not_empty: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
    is_positive_integer: Validator,
    isodate: Validator,
) -> Schema:
    """What an entry can say: `opd` is the OPD's name or id, years are numbers, dates ISO 8601."""
    return {
        "judul": [not_empty, text(500)],
        "opd": [not_empty, text(200)],
        "urusan": [not_empty, text(20), _urusan],
        "kelas": [default("wajib"), one_of(list(KELAS))],
        "prioritas": [default([]), _years],
        "dasar_hukum": [default(""), text()],
        "frequency": [not_empty, one_of([frequency.value for frequency in Frequency])],
        "deadline_days": [not_empty, natural_number_validator, _at_most(_MOST_DAYS)],
        "grace_days": [default(0), natural_number_validator, _at_most(_MOST_DAYS)],
        "berlaku_dari": [not_empty, isodate, _as_date],
        "berlaku_sampai": [ignore_empty, isodate, _as_date],
        "level_wilayah": [default("kota"), one_of(list(LEVELS))],
        "expected_values": [_optional, is_positive_integer, _at_most(_MOST_VALUES)],
        "structure_id": [ignore_empty, text(200)],
        "access": [default("terbuka"), one_of(list(ACCESS))],
        "access_reason": [default(""), text()],
        "source_system": [default(""), text(200)],
    }


@tk.validator_args
def plan_entry(
    ignore: Validator, ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, isodate: Validator
) -> Schema:
    """One row of a list of entries. A row may carry its own day and reason for a change of terms."""
    return {
        **_fields(),
        "kode": [default(""), text(100)],
        "state": [default("usulan"), one_of(list(STATES))],
        "effective_from": [ignore_empty, isodate, _as_date],
        "reason": [default(""), text()],
        "__extras": [ignore],
    }


@tk.validator_args
def plan_entry_create(
    ignore: Validator, default: ValidatorFactory, isodate: Validator, boolean_validator: Validator
) -> Schema:
    """A proposal; without a first day it is for the next calendar year on."""
    return {
        **_fields(),
        "kode": [default(""), text(100)],
        "berlaku_dari": [default(""), _day_or_nothing(isodate)],
        "similar_ok": [default(False), boolean_validator],
        "__junk": [ignore],
        "__extras": [ignore],
    }


def plan_entry_update(given: Collection[str]) -> Schema:
    """Some fields of an entry; those that are not given are not looked at."""
    return {**{name: validators for name, validators in _fields().items() if name in given}, **_update_extras()}


@tk.validator_args
def _update_extras(
    ignore: Validator, not_empty: Validator, default: ValidatorFactory, boolean_validator: Validator
) -> Schema:
    return {
        "id": [not_empty, text()],
        "note": [default(""), text()],
        "similar_ok": [default(False), boolean_validator],
        "__junk": [ignore],
        "__extras": [ignore],
    }


@tk.validator_args
def plan_entry_transition(
    ignore: Validator, ignore_empty: Validator, not_empty: Validator, default: ValidatorFactory, isodate: Validator
) -> Schema:
    """A step of one entry or of several."""
    return {
        "id": [not_empty],
        "to": [not_empty, text(40)],
        "note": [default(""), text()],
        "berlaku_dari": [ignore_empty, isodate, _as_date],
        "berlaku_sampai": [ignore_empty, isodate, _as_date],
        "__junk": [ignore],
        "__extras": [ignore],
    }


@tk.validator_args
def plan_entry_terms_change(
    ignore: Validator, not_empty: Validator, ignore_missing: Validator, default: ValidatorFactory, isodate: Validator
) -> Schema:
    """New terms from a day on; terms that are not given stay."""
    terms = {name: [ignore_missing, not_empty, *_checks(name)] for name in BINDING - {"opd"}}
    return {
        **terms,
        "id": [not_empty, text()],
        "effective_from": [not_empty, isodate, _as_date],
        "reason": [default(""), text()],
        "__junk": [ignore],
        "__extras": [ignore],
    }


def _optional(key: FlattenKey, data: FlattenDataDict, _errors: FlattenErrorDict, _context: Context) -> None:
    """Leave a blank field out. Zero is no blank."""
    value = data.get(key)
    if value is tk.missing or value is None or value == "":
        data.pop(key, None)
        raise tk.StopOnError


def _checks(name: str) -> list[Any]:
    """What checks a field's value, after its first rule, which says what holds when there is none."""
    return list(_fields()[name])[1:]


@tk.validator_args
def plan_entry_similar(
    not_empty: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """A title to compare."""
    return {
        "judul": [not_empty, text(500)],
        "urusan": [ignore_empty, text(20)],
        "opd": [ignore_empty, text(200)],
        "exclude": [ignore_empty, text(200)],
        "level_wilayah": [ignore_empty, one_of(list(LEVELS))],
        "limit": [default(5), natural_number_validator, _at_most(100)],
    }


@tk.validator_args
def plan_entry_list(
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
    limit_to_configured_maximum: ValidatorFactory,
) -> Schema:
    """Filters of the list of plan entries."""
    return {
        "opd": [ignore_empty, text(200)],
        "urusan": [ignore_empty, text(20)],
        "state": [ignore_empty, text(100), _states],
        "kelas": [ignore_empty, one_of(list(KELAS))],
        "frequency": [ignore_empty, one_of([frequency.value for frequency in Frequency])],
        "access": [ignore_empty, one_of(list(ACCESS))],
        "prioritas": [ignore_empty, _year],
        "tahun": [ignore_empty, _year],
        "q": [ignore_empty, text(200)],
        "source_system": [ignore_empty, text(200)],
        "sort": [default("kode"), one_of(list(SORTS))],
        "limit": [
            default(100),
            natural_number_validator,
            limit_to_configured_maximum("ckan.group_and_organization_list_max", 1000),
        ],
        "offset": [default(0), natural_number_validator, _at_most(_MOST_VALUES)],
    }


@tk.validator_args
def plan_carry_over(not_empty: Validator, default: ValidatorFactory, boolean_validator: Validator) -> Schema:
    """From one year to a later one."""
    return {
        "from_year": [not_empty, _year],
        "to_year": [not_empty, _year],
        "dry_run": [default(False), boolean_validator],
    }


@tk.validator_args
def opd_change(
    not_empty: Validator,
    ignore: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    isodate: Validator,
    boolean_validator: Validator,
) -> Schema:
    """A change of OPDs decided elsewhere; `effective` is the first day of the new arrangement."""
    return {
        "kind": [not_empty, one_of(list(OPD_CHANGES))],
        "from_opd": [not_empty, text(200)],
        "to_opd": [ignore_empty, text(200)],
        "effective": [not_empty, isodate, _as_date],
        "entries": [default([]), _kodes],
        "reason": [not_empty, text()],
        "new_title": [ignore_empty, text(300)],
        "new_name": [ignore_empty, text(100)],
        "new_singkatan": [ignore_empty, text(100)],
        "dry_run": [default(False), boolean_validator],
        "__junk": [ignore],
        "__extras": [ignore],
    }


def validated(context: Context, data: DataDict, schema: Schema) -> dict[str, Any]:
    """The data as the schema makes them. Raises ValidationError by field.

    Called by actions after they have asked whether the user may at all, so that who may not learns nothing more.
    """
    found, errors = tk.navl_validate(dict(data), schema, context)
    if errors:
        raise tk.ValidationError(errors)
    return found


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


def _urusan(value: Any) -> Any:
    if value not in tables.urusan():
        message = tk._("Urusan “{urusan}” tidak dikenal. Pakai kode seperti 1.02 atau 2.12.")
        raise tk.Invalid(message.format(urusan=str(value)[:20]))
    return value


def _states(value: str) -> list[str]:
    states = [part.strip() for part in value.split(",") if part.strip()]
    if unknown := [state for state in states if state not in STATES]:
        message = tk._("Status “{state}” tidak dikenal. Pilih dari: {known}.")
        raise tk.Invalid(message.format(state=unknown[0], known=", ".join(STATES)))
    return states


def _as_date(value: Any) -> Any:
    if not isinstance(value, datetime):
        # `isodate` has already said what is wrong with it.
        return value
    day = value.date()
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = tk._("Tanggal {day} di luar rentang {first}–{last}. Periksa kembali tahunnya.")
        raise tk.Invalid(message.format(day=day.isoformat(), first=_FIRST_YEAR, last=_LAST_YEAR))
    return day


def _day_or_nothing(isodate: Any) -> Validator:
    def check(value: Any, context: Any) -> Any:
        return _as_date(isodate(value, context)) if value else None

    return check


def _at_most(most: int) -> Validator:
    """A number that arithmetic on dates and the database can bear."""

    def check(value: Any) -> Any:
        if isinstance(value, int) and value > most:
            message = tk._("Angka {value} terlalu besar; paling banyak {most}.")
            raise tk.Invalid(message.format(value=value, most=most))
        return value

    return check


def _year(value: Any) -> int:
    try:
        year = int(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise tk.Invalid(tk._("Tahun ditulis dengan angka, misalnya 2026.")) from error
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        message = tk._("Tahun {year} di luar rentang {first}–{last}.")
        raise tk.Invalid(message.format(year=year, first=_FIRST_YEAR, last=_LAST_YEAR))
    return year


def _years(value: Any) -> list[int]:
    parts = [part for part in re.split(r"[,;\s]+", value) if part] if isinstance(value, str) else value
    try:
        years = sorted({int(year) for year in parts})
    except (TypeError, ValueError, OverflowError) as error:
        message = tk._("Tahun prioritas harus berupa daftar tahun, misalnya [2025, 2026].")
        raise tk.Invalid(message) from error
    return [_year(year) for year in years]


def _kodes(value: Any) -> list[str]:
    parts = re.split(r"[,;\s]+", value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise tk.Invalid(tk._("Kirim “entries” sebagai daftar kode."))
    return sorted({_cleaned(part, 200) for part in parts if part})
