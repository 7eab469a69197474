"""What the loader says and takes: columns, what was written, and why a table could not be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import psycopg2

from ckanext.satudataserang.core.tables.grid import CopyFile

ColumnType = Literal["text", "integer", "numeric", "date", "timestamp", "boolean"]
#: Rows as values, or as a file that COPY reads.
Source: TypeAlias = "Iterable[Sequence[object]] | CopyFile"

# Integers are stored as 64 bits: populations times rupiah pass 2,147,483,647 easily.
PG_TYPES: Mapping[str, str] = {
    "text": "text",
    "integer": "bigint",
    "numeric": "numeric",
    "date": "date",
    "timestamp": "timestamp",
    "boolean": "boolean",
}
_COPY_PLACE = re.compile(r"line (?P<line>\d+)(?:, column (?P<column>.+?)(?:: \"(?P<value>.*)\")?)?$", re.DOTALL)


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `id` is the name in the DataStore (see `core.tables.columns` for what it may hold); `label` and `notes` are what
    the data dictionary shows, Indonesian and English; `unit` is the unit of the values, empty where there is none.
    `agreed`: type and dictionary are a structure's, so a table that has others takes these; `more` are what else the
    structure says of the column, kept in the dictionary under its own names.
    """

    id: str
    type: ColumnType = "text"
    label: str = ""
    label_en: str = ""
    notes: str = ""
    notes_en: str = ""
    unit: str = ""
    agreed: bool = False
    more: Mapping[str, str] = field(default_factory=dict)

    def info(self) -> dict[str, Any]:
        """Return the data dictionary entry in CKAN's shape, without empty keys."""
        info: dict[str, Any] = {**self.more, "label": self.label, "notes": self.notes, "unit": self.unit}
        for key, translations in (
            ("label_translated", {"id": self.label, "en": self.label_en}),
            ("notes_translated", {"id": self.notes, "en": self.notes_en}),
        ):
            if translations["en"]:
                info[key] = {lang: text for lang, text in translations.items() if text}
        return {key: value for key, value in info.items() if value}


@dataclass(frozen=True)
class Filling:
    """What a table is filled with: its columns, and those of the source in its order; the others stay empty.

    `constants`: what stands in a column where a row leaves it empty.
    """

    columns: Sequence[Column]
    names: Sequence[str]
    constants: Mapping[str, object] = field(default_factory=dict)

    def is_same(self, other: Filling) -> bool:
        """Whether both make the same table of the same rows."""
        return (
            [(one.id, one.type) for one in self.columns] == [(one.id, one.type) for one in other.columns]
            and list(self.names) == list(other.names)
            and dict(self.constants) == dict(other.constants)
        )


@dataclass(frozen=True)
class Coming(CopyFile):
    """A file of which a table may have been made already: `taken` waits for it and returns its name and its rows.

    None where what is asked for is another table, or where it could not be made.
    """

    taken: Callable[[Filling], tuple[str, int] | None] = lambda _filling: None


@dataclass(frozen=True)
class LoadResult:
    """What was written: the number of rows, and the seconds it took.

    `indexed`: the full text of the table has its index. Without it searches find the same, only slower, until
    `full_text.complete` has made one.
    """

    resource_id: str
    rows: int
    seconds: float
    indexed: bool = True


@dataclass(frozen=True)
class KeyViolation:
    """Rows (1 = first data row) that share one key, or that have an empty part of the key."""

    rows: tuple[int, ...]
    values: tuple[str | None, ...]


@dataclass(frozen=True)
class Violation:
    """Rows that break one agreement: its code, its columns, how many rows, and the first 1,000 with their values."""

    code: str
    columns: tuple[str, ...]
    limit: str
    total: int
    rows: tuple[int, ...]
    values: tuple[tuple[str | None, ...], ...]


class StoreError(Exception):
    """A table could not be written; the old one is untouched."""


class TableBusyError(StoreError):
    """Readers or another load held the table for too long; trying again later is right."""


@dataclass
class PrimaryKeyError(StoreError):
    """Rows break the primary key: `duplicates` share a key, `empty` lack a part of it (first 1,000 of each)."""

    columns: tuple[str, ...]
    duplicates: list[KeyViolation]
    empty: list[KeyViolation]

    def __str__(self) -> str:
        """Name the columns and how many keys are wrong."""
        return f"key {self.columns}: {len(self.duplicates)} duplicate, {len(self.empty)} empty"


@dataclass
class AgreementError(StoreError):
    """Rows are not as the structure says."""

    violations: list[Violation]

    def __str__(self) -> str:
        """Name what is broken, and how often."""
        return "; ".join(f"{one.code} {', '.join(one.columns)}: {one.total} rows" for one in self.violations)


@dataclass
class NarrowingError(StoreError):
    """The structure asks for a type that values already in the table do not fit; `values` are some of them."""

    column: str
    standing: str
    wanted: str
    total: int
    values: list[str]

    def __str__(self) -> str:
        """Name the column, both types and how many values are in the way."""
        return f"{self.column}: {self.standing} -> {self.wanted}, {self.total} values do not fit"


@dataclass
class DuplicateRowError(StoreError):
    """Two rows share what names a row once in this table."""

    columns: str
    values: str

    def __str__(self) -> str:
        """Name the columns and the values."""
        return f"({self.columns}) = ({self.values})"


@dataclass
class CellValueError(StoreError):
    """PostgreSQL refused a value: where (row 1 = first data row) and what it said."""

    row: int | None
    column: str | None
    value: str | None
    reason: str

    def __str__(self) -> str:
        """Name the place and PostgreSQL's reason."""
        return f"row {self.row}, column {self.column}: {self.reason}"


def cell_error(error: psycopg2.Error) -> CellValueError:
    """Return PostgreSQL's refusal of a value with its place."""
    context = (error.diag.context or "").partition("\n")[0] if error.diag else ""
    match = _COPY_PLACE.search(context)
    reason = (error.diag.message_primary if error.diag else None) or str(error)
    if not match:
        return CellValueError(None, None, None, reason)
    return CellValueError(int(match["line"]), match["column"], match["value"], reason)
