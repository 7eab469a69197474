"""What the templates of sameness ask for: numbers and words in the page's language."""

from __future__ import annotations

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.consistency import words


def satudata_consistency_state(name: str) -> dict[str, str]:
    """A state as ``{symbol, word}``."""
    return {"symbol": words.symbol(name), "word": words.state(name)}


def satudata_consistency_figure(value: float | None, unit: str = "") -> str:
    """A figure with its unit; a dash where there is none."""
    return words.figure(value, unit)


def satudata_consistency_reason(name: str) -> str:
    """Why two figures cannot be compared."""
    return words.reason(name)


def satudata_consistency_action(name: str) -> str:
    """A step of a conflict's history."""
    return words.action(name)


def satudata_consistency_kind(name: str) -> str:
    """What a rule asks."""
    return words.kind(name)


def satudata_consistency_severity(name: str) -> str:
    """The word of a severity."""
    return words.severity(name)


def satudata_consistency_period(key: str) -> str:
    """A period in words."""
    return words.period(key)


def satudata_consistency_day(value: str | None) -> str:
    """A day; a dash where there is none."""
    return formats.day(value, words.locale()) if value else "–"


def satudata_consistency_moment(value: str | None) -> str:
    """A moment; a dash where there is none."""
    return formats.moment(value, words.locale()) if value else "–"
