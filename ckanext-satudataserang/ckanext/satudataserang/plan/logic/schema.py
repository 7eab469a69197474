"""Schemas of the plan's actions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict, Schema, Validator, ValidatorFactory

from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan.logic import values
from ckanext.satudataserang.plan.model import ACCESS, KELAS, LEVELS, STATES

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
        "judul": [not_empty, values.text(500)],
        "opd": [not_empty, values.text(200)],
        "urusan": [not_empty, values.text(20), values.known_urusan],
        "kelas": [default("wajib"), one_of(list(KELAS))],
        "prioritas": [default([]), values.years],
        "dasar_hukum": [default(""), values.text()],
        "frequency": [not_empty, one_of([frequency.value for frequency in Frequency])],
        "deadline_days": [not_empty, natural_number_validator, values.at_most(values.MOST_DAYS)],
        "grace_days": [default(0), natural_number_validator, values.at_most(values.MOST_DAYS)],
        "berlaku_dari": [not_empty, isodate, values.as_date],
        "berlaku_sampai": [ignore_empty, isodate, values.as_date],
        "level_wilayah": [default("kota"), one_of(list(LEVELS))],
        "expected_values": [values.optional, is_positive_integer, values.at_most(values.MOST_VALUES)],
        "structure_id": [ignore_empty, values.text(200)],
        "access": [default("terbuka"), one_of(list(ACCESS))],
        "access_reason": [default(""), values.text()],
        "source_system": [default(""), values.text(200)],
    }


@tk.validator_args
def plan_entry(
    ignore: Validator, ignore_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory, isodate: Validator
) -> Schema:
    """One row of a list of entries. A row may carry its own day and reason for a change of terms."""
    return {
        **_fields(),
        "kode": [default(""), values.text(100)],
        "state": [default("usulan"), one_of(list(STATES))],
        "berlaku_dari": [default(""), values.day_or_nothing(isodate)],
        "effective_from": [ignore_empty, isodate, values.as_date],
        "reason": [default(""), values.text()],
        "__extras": [ignore],
    }


@tk.validator_args
def plan_entry_create(
    ignore: Validator, default: ValidatorFactory, isodate: Validator, boolean_validator: Validator
) -> Schema:
    """A proposal; without a first day it is for the next calendar year on."""
    return {
        **_fields(),
        "kode": [default(""), values.text(100)],
        "berlaku_dari": [default(""), values.day_or_nothing(isodate)],
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
        "id": [not_empty, values.text()],
        "note": [default(""), values.text()],
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
        "to": [not_empty, values.text(40)],
        "note": [default(""), values.text()],
        "berlaku_dari": [ignore_empty, isodate, values.as_date],
        "berlaku_sampai": [ignore_empty, isodate, values.as_date],
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
        "id": [not_empty, values.text()],
        "effective_from": [not_empty, isodate, values.as_date],
        "reason": [default(""), values.text()],
        "__junk": [ignore],
        "__extras": [ignore],
    }


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
        "judul": [not_empty, values.text(500)],
        "urusan": [ignore_empty, values.text(20)],
        "opd": [ignore_empty, values.text(200)],
        "exclude": [ignore_empty, values.text(200)],
        "level_wilayah": [ignore_empty, one_of(list(LEVELS))],
        "limit": [default(5), natural_number_validator, values.at_most(100)],
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
        "opd": [ignore_empty, values.text(200)],
        "urusan": [ignore_empty, values.text(20)],
        "state": [ignore_empty, values.text(100), values.states],
        "kelas": [ignore_empty, one_of(list(KELAS))],
        "frequency": [ignore_empty, one_of([frequency.value for frequency in Frequency])],
        "access": [ignore_empty, one_of(list(ACCESS))],
        "prioritas": [ignore_empty, values.year],
        "tahun": [ignore_empty, values.year],
        "q": [ignore_empty, values.text(200)],
        "source_system": [ignore_empty, values.text(200)],
        "sort": [default("kode"), one_of(list(SORTS))],
        "limit": [
            default(100),
            natural_number_validator,
            limit_to_configured_maximum("ckan.group_and_organization_list_max", 1000),
        ],
        "offset": [default(0), natural_number_validator, values.at_most(values.MOST_VALUES)],
    }


@tk.validator_args
def plan_carry_over(not_empty: Validator, default: ValidatorFactory, boolean_validator: Validator) -> Schema:
    """From one year to a later one."""
    return {
        "from_year": [not_empty, values.year],
        "to_year": [not_empty, values.year],
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
        "from_opd": [not_empty, values.text(200)],
        "to_opd": [ignore_empty, values.text(200)],
        "effective": [not_empty, isodate, values.as_date],
        "entries": [default([]), values.kodes],
        "reason": [not_empty, values.text()],
        "new_title": [ignore_empty, values.text(300)],
        "new_name": [ignore_empty, values.text(100)],
        "new_singkatan": [ignore_empty, values.text(100)],
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
