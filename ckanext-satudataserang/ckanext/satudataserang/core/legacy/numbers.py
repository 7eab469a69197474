"""Values as the legacy database exports them: digits, a sign, a decimal point."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal

#: Asia/Jakarta has had no other offset since 1964.
JAKARTA = timezone(timedelta(hours=7), "WIB")

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?")
_MAX_DIGITS = 30
#: What an integer column holds after a number too large for it was put in.
_LIMITS = frozenset(
    Decimal(limit) for bits in (32, 64) for limit in (2 ** (bits - 1) - 1, -(2 ** (bits - 1)), 2**bits - 1)
)


def read_value(text: str) -> tuple[Decimal | None, str | None]:
    """The number and, where it cannot be taken, the code of the rule that refuses it.

    ``nilai-kosong`` for nothing or a dash, ``bukan-angka`` for other text, ``luapan-bilangan`` for the limits of 32-
    and 64-bit integers and for more digits than any figure has.
    """
    plain = text.strip()
    if plain in {"", "-", "--", "\\N"} or plain.casefold() == "null":
        return None, "nilai-kosong"
    if not plain.isascii() or not _NUMBER.fullmatch(plain):
        return None, "bukan-angka"
    if sum(char.isdigit() for char in plain) > _MAX_DIGITS:
        return None, "luapan-bilangan"
    value = Decimal(plain)
    return (None, "luapan-bilangan") if value in _LIMITS else (value, None)


def read_year(text: str, first: int, last: int) -> int | None:
    """A year from `first` to `last`, both included; None for anything else."""
    plain = text.strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) == 4):  # noqa: PLR2004
        return None
    return int(plain) if first <= int(plain) <= last else None


def read_moment(text: str, now: datetime) -> datetime | None:
    """A date and time of Asia/Jakarta; None where it is unreadable or later than `now` (an aware moment)."""
    plain = text.strip()
    if not (plain.isascii() and _MOMENT.fullmatch(plain)):
        return None
    try:
        moment = datetime.fromisoformat(plain)
    except ValueError:
        return None
    moment = moment.replace(tzinfo=JAKARTA)
    return moment if moment <= now else None
