"""What templates of other capabilities ask of structures."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import pages, read, store, used


def satudata_structures_named(kode: str | None) -> dict[str, str] | None:
    """Name and address of a structure in force; None where there is none."""
    found = read.content(kode) if kode else None
    if found is None:
        return None
    return {"nama": found["nama"], "url": tk.url_for("satudata_structures.read", kode=kode)}


def satudata_structures_of_dataset(pkg: dict[str, Any]) -> dict[str, Any] | None:
    """The columns of the structure that a dataset's entry of the Daftar Data follows; None where none was agreed.

    Keys: `kode`, `nama`, `version`, `url`, `columns` as `pages.columns`.
    """
    kode = pkg.get("daftar_data_kode")
    entry = PlanEntry.by_kode(kode) if isinstance(kode, str) and kode and "\0" not in kode else None
    whole = read.structure_of(entry) if entry is not None else None
    if whole is None:
        return None
    return {
        "kode": whole.kode,
        "nama": whole.nama,
        "version": whole.version,
        "url": tk.url_for("satudata_structures.read", kode=whole.kode),
        "columns": pages.columns(whole),
    }


def satudata_structures_waiting() -> int | None:
    """How many proposed changes wait for the reader's decision; None for who does not decide."""
    context = Context(user=tk.current_user.name if tk.current_user.is_authenticated else "")
    if store.insight(context) is not None or not pages.rights()["manage"]:
        return None
    return used.waiting_count(context)
