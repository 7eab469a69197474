"""Days as people write them: ISO, 31/12/2025, 31-12-25, "3 Januari 2025", a spreadsheet's number of a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from .months import MONTH_NUMBERS

#: Which of the first two numbers of 03/04/2025 is the day.
Order = Literal["dmy", "mdy"]

#: What a text must look like to be looked at at all.
CANDIDATE = (
    "[A-Za-z]{0,10}'?,? *"
    r"(?:[0-9]{1,4}[-/. ]+[A-Za-z0-9]{1,10}[-/., ]+[0-9]{2,4}|[A-Za-z]{3,10} +[0-9]{1,2},? +[0-9]{4}|[0-9]{5}(?:\.0+)?)"
    r"(?:[T ]+00:00(?::00(?:\.0+)?)?)?"
)
_NUMERIC = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_BIG_END = re.compile(r"(\d{4})([-/. ])(\d{1,2})\2(\d{1,2})", re.ASCII)
_WORDS = re.compile(r"(\d{1,2})[-/. ]+([A-Za-z]{3,10})[-/., ]+(\d{4}|\d{2})", re.ASCII)
_WORDS_FIRST = re.compile(r"([A-Za-z]{3,10}) +(\d{1,2}),? +(\d{4})", re.ASCII)
_MIDNIGHT = re.compile(r"[T ]+00:00(?::00(?:\.0+)?)?$")
_WEEKDAY = re.compile(r"(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)\b,? *", re.IGNORECASE)
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?", re.ASCII)
_EPOCH = date(1899, 12, 30)
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 80_000
_PIVOT = 50
_MONTHS_OF_YEAR = 12


@dataclass(frozen=True)
class Day:
    """A text read as a day: by `dmy` and by `mdy`, the same where there is no doubt; None where it is no day so."""

    dmy: date | None
    mdy: date | None

    @property
    def order(self) -> Order | None:
        """Which order alone makes it a day; None where both or neither does."""
        if (self.dmy is None) == (self.mdy is None):
            return None
        return "dmy" if self.dmy else "mdy"

    @property
    def open(self) -> bool:
        """Whether it is one day in one order and another in the other."""
        return self.dmy is not None and self.mdy is not None and self.dmy != self.mdy

    def under(self, order: Order) -> date | None:
        """The day in this order, else in the other, which is the only one possible."""
        return (self.dmy or self.mdy) if order == "dmy" else (self.mdy or self.dmy)


_NONE = Day(None, None)


def read_day(text: str) -> Day:
    """Read a text without space at its ends as a day."""
    text = _WEEKDAY.sub("", _MIDNIGHT.sub("", text), count=1).strip()
    if serial := _SERIAL.fullmatch(text):
        number = int(serial[1])
        return _sure(_EPOCH + timedelta(days=number)) if _FIRST_SERIAL <= number <= _LAST_SERIAL else _NONE
    if found := _BIG_END.fullmatch(text):
        return _sure(_day(int(found[1]), int(found[3]), int(found[4])))
    if found := _NUMERIC.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        return Day(_day(year, second, first), _day(year, first, second))
    if found := _WORDS.fullmatch(text):
        return _sure(_named(_year(found[3]), found[2], int(found[1])))
    if found := _WORDS_FIRST.fullmatch(text):
        return _sure(_named(int(found[3]), found[1], int(found[2])))
    return _NONE


def _sure(day: date | None) -> Day:
    return Day(day, day)


def _named(year: int, month: str, day: int) -> date | None:
    number = MONTH_NUMBERS.get(month.casefold())
    return _day(year, number, day) if number else None


def _year(text: str) -> int:
    number = int(text)
    if len(text) == 4:  # noqa: PLR2004 (all of its digits)
        return number
    return 1900 + number if number >= _PIVOT else 2000 + number


def _day(year: int, month: int, day: int) -> date | None:
    if not 1 <= month <= _MONTHS_OF_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
