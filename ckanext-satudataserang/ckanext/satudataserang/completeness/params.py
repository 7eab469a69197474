"""Reading the address bar: Indonesian words in, parameters of the actions out, and a kind answer to what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness.links import PARTS
from ckanext.satudataserang.completeness.logic.schema import MEASURES_WITH_CELLS, MEASURES_WITH_ENTRIES
from ckanext.satudataserang.core.cells import State

PER_PAGE = 50
YEARS = range(1900, 2201)
_YEAR_DIGITS, _PAGE_DIGITS = 4, 6
_TEXTS = {"opd": "opd", "urusan": "urusan", "entri": "entry", "periode": "period", "alasan": "reason", "aturan": "rule"}


class PageError(Exception):
    """What was asked for cannot be shown; `sentence` says what is wrong and what to do, `status` is 400 or 404."""

    def __init__(self, sentence: str, *, status: int = 400) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.status = status


def year(args: Mapping[str, str]) -> int | None:
    """The year asked for, None where none was. Raises PageError."""
    text = args.get("tahun", "").strip()
    if not text:
        return None
    if not (text.isdecimal() and text.isascii() and len(text) == _YEAR_DIGITS and int(text) in YEARS):
        message = tk._("Tahun “{year}” tidak dikenal. Tulis empat angka, misalnya 2016.").format(year=text[:40])
        raise PageError(message)
    return int(text)


def page(args: Mapping[str, str]) -> int:
    """The number of the page of a list, from 1. Raises PageError."""
    text = args.get("halaman", "").strip() or "1"
    if not (text.isdecimal() and text.isascii() and len(text) <= _PAGE_DIGITS and int(text) >= 1):
        message = tk._("Halaman “{page}” tidak ada. Tulis angka mulai dari 1.").format(page=text[:40])
        raise PageError(message)
    return int(text)


def cell_filters(args: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the list of cells, as satudata_cell_list takes them. Raises PageError."""
    found = {**_texts(args, ("opd", "urusan", "entri", "periode", "alasan")), "year": year(args)}
    found["state"] = _choice(args, "keadaan", {one.value: one.value for one in State})
    found["measure"] = _choice(args, "ukuran", {name: name for name in MEASURES_WITH_CELLS})
    found["part"] = _choice(args, "bagian", PARTS)
    return {key: value for key, value in found.items() if value}


def entry_filters(args: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the list of entries, as satudata_completeness_entry_list takes them. Raises PageError."""
    found = {**_texts(args, ("opd", "urusan", "entri", "aturan")), "year": year(args)}
    found["measure"] = _choice(args, "ukuran", {name: name for name in MEASURES_WITH_ENTRIES})
    found["part"] = _choice(args, "bagian", PARTS)
    return {key: value for key, value in found.items() if value}


def _texts(args: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    # PostgreSQL knows no NUL; such an address can only match nothing.
    return {_TEXTS[name]: args.get(name, "").strip().replace("\0", "") for name in names}


def _choice(args: Mapping[str, str], name: str, choices: Mapping[str, str]) -> str | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    if text not in choices:
        message = tk._("Saringan {name}=“{value}” tidak dikenal. Pilih salah satu: {choices}.")
        raise PageError(message.format(name=name, value=text[:40], choices=", ".join(choices)))
    return choices[text]
