"""Themes: the EU data themes under which bidang urusan fall (`schemas/kode/urusan.csv`)."""

from __future__ import annotations

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import language
from ckanext.satudataserang.catalogue.tables import urusan


def codes_of(theme: str) -> list[str]:
    """The codes of the bidang urusan under a theme."""
    return [one.kode for one in urusan().values() if one.tema == theme]


def themes() -> list[str]:
    """All themes, in the order of their codes."""
    return sorted({one.tema for one in urusan().values()})


def theme_of(kode: str) -> str:
    """The theme of a bidang urusan; empty for one outside the code list."""
    one = urusan().get(kode)
    return one.tema if one else ""


def theme_parameters() -> dict[str, list[str]]:
    """Every bidang urusan with its theme, as parameters `kodes` and `temas` of a statement."""
    return {"kodes": [one.kode for one in urusan().values()], "temas": [one.tema for one in urusan().values()]}


def theme_name(theme: str) -> str:
    """The name of a theme in the reader's language, as the dataset form has it; the code where it has none."""
    if not theme:
        return tk._("Tanpa tema")
    # Without scheming there are no names, only codes.
    schema = "scheming_get_dataset_schema" in tk.h and tk.h.scheming_get_dataset_schema("dataset")
    schema = schema or {"dataset_fields": []}
    field = next((one for one in schema["dataset_fields"] if one["field_name"] == "theme"), {})
    for choice in field.get("choices", ()):
        if choice["value"].rsplit("/", 1)[-1] == theme:
            return language.text(choice["label"])
    return theme
