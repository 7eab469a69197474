"""Schemas of the plan's actions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan.model import ACCESS, KELAS, LEVELS, STATES

_MOST_DAYS = 3660
_MOST_VALUES = 2_000_000_000
_FIRST_YEAR, _LAST_YEAR = 1945, 2200


@tk.validator_args
def plan_entry(
    not_empty: Validator,
    ignore_missing: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
    natural_number_validator: Validator,
    is_positive_integer: Validator,
    isodate: Validator,
    ignore: Validator,
) -> Schema:
    """One plan entry as it comes in: `opd` is the OPD's name or id, years are numbers, dates ISO 8601."""
    return {
        "kode": [not_empty, unicode_safe],
        "judul": [not_empty, unicode_safe],
        "opd": [not_empty, unicode_safe],
        "urusan": [not_empty, unicode_safe],
        "kelas": [default("wajib"), one_of(list(KELAS))],
        "prioritas": [default([]), _years],
        "dasar_hukum": [default(""), unicode_safe],
        "frequency": [not_empty, one_of([frequency.value for frequency in Frequency])],
        "deadline_days": [not_empty, natural_number_validator, _at_most(_MOST_DAYS)],
        "grace_days": [default(0), natural_number_validator, _at_most(_MOST_DAYS)],
        "berlaku_dari": [not_empty, isodate, _as_date],
        "berlaku_sampai": [ignore_empty, isodate, _as_date],
        "level_wilayah": [default("kota"), one_of(list(LEVELS))],
        "expected_values": [ignore_missing, is_positive_integer, _at_most(_MOST_VALUES)],
        "access": [default("terbuka"), one_of(list(ACCESS))],
        "access_reason": [default(""), unicode_safe],
        "source_system": [default(""), unicode_safe],
        "state": [default("usulan"), one_of(list(STATES))],
        "__extras": [ignore],
    }


@tk.validator_args
def plan_entry_list(
    ignore_empty: Validator,
    default: ValidatorFactory,
    unicode_safe: Validator,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
    limit_to_configured_maximum: ValidatorFactory,
) -> Schema:
    """Filters of the list of plan entries."""
    return {
        "opd": [ignore_empty, unicode_safe],
        "urusan": [ignore_empty, unicode_safe],
        "state": [ignore_empty, one_of(list(STATES))],
        "limit": [
            default(100),
            natural_number_validator,
            limit_to_configured_maximum("ckan.group_and_organization_list_max", 1000),
        ],
        "offset": [default(0), natural_number_validator, _at_most(_MOST_VALUES)],
    }


def _as_date(value: Any) -> Any:
    if not isinstance(value, datetime):
        # `isodate` has already said what is wrong with it.
        return value
    day = value.date()
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        message = tk._("Tanggal {day} di luar rentang {first}–{last}. Periksa kembali tahunnya.")
        raise tk.Invalid(message.format(day=day.isoformat(), first=_FIRST_YEAR, last=_LAST_YEAR))
    return day


def _at_most(most: int) -> Validator:
    """A number that arithmetic on dates and the database can bear."""

    def check(value: Any) -> Any:
        if isinstance(value, int) and value > most:
            message = tk._("Angka {value} terlalu besar; paling banyak {most}.")
            raise tk.Invalid(message.format(value=value, most=most))
        return value

    return check


def _years(value: Any) -> list[int]:
    try:
        return sorted({int(year) for year in value})
    except (TypeError, ValueError) as error:
        message = tk._("Tahun prioritas harus berupa daftar tahun, misalnya [2025, 2026].")
        raise tk.Invalid(message) from error
