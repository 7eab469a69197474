"""Texts as they look: digits, letters and signs of other shapes, spaces of other widths, signs that nobody sees.

A number of sixteen digits with a space in it that is none for a computer, or in full-width digits, is for its reader
the same number. One sign stands for one sign, so both languages say the same; texts of ASCII alone cost nothing more.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from ckanext.satudataserang.core.tables.kinds import literal

__all__ = ["hides_sql", "is_ascii_sql", "plainly", "plainly_sql"]

_ASCII = 0x80
#: No number of a person is shorter.
_DIGITS = 9
#: Of all that signs of other shapes may mean, what numbers of persons and addresses are made of.
_SIGNS = frozenset(" .,:;-+_%@()/")
#: Nothing to be seen, besides what Unicode calls a format: what joins letters, and what chooses their shape.
_UNSEEN = frozenset({0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x3164, 0xFFA0})
_SHAPES = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
#: What is set above, under and around a sign, as keys and lines do; the sign stays what it is.
_AROUND = (range(0x0300, 0x0370), range(0x20D0, 0x20F1))
#: Full stops of other scripts, which addresses may have too.
_STOPS = frozenset({0x3002, 0xFF61})
_MINUS = 0x2212
#: Signs that look like others stand in these planes.
_WHERE = (range(_ASCII, 0x20000), range(0xE0000, 0xE0200))


def plainly(text: str) -> str:
    """The text in the ASCII signs that it looks like; other letters stay what they are."""
    return text if text.isascii() else text.translate(_signs())


def plainly_sql(expression: str) -> str:
    """`plainly` over an SQL expression: a long one, so for the few texts that `hides_sql` leaves."""
    letters, others = _groups()
    plain = _replaced(expression, others)
    return (
        f"(CASE WHEN {is_ascii_sql(expression)} THEN {expression} "
        f"WHEN {_has(expression, letters)} THEN {_replaced(plain, letters)} "
        f"WHEN {_has(expression, others)} THEN {plain} ELSE {expression} END)"
    )


def is_ascii_sql(expression: str) -> str:
    """Whether a text is of ASCII signs alone; quick, for it compares two lengths."""
    return f"strlen({expression}) = length({expression})"


def hides_sql(expression: str) -> str:
    """Whether there may be an address or a number of at least nine digits in signs that are not all ASCII."""
    _letters, others = _groups()
    digits = "0-9" + "".join(signs for meant, signs in others.items() if meant.isdigit())
    between = r" .,:;+_%@()/\-" + "".join(signs for meant, signs in others.items() if not meant.isdigit())
    pattern = f"(?:[{digits}][{between}]*){{{_DIGITS}}}|[@{others['@']}]"
    found = f"regexp_matches({expression}, {literal(pattern)})"
    return f"(CASE WHEN {is_ascii_sql(expression)} THEN false ELSE {found} END)"


def _meaning(number: int) -> str | None:
    """The ASCII sign that one looks like, empty for what is not seen; None: it stays."""
    sign = chr(number)
    category = unicodedata.category(sign)
    if category == "Cf" or number in _UNSEEN or any(number in each for each in (*_SHAPES, *_AROUND)):
        return ""
    if category == "Zs":
        return " "
    if category == "Pd" or number == _MINUS:
        return "-"
    if number in _STOPS:
        return "."
    if category == "Nd":
        return str(unicodedata.digit(sign))
    meant = unicodedata.normalize("NFKC", sign)
    return meant if len(meant) == 1 and meant.isascii() and (meant.isalnum() or meant in _SIGNS) else None


@cache
def _signs() -> dict[int, str]:
    signs = ((number, _meaning(number)) for each in _WHERE for number in each)
    return {number: meant for number, meant in signs if meant is not None}


@cache
def _groups() -> tuple[dict[str, str], dict[str, str]]:
    """Patterns of the signs that look like one, by what they look like: letters, and all others."""
    found: dict[str, list[int]] = {}
    for number, meant in _signs().items():
        found.setdefault(meant, []).append(number)
    classes = {meant: "".join(_spans(numbers)) for meant, numbers in found.items()}
    return (
        {meant: one for meant, one in classes.items() if meant.isalpha()},
        {meant: one for meant, one in classes.items() if not meant.isalpha()},
    )


def _spans(numbers: list[int]) -> list[str]:
    """Ascending numbers as the spans of a pattern."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    return [rf"\x{{{first:x}}}-\x{{{last:x}}}" for first, last in spans]


def _has(expression: str, classes: dict[str, str]) -> str:
    signs = "".join(classes.values())
    return f"regexp_matches({expression}, {literal(f'[{signs}]')})"


def _replaced(expression: str, classes: dict[str, str]) -> str:
    for meant, signs in classes.items():
        expression = f"regexp_replace({expression}, {literal(f'[{signs}]')}, {literal(meant)}, 'g')"
    return expression
