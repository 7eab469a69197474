"""Schemas of the actions of sameness."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.consistency.model import COMPARISON_STATES, CONFLICT_STATES
from ckanext.satudataserang.core.consistency.model import LEVELS, SEVERITIES

_MOST, _FARTHEST = 1000, 10**9
_LONGEST_NOTE = 5000


@tk.validator_args
def conflict_list(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_conflict_list."""
    return {
        **_filters(ignore_empty, one_of),
        "state": [ignore_empty, one_of(list(CONFLICT_STATES))],
        **_page(default, natural_number_validator),
    }


@tk.validator_args
def comparison_list(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_comparison_list."""
    return {
        **_filters(ignore_empty, one_of),
        "state": [ignore_empty, one_of(list(COMPARISON_STATES))],
        **_page(default, natural_number_validator),
    }


def _filters(ignore_empty: Validator, one_of: ValidatorFactory) -> Schema:
    texts = {name: [ignore_empty, text] for name in ("opd", "entry", "rule", "period")}
    return {**texts, "severity": [ignore_empty, one_of(list(SEVERITIES))]}


def _page(default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    return {
        "limit": [default(50), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def explain(not_empty: Validator) -> Schema:
    """Parameters of satudata_conflict_explain."""
    return {"id": [not_empty, text], "explanation": [not_empty, note]}


@tk.validator_args
def decide(not_empty: Validator, default: ValidatorFactory, boolean_validator: Validator) -> Schema:
    """Parameters of satudata_conflict_decide."""
    return {"id": [not_empty, text], "accept": [not_empty, boolean_validator], "note": [default(""), note]}


@tk.validator_args
def variable_compare(not_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory) -> Schema:
    """Parameters of satudata_variable_compare."""
    return {"kode": [not_empty, text], "level": [default("kota"), one_of(list(LEVELS))]}


def text(value: Any) -> str:
    """One line of text as the database bears it."""
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Isinya harus teks."))
    return value.replace("\0", "\ufffd").strip()


def note(value: Any) -> str:
    """Some sentences."""
    found = text(value)
    if len(found) > _LONGEST_NOTE:
        raise tk.Invalid(tk._("Paling panjang {n} huruf.").format(n=_LONGEST_NOTE))
    return found


def _at_most(value: int) -> int:
    return min(value, _MOST)


def _within_reach(value: int) -> int:
    return min(value, _FARTHEST)
