"""The type of a column, decided from all of its values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ckanext.satudataserang.core.findings import Finding, info, shown, warning

from .columns import is_code
from .values import COMMA, POINT, Kind, kind_of

#: Where at most one value in so many is no number, the few are reported: they are probably mistakes.
_MOSTLY = 9
_EXAMPLES = 20
_REMEMBERED = 5_000

_POINT_PROOF = (Kind.POINT, Kind.GROUPED_COMMA)
_COMMA_PROOF = (Kind.COMMA, Kind.GROUPED_POINT)
_AMBIGUOUS = (Kind.AMBIGUOUS_POINT, Kind.AMBIGUOUS_COMMA)
_NUMBERS = (Kind.INTEGER, *_POINT_PROOF, *_COMMA_PROOF, *_AMBIGUOUS)
_VALUELESS = (Kind.EMPTY, Kind.NOTHING)

TYPES = ("text", "integer", "numeric", "date", "timestamp")


@dataclass(frozen=True)
class ColumnType:
    """`name` is one of `TYPES`; `decimal` is the sign before decimals, where the column holds numbers."""

    name: str
    decimal: str = POINT


@dataclass
class ColumnProfile:
    """What was seen in one column, value by value; its size does not grow with the rows."""

    id: str
    title: str
    kinds: Counter[Kind] = field(default_factory=Counter)
    first: dict[Kind, tuple[int, str]] = field(default_factory=dict)
    others: list[tuple[int, str]] = field(default_factory=list)
    _known: dict[str, Kind] = field(default_factory=dict)

    def see(self, row: int, text: str) -> None:
        """Take in one value; `text` has no space at its ends."""
        kind = self._known.get(text)
        if kind is None:
            kind = kind_of(text)
            if len(self._known) < _REMEMBERED:
                self._known[text] = kind
        self.kinds[kind] += 1
        if kind not in self.first:
            self.first[kind] = (row, text)
        if len(self.others) < _EXAMPLES and kind is Kind.TEXT:
            self.others.append((row, text))

    @property
    def values(self) -> int:
        """How many cells are not empty."""
        return sum(number for kind, number in self.kinds.items() if kind is not Kind.EMPTY)

    def decide(self, wanted: str = "") -> ColumnType:
        """Choose the type. `wanted` is what a person chose in the data dictionary; it holds if the values allow it."""
        if wanted == "text":
            return ColumnType("text")
        decided = self._decide(by_name=not wanted)
        if wanted == "numeric" and decided.name == "integer":
            return ColumnType("numeric")
        return decided

    def _decide(self, *, by_name: bool) -> ColumnType:
        seen = {kind for kind in self.kinds if kind not in _VALUELESS}
        if not seen or (by_name and is_code(self.id)):
            return ColumnType("text")
        if seen <= set(_NUMBERS):
            return self._decide_number(seen)
        if seen == {Kind.DATE}:
            return ColumnType("date")
        if seen <= {Kind.DATE, Kind.TIMESTAMP}:
            return ColumnType("timestamp")
        return ColumnType("text")

    def _decide_number(self, seen: set[Kind]) -> ColumnType:
        point, comma = seen & set(_POINT_PROOF), seen & set(_COMMA_PROOF)
        if point and comma:
            return ColumnType("text")
        if not point and not comma:
            return ColumnType("text" if seen & set(_AMBIGUOUS) else "integer")
        return ColumnType("numeric", POINT if point else COMMA)

    def findings(self, decided: ColumnType, wanted: str = "") -> Iterator[Finding]:
        """Say what a person should know about the decision."""
        if wanted and wanted != "text" and decided.name == "text":
            yield self._unwanted(wanted)
        if decided.name != "text" or wanted == "text" or is_code(self.id):
            return
        seen = {kind for kind in self.kinds if kind not in _VALUELESS}
        if seen and seen <= set(_NUMBERS):
            yield self._undecided(seen)
        elif self._is_mostly_number():
            yield from self._strangers()

    def _is_mostly_number(self) -> bool:
        numbers = sum(self.kinds[kind] for kind in _NUMBERS)
        return self.kinds[Kind.TEXT] > 0 and numbers >= _MOSTLY * (self.values - numbers - self.kinds[Kind.NOTHING])

    def _strangers(self) -> Iterator[Finding]:
        for row, text in self.others:
            yield warning(
                "bukan-angka",
                f"Kolom “{self.title}” hampir seluruhnya angka, tetapi baris {row} berisi “{shown(text)}”. "
                "Seluruh kolom disimpan sebagai teks sehingga tidak dapat dijumlahkan.",
                "Ganti isinya dengan angka, atau kosongkan sel itu lalu unggah ulang.",
                row=row,
                column=self.title,
                value=text,
            )

    def _undecided(self, seen: set[Kind]) -> Finding:
        point, comma = seen & set(_POINT_PROOF), seen & set(_COMMA_PROOF)
        if point and comma:
            (row_a, text_a), (row_b, text_b) = self.first[min(point, key=_order)], self.first[min(comma, key=_order)]
            return warning(
                "desimal-campur",
                f"Kolom “{self.title}” memakai dua cara menulis desimal: “{text_a}” di baris {row_a} dan “{text_b}” "
                f"di baris {row_b}. Kolom disimpan sebagai teks.",
                "Pilih satu cara, misalnya 1234,5 untuk semua baris.",
                row=row_b,
                column=self.title,
                value=text_b,
            )
        row, text = min(self.first[kind] for kind in seen & set(_AMBIGUOUS))
        return warning(
            "angka-rancu",
            f"“{text}” di baris {row} kolom “{self.title}” dapat berarti ribuan atau pecahan, dan nilai lain di kolom "
            "itu tidak memberi petunjuk. Kolom disimpan sebagai teks.",
            "Tulis angka tanpa tanda ribuan, misalnya 1234.",
            row=row,
            column=self.title,
            value=text,
        )

    def _unwanted(self, wanted: str) -> Finding:
        return info(
            "tipe-tidak-sesuai",
            f"Kamus data meminta kolom “{self.title}” bertipe {wanted}, tetapi isinya tidak semuanya demikian. "
            "Kolom disimpan sebagai teks.",
            "Perbaiki isi kolom, atau ubah tipenya di kamus data.",
            column=self.title,
        )


def _order(kind: Kind) -> int:
    return kind.value
