"""Template helpers of the catalogue: choices of the schemas, names of codes, sections of the form."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import language, publishing, region, tables, uris
from ckanext.satudataserang.core.codes import Area
from ckanext.satudataserang.core.publishing import applies, is_filled

__all__ = [
    "satudata_area_options",
    "satudata_area_title",
    "satudata_conditions",
    "satudata_form_field",
    "satudata_form_sections",
    "satudata_frequency_choices",
    "satudata_frequency_label",
    "satudata_is_flag_set",
    "satudata_level_choices",
    "satudata_missing_to_publish",
    "satudata_opd_title",
    "satudata_region_code",
    "satudata_region_name",
    "satudata_shown_sections",
    "satudata_split_errors",
    "satudata_unit_names",
    "satudata_urusan_choices",
    "satudata_urusan_name",
    "satudata_wilayah_uri",
]

_LEVELS = {
    "provinsi": {"id": "Provinsi", "en": "Province"},
    "kabupaten": {"id": "Kabupaten", "en": "Regency"},
    "kota": {"id": "Kota", "en": "City"},
    "kecamatan": {"id": "Kecamatan", "en": "District"},
    "desa": {"id": "Desa", "en": "Village"},
    "kelurahan": {"id": "Kelurahan", "en": "Urban village"},
}


# --- choices ---------------------------------------------------------------------------------------------------------


def satudata_urusan_choices(field: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Choices of bidang urusan: "2.12 Administrasi Kependudukan dan Pencatatan Sipil"."""
    return [
        {"value": one.kode, "label": f"{one.kode} {one.nama}", "alias": [one.nama, *one.ejaan_lain]}
        for one in tables.urusan().values()
    ]


