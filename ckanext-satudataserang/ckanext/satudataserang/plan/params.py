"""Reading the address bar: Indonesian words in, parameters of the actions out, and a kind answer to what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.plan.model import KELAS, STATES

PER_PAGE = 50
_YEARS = range(1945, 2201)
_YEAR_DIGITS, _PAGE_DIGITS, _LONGEST = 4, 6, 200
#: Words of the address bar for the filters of satudata_plan_entry_list.
NAMES = {
    "q": "q",
    "opd": "opd",
    "urusan": "urusan",
    "kelas": "kelas",
    "frekuensi": "frequency",
    "keadaan": "state",
    "tahun": "tahun",
    "prioritas": "prioritas",
}
_CHOICES = {"kelas": KELAS, "frekuensi": tuple(one.value for one in Frequency), "keadaan": STATES}


def clean(text: str) -> str:
    """A text of the address bar as the database bears it: PostgreSQL knows no NUL."""
    return text.replace("\0", "\ufffd").strip()


def filters(args: Mapping[str, str]) -> dict[str, Any]:
    """The filters of the list, in the words of the address bar; only those that are set. Raises PageError."""
    found: dict[str, Any] = {}
    for name in NAMES:
        text = clean(args.get(name, ""))[:_LONGEST]
        if not text:
            continue
        if name in _CHOICES and text not in _CHOICES[name]:
            message = tk._("Saringan {name}=“{value}” tidak dikenal. Pilih salah satu: {choices}.")
            raise PageError(message.format(name=name, value=text[:40], choices=", ".join(_CHOICES[name])))
        found[name] = year(text) if name in ("tahun", "prioritas") else text
    return found


def as_action(found: Mapping[str, Any]) -> dict[str, Any]:
    """The filters as satudata_plan_entry_list takes them."""
    return {NAMES[name]: value for name, value in found.items()}


def year(text: str) -> int:
    """A year. Raises PageError."""
    if not (text.isdecimal() and text.isascii() and len(text) == _YEAR_DIGITS and int(text) in _YEARS):
        message = tk._("Tahun “{year}” tidak dikenal. Tulis empat angka, misalnya 2026.").format(year=text[:40])
        raise PageError(message)
    return int(text)


def page(args: Mapping[str, str]) -> int:
    """The number of the page of a list, from 1. Raises PageError."""
    text = clean(args.get("halaman", "")) or "1"
    if not (text.isdecimal() and text.isascii() and len(text) <= _PAGE_DIGITS and int(text) >= 1):
        message = tk._("Halaman “{page}” tidak ada. Tulis angka mulai dari 1.").format(page=text[:40])
        raise PageError(message)
    return int(text)


def month(args: Mapping[str, str], today: date) -> date:
    """The first day of the month asked for (`bulan=2026-11`), of today's where none is. Raises PageError."""
    text = clean(args.get("bulan", ""))
    if not text:
        return today.replace(day=1)
    first, _, second = text.partition("-")
    if not (text.isascii() and first.isdecimal() and second.isdecimal() and len(text) == len("2026-11")):
        message = tk._("Bulan “{month}” tidak dikenal. Tulis seperti 2026-11.").format(month=text[:40])
        raise PageError(message)
    try:
        return date(year(first), int(second), 1)
    except ValueError as problem:
        message = tk._("Bulan “{month}” tidak dikenal. Tulis seperti 2026-11.").format(month=text[:40])
        raise PageError(message) from problem
