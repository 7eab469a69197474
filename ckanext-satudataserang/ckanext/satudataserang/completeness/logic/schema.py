"""Schemas of the completeness actions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.completeness.read import GROUPS, PARTS
from ckanext.satudataserang.core.cells import State

MEASURES_WITH_CELLS = ("kelengkapan", "kelengkapan_isian", "validitas")
MEASURES_WITH_ENTRIES = ("ketersediaan", "kelengkapan_metadata")


@tk.validator_args
def completeness_show(
    not_empty: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    int_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """Parameters of satudata_completeness_show."""
    return {
        "year": [not_empty, int_validator, _reasonable_year],
        "group_by": [default("opd"), one_of(list(GROUPS))],
        "opd": [ignore_empty, unicode_safe],
        "urusan": [ignore_empty, unicode_safe],
        "limit": [default(1000), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def cell_list(
    ignore_empty: Validator,
    default: ValidatorFactory,
    int_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """Parameters of satudata_cell_list."""
    return {
        "opd": [ignore_empty, unicode_safe],
        "urusan": [ignore_empty, unicode_safe],
        "entry": [ignore_empty, unicode_safe],
        "year": [ignore_empty, int_validator, _reasonable_year],
        "period": [ignore_empty, unicode_safe],
        "reason": [ignore_empty, unicode_safe],
        "state": [ignore_empty, one_of([state.value for state in State])],
        "measure": [ignore_empty, one_of(list(MEASURES_WITH_CELLS))],
        "part": [default("denominator"), one_of(list(PARTS))],
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def entry_list(
    not_empty: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    int_validator: Validator,
    one_of: ValidatorFactory,
    unicode_safe: Validator,
    natural_number_validator: Validator,
) -> Schema:
    """Parameters of satudata_completeness_entry_list."""
    return {
        "year": [not_empty, int_validator, _reasonable_year],
        "opd": [ignore_empty, unicode_safe],
        "urusan": [ignore_empty, unicode_safe],
        "entry": [ignore_empty, unicode_safe],
        "rule": [ignore_empty, unicode_safe],
        "measure": [ignore_empty, one_of(list(MEASURES_WITH_ENTRIES))],
        "part": [default("denominator"), one_of(list(PARTS))],
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def completeness_grid(
    not_empty: Validator, ignore_empty: Validator, int_validator: Validator, unicode_safe: Validator
) -> Schema:
    """Parameters of satudata_completeness_grid."""
    return {
        "opd": [not_empty, unicode_safe],
        "year": [not_empty, int_validator, _reasonable_year],
        "first": [ignore_empty, int_validator, _reasonable_year],
        "last": [ignore_empty, int_validator, _reasonable_year],
    }


@tk.validator_args
def outside_plan_list(
    not_empty: Validator, default: ValidatorFactory, unicode_safe: Validator, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_outside_plan_list."""
    return {
        "opd": [not_empty, unicode_safe],
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


def _reasonable_year(value: int) -> int:
    if not 1900 <= value <= 2200:  # noqa: PLR2004
        message = tk._("Tahun {year} di luar rentang 1900–2200. Pilih tahun lain.").format(year=value)
        raise tk.Invalid(message)
    return value


def _at_most_1000(value: int) -> int:
    return min(value, 1000)


def _within_reach(value: int) -> int:
    """No list is so long, and PostgreSQL knows no greater number to skip."""
    return min(value, 2**62)
