"""What the templates of the dashboard ask for: numbers, dates and words in the page's language."""

from __future__ import annotations

from datetime import datetime

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import figures, words


def satudata_completeness_number(value: float) -> str:
    """A number: 1.234,5."""
    return figures.number(value)


def satudata_completeness_percent(numerator: int, denominator: int) -> str:
    """A share: "12 %"; empty where nothing was due."""
    return formats.percent(numerator, denominator, figures.locale()) if denominator else ""


def satudata_completeness_day(value: datetime | str | None) -> str:
    """A day: 21 November 2026; empty where there is none."""
    return formats.day(value, figures.locale()) if value else ""


def satudata_completeness_moment(value: datetime | str | None) -> str:
    """A moment: 21 November 2026 07.00 WIB; empty where there is none."""
    return formats.moment(value, figures.locale()) if value else ""


def satudata_completeness_state(name: str) -> dict[str, str]:
    """A state as ``{symbol, word, meaning}``."""
    return {
        "symbol": words.state_symbol(name),
        "word": words.state(name),
        "meaning": words.state_meaning(name),
    }


def satudata_completeness_band(name: str) -> str:
    """The word of a band."""
    return words.band(name)


def satudata_completeness_reason(code: str) -> str:
    """The sentence behind the code of a finding."""
    return words.reason(code)


def satudata_completeness_period(key: str) -> str:
    """A period in words."""
    return words.period(key)


def satudata_completeness_frequency(word: str) -> str:
    """The label of a frequency."""
    return words.frequency(word)
