"""A delivery beside the table it is to enter: the same columns, and values that fit them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ckanext.satudataserang.core.checks.base import Check
from ckanext.satudataserang.core.findings import Finding, Severity, shown

from .types import TableColumn

KURANG = Check(
    "kolom-kurang",
    Severity.ERROR,
    title="Kolom yang kurang",
    message="Kolom “{column}” tidak ada, padahal ada dalam tabel periode sebelumnya.",
    advice="Tambahkan kolom itu dengan nama yang sama; bila tidak ada isinya, biarkan selnya kosong.",
    variants={
        "berubah": "Kolom “{column}” tidak ada, padahal ada dalam tabel periode sebelumnya. "
        "Kolom yang tidak dikenal: {others}. Mungkin namanya berubah.",
    },
)
BARU = Check(
    "kolom-baru",
    Severity.WARNING,
    title="Kolom yang baru",
    message="Kolom “{column}” belum ada dalam tabel; kolom baru akan ditambahkan.",
    advice="Bila maksudnya kolom yang sudah ada, samakan namanya.",
)
CHECKS = (KURANG, BARU)

#: Columns that say which period a row is of. They are filled in from the delivery's own period.
PERIOD_COLUMNS = frozenset({"periode", "period", "tahun", "thn", "year", "triwulan", "semester", "bulan"})


@dataclass(frozen=True)
class StandingColumn:
    """A column of the table that stands: its id, its title for people, and its type (as `types.TYPES`, or boolean)."""

    id: str
    title: str
    type: str


def missing_and_extra(delivered: Sequence[TableColumn], standing: Sequence[StandingColumn]) -> Iterator[Finding]:
    """Report columns of the table that the delivery lacks (errors) and columns that are new (warnings)."""
    if not standing:
        return
    here, there = {column.id for column in delivered}, {column.id for column in standing}
    lacking = [column.title for column in standing if column.id not in here | PERIOD_COLUMNS]
    extra = [column.title for column in delivered if column.id not in there | PERIOD_COLUMNS]
    for title in lacking:
        variant = "berubah" if extra else ""
        yield KURANG.found(variant, column=title, others=_listed(extra))
    for title in extra:
        yield BARU.found(column=title)


def _listed(titles: Sequence[str], most: int = 5) -> str:
    return ", ".join(f"“{shown(title)}”" for title in titles[:most]) + (", …" if len(titles) > most else "")
