"""What the templates of the Daftar Data ask for: numbers, days and words in the page's language."""

from __future__ import annotations

from datetime import date
from typing import Any

from ckanext.satudataserang.plan import pages, words

_FEW = 5


def satudata_plan_number(value: float) -> str:
    """A number: 1.234."""
    return words.number(value)


def satudata_plan_day(value: date | str | None) -> str:
    """A day: 21 November 2026; empty where there is none."""
    return words.day(value)


def satudata_plan_short_day(value: date) -> str:
    """A day where space is narrow: 21 Nov 2026."""
    return words.short_day(value)


def satudata_plan_weekday(value: date) -> str:
    """A day of a known month: Selasa, 31."""
    return words.weekday(value)


def satudata_plan_moment(value: str | None) -> str:
    """A moment: 21 November 2026 07.00 WIB."""
    return words.moment(value)


def satudata_plan_period(key: str) -> str:
    """A period in words: triwulan III 2026."""
    return words.period(key)


def satudata_plan_state(name: str) -> words.Said:
    """The state of an entry: `name, symbol, word, meaning`."""
    return words.state(name)


def satudata_plan_kelas(name: str) -> str:
    """The class of an entry."""
    return words.kelas(name)


def satudata_plan_frequency(word: str) -> str:
    """The label of a frequency."""
    return words.frequency(word)


def satudata_plan_url(row: dict[str, Any]) -> str:
    """The page of an entry, given as a row with `kode` and `id`."""
    return pages.entry_url(row)


def satudata_plan_promised() -> dict[str, Any]:
    """What is promised for this month.

    Keys: `count`, `left` (from today on), `rows` (the next few, else the last), `month`, `url`.
    """
    return pages.promised(_FEW)


def satudata_plan_field(name: str) -> str:
    """The label of a field of an entry."""
    return words.field(name)


def satudata_plan_value(name: str, content: object) -> str:
    """What a field of an entry holds, in words."""
    return words.value(name, content)


def satudata_plan_access(name: str) -> str:
    """Who may see the data of an entry."""
    return words.access(name)
