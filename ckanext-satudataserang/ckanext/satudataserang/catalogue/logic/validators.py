"""Validators of the SDI schemas, named in `schemas/*.yaml`.

A value that is not filled in is dropped rather than stored as an empty text, and a field whose condition (`syarat`)
does not hold is dropped too. Every message names what is wrong and what to do. What publication asks for is checked
once for the whole dataset, in `publishing.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.munge import munge_title_to_name
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ckanext.satudataserang.catalogue import helpers, language, permissions, region, tables
from ckanext.satudataserang.catalogue.publishing import satudata_derive, satudata_publishable
from ckanext.satudataserang.core.codes import Ambiguous
from ckanext.satudataserang.core.publishing import applies
from ckanext.scheming.validation import scheming_validator

__all__ = [
    "satudata_area",
    "satudata_at_least",
    "satudata_choice",
    "satudata_choices",
    "satudata_conditional",
    "satudata_count",
    "satudata_date",
    "satudata_derive",
    "satudata_email",
    "satudata_flag",
    "satudata_flag_output",
    "satudata_kept",
    "satudata_legacy_mark",
    "satudata_lines",
    "satudata_name_from_title",
    "satudata_not_before",
    "satudata_owner_org",
    "satudata_parent_opd",
    "satudata_period",
    "satudata_publishable",
    "satudata_state",
    "satudata_text",
    "satudata_theme_from_urusan",
    "satudata_unit",
    "satudata_year",
    "satudata_years",
]

Validator = Callable[[FlattenKey, FlattenDataDict, FlattenErrorDict, Context], None]

_YEARS = range(1900, 2101)
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].+)?)?)?")
_PERIOD = re.compile(r"\d{4}(-(S[12]|Q[1-4]|W\d{2}|\d{2}(-\d{2})?|\d{4}))?|statis")
_EMAIL = re.compile(r"[^@\s<>\"']+@[^@\s<>\"']+\.[^@\s<>\"'.]{2,}")
_SUGGESTIONS = 6
_COUNT_DIGITS = 18


# --- emptiness and conditions ----------------------------------------------------------------------------------------


def satudata_text(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Strip the text; drop the field when nothing is left."""
    value = data.get(key)
    if value is tk.missing or value is None or (isinstance(value, str) and not value.strip()):
        _drop(key, data)
    data[key] = str(data[key]).strip()


