"""A table under check: its cells in the database, its columns with what is known of each, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import duckdb

from ckanext.satudataserang.core.findings import CAP, Finding, Findings
from ckanext.satudataserang.core.structures.model import Column
from ckanext.satudataserang.core.tables.amounts import is_missing_sql
from ckanext.satudataserang.core.tables.grid import Grid
from ckanext.satudataserang.core.tables.kinds import is_nothing, literal
from ckanext.satudataserang.core.tables.types import ColumnProfile, ColumnType
from ckanext.satudataserang.core.tables.values import Kind

from . import duck
from .base import Check
from .wishes import Wishes

if TYPE_CHECKING:
    from .proofs import Proof

#: Expressions counted in one pass over the table.
_AT_ONCE = 60


@dataclass
class Cells:
    """One column under check.

    `raw` is the SQL of a cell's text without space at its ends (NULL: empty), `value` that of what is stored, as
    text (NULL: no value); `asked` is the type it has to have, empty where its values decide; `agreed` the
    structure's column.
    A column that the file lacks has the number -1 and holds nothing. `period`: it says which period a row is of.
    `texts`: where there are few different ones, each with how many cells hold it and the place (from 0) of the first.
    `proven`: every cell is as agreed and is stored as it stands; then `filled` of them hold a value, `zeros` are zero,
    none of a `harmless` text is about a person, and none begins as those of totals do unless it `may_total`.
    """

    id: str
    title: str
    number: int
    profile: ColumnProfile
    raw: str = "NULL::VARCHAR"
    value: str = "NULL::VARCHAR"
    type: ColumnType = field(default_factory=lambda: ColumnType("text"))
    asked: str = ""
    agreed: Column | None = None
    period: bool = False
    texts: Mapping[str, tuple[int, int]] | None = None
    proven: bool = False
    harmless: bool = False
    may_total: bool = False
    filled: int = 0
    zeros: int = 0

    @property
    def present(self) -> bool:
        """Whether the file has it."""
        return self.number >= 0

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type.name in ("integer", "numeric")

    def extremes(self) -> tuple[Decimal, Decimal] | None:
        """The least and the most of plain numbers; None where that takes a look into the database."""
        if self.texts is None or self.value != self.raw or self.profile.seen - {Kind.INTEGER, Kind.POINT}:
            return None
        numbers = [Decimal(text) for text in self.texts if text]
        return (min(numbers), max(numbers)) if numbers else None

    def has_zeros(self) -> bool:
        """Whether some cell may be zero."""
        if self.texts is None or self.value != self.raw:
            return True
        return any(text.strip("-0.") == "" for text in self.texts if text)


@dataclass(frozen=True)
class Fault:
    """Cells that break a rule: those of `rows` where the SQL `where` holds.

    `told` makes further placeholders from a cell's row number and text.
    """

    check: Check
    column: Cells
    where: str
    variant: str = ""
    shown: str = ""
    told: Callable[[int, str], Mapping[str, object]] = lambda _row, _value: {}


@dataclass
class Subject:
    """What checks work on; `rows` of data, `size` with blank ones.

    In the database, from the first question on: `cells` (as in the file: `c0`, `c1`, …), and the view `rows` with
    these, `n` (place from 0), `number` (in the file), for each column `r<i>` (its text) and `v<i>` (its value), i being
    its place in `columns`. `proof` is what one pass over the file said before; `signed` the first and the last place of
    the block of signatures; `unquoted`: the file is known to have no quotes.
    """

    database: duckdb.DuckDBPyConnection
    grid: Grid
    wishes: Wishes
    findings: Findings
    columns: list[Cells] = field(default_factory=list)
    rows: int = 0
    size: int = 0
    has_blank_rows: bool = False
    joins: list[str] = field(default_factory=list)
    period_sql: str = "''"
    tick: Callable[[], None] = lambda: None
    proof: Proof | None = None
    signed: tuple[int, int] | None = None
    unquoted: bool = False
    loaded: bool = False
    _stale: bool = False

    def ask(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement over the cells and return its rows."""
        self.tick()
        self.load()
        return self.database.execute(sql, list(values)).fetchall()

    def scan(self, expressions: Sequence[str], most: int | None = None) -> list[tuple[Any, ...]]:
        """Ask for these of the file as it lies, or of its first rows."""
        self.tick()
        source = self.source if most is None else f"(SELECT * FROM {self.source} LIMIT {most})"  # noqa: S608
        return self.database.execute(f"SELECT {', '.join(expressions)} FROM {source}").fetchall()  # noqa: S608

    @property
    def source(self) -> str:
        """The file as a table expression: `c0`, `c1`, …, and `nr` where its rows are numbered."""
        names = [(f"c{i}", "VARCHAR") for i in range(len(self.grid.titles))]
        fields = [("nr", "BIGINT"), *names] if self.grid.numbered else names
        return duck.scan(self.grid.path, fields, self.grid.delimiter, self.grid.skip)

    def load(self) -> None:
        """Bring the cells into the database, and the view of them up to date."""
        if not self.loaded:
            made = self.database.execute(f"CREATE TABLE cells AS SELECT * FROM {self.source}")  # noqa: S608
            ((self.size,),) = made.fetchall()
            self.loaded = True
        if self._stale:
            self._stale = False
            self._make_view()

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings in, with the sheet they are of."""
        sheet = self.grid.layout.sheet
        self.findings.extend(replace(one, sheet=sheet) if sheet else one for one in findings)

    def count(self, expressions: Sequence[str], source: str = "rows") -> list[int]:
        """How many rows satisfy each of these conditions."""
        found: list[int] = []
        for start in range(0, len(expressions), _AT_ONCE):
            part = expressions[start : start + _AT_ONCE]
            counts = ", ".join(f"count(*) FILTER (WHERE {one})" for one in part)
            found += self.ask(f"SELECT {counts} FROM {source}")[0]  # noqa: S608
        return found

    def report(self, faults: Sequence[Fault]) -> None:
        """Find all cells that break these rules; the first of each are said, the others counted."""
        for fault, count in zip(faults, self.count([fault.where for fault in faults]), strict=True):
            if not count:
                continue
            shown = fault.shown or self.text_of(fault.column)
            first = self.ask(
                f"SELECT number, {shown} FROM rows WHERE {fault.where} ORDER BY n LIMIT {CAP}"  # noqa: S608
            )
            self.add(self._said(fault, first))
            self.findings.count(fault.check.code, fault.check.severity, count - len(first))

    @property
    def row_number(self) -> str:
        """The SQL of a row's number in the file, over `cells`."""
        return "cells.nr" if self.grid.numbered else f"cells.rowid + {int(self.grid.layout.first)}"

    @property
    def period(self) -> str:
        """The key of a row's period, as a column of the view `rows`; the same in all rows where there is but one."""
        return "p"

    def text_of(self, column: Cells) -> str:
        """A column's cells as the file has them, as a column of the view `rows`."""
        return f"r{self.columns.index(column)}"

    def value_of(self, column: Cells) -> str:
        """A column's stored values as text, as a column of the view `rows`."""
        return f"v{self.columns.index(column)}"

    def number_of(self, column: Cells) -> str:
        """A column's stored numbers as such, exact to twelve decimals."""
        kind = "BIGINT" if column.type.name == "integer" else "DECIMAL(38, 12)"
        return f"CAST({self.value_of(column)} AS {kind})"

    def missing_in(self, column: Cells) -> str:
        """Whether a cell says nothing: empty, or a sign that means so."""
        raw = self.text_of(column)
        is_text, kinds = column.type.name == "text", column.profile.kinds
        if not kinds[Kind.NOTHING] and (is_text or not kinds[Kind.TEXT]):
            return f"{raw} IS NULL"
        signs = is_nothing(raw) if is_text else is_missing_sql(raw)
        return f"({raw} IS NULL OR {signs})"

    def column(self, column_id: str) -> Cells | None:
        """The column of this id."""
        return next((one for one in self.columns if one.id == column_id), None)

    def lookup(self, name: str, pairs: Sequence[tuple[str, str | None]], on: str) -> str:
        """Put a table of texts and what they mean beside the rows; returns the SQL of the meaning.

        :param on: the SQL of the text that is looked up, over `cells`
        """
        self.database.execute(f"CREATE OR REPLACE TABLE {name} (text VARCHAR, meaning VARCHAR)")
        insert_many(self.database, name, pairs)
        self.joins.append(f"LEFT JOIN {name} ON {name}.text = {on}")
        return f"{name}.meaning"

    @property
    def all_proven(self) -> bool:
        """Whether every cell is stored as it stands in the file, and every row of the file is one."""
        return not self.has_blank_rows and all(one.proven for one in self.columns if one.present)

    def view(self) -> None:
        """Make the view `rows` from what is known of the columns now, before the next question."""
        self._stale = True

    def _make_view(self) -> None:
        shown = "".join(f", {one.raw} AS r{i}, {one.value} AS v{i}" for i, one in enumerate(self.columns))
        joins = " ".join(self.joins)
        # A row of which nothing stands in any column is no row.
        present = [f"({one.raw}) IS NULL" for one in self.columns if one.present]
        blank = f"WHERE NOT ({' AND '.join(present) or 'true'})" if self.has_blank_rows else ""
        self.database.execute(
            "CREATE OR REPLACE VIEW rows AS SELECT cells.*, cells.rowid AS n, "  # noqa: S608 (expressions of our own)
            f"{self.row_number} AS number, {self.period_sql} AS p{shown} FROM cells {joins} {blank}"
        )

    def _said(self, fault: Fault, places: Sequence[tuple[int, str | None]]) -> Iterator[Finding]:
        for row, value in places:
            text = value or ""
            yield fault.check.found(
                fault.variant, row=row, column=fault.column.title, value=text, **fault.told(row, text)
            )


def insert_many(database: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Sequence[str | None]]) -> None:
    """Insert rows of texts, a thousand at a time."""
    for start in range(0, len(rows), 1_000):
        part = rows[start : start + 1_000]
        values = ", ".join(
            "(" + ", ".join("NULL" if cell is None else literal(cell) for cell in row) + ")" for row in part
        )
        database.execute(f"INSERT INTO {table} VALUES {values}")  # noqa: S608 (literals)
