"""Numbers, shares and dates as a reader of the page's language writes them (1.234,5; 12 %; 21 November 2026).

Shares are rounded so that they never claim too much: only a whole is 100 %, only nothing is 0 %.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_decimal

from ckanext.satudataserang.core.deadlines import WIB

__all__ = ["day", "moment", "number", "one_decimal", "percent"]

#: What people here read; pages in another language name theirs.
DEFAULT = "id"
_TENTH = 1000
_GROUPED = 1000


def number(value: float | Decimal, locale: str = DEFAULT) -> str:
    """A number with the grouping and the decimal sign of the language, all its decimals kept."""
    if isinstance(value, int) and abs(value) < _GROUPED:
        # Short numbers are written alike everywhere; a page has hundreds of them.
        return str(value)
    return format_decimal(value, locale=_locale(locale), decimal_quantization=False)


def percent(numerator: int, denominator: int, locale: str = DEFAULT) -> str:
    """A share as a percentage: whole, with one decimal where a whole number would say all or nothing.

    What even one decimal cannot tell from all or nothing reads ">99,9 %" or "<0,1 %". `denominator` is above 0.
    """
    sign = "%" if _locale(locale).language == "en" else "\N{NO-BREAK SPACE}%"
    whole = _rounded(100 * numerator, denominator)
    if whole not in (0, 100) or numerator in (0, denominator):
        return number(whole, locale) + sign
    tenths = _rounded(_TENTH * numerator, denominator)
    if tenths <= 0:
        return f"<{_decimal(0.1, locale)}{sign}"
    if tenths >= _TENTH:
        return f">{_decimal(99.9, locale)}{sign}"
    return _decimal(tenths / 10, locale) + sign


def one_decimal(value: float, locale: str = DEFAULT) -> str:
    """A number from 0 to 100 cut to one decimal, so that it never reads higher than it is."""
    return _decimal(math.floor(value * 10 + 1e-9) / 10, locale)


def day(value: date | datetime | str, locale: str = DEFAULT) -> str:
    """A day such as "21 November 2026"; of a moment the day in western Indonesia."""
    return format_date(_at_home(value), format="d MMMM yyyy", locale=_locale(locale))


def moment(value: datetime | str, locale: str = DEFAULT) -> str:
    """A moment such as "21 November 2026 07.00 WIB"; `value` is aware, or in ISO 8601 with its offset."""
    at = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(WIB)
    clock = format_time(at, format="HH.mm" if _locale(locale).language == "id" else "HH:mm", locale=_locale(locale))
    return f"{day(at, locale)} {clock} WIB"


def _rounded(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _decimal(value: float, locale: str) -> str:
    return format_decimal(value, format="#,##0.0", locale=_locale(locale))


def _at_home(value: date | datetime | str) -> date | datetime:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.astimezone(WIB) if isinstance(value, datetime) else value


@cache
def _locale(name: str) -> Locale:
    return Locale.parse(name.replace("-", "_"))
