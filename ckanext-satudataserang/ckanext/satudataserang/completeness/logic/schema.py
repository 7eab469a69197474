"""Schemas of the completeness actions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.completeness.read import GROUPS
from ckanext.satudataserang.core.cells import State

MEASURES_WITH_CELLS = ("kelengkapan", "kelengkapan_isian", "validitas")


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
        "group_by": [default("opd"), one_of(GROUPS)],
        "opd": [ignore_empty, unicode_safe],
        "limit": [default(1000), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator],
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
        "state": [ignore_empty, one_of([state.value for state in State])],
        "measure": [ignore_empty, one_of(MEASURES_WITH_CELLS)],
        "part": [default("denominator"), one_of(("numerator", "denominator"))],
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator],
    }


def _reasonable_year(value: int) -> int:
    if not 1900 <= value <= 2200:  # noqa: PLR2004
        message = tk._("Tahun {year} di luar rentang 1900–2200. Pilih tahun lain.").format(year=value)
        raise tk.Invalid(message)
    return value


def _at_most_1000(value: int) -> int:
    return min(value, 1000)