@scheming_validator
def satudata_conditional(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Validator:
    """Drop the field when its condition does not hold."""

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        if not field.get("syarat"):
            return
        dataset = {name[0]: value for name, value in data.items() if len(name) == 1 and value is not tk.missing}
        if not applies(field, dataset):
            _drop(key, data)

    return validator


def _drop(key: FlattenKey, data: FlattenDataDict) -> None:
    data.pop(key, None)
    raise tk.StopOnError


# --- choices ---------------------------------------------------------------------------------------------------------


@scheming_validator
def satudata_choice(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Callable[[Any], Any]:
    """Accept one of the field's choices, by value, alias or label in either language; store the value."""

    def validator(value: Any) -> Any:
        return _chosen(field, value)

    return validator


@scheming_validator
def satudata_choices(field: Mapping[str, Any], schema: Mapping[str, Any]) -> Validator:
    """Accept any number of the field's choices; store them as a JSON list in the order given, each once."""

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        chosen = [_chosen(field, value) for value in _items(key, data)]
        data[key] = json.dumps(list(dict.fromkeys(chosen)), ensure_ascii=False)

    return validator


def _chosen(field: Mapping[str, Any], value: Any) -> str:
    choices = list(tk.h.scheming_field_choices(field))
    wanted = str(value).strip().casefold()
    for choice in choices:
        labels = choice.get("label") or {}
        spellings = [choice["value"], *choice.get("alias", ())]
        spellings += labels.values() if isinstance(labels, Mapping) else [labels]
        if wanted in (str(spelling).casefold() for spelling in spellings):
            return choice["value"]
    label = language.text(field.get("label") or field["field_name"])
    known = "; ".join(str(language.text(choice["label"])) for choice in choices[: 2 * _SUGGESTIONS])
    if len(choices) > 2 * _SUGGESTIONS:
        known += "; …"
    raise tk.Invalid(
        tk._('"{value}" bukan pilihan untuk {label}. Pilih salah satu: {known}.').format(
            value=value, label=label, known=known
        )
    )


def satudata_theme_from_urusan(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Fill an empty theme from the dataset's urusan."""
    value = data.get(key)
    if value is not tk.missing and value not in (None, "", [], "[]"):
        return
    affair = helpers.find_urusan(data.get(("urusan",)))
    if affair:
        data[key] = [f"http://publications.europa.eu/resource/authority/data-theme/{affair.tema}"]


# --- lists -----------------------------------------------------------------------------------------------------------


def satudata_lines(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Accept a list of texts, or one text with an item per line; store a JSON list, drop the field when empty."""
    data[key] = json.dumps(_items(key, data), ensure_ascii=False)


def satudata_years(value: str) -> str:
    """Require that every item of a JSON list is a year; store them sorted, each once."""
    return json.dumps(sorted({satudata_year(item) for item in json.loads(value)}))


def _items(key: FlattenKey, data: FlattenDataDict) -> list[str]:
    value = data.get(key)
    if value is tk.missing or value is None:
        value = []
    if isinstance(value, str):
        value = _from_json(value) if value.startswith("[") else value.splitlines()
    if not isinstance(value, list):
        raise tk.Invalid(tk._("Isian ini berupa daftar: satu butir per baris, atau daftar JSON melalui API."))
    items = [str(item).strip() for item in value if item is not None and str(item).strip()]
    if not items:
        _drop(key, data)
    return items


def _from_json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value.splitlines()


# --- codes -----------------------------------------------------------------------------------------------------------


def satudata_unit(value: str) -> str:
    """Store the canonical name of the unit."""
    match = tables.units().canonical(value)
    if match.unit:
        return match.unit.name
    near = [unit.name for unit in tables.units().units if value.casefold()[:3] in unit.name.casefold()]
    examples = ", ".join((near or ["orang", "unit", "rupiah", "hektare", "persen"])[:_SUGGESTIONS])
    raise tk.Invalid(
        tk._(
            'Satuan "{value}" belum ada dalam daftar satuan baku. Pilih dari daftar, misalnya: {examples}; '
            "atau minta Walidata menambahkannya."
        ).format(value=value, examples=examples)
    )


def satudata_area(value: str) -> str:
    """Store the Kemendagri code of the area given by code (Kemendagri or BPS) or by name."""
    place = region.get_region()
    match = place.wilayah.canonical(value)
    if isinstance(match, Ambiguous):
        candidates = "; ".join(f"{area.code} {helpers.area_title(area)}" for area in match.areas)
        raise tk.Invalid(
            tk._('Nama "{value}" dipakai lebih dari satu wilayah. Tulis kodenya: {candidates}.').format(
                value=value, candidates=candidates
            )
        )
    if match is None:
        raise tk.Invalid(
            tk._(
                'Wilayah "{value}" tidak dikenal. Tulis kode Kemendagri dengan titik (misalnya {example}) '
                "atau nama wilayahnya."
            ).format(value=value, example=place.kode)
        )
    return match.area.code


def satudata_owner_org(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """CKAN's own check of the owner; the Walidata may give a dataset to every OPD."""
    if permissions.granted(context, "buat", section="datasets"):
        # CKAN asks for a membership here, on top of the authorization that has already been given.
        context = {**context, "ignore_auth": True}
    check: Any = tk.get_validator("owner_org_validator")
    check(key, data, errors, context)


def satudata_parent_opd(value: str) -> str:
    """Require that the parent is the page address of an existing OPD."""
    if value in tk.get_action("organization_list")({"ignore_auth": True}, {}) or region.get_region().opd_by_name(value):
        return value
    raise tk.Invalid(
        tk._('OPD induk "{value}" tidak ada. Tulis alamat halamannya, misalnya "dinkes".').format(value=value)
    )


# --- times and numbers -----------------------------------------------------------------------------------------------


def satudata_year(value: Any) -> int:
    """Require a year between 1900 and 2100."""
    text = str(value).strip()
    # Superscripts are digits as well, but no number; so is a text of thousands of digits.
    if text.isdecimal() and len(text) == len("YYYY") and int(text) in _YEARS:
        return int(text)
    raise tk.Invalid(tk._('"{value}" bukan tahun. Tulis empat angka, misalnya 2026.').format(value=value))


def satudata_date(value: Any) -> str:
    """Require an ISO date, or a year or month alone (YYYY, YYYY-MM, YYYY-MM-DD)."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    if _DAY.fullmatch(text) and int(text[:4]) in _YEARS:
        try:
            datetime.fromisoformat((text + "-01-01"[len(text) - 4 :]) if len(text) < len("YYYY-MM-DD") else text)
        except ValueError:
            pass
        else:
            return text
    raise tk.Invalid(
        tk._('"{value}" bukan tanggal. Tulis seperti 2026-03-31, atau tahunnya saja: 2026.').format(value=value)
    )


def satudata_period(value: str) -> str:
    """Require the key of a period, such as 2025, 2025-S1, 2025-Q3 or 2025-07."""
    if _PERIOD.fullmatch(value):
        return value
    raise tk.Invalid(
        tk._('"{value}" bukan periode. Tulis seperti 2025, 2025-S1, 2025-Q3, atau 2025-07.').format(value=value)
    )


def satudata_count(value: Any) -> str:
    """Require a whole number that is not negative."""
    text = str(value)
    if text.isdecimal() and len(text) <= _COUNT_DIGITS:
        return str(int(text))
    raise tk.Invalid(tk._('"{value}" bukan bilangan bulat. Tulis angka saja, misalnya 12.').format(value=value))


def satudata_at_least(other: str) -> Validator:
    """Require a number not below that of another field."""

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        least = str(data.get((*key[:-1], other)) or "")
        if least.isdecimal() and len(least) <= _COUNT_DIGITS and int(data[key]) < int(least):
            raise tk.Invalid(
                tk._("Jumlah {value} kurang dari {least} (isian {other}). Periksa salah satunya.").format(
                    value=data[key], least=least, other=other
                )
            )

    return validator


def satudata_not_before(other: str) -> Validator:
    """Require a date not before that of another field."""

    def validator(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
        first = data.get((*key[:-1], other))
        if isinstance(first, str) and first and str(data[key]) < first:
            raise tk.Invalid(
                tk._("Tanggal {value} mendahului {first}. Tanggal sampai tidak boleh sebelum tanggal dari.").format(
                    value=data[key], first=first
                )
            )

    return validator


def satudata_email(value: str) -> str:
    """Require something that looks like one e-mail address."""
    if _EMAIL.fullmatch(value):
        return value
    raise tk.Invalid(tk._('"{value}" bukan alamat surel. Tulis seperti dinkes@contoh.go.id.').format(value=value))


# --- what people do not type -----------------------------------------------------------------------------------------


def satudata_name_from_title(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Make the page address from the title when it is left empty; on an update keep the present one."""
    value = data.get(key)
    if value is not tk.missing and value:
        return
    package = context.get("package")
    if package is not None:
        data[key] = package.name
        return
    title = data.get(("title",))
    name = munge_title_to_name(title) if isinstance(title, str) and title.strip() else ""
    if not name:
        errors[key].append(tk._("Alamat halaman belum diisi. Tulis judulnya dahulu; alamat dibuat dari judul."))
        raise tk.StopOnError
    data[key] = _free_name(name)


def _free_name(name: str) -> str:
    from ckan.model import Package  # noqa: PLC0415  the model is not ready when validators are collected

    taken, number = Package.get(name), 1
    base = name[:95]
    while taken is not None:
        number += 1
        name = f"{base}-{number}"
        taken = Package.get(name)
    return name


def satudata_state(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Let whoever may create a dataset create it as a draft; leave any other change of state to CKAN's own rule."""
    if data.get(key) == "draft" and context.get("package") is None:
        return
    core_rule: Any = tk.get_validator("ignore_not_package_admin")
    core_rule(key, data, errors, context)


def satudata_kept(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Keep what is stored when the field is not sent: forms do not show it, and saving one must not lose it."""
    if data.get(key) is tk.missing or data.get(key) is None:
        package = context.get("package")
        stored = package.extras.get(key[-1]) if package is not None else None
        if stored is None:
            _drop(key, data)
        data[key] = stored


def satudata_flag(value: Any) -> str:
    """Store yes or no as "true" or "false"."""
    return "true" if tk.asbool(value) else "false"


def satudata_flag_output(value: Any) -> bool:
    """Show a stored flag as a boolean."""
    return tk.asbool(value)


def satudata_legacy_mark(key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context) -> None:
    """Keep the stored mark whatever is sent; `satudata_publishable` sets and removes it."""
    data.pop(key, None)
    satudata_kept(key, data, errors, context)
