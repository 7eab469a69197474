"""A table that was checked: what was found, its columns, its rows, and the file of them for the database."""

from __future__ import annotations

import csv
import shutil
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.tables.dialect import Dialect
from ckanext.satudataserang.core.tables.grid import CopyFile, Grid
from ckanext.satudataserang.core.tables.kinds import literal
from ckanext.satudataserang.core.tables.periods import Coverage, PeriodFacts
from ckanext.satudataserang.core.tables.types import TableColumn

from .privacy import JOINED, SIGNED, Personal, masked_sql
from .subject import Cells, Subject

_FETCHED = 2_000
_BLOCK = 1 << 20
#: What is put beside rows is never larger.
_SMALLER = 200_000


@dataclass(frozen=True)
class Beginning:
    """The first rows of a table, cell by cell under the titles of the file.

    `texts` stand in the file; `read` is what is stored of each: empty for nothing, None where it cannot be read, and
    the text itself under a title that is no column of the table. `numbers` are the titles over numbers, by place;
    `columns` the ids of the table's columns, by place.
    """

    texts: Sequence[Sequence[str]] = ()
    read: Sequence[Sequence[str | None]] = ()
    numbers: Sequence[int] = ()
    columns: Mapping[int, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is a row."""
        return bool(self.texts)


def raw_beginning(grid: Grid, rows: int, columns: int) -> Beginning:
    """The first `rows` of a table that could not be checked, as far as its cells can be told apart."""
    if not grid.titles or not grid.path.is_file():
        return Beginning()
    try:
        with grid.path.open(encoding="utf-8", newline="") as file:
            records = csv.reader(file, delimiter=grid.delimiter)
            found = list(islice(records, grid.skip, grid.skip + rows))
    except (UnicodeDecodeError, csv.Error):
        return Beginning()
    first = 1 if grid.numbered else 0
    width = min(columns, len(grid.titles))
    texts = [[cell.strip() for cell in cells[first : first + width]] for cells in found]
    return Beginning(texts, texts)


@dataclass
class Table:
    """A file's table after its check. Without errors in `findings` its rows can be had.

    `rows` of data; `facts` by the key of the period; `delivered` those of the delivery's own period; `expected_values`
    how many values that should have; `personal` what is about persons. It holds a database in memory and, with it,
    files in the check's directory until `close`, or until nobody holds it.
    """

    grid: Grid
    findings: Findings
    columns: Sequence[TableColumn] = ()
    rows: int = 0
    coverage: Coverage | None = None
    facts: Mapping[str, PeriodFacts] = field(default_factory=dict)
    delivered: PeriodFacts = field(default_factory=lambda: PeriodFacts(""))
    expected_values: int = 0
    personal: Sequence[Personal] = ()
    _subject: Subject | None = field(default=None, repr=False)
    _close: Callable[[], object] = field(default=lambda: None, repr=False)

    @property
    def usable(self) -> bool:
        """Whether the table may be loaded."""
        return not self.findings.has_errors and bool(self.columns)

    @property
    def encoding(self) -> str:
        """The encoding the file was read in."""
        return self.grid.layout.encoding

    @property
    def dialect(self) -> Dialect:
        """The sign between the cells of the file."""
        return Dialect(self.grid.layout.delimiter or self.grid.delimiter)

    @property
    def header_row(self) -> int:
        """The row of the titles."""
        return self.grid.layout.header[1]

    @property
    def proven(self) -> bool:
        """Whether one pass over the file proved all that the structure demands of single rows."""
        subject = self._subject
        if subject is None or subject.proof is None or subject.wishes.structure is None or not subject.all_proven:
            return False
        return subject.proof.rules.issuperset(rule.id for rule in subject.wishes.structure.rules)

    def records(self) -> Iterator[tuple[int, list[str | None]]]:
        """Each row's number in the file and its values as the database reads them (None: no value), in order."""
        if self._subject is not None:
            yield from self._rows([self._subject.value_of(one) for one in self._subject.columns])

    def texts(self) -> Iterator[tuple[int, list[str | None]]]:
        """Each row's number and its cells as a person mends them: the value, or what stands there and is none."""
        if (subject := self._subject) is not None:
            yield from self._rows([f"coalesce({subject.value_of(x)}, {subject.text_of(x)})" for x in subject.columns])

    def beginning(self, rows: int, columns: int) -> Beginning:
        """The first `rows` of the file, of its first `columns` titles."""
        subject = self._subject
        if subject is None:
            return Beginning()
        taken = {one.number: one for one in subject.columns if one.present}
        places = range(min(columns, len(self.grid.titles)))
        ids = {place: one.id for place, one in taken.items()}
        if not subject.loaded and subject.all_proven:
            # Every cell is stored as it stands: no table of them is needed.
            found = subject.scan([taken[i].raw if i in taken else f"c{i}" for i in places], rows)
            texts = [[text or "" for text in cells] for cells in found]
            return Beginning(texts, texts, _numbers(taken, places), ids)
        cells_of = [_beside(subject, taken.get(i), f"c{i}") for i in places]
        found = subject.ask(f"SELECT {', '.join(cells_of)} FROM rows ORDER BY n LIMIT {int(rows)}")  # noqa: S608
        return Beginning(
            [[text or "" for text in cells[::2]] for cells in found],
            [list(cells[1::2]) for cells in found],
            _numbers(taken, places),
            ids,
        )

    def _rows(self, cells_of: Sequence[str]) -> Iterator[tuple[int, list[str | None]]]:
        assert self._subject is not None  # noqa: S101 (asked by who was called)
        self._subject.load()
        reading = self._subject.database.cursor()
        reading.execute(f"SELECT number, {', '.join(cells_of)} FROM rows ORDER BY n")  # noqa: S608 (names of our own)
        while found := reading.fetchmany(_FETCHED):
            for number, *cells in found:
                yield number, cells

    def dump(self, directory: Path, masked: Mapping[str, str] | None = None) -> CopyFile:
        """Write the rows for the database into a file of `directory`, which lies in the check's own; those of a file
        that can be read as it lies stay where they are.

        :param masked: kinds of personal data (`privacy.KINDS`, or any other word for the whole value) by column id;
            of ``nama_ttd``, which several may be joined to by ``+``, only the texts of the block of signatures go
        """
        path = directory / "isi.csv"
        if self._subject is None:
            path.write_bytes(b"")
            return CopyFile(path, (), 0)
        subject = self._subject
        if not masked and self._stands_as_it_is():
            return CopyFile(self.grid.path, tuple(one.id for one in self.columns), self.rows, begin=self.grid.begin())
        if not masked and not subject.loaded and subject.all_proven:
            # Every cell is stored as it stands: no table of them is needed.
            source, values = subject.source, [one.raw for one in subject.columns]
        else:
            subject.load()
            source, values = self._ordered(subject), self._values(subject, masked or {})
        # A line of two signs alone would end PostgreSQL's reading.
        quoted = ", force_quote (v0)" if len(values) == 1 else ""
        named = ", ".join(f"{value} AS v{i}" for i, value in enumerate(values))
        rows = f"SELECT {named} FROM {source}"  # noqa: S608 (names of our own)
        subject.database.execute(f"COPY ({rows}) TO {literal(str(path))} (FORMAT csv, HEADER false{quoted})")
        return CopyFile(path, tuple(one.id for one in self.columns), self.rows)

    @staticmethod
    def _ordered(subject: Subject) -> str:
        """The rows in the order of the file, which a join with a larger table would lose."""
        return "(SELECT * FROM rows ORDER BY n)" if subject.joins and subject.size <= _SMALLER else "rows"

    @staticmethod
    def _values(subject: Subject, masked: Mapping[str, str]) -> list[str]:
        """What is stored of each column, as columns of the view `rows`."""
        kinds = {column_id: kind.split(JOINED) for column_id, kind in masked.items()}
        signed = subject.signed if any(SIGNED in each for each in kinds.values()) else None
        return [_stored(subject, one, kinds.get(one.id, ()), signed) for one in subject.columns]

    def _stands_as_it_is(self) -> bool:
        """Whether the file's own rows are what is stored: nothing was changed, left out, moved or quoted."""
        subject = self._subject
        if subject is None or self.grid.numbered or subject.has_blank_rows or self.grid.delimiter != ",":
            return False
        same = [one.number for one in subject.columns] == list(range(len(self.grid.titles)))
        if not same or len(subject.columns) == 1 or any(one.value != f"c{one.number}" for one in subject.columns):
            return False
        # A quote may stand around nothing, which is another nothing than none.
        with self.grid.path.open("rb") as file:
            return subject.unquoted or not any(b'"' in block for block in iter(lambda: file.read(_BLOCK), b""))

    def close(self) -> None:
        """Give memory and files back; rows cannot be had any more."""
        self._subject = None
        self._close()


def held(table: Table, subject: Subject, spill: Path) -> Table:
    """The table with the database behind it, which goes when the table goes."""
    table._subject = subject
    table._close = weakref.finalize(table, _release, subject, spill)
    return table


def _beside(subject: Subject, column: Cells | None, cell: str) -> str:
    """The SQL of a cell's text, and of what is stored of it."""
    if column is None:
        return f"{cell}, coalesce({cell}, '')"
    stored = subject.value_of(column)
    told = f"WHEN {stored} IS NOT NULL THEN {stored} WHEN {subject.missing_in(column)} THEN ''"
    return f"{subject.text_of(column)}, CASE {told} END"


def _numbers(taken: Mapping[int, Cells], places: Iterable[int]) -> list[int]:
    return [place for place in places if place in taken and taken[place].is_number]


def _release(subject: Subject, spill: Path) -> None:
    subject.database.close()
    shutil.rmtree(spill, ignore_errors=True)


def _stored(subject: Subject, column: Cells, kinds: Sequence[str], signed: tuple[int, int] | None) -> str:
    value = subject.value_of(column)
    for kind in kinds:
        if kind != SIGNED:
            # What is no text has no way to be shown in part.
            value = masked_sql(value, kind) if column.type.name == "text" else "NULL"
    if signed is None or column.type.name != "text":
        return value
    return f"CASE WHEN n BETWEEN {signed[0]} AND {signed[1]} THEN {masked_sql(value, SIGNED)} ELSE {value} END"
