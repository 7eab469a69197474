"""A structure: the columns that were agreed for a table, their codes, their key, and the rules between them.

A structure says nothing about periods: which period a row is of comes from the delivery, or from columns of time in the
file (`core.tables.periods`), which are accepted beside the structure's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

ColumnType = Literal["text", "integer", "numeric", "date", "boolean"]
Relation = Literal["<=", "<", "="]
#: How a measure is compared with its own history: not at all, with all earlier periods, with the same season's.
Outliers = Literal["off", "history", "seasonal"]

#: How sure the authors are of a meaning and of what it rests on.
Confidence = Literal["tinggi", "sedang", "rendah"]

TYPES: tuple[ColumnType, ...] = ("text", "integer", "numeric", "date", "boolean")
RELATIONS: tuple[Relation, ...] = ("<=", "<", "=")
OUTLIERS: tuple[Outliers, ...] = ("off", "history", "seasonal")
CONFIDENCE: tuple[Confidence, ...] = ("tinggi", "sedang", "rendah")


@dataclass(frozen=True)
class Code:
    """One member of a code list: what is stored, what people read, and what else they write for it."""

    code: str
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """Codes a column may hold. The codes of areas are canonical Kemendagri codes (`36.73.01`)."""

    id: str
    label: str
    codes: tuple[Code, ...]
    referensi: str = ""


@dataclass(frozen=True)
class Column:
    """One agreed column.

    `id` is its name in the DataStore, `label` its title in templates; `konsep`, `definisi`, `klasifikasi`, `ukuran`
    and `satuan` are the attributes of Standar Data Statistik (Perpres 39/2019 Ps. 5; `satuan` is a code of
    `schemas/kode/satuan.yaml`). `required`: every row has a value; `key`: with the other key columns it names a row
    once per period. `minimum` and `maximum` are included. `pattern` is a regular expression (RE2) that the whole
    value matches. `code_list` is the id of a list of `Structure.lists`. `decimals`: at most so many, None for any
    number. `personal`: about a person, masked when published. `variable` is the kode of a standard variable whose
    meaning the column takes over. `referensi` is the law, standard or publication that the meaning is taken from.
    """

    id: str
    label: str
    type: ColumnType = "text"
    konsep: str = ""
    definisi: str = ""
    klasifikasi: str = ""
    ukuran: str = ""
    satuan: str = ""
    required: bool = False
    key: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    pattern: str = ""
    code_list: str = ""
    decimals: int | None = None
    personal: bool = False
    variable: str = ""
    synonyms: tuple[str, ...] = ()
    outliers: Outliers = "history"
    referensi: str = ""

    @property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return self.type in ("integer", "numeric")

    @property
    def is_measure(self) -> bool:
        """Whether it holds what was measured: a number that is no part of the key."""
        return self.is_number and not self.key


@dataclass(frozen=True)
class Rule:
    """What holds between columns of one row: the sum of `parts` stands in `relation` to `whole`.

    One part: ``a <= b``; several parts with ``=``: parts sum to the total. A row in which one of them is empty is not
    compared. `tolerance` is in the unit of the columns. `message` says it in Indonesian; empty: made from the labels.
    """

    id: str
    parts: tuple[str, ...]
    relation: Relation
    whole: str
    tolerance: Decimal = Decimal(0)
    message: str = ""


@dataclass(frozen=True)
class Structure:
    """A version of a structure.

    `expected` are key columns with code lists: one row is expected for every combination of their codes. `opd` is the
    OPD that keeps it, as its abbreviation. `lists` are the code lists its columns name, once `resolve` has added those
    of the region and the shared ones. `urusan` is a code of `schemas/kode/urusan.csv`; `referensi` are the laws and
    standards it rests on, and `keyakinan` how sure its authors are of them.
    """

    kode: str
    nama: str
    version: int = 1
    opd: str = ""
    description: str = ""
    columns: tuple[Column, ...] = ()
    expected: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()
    lists: tuple[CodeList, ...] = ()
    urusan: str = ""
    referensi: tuple[str, ...] = ()
    keyakinan: Confidence = "sedang"

    @property
    def stamp(self) -> str:
        """Which version this is: ``kode@version``."""
        return f"{self.kode}@{self.version}"

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of the columns that name a row once per period."""
        return tuple(column.id for column in self.columns if column.key)

    def column(self, column_id: str) -> Column:
        """The column of this id. Raises KeyError."""
        for column in self.columns:
            if column.id == column_id:
                return column
        raise KeyError(column_id)

    def codes_of(self, column: Column) -> CodeList | None:
        """The codes that a column may hold; None where it names no list. Raises KeyError for an unknown list."""
        if not column.code_list:
            return None
        for codes in self.lists:
            if codes.id == column.code_list:
                return codes
        raise KeyError(column.code_list)
