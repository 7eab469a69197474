"""A delivery beside the table it is to enter: the same columns, and values that fit them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ckanext.satudataserang.core.checks.base import Check
from ckanext.satudataserang.core.findings import Finding, Severity, error, shown

from .types import TableColumn
from .values import NOTHING, Kind, kind_of

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
_NUMBERS = frozenset({"integer", "numeric"})
_TIMES = frozenset({"date", "timestamp"})
_NO_NUMBERS = frozenset({Kind.TEXT, Kind.CODE, Kind.DATE, Kind.TIMESTAMP})
_NO_DATES = frozenset(Kind) - {Kind.DATE, Kind.TIMESTAMP, Kind.EMPTY, Kind.NOTHING}


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


@dataclass
class Misfits:
    """Finds values that do not fit the type of the table's column, as the rows pass by."""

    delivered: Sequence[TableColumn]
    standing: Mapping[str, str]
    cap: int = 20
    _suspects: list[tuple[int, str, Collection[Kind]]] = field(init=False)
    _found: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Look only at columns that were read as text where the table holds something else."""
        self._suspects = [
            (index, "angka" if self.standing[column.id] in _NUMBERS else "tanggal", kinds)
            for index, column in enumerate(self.delivered)
            if (kinds := _unfit(column.type.name, self.standing.get(column.id, "")))
        ]

    def see(self, row: int, cells: Sequence[str | None]) -> Iterator[Finding]:
        """Report what does not fit in one row; at most `cap` values of a column."""
        for index, wanted, kinds in self._suspects:
            value = cells[index]
            if value is None or value.casefold() in NOTHING or self._found.get(index, 0) >= self.cap:
                continue
            kind = kind_of(value)
            if kind in kinds or (wanted == "angka" and kind in (Kind.AMBIGUOUS_POINT, Kind.AMBIGUOUS_COMMA)):
                self._found[index] = self._found.get(index, 0) + 1
                yield _misfit(row, self.delivered[index].title, value, wanted, ambiguous=kind not in kinds)


def _unfit(delivered: str, standing: str) -> Collection[Kind]:
    if standing in _NUMBERS and delivered not in _NUMBERS:
        return _NO_NUMBERS
    if standing in _TIMES and delivered not in _TIMES:
        return _NO_DATES
    return ()


def _misfit(row: int, title: str, value: str, wanted: str, *, ambiguous: bool) -> Finding:
    if ambiguous:
        return error(
            "angka-rancu",
            f"Baris {row}, kolom “{title}”: “{shown(value)}” dapat berarti ribuan atau pecahan.",
            "Tulis angka tanpa tanda ribuan, misalnya 1234, dan pecahan seperti 1,5.",
            row=row,
            column=title,
            value=value,
        )
    return error(
        f"bukan-{wanted}",
        f"Baris {row}, kolom “{title}”: “{shown(value)}” bukan {wanted}.",
        "Tulis angkanya saja, atau kosongkan sel itu." if wanted == "angka" else "Tulis tanggal seperti 2025-07-21.",
        row=row,
        column=title,
        value=value,
    )


def _listed(titles: Sequence[str], most: int = 5) -> str:
    return ", ".join(f"“{shown(title)}”" for title in titles[:most]) + (", …" if len(titles) > most else "")
