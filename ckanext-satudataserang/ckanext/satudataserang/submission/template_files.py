"""Templates as files: small ones are written at once, large ones are made once and one at a time on a machine."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import documents
from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.core.templates import Template, as_csv, as_workbook

__all__ = ["AT_ONCE", "written"]

#: So many cells are written while others ask for the same.
AT_ONCE = 100_000
_BUSY = 503

_WRITERS: Mapping[str, Callable[[Template], bytes]] = {
    "xlsx": as_workbook,
    "csv": lambda template: "".join(as_csv(template)).encode(),
}


def written(made: Mapping[str, Any], form: str) -> bytes:
    """The file (`xlsx`, `csv`) of a template that `satudata_template_show` laid out.

    :raises PageError: other documents are being made
    """
    template: Template = made["template"]
    write = _WRITERS[form]
    if template.cells <= AT_ONCE:
        return write(template)
    try:
        _name, content = documents.kept(_key(template, form), lambda: ("", write(template)))
    except documents.BusyError as busy:
        sentence = tk._("Templat ini besar dan templat atau dokumen lain sedang dibuat. Coba lagi sebentar lagi.")
        raise PageError(sentence, status=_BUSY) from busy
    return content


def _key(template: Template, form: str) -> Hashable | None:
    """All that the file depends on; None where rows of a table stand in it that not everybody may read."""
    holds_rows = template.earlier is not None or not template.fixed
    if holds_rows and tk.current_user.is_authenticated:
        return None
    # What a visitor may have is anybody's; the digest tells it from what others see.
    return ("templat", form, hashlib.sha256(repr(template).encode()).hexdigest())
