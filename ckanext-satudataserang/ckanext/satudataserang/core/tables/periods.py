"""Which periods a table covers, and what it holds for each."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ckanext.satudataserang.core.checks.base import Check
from ckanext.satudataserang.core.findings import Finding, Findings, Severity
from ckanext.satudataserang.core.periods import (
    STATIC_KEY,
    Frequency,
    Period,
    PeriodError,
    parse_period,
    periods_between,
    year_period,
)

from .columns import is_key
from .months import MONTH_NUMBERS
from .types import TableColumn

_YEAR_NAMES = ("tahun", "thn", "year")
_PART_NAMES = {"triwulan": "Q", "semester": "S", "bulan": ""}
_PERIOD_NAMES = ("periode", "period")
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_PART = re.compile(r"(?:triwulan|tw|q|semester|smt|s|bulan)?[\s._-]*(?P<value>\d{1,2}|i{1,3}|iv)", re.IGNORECASE)
_WHOLE = re.compile(r"^(\d{1,4})[.,]0+$", re.ASCII)
_REMEMBERED = 10_000
_SPANS = (Frequency.DUA_TAHUNAN, Frequency.LIMA_TAHUNAN)
_LONGEST_SPAN = 5
#: More periods than this in one table are no periods.
_MAX_PERIODS = 2_000

TAK_DIKENAL = Check(
    "periode-tidak-dikenal",
    Severity.WARNING,
    title="Periode yang tidak dikenali",
    message="Baris {row}, kolom “{column}”: “{value}” bukan periode. Tulis misalnya 2025, 2025-S1, 2025-Q3, 2025-07, "
    "atau 2025-07-21.",
    advice="Baris ini dimuat, tetapi tidak dihitung untuk periode mana pun sampai periodenya diperbaiki.",
    variants={
        "isian": "“{value}” bukan periode. Tulis misalnya 2025, 2025-S1, 2025-Q3, 2025-07, atau 2025-07-21.",
    },
)
JADWAL = Check(
    "periode-tidak-sesuai-jadwal",
    Severity.WARNING,
    title="Periode di luar jadwal",
    message="Periode {value} tidak ada dalam jadwal {frequency}; contoh yang dikenal: {example}.",
    advice="Sesuaikan kolom periode dengan jadwal di Daftar Data.",
)
BANYAK = Check(
    "periode-terlalu-banyak",
    Severity.WARNING,
    title="Terlalu banyak periode",
    message="Tabel menyebut lebih dari {most} periode; selebihnya tidak dihitung.",
    advice="Periksa apakah kolom periode memang berisi periode.",
)
CHECKS = (TAK_DIKENAL, JADWAL, BANYAK)

#: Every value of the period is zero: nobody can tell these zeros from missing figures.
ALL_ZERO = "semua-nol"


#: Between the cells of a row, and in the place of a cell without value, where a row is hashed.
SEPARATOR, ABSENT = "\x1f", "\x1e"


def belongs(key: str, period: str) -> bool:
    """Whether a row that names the period `key` belongs to a delivery for `period`: the same, or one that holds it."""
    if key == period or (key == STATIC_KEY and period.startswith(STATIC_KEY)):
        return True
    try:
        told, asked = parse_period(key), parse_period(period)
    except PeriodError:
        return False
    return told.start <= asked.start and asked.end <= told.end


@dataclass
class PeriodFacts:
    """What a table holds for one period.

    `expected` values are rows x measured columns; `filled` those that are there; `zeros` those that are zero, which
    count as filled unless the period holds nothing else (`ALL_ZERO`). `digest` is the sum of its rows'.
    """

    period: str
    rows: int = 0
    expected: int = 0
    present: int = 0
    zeros: int = 0
    digest: int = 0

    @property
    def all_zero(self) -> bool:
        """Whether there are values and every one of them is zero."""
        return self.present > 0 and self.zeros == self.present

    @property
    def filled(self) -> int:
        """How many values count."""
        return 0 if self.all_zero else self.present

    @property
    def unconfirmed_zeros(self) -> int:
        """How many zeros wait for somebody to confirm them."""
        return self.zeros if self.all_zero else 0

    @property
    def sha256(self) -> str:
        """A hash of what the period holds; the same rows in another order have the same."""
        return hashlib.sha256(f"{self.rows}:{self.digest}".encode()).hexdigest()

    def take(self, other: PeriodFacts) -> None:
        """Count further rows of this period in."""
        self.rows += other.rows
        self.expected += other.expected
        self.present += other.present
        self.zeros += other.zeros
        self.digest += other.digest


class Coverage:
    """Which period a table's rows are of."""

    def __init__(
        self,
        columns: Sequence[TableColumn],
        *,
        default_period: str = "",
        frequency: Frequency | None = None,
        since: date | None = None,
    ) -> None:
        """Look for the columns that name the period.

        :param default_period: the period of rows that name none (the resource's own field), empty where there is none
        :param frequency: of the plan entry: shorter periods are counted into the one that contains them
        :param since: the first day of the plan entry, from which spans of several years are counted
        """
        self.findings = Findings()
        self._frequency = frequency
        self._since = since
        self._columns = columns
        names = {column.id: index for index, column in enumerate(columns)}
        self._year = next((names[name] for name in _YEAR_NAMES if name in names), None)
        self._part = next(((names[name], name) for name in _PART_NAMES if name in names), None)
        self._period = next((names[name] for name in _PERIOD_NAMES if name in names), None)
        self._known: dict[tuple[str | None, ...], str | None] = {}
        self._default = self._read_default(default_period)
        self.measured, self.numeric = measured_columns(columns)

    @property
    def has_period(self) -> bool:
        """Whether anything says which period the rows are of."""
        return bool(self.told_by) or bool(self._default)

    @property
    def told_by(self) -> list[str]:
        """The ids of the columns that tell a row's period; the one of periods, or the year and its part."""
        if self._period is not None:
            return [self._columns[self._period].id]
        indexes = [self._year, self._part[0] if self._part else None] if self._year is not None else []
        return [self._columns[index].id for index in indexes if index is not None]

    def takes(self, key: str, facts: Mapping[str, PeriodFacts]) -> bool:
        """Whether a period may be counted beside those that are; too many are none (which becomes a finding)."""
        if key in facts or len(facts) < _MAX_PERIODS:
            return True
        self.findings.add(_too_many())
        return False

    def period_of(self, row: int, cells: Sequence[str | None]) -> str | None:
        """The period of a row, None where the row names none that can be read (which becomes a finding)."""
        if self._year is None and self._period is None:
            return self._default or None
        # A table with a column of periods may also name the year beside it; the exact one counts.
        indexes = [self._period] if self._period is not None else [self._year, self._part[0] if self._part else None]
        told = tuple(_whole(cells[index]) if index is not None else None for index in indexes)
        if told in self._known:
            return self._known[told]
        key = None
        try:
            key = self._aligned(self._read(told))
        except PeriodError:
            title = self._columns[next(index for index in indexes if index is not None)].title
            self.findings.add(_unknown_period(row, title, told))
        if len(self._known) < _REMEMBERED:
            self._known[told] = key
        return key

    def _read(self, told: tuple[str | None, ...]) -> Period:
        if self._period is not None:
            return parse_period(told[0] or "")
        year, part = told[0] or "", told[1]
        if self._part is None or not part:
            return parse_period(year)
        kind = self._part[1]
        number = _part_number(part, kind)
        if number is None:
            message = f"“{part}” bukan {kind}."
            raise PeriodError(message)
        return parse_period(
            f"{year.strip()}-{_PART_NAMES[kind]}{number:02d}"
            if kind == "bulan"
            else f"{year.strip()}-{_PART_NAMES[kind]}{number}"
        )

    def _read_default(self, text: str) -> str:
        if not text.strip():
            return STATIC_KEY if self._frequency is Frequency.STATIS else ""
        if text.strip().lower() == STATIC_KEY:
            return STATIC_KEY
        try:
            return self._aligned(parse_period(text))
        except PeriodError:
            self.findings.add(TAK_DIKENAL.found("isian", value=text))
            return ""

    def _aligned(self, period: Period) -> str:
        """Find the plan entry's period that contains this one; a longer one stays what it is."""
        if self._frequency is None:
            return period.key
        if self._frequency is Frequency.STATIS:
            return STATIC_KEY
        for due in _due_around(period, self._frequency, self._since):
            if due.start <= period.start and period.end <= due.end:
                return due.key
        return period.key


