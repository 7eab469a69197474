"""Reading the address bar: Indonesian words in, parameters of the actions out, and a kind answer to what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.completeness import trends
from ckanext.satudataserang.completeness.links import PARTS
from ckanext.satudataserang.completeness.logic.schema import MEASURES_WITH_CELLS, MEASURES_WITH_ENTRIES
from ckanext.satudataserang.core.cells import State
from ckanext.satudataserang.core.windows import Window, WindowError, month_key, parse_month, shifted

PER_PAGE = 50
YEARS = range(1900, 2201)
_YEAR_DIGITS, _PAGE_DIGITS = 4, 6
_TEXTS = {
    "opd": "opd",
    "urusan": "urusan",
    "tema": "tema",
    "kelas": "kelas",
    "entri": "entry",
    "periode": "period",
    "alasan": "reason",
    "aturan": "rule",
}
DEFAULT_COMPARED = "12"


def parameters(window: Window) -> dict[str, Any]:
    """A window as actions take it; a whole calendar year is asked for as such."""
    if window.year:
        return {"year": window.year}
    return {"dari": month_key(window.first), "sampai": month_key(window.last)}


def query(window: Window) -> dict[str, Any]:
    """A window in the words of the address bar."""
    asked = parameters(window)
    return {"tahun": asked["year"]} if "year" in asked else asked


def has_window(filters: Mapping[str, Any]) -> bool:
    """Whether parameters of an action name a window."""
    return "year" in filters or "dari" in filters


def file_name(window: Window) -> str:
    """A window in the name of a file."""
    return "-".join(str(part) for part in parameters(window).values())


def ending_with(window: Window, count: int) -> Window:
    """The `count` months that end where a window ends; fewer at the very beginning of time."""
    return Window(max(shifted(window.last, 1 - count), Window.of_year(YEARS[0]).first), window.last)


def keys(window: Window) -> list[str]:
    """The months of a window as "YYYY-MM", the oldest first."""
    return [month_key(month) for month in window.months()]


def window(args: Mapping[str, str]) -> Window | None:
    """The months asked for, by `dari` and `sampai` or by `tahun`; None where nothing was. Raises PageError."""
    first, last = (args.get(name, "").strip() for name in ("dari", "sampai"))
    if not first and not last:
        asked = year(args)
        return Window.of_year(asked) if asked else None
    try:
        return Window(parse_month(first), parse_month(last))
    except WindowError as problem:
        raise PageError(tk._(str(problem))) from problem


def compared(args: Mapping[str, str]) -> str:
    """With what lies how many months back figures are compared. Raises PageError."""
    return _choice(args, "banding", {one: one for one in trends.COMPARED}) or DEFAULT_COMPARED


def text(args: Mapping[str, str], name: str) -> str:
    """A word of the address bar as it stands."""
    # PostgreSQL knows no NUL; such an address can only match nothing.
    return args.get(name, "").strip().replace("\0", "")


def choice(args: Mapping[str, str], name: str, choices: Mapping[str, str]) -> str | None:
    """One of the words that `choices` knows, as what it stands for; None where none was given. Raises PageError."""
    return _choice(args, name, choices)


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
    found = _texts(args, ("opd", "urusan", "tema", "kelas", "entri", "periode", "alasan"))
    found |= _window(args)
    found["state"] = _choice(args, "keadaan", {one.value: one.value for one in State})
    found["measure"] = _choice(args, "ukuran", {name: name for name in MEASURES_WITH_CELLS})
    found["part"] = _choice(args, "bagian", PARTS)
    return {key: value for key, value in found.items() if value}


def entry_filters(args: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the list of entries, as satudata_completeness_entry_list takes them. Raises PageError."""
    found = _texts(args, ("opd", "urusan", "tema", "entri", "aturan"))
    found |= _window(args)
    found["measure"] = _choice(args, "ukuran", {name: name for name in MEASURES_WITH_ENTRIES})
    found["part"] = _choice(args, "bagian", PARTS)
    return {key: value for key, value in found.items() if value}


def _window(args: Mapping[str, str]) -> dict[str, Any]:
    asked = window(args)
    return parameters(asked) if asked else {}


def _texts(args: Mapping[str, str], names: tuple[str, ...]) -> dict[str, Any]:
    return {_TEXTS[name]: text(args, name) for name in names}


def _choice(args: Mapping[str, str], name: str, choices: Mapping[str, str]) -> str | None:
    text = args.get(name, "").strip()
    if not text:
        return None
    if text not in choices:
        message = tk._("Saringan {name}=“{value}” tidak dikenal. Pilih salah satu: {choices}.")
        raise PageError(message.format(name=name, value=text[:40], choices=", ".join(choices)))
    return choices[text]
