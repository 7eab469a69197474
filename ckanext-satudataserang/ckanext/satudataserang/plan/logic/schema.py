"""Schemas of the plan's actions."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan.model import ACCESS, KELAS, LEVELS, STATES


@tk.validator_args
def plan_entry(
    not_empty: Validator,
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
        "kelas": [default("wajib"), one_of(KELAS)],
        "prioritas": [default([]), _years],
        "dasar_hukum": [default(""), unicode_safe],
        "frequency": [not_empty, one_of([frequency.value for frequency in Frequency])],
        "deadline_days": [not_empty, natural_number_validator],
        "grace_days": [default(0), natural_number_validator],
        "berlaku_dari": [not_empty, isodate, _as_date],
        "berlaku_sampai": [ignore_empty, isodate, _as_date],
        "level_wilayah": [default("kota"), one_of(LEVELS)],
        "expected_values": [ignore_empty, is_positive_integer],
        "access": [default("terbuka"), one_of(ACCESS)],
        "access_reason": [default(""), unicode_safe],
        "source_system": [default(""), unicode_safe],
        "state": [default("usulan"), one_of(STATES)],
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
        "state": [ignore_empty, one_of(STATES)],
        "limit": [
            default(100),
            natural_number_validator,
            limit_to_configured_maximum("ckan.group_and_organization_list_max", 1000),
        ],
        "offset": [default(0), natural_number_validator],
    }


def _as_date(value: Any) -> Any:
    return value.date()


def _years(value: Any) -> list[int]:
    try:
        return sorted({int(year) for year in value})
    except (TypeError, ValueError) as error:
        message = tk._("Tahun prioritas harus berupa daftar tahun, misalnya [2025, 2026].")
        raise tk.Invalid(message) from error
