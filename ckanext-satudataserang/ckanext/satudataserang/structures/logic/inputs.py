"""What requests about structures say, checked: each value says what is wrong with it and what to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context, DataDict, Schema, Validator, ValidatorFactory

from ckanext.satudataserang.core.structures import parse
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.structures.store import from_yaml
from ckanext.satudataserang.plan.logic import values
from ckanext.satudataserang.structures import read
from ckanext.satudataserang.structures.refusals import invalid, refused

SORTS = ("nama", "kode", "entries", "modified")
DECISIONS = ("terima", "tolak")
_LARGEST = 1_000_000


def content(data_dict: DataDict, name: str = "content") -> Structure:
    """The structure that is sent: plain values, or the same as a text of JSON or YAML; with all that it names.

    Raises ValidationError with every problem and its place.
    """
    sent = tk.get_or_bust(data_dict, name)
    try:
        plain = from_yaml(sent) if isinstance(sent, str) else sent
        if not isinstance(plain, Mapping):
            raise invalid(name, tk._("Kirim isi struktur sebagai pasangan nama dan isi, seperti pada contoh."))
        found = parse.structure({**plain, "version": 1}, known_lists=read.code_lists())
        read.made(parse.as_dict(found))
    except StructureError as error:
        raise refused(error) from error
    return found


def version(data_dict: DataDict, name: str = "version") -> int | None:
    """The number of a version; None where none is said. Raises ValidationError."""
    sent = data_dict.get(name)
    if sent is None or sent == "":
        return None
    if isinstance(sent, bool) or not str(sent).isascii() or not str(sent).isdecimal() or int(str(sent)[:9]) < 1:
        raise invalid(name, tk._("Nomor versi ditulis dengan angka mulai dari 1."))
    return min(int(str(sent)[:9]), _LARGEST)


def as_json(value: Any) -> str:
    """A content as the form carries it along."""
    return json.dumps(value, ensure_ascii=False)


@tk.validator_args
def structure_list(
    ignore_empty: Validator,
    default: ValidatorFactory,
    one_of: ValidatorFactory,
    natural_number_validator: Validator,
    boolean_validator: Validator,
    limit_to_configured_maximum: ValidatorFactory,
) -> Schema:
    """Filters of the list of structures."""
    return {
        "q": [ignore_empty, values.text(200)],
        "opd": [ignore_empty, values.text(200)],
        "urusan": [ignore_empty, values.text(20)],
        "variable": [ignore_empty, values.text(100)],
        "proposed": [default(False), boolean_validator],
        "sort": [default("nama"), one_of(list(SORTS))],
        **_page(default, natural_number_validator, limit_to_configured_maximum),
    }


@tk.validator_args
def variable_list(
    ignore_empty: Validator,
    default: ValidatorFactory,
    natural_number_validator: Validator,
    limit_to_configured_maximum: ValidatorFactory,
) -> Schema:
    """Filters of the register of variables."""
    return {
        "q": [ignore_empty, values.text(200)],
        "opd": [ignore_empty, values.text(200)],
        **_page(default, natural_number_validator, limit_to_configured_maximum),
    }


def _page(default: ValidatorFactory, natural: Validator, bounded: ValidatorFactory) -> Schema:
    return {
        "limit": [default(100), natural, bounded("ckan.group_and_organization_list_max", 1000)],
        "offset": [default(0), natural, values.at_most(values.MOST_VALUES)],
    }


@tk.validator_args
def change(ignore: Validator, default: ValidatorFactory, boolean_validator: Validator) -> Schema:
    """What goes with a new version: why, and whether it is to hold at once."""
    return {
        "reason": [default(""), values.text(2000)],
        "in_force": [default(False), boolean_validator],
        "__junk": [ignore],
        "__extras": [ignore],
    }


@tk.validator_args
def decision(ignore: Validator, not_empty: Validator, default: ValidatorFactory, one_of: ValidatorFactory) -> Schema:
    """A decision on a proposed version."""
    return {
        "decision": [not_empty, one_of(list(DECISIONS))],
        "note": [default(""), values.text(2000)],
        "__junk": [ignore],
        "__extras": [ignore],
    }


def validated(context: Context, data: DataDict, schema: Schema) -> dict[str, Any]:
    """The data as the schema makes them. Raises ValidationError by field."""
    found, errors = tk.navl_validate(dict(data), schema, context)
    if errors:
        raise tk.ValidationError(errors)
    return found
