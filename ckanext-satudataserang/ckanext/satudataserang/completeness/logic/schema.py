"""Schemas of the completeness actions."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.completeness.read import GROUPS, PARTS
from ckanext.satudataserang.completeness.themes import themes
from ckanext.satudataserang.core.cells import State
from ckanext.satudataserang.core.windows import WindowError, parse_month
from ckanext.satudataserang.plan.model import KELAS

MEASURES_WITH_CELLS = ("kelengkapan", "ketepatan_waktu", "kelengkapan_isian", "validitas", "konsistensi")
MEASURES_WITH_ENTRIES = ("ketersediaan", "kelengkapan_metadata")
STEPS = ("year", "month")


@tk.validator_args
def _window(ignore_empty: Validator, int_validator: Validator, unicode_safe: Validator) -> Schema:
    """A year, or the months `dari`..`sampai`; the action makes a window of them."""
    return {
        "year": [ignore_empty, int_validator, _reasonable_year],
        "dari": [ignore_empty, unicode_safe, _bearable, _month],
        "sampai": [ignore_empty, unicode_safe, _bearable, _month],
    }


@tk.validator_args
def _narrowed(ignore_empty: Validator, unicode_safe: Validator, one_of: ValidatorFactory) -> Schema:
    """What narrows a list to an OPD, a bidang urusan, a theme, a class."""
    return {
        "opd": [ignore_empty, unicode_safe, _bearable],
        "urusan": [ignore_empty, unicode_safe, _bearable],
        "tema": [ignore_empty, unicode_safe, _bearable, _known_tema],
        "kelas": [ignore_empty, one_of(list(KELAS))],
    }


@tk.validator_args
def paged(default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    """Parameters of a list that is read page by page."""
    return {
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def completeness_show(
    default: ValidatorFactory, one_of: ValidatorFactory, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_completeness_show."""
    narrowed = _narrowed()
    del narrowed["kelas"]
    return {
        **_window(),
        **narrowed,
        "group_by": [default("opd"), one_of(list(GROUPS))],
        "limit": [default(1000), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def completeness_history(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, unicode_safe: Validator
) -> Schema:
    """Parameters of satudata_completeness_history."""
    window = _window()
    del window["year"]
    return {
        **window,
        "scope": [default("opd"), one_of(["city", *GROUPS])],
        "scope_id": [ignore_empty, unicode_safe, _bearable],
        "step": [default("year"), one_of(list(STEPS))],
    }


@tk.validator_args
def completeness_lateness() -> Schema:
    """Parameters of satudata_completeness_lateness."""
    return {**_window(), **_narrowed()}


@tk.validator_args
def cell_list(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, unicode_safe: Validator
) -> Schema:
    """Parameters of satudata_cell_list."""
    return {
        **_window(),
        **_narrowed(),
        **paged(),
        "entry": [ignore_empty, unicode_safe, _bearable],
        "period": [ignore_empty, unicode_safe, _bearable],
        "reason": [ignore_empty, unicode_safe, _bearable],
        "state": [ignore_empty, one_of([state.value for state in State])],
        "measure": [ignore_empty, one_of(list(MEASURES_WITH_CELLS))],
        "part": [default("denominator"), one_of(list(PARTS))],
    }


@tk.validator_args
def entry_list(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, unicode_safe: Validator
) -> Schema:
    """Parameters of satudata_completeness_entry_list."""
    return {
        **_window(),
        **_narrowed(),
        **paged(),
        "entry": [ignore_empty, unicode_safe, _bearable],
        "rule": [ignore_empty, unicode_safe, _bearable],
        "measure": [ignore_empty, one_of(list(MEASURES_WITH_ENTRIES))],
        "part": [default("denominator"), one_of(list(PARTS))],
    }


@tk.validator_args
def completeness_grid(
    not_empty: Validator, ignore_empty: Validator, int_validator: Validator, unicode_safe: Validator
) -> Schema:
    """Parameters of satudata_completeness_grid."""
    return {
        **_window(),
        "opd": [not_empty, unicode_safe, _bearable],
        "first": [ignore_empty, int_validator, _reasonable_year],
        "last": [ignore_empty, int_validator, _reasonable_year],
    }


@tk.validator_args
def snapshot(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Parameters of the actions about one frozen month."""
    return {"month": [not_empty, unicode_safe, _bearable, _month]}


@tk.validator_args
def snapshot_history(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Parameters of satudata_snapshot_history."""
    return {"opd": [not_empty, unicode_safe, _bearable], **_window()}


@tk.validator_args
def completeness_mends(not_empty: Validator, unicode_safe: Validator) -> Schema:
    """Parameters of satudata_completeness_mends."""
    return {"opd": [not_empty, unicode_safe, _bearable], **_window(), **paged()}


@tk.validator_args
def outside_plan_list(
    not_empty: Validator, default: ValidatorFactory, unicode_safe: Validator, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_outside_plan_list."""
    return {
        "opd": [not_empty, unicode_safe, _bearable],
        "limit": [default(100), natural_number_validator, _at_most_1000],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


def _reasonable_year(value: int | None) -> int:
    # Nothing but blanks is read as no number at all.
    if value is None or not 1900 <= value <= 2200:  # noqa: PLR2004
        message = tk._("Tahun {year} di luar rentang 1900–2200. Pilih tahun lain.").format(year=value)
        raise tk.Invalid(message)
    return value


def _bearable(value: str) -> str:
    """A text as the database bears it: PostgreSQL knows no NUL."""
    return value.replace("\0", "\ufffd")


def _month(value: str) -> int:
    try:
        return parse_month(value)
    except WindowError as problem:
        raise tk.Invalid(str(problem)) from problem


def _known_tema(value: str) -> str:
    if value not in themes():
        message = tk._("Tema “{tema}” tidak dikenal. Pilih salah satu: {choices}.")
        raise tk.Invalid(message.format(tema=value[:40], choices=", ".join(themes())))
    return value


def _at_most_1000(value: int) -> int:
    return min(value, 1000)


def _within_reach(value: int) -> int:
    """No list is so long, and PostgreSQL knows no greater number to skip."""
    return min(value, 2**62)
