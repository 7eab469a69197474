"""Windows of whole months, the spans of time over which figures are told. A month is the number yyyymm."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_MONTHS = 12
_MIN_YEAR, _MAX_YEAR = 1900, 2200
#: No figure is told over a longer time.
MOST_MONTHS = 1200
_KEY = re.compile(r"(\d{4})-(\d{2})")


class WindowError(ValueError):
    """The text names no window; the message is an Indonesian sentence for the user."""


def month_of(day: date) -> int:
    """The month that holds a day."""
    return day.year * 100 + day.month


def month_key(month: int) -> str:
    """A month as text: ``2026-07``."""
    return f"{month // 100:04d}-{month % 100:02d}"


def parse_month(text: str) -> int:
    """Read ``2026-07``. Raises WindowError."""
    match = _KEY.fullmatch(text.strip())
    if not match or not 1 <= int(match[2]) <= _MONTHS:
        message = f"Bulan “{text.strip()[:40]}” tidak dikenali. Tulis tahun dan bulan, misalnya 2026-07."
        raise WindowError(message)
    if not _MIN_YEAR <= int(match[1]) <= _MAX_YEAR:
        message = f"Tahun {match[1]} di luar rentang {_MIN_YEAR}–{_MAX_YEAR}. Pilih tahun lain."
        raise WindowError(message)
    return int(match[1]) * 100 + int(match[2])


def shifted(month: int, months: int) -> int:
    """The month that lies so many months later (or earlier, where negative)."""
    count = month // 100 * _MONTHS + month % 100 - 1 + months
    return count // _MONTHS * 100 + count % _MONTHS + 1


@dataclass(frozen=True, order=True)
class Window:
    """The months `first`..`last`, both included."""

    first: int
    last: int

    def __post_init__(self) -> None:
        if self.first > self.last:
            message = (
                f"Rentang {month_key(self.first)} sampai {month_key(self.last)} terbalik. "
                "Bulan awal harus sebelum bulan akhir."
            )
            raise WindowError(message)
        if self.length > MOST_MONTHS:
            message = f"Rentang {self.length} bulan terlalu panjang. Pilih paling banyak {MOST_MONTHS} bulan."
            raise WindowError(message)

    @classmethod
    def of_year(cls, year: int) -> Window:
        """January to December of a year."""
        return cls(year * 100 + 1, year * 100 + _MONTHS)

    @property
    def length(self) -> int:
        """How many months the window has."""
        return (self.last // 100 - self.first // 100) * _MONTHS + self.last % 100 - self.first % 100 + 1

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.first // 100, self.first % 100, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        year, month = divmod(self.last, 100)
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def year(self) -> int | None:
        """The year that the window is, or None where it is another one."""
        return self.first // 100 if self == Window.of_year(self.first // 100) else None

    def shifted(self, months: int) -> Window:
        """The window of the same length so many months later (or earlier, where negative)."""
        return Window(shifted(self.first, months), shifted(self.last, months))

    def months(self) -> list[int]:
        """Its months, oldest first."""
        return [shifted(self.first, number) for number in range(self.length)]