def measured_columns(columns: Sequence[TableColumn]) -> tuple[list[int], bool]:
    """Return which columns hold what was measured, and whether these are numbers.

    Numbers that are no key are measured. A table without any (a list of places) is filled by its other columns.
    """
    numeric = [
        index
        for index, column in enumerate(columns)
        if column.type.name in ("integer", "numeric") and not is_key(column.id)
    ]
    if numeric:
        return numeric, True
    others = [index for index, column in enumerate(columns) if not is_key(column.id)]
    return others or list(range(len(columns))), False


def mismatches(facts: Iterable[PeriodFacts], frequency: Frequency, since: date | None = None) -> Iterator[Finding]:
    """Report periods that no period of the plan entry's frequency is."""
    for fact in facts:
        if fact.period == STATIC_KEY:
            continue
        period = parse_period(fact.period)
        due = _due_around(period, frequency, since)
        if due and fact.period not in {each.key for each in due}:
            yield JADWAL.found(value=fact.period, frequency=frequency.value, example=due[0].key)


def _due_around(period: Period, frequency: Frequency, since: date | None) -> list[Period]:
    """Return the periods that are due in the years of this one."""
    first = year_period(period.start.year).start
    if since is not None and frequency in (*_SPANS, Frequency.SEKALI):
        first = since
    last = year_period(period.end.year + (_LONGEST_SPAN if frequency in _SPANS else 0)).end
    return periods_between(frequency, first, last)


def _whole(text: str | None) -> str | None:
    """A year or its part without the decimals that spreadsheets write: ``2024.0``."""
    return _WHOLE.sub(r"\1", text.strip()) if text else text


def _part_number(text: str, kind: str) -> int | None:
    plain = text.strip().casefold()
    if kind == "bulan" and plain.rstrip(".") in MONTH_NUMBERS:
        return MONTH_NUMBERS[plain.rstrip(".")]
    match = _PART.fullmatch(plain)
    if not match:
        return None
    value = match["value"]
    number = _ROMAN.get(value) or (int(value) if value.isdigit() else 0)
    return number if 1 <= number <= {"triwulan": 4, "semester": 2, "bulan": 12}[kind] else None


def _unknown_period(row: int, title: str, told: tuple[str | None, ...]) -> Finding:
    return TAK_DIKENAL.found(row=row, column=title, value=" ".join(part for part in told if part))


def _too_many() -> Finding:
    return BANYAK.found(most=_MAX_PERIODS)