def satudata_frequency_choices(field: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Choices of frequency: the EU authority's URIs with our labels; our words are understood as well."""
    return [{"value": one.uri, "label": one.labels, "alias": [one.kata]} for one in tables.frequencies().values()]


def satudata_level_choices(field: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """Choices of the level of presentation: the levels the region has below the province."""
    have = {area.level for area in region.get_region().wilayah.areas} - {"provinsi"}
    choices = [{"value": level, "label": label} for level, label in _LEVELS.items() if level in have]
    other = {"id": "Lainnya (misalnya unit layanan)", "en": "Other (for instance service units)"}
    return [*choices, {"value": "lainnya", "label": other}]


def satudata_unit_names() -> list[dict[str, str]]:
    """The standard units, as suggestions."""
    return [{"value": name, "text": ""} for name in tables.units().names]


def satudata_area_options() -> list[dict[str, str]]:
    """The areas of the region, as suggestions: the code with the name behind it."""
    return [{"value": area.code, "text": area_title(area)} for area in region.get_region().wilayah.areas]


# --- names of codes --------------------------------------------------------------------------------------------------


def find_urusan(code_or_name: Any) -> tables.Urusan | None:
    """The bidang urusan with this code or (spelled in a known way) name."""
    if not isinstance(code_or_name, str):
        return None
    wanted = code_or_name.strip().casefold()
    for one in tables.urusan().values():
        if wanted in (one.kode, one.nama.casefold(), *(text.casefold() for text in one.ejaan_lain)):
            return one
    return None


def area_title(area: Area) -> str:
    """The area's name with its level: "Kecamatan Serang"."""
    level = _LEVELS[area.level]["id"]
    return area.name if area.name.startswith(level) else f"{level} {area.name}"


def satudata_urusan_name(kode: str) -> str:
    """Name of a bidang urusan; the code itself when it is unknown."""
    one = tables.urusan().get(kode)
    return one.nama if one else kode


def satudata_frequency_label(uri: str) -> str:
    """Label of a stored frequency in the reader's language; the URI itself when it is unknown."""
    one = tables.frequencies().get(uri)
    return language.text(one.labels) if one else uri


def satudata_area_title(kode: str) -> str:
    """Name of an area with its level; the code itself when it is unknown."""
    area = region.get_region().wilayah.get(kode)
    return area_title(area) if area else kode


def satudata_opd_title(name: str) -> str:
    """Title of an OPD of the region profile; the name itself when it is not one."""
    opd = region.get_region().opd_by_name(name)
    return opd.title if opd else name


def satudata_region_code() -> str:
    """Kemendagri code of the region this portal serves."""
    return region.get_region().kode


def satudata_region_name() -> str:
    """Name of the region this portal serves."""
    return region.get_region().nama


def satudata_wilayah_uri(kode: str) -> str:
    """URI of an area."""
    return uris.wilayah_uri(kode)


# --- the form and the dataset page -----------------------------------------------------------------------------------


def satudata_form_sections(
    schema: dict[str, Any], data: dict[str, Any], errors: dict[str, Any]
) -> list[dict[str, Any]]:
    """The sections of the dataset form, each with its fields.

    Keys: `id, title, text, fields, open`. A section folds by the schema's word (`tertutup`), but never while one of
    its fields has an error.
    """
    sections = []
    for section in schema.get("bagian") or [{"id": None}]:
        fields = [
            field
            for field in schema["dataset_fields"]
            if field.get("bagian") == section["id"] and field.get("form_snippet", "") is not None
        ]
        wrong = any(field["field_name"] in (errors or {}) for field in fields)
        sections.append({**_section(section), "fields": fields, "open": wrong or not section.get("tertutup")})
    return sections


def satudata_form_field(field: dict[str, Any]) -> dict[str, Any]:
    """The field as the form shows it: what publication asks for says so in its label."""
    if not field.get("wajib_terbit") or field.get("required"):
        return field
    label = language.text(field["label"])
    shown = {**field, "label": {language.current(): f"{label} ({tk._('wajib untuk terbit')})"}}
    if field.get("repeating_subfields"):
        shown["label"] = field["label"]
        shown["repeating_subfields"] = [satudata_form_field(part) for part in field["repeating_subfields"]]
    return shown


def satudata_conditions(field: dict[str, Any]) -> list[dict[str, Any]]:
    """The conditions of a field, for the page and its script: `field, values, text`."""
    conditions = field.get("syarat") or []
    if isinstance(conditions, dict):
        conditions = [conditions]
    schema = tk.h.scheming_get_dataset_schema("dataset") or {"dataset_fields": []}
    by_name = {other["field_name"]: other for other in schema["dataset_fields"]}
    shown = []
    for condition in conditions:
        other = by_name[condition["field"]]
        known = {choice["value"]: language.text(choice["label"]) for choice in tk.h.scheming_field_choices(other) or []}
        labels = [known.get(value, str(value)) for value in condition["nilai"]]
        text = tk._("{label}: {values}").format(label=language.text(other["label"]), values=tk._(" atau ").join(labels))
        shown.append({"field": condition["field"], "values": [str(v) for v in condition["nilai"]], "text": text})
    return shown


def satudata_shown_sections(pkg: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What the dataset page tells: sections with the fields that say something, in the order of the schema."""
    elsewhere = {"title", "name", "notes", "tag_string", "owner_org"}
    sections = []
    for section in schema.get("bagian") or []:
        fields = [
            field
            for field in schema["dataset_fields"]
            if field.get("bagian") == section["id"]
            and field["field_name"] not in elsewhere
            and field.get("display_snippet", "") is not None
            and applies(field, pkg)
            and is_filled(pkg.get(field["field_name"]))
        ]
        if fields:
            sections.append({**_section(section), "fields": fields, "open": not section.get("tertutup")})
    return sections


def satudata_missing_to_publish(pkg: dict[str, Any]) -> list[dict[str, str]]:
    """What a dataset lacks for publication: `field, label, advice`, in the order of the form."""
    dataset_type = pkg.get("type") or "dataset"
    return [
        {
            "field": one.field,
            "label": publishing.label_of(one, dataset_type),
            "advice": publishing.advice(one, dataset_type),
        }
        for one in publishing.missing_of(pkg)
    ]


def satudata_split_errors(errors: dict[str, Any], fields: list[dict[str, Any]]) -> dict[str, Any]:
    """Errors shown on the page of a file, parted into those of the file and those of its dataset.

    Publishing from that page validates the dataset, whose errors would otherwise pass for errors of the file.
    Returns `{"file": {...}, "dataset": [sentences]}`.
    """
    own = {field["field_name"] for field in fields} | {"upload", "format", "package_id", "id"}
    schema = tk.h.scheming_get_dataset_schema("dataset") or {"dataset_fields": []}
    order = [field["field_name"] for field in schema["dataset_fields"]]
    of_dataset = [key for key in errors or {} if key not in own]
    of_dataset.sort(key=lambda key: order.index(key) if key in order else len(order))
    sentences = [sentence for key in of_dataset for sentence in _sentences(errors[key])]
    return {"file": {key: value for key, value in (errors or {}).items() if key in own}, "dataset": sentences}


def satudata_is_flag_set(pkg: dict[str, Any], flag: str) -> bool:
    """Whether a dataset carries a flag of the schema (`data_contoh`, `metadata_warisan`)."""
    value = pkg.get(flag)
    return tk.asbool(value) if value not in (None, "") else False


def _section(section: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": section["id"],
        "title": language.text(section.get("judul")),
        "text": language.text(section.get("keterangan")),
    }


def _sentences(messages: Any) -> list[str]:
    if isinstance(messages, str):
        return [messages]
    if isinstance(messages, dict):
        messages = list(messages.values())
    return [sentence for one in messages or [] for sentence in _sentences(one)]
