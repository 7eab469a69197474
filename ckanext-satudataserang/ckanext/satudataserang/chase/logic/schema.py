"""Schemas of the chase's actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator, ValidatorFactory

from ckanext.satudataserang.chase.model import COACHING_KINDS, MAIL_STATES
from ckanext.satudataserang.chase.overview import FILTERS
from ckanext.satudataserang.chase.todo import GROUPS
from ckanext.satudataserang.core.deadlines import WIB

_MOST = 1000
_LONGEST_TOPIC, _LONGEST_OUTCOME = 200, 5000
_OLDEST = date(2000, 1, 1)


@tk.validator_args
def todo_list(
    not_empty: Validator,
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
) -> Schema:
    """Parameters of satudata_todo_list."""
    return {
        "opd": [not_empty, _text],
        "group": [ignore_empty, one_of(list(GROUPS))],
        "limit": [default(100), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def chase_list(default: ValidatorFactory, one_of: ValidatorFactory) -> Schema:
    """Parameters of satudata_chase_list."""
    return {"only": [default("semua"), one_of(list(FILTERS))]}


@tk.validator_args
def one_opd(not_empty: Validator) -> Schema:
    """Parameters of what is asked of one OPD."""
    return {"opd": [not_empty, _text]}


@tk.validator_args
def mail_list(
    ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, natural_number_validator: Validator
) -> Schema:
    """Parameters of satudata_mail_list."""
    return {
        "state": [ignore_empty, one_of(list(MAIL_STATES))],
        "limit": [default(50), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def mail_retry(ignore_empty: Validator, default: ValidatorFactory, boolean_validator: Validator) -> Schema:
    """Parameters of satudata_mail_retry."""
    return {"id": [ignore_empty, _text], "wait": [default(False), boolean_validator]}


@tk.validator_args
def coaching(not_empty: Validator, ignore_missing: Validator, one_of: ValidatorFactory) -> Schema:
    """What an entry of the log of coaching holds."""
    return {
        "opd": [not_empty, _text],
        "date": [not_empty, _past_day],
        "kind": [not_empty, one_of(list(COACHING_KINDS))],
        "topic": [not_empty, _text, _not_blank, _short],
        "entries": [ignore_missing, _codes],
        "outcome": [ignore_missing, _text, _not_too_long],
    }


@tk.validator_args
def coaching_update(not_empty: Validator) -> Schema:
    """Parameters of satudata_coaching_update."""
    return {"id": [not_empty, _text], **{key: value for key, value in coaching().items() if key != "opd"}}


@tk.validator_args
def coaching_list(not_empty: Validator, default: ValidatorFactory, natural_number_validator: Validator) -> Schema:
    """Parameters of satudata_coaching_list."""
    return {
        "opd": [not_empty, _text],
        "limit": [default(20), natural_number_validator, _at_most],
        "offset": [default(0), natural_number_validator, _within_reach],
    }


@tk.validator_args
def one_id(not_empty: Validator) -> Schema:
    """Parameters of what is done to one row."""
    return {"id": [not_empty, _text]}


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise tk.Invalid(tk._("Tulis sebagai teks."))
    # PostgreSQL knows no NUL.
    return value.replace("\0", "").strip()


def _not_blank(value: str) -> str:
    if not value:
        raise tk.Invalid(tk._("Isian ini wajib diisi."))
    return value


def _short(value: str) -> str:
    return _within(value, _LONGEST_TOPIC)


def _not_too_long(value: str) -> str:
    return _within(value, _LONGEST_OUTCOME)


def _within(value: str, longest: int) -> str:
    if len(value) > longest:
        raise tk.Invalid(tk._("Terlalu panjang: paling banyak {n} huruf.").format(n=longest))
    return value


def _past_day(value: Any) -> date:
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        day = None
    if not isinstance(day, date):
        raise tk.Invalid(tk._("Tanggal tidak dikenal. Tulis misalnya 2026-11-21."))
    if not _OLDEST <= day <= datetime.now(WIB).date():
        raise tk.Invalid(tk._("Tanggal pembinaan harus antara 1 Januari 2000 dan hari ini."))
    return day


def _codes(value: Any) -> list[str]:
    """Codes of plan entries, as a list or as a text with commas or line breaks between them."""
    parts = value.replace("\n", ",").split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
        raise tk.Invalid(tk._("Tulis kode data, pisahkan dengan koma."))
    return list(dict.fromkeys(code for part in parts if (code := _text(part))))


def _at_most(value: int) -> int:
    return min(value, _MOST)


def _within_reach(value: int) -> int:
    return min(value, 2**62)
