"""What a cell's text is, and how it is written for the database.

The rules are cautious: a text becomes a number only where it can be nothing else.

* ``007`` and 16 or more digits are codes (kode wilayah, NIK, NIP), never numbers.
* ``1.234,56`` and ``1.234.567`` are Indonesian, ``1,234.56`` and ``1,234,567`` English, ``1,5`` and ``12,75`` have a
  decimal comma, ``1.5`` and ``0.125`` a decimal point.
* ``1.234`` alone may be either a thousand or a fraction, and so may ``1,234``: only the column's other values decide
  (`columns_types`).
* Dates are ISO 8601; others stay text.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from enum import Enum, auto

MAX_DIGITS = 15
#: Texts that mean "no value" in a column of numbers or dates; in a column of text they stay what they are.
NOTHING = frozenset(
    {"-", "–", "—", "--", "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "...", "…", "tidak ada data", "t.a."}
)


class Kind(Enum):
    """What a text is by itself."""

    EMPTY = auto()
    NOTHING = auto()
    INTEGER = auto()
    POINT = auto()
    COMMA = auto()
    GROUPED_POINT = auto()
    GROUPED_COMMA = auto()
    AMBIGUOUS_POINT = auto()
    AMBIGUOUS_COMMA = auto()
    CODE = auto()
    DATE = auto()
    TIMESTAMP = auto()
    TEXT = auto()


_INTEGER = re.compile(r"-?(?:0|[1-9]\d*)")
_DIGITS = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?(?P<whole>\d+)(?P<sign>[.,])(?P<part>\d+)")
_GROUPED = re.compile(
    r"-?[1-9]\d{0,2}(?:(?P<point>(?:\.\d{3})+)(?P<comma_part>,\d+)?|(?P<comma>(?:,\d{3})+)(?P<point_part>\.\d+)?)"
)
_TIMESTAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"  # 24:00 is the next day's 00:00
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_GROUP = 3


def kind_of(text: str) -> Kind:
    """Tell what a text is by itself; `text` has no space at its ends."""
    if not text:
        return Kind.EMPTY
    first = text[0]
    # `isascii` keeps superscripts and digits of other scripts, which `\d` knows too, out of the numbers.
    if text.isascii() and (first.isdigit() or first == "-"):
        if text in NOTHING:
            return Kind.NOTHING
        return _kind_of_number(text)
    return Kind.NOTHING if text.casefold() in NOTHING else Kind.TEXT


def _kind_of_number(text: str) -> Kind:
    if _DIGITS.fullmatch(text):
        return Kind.INTEGER if _INTEGER.fullmatch(text) and len(text.lstrip("-")) <= MAX_DIGITS else Kind.CODE
    if grouped := _GROUPED.fullmatch(text):
        return _kind_of_grouped(grouped)
    if number := _NUMBER.fullmatch(text):
        whole = number["whole"]
        if (whole != "0" and whole.startswith("0")) or len(whole) > MAX_DIGITS:
            return Kind.CODE
        return Kind.POINT if number["sign"] == "." else Kind.COMMA
    return _kind_of_date(text)


def _kind_of_grouped(match: re.Match[str]) -> Kind:
    if match["point"]:
        if match["comma_part"] or len(match["point"]) > _GROUP + 1:
            return Kind.GROUPED_POINT
        return Kind.AMBIGUOUS_POINT
    if match["point_part"] or len(match["comma"]) > _GROUP + 1:
        return Kind.GROUPED_COMMA
    return Kind.AMBIGUOUS_COMMA


def _kind_of_date(text: str) -> Kind:
    try:
        if _DATE.fullmatch(text):
            date.fromisoformat(text)
            return Kind.DATE
        if _TIMESTAMP.fullmatch(text):
            datetime.fromisoformat(_padded(text))
            return Kind.TIMESTAMP
    except ValueError:
        return Kind.TEXT
    return Kind.TEXT


def _padded(timestamp: str) -> str:
    # Python 3.10 reads fractions of exactly three or six digits.
    whole, point, fraction = timestamp.partition(".")
    return f"{whole}.{fraction:0<6}" if point else whole


#: How a column writes its decimals.
POINT, COMMA = ".", ","


def number_text(text: str, decimal: str) -> str:
    """Write a number as the database reads it: no grouping, a decimal point. `decimal` is the column's own sign."""
    return text.replace(",", "") if decimal == POINT else text.replace(".", "").replace(",", ".")
