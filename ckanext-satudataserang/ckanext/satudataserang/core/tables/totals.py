"""Rows between the rows of data that add others up: ``Sub Total``, ``Jumlah Kecamatan Serang``.

Loaded beside what they add up they would count twice. With a structure they are no member of any code list and are left
out; without one they might be a class of the table, and are only pointed out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.structures.words import plain

from .cells import filled, is_number, is_total
from .matching import matched

_OF_AN_AREA = re.compile(
    r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml)\.?\s+(?:kecamatan|kec\.?|kelurahan|kel\.?)\s+[\w .'-]{2,60}"
    r"|sub[\s-]*(?:jumlah|total|jml)\b.{0,60}",
    re.IGNORECASE,
)
_WORDS = (b"jumlah", b"total", b"jml")
_SUB_TOTAL = r"sub[ -]*(?:jumlah|total|jml)|(?:grand[ -]*)?(?:jumlah|total|jml)"
#: How a cell begins that may be one of totals, where a structure says what columns hold (RE2, and `re`).
BEGINS = rf"^[ \t]*(?i:{_SUB_TOTAL})"


class Totals:
    """Tells rows that add up others.

    :param titles: of all cells of a row
    :param chosen: title -> column id, by a person; `remembered`: the same of earlier files
    """

    def __init__(
        self,
        titles: Sequence[str],
        structure: Structure | None,
        chosen: Mapping[str, str] | None = None,
        remembered: Mapping[str, str] | None = None,
    ) -> None:
        self._known: dict[int, frozenset[str] | None] = {}
        self.agreed = structure is not None
        if structure is None:
            return
        columns = {column.id: column for column in structure.columns}
        for place, match in enumerate(matched(titles, structure, chosen=chosen, remembered=remembered)):
            column = columns.get(match.column_id)
            if column and column.type == "text" and (column.key or column.code_list):
                self._known[place] = _codes(structure, column)

    def has(self, cells: Sequence[str]) -> str:
        """What the row calls itself where it adds up others, else ""."""
        places = filled(cells)
        first = next((place for place in places if not is_number(cells[place])), None)
        if first is None:
            return ""
        if not self.agreed:
            return cells[first].strip() if _is_of_area(cells[first]) else ""
        for place, known in self._known.items():
            if place < len(cells) and _adds_up(cells[place], known):
                return cells[place].strip()
        # A word that reaches over several columns stands in the first of them, with the key's cell empty behind it.
        lacking = any(place >= len(cells) or not cells[place].strip() for place in self._known)
        return cells[first].strip() if lacking and first not in self._known and is_total([cells[first]]) else ""


def may_hold_totals(piece: bytes, delimiter: bytes, *, agreed: bool) -> bool:
    """Whether a cell of this piece of text begins as those of totals do.

    :param agreed: with a structure a bare ``Jumlah`` is one
    """
    lower = piece.lower()
    if not any(word in lower for word in _WORDS):
        return False
    sign = re.escape(delimiter)
    begins = rb'(?:\A|[\n"]|' + sign + rb")[ \t]*(?:"
    behind = rb"" if agreed else rb"\.? +ke[cl]"
    return re.search(begins + _SUB_TOTAL.encode() + behind + rb")", lower) is not None


def _adds_up(cell: str, known: frozenset[str] | None) -> bool:
    if not cell or not (is_total([cell]) or (known is not None and _is_of_area(cell))):
        return False
    return known is None or plain(cell) not in known


def _is_of_area(cell: str) -> bool:
    return _OF_AN_AREA.fullmatch(" ".join(cell.split())[:120]) is not None


def _codes(structure: Structure, column: Column) -> frozenset[str] | None:
    """All that a column may hold, as it is compared; None where it may hold any text."""
    try:
        codes = structure.codes_of(column)
    except KeyError:
        return None
    if codes is None:
        return None
    return frozenset(plain(text) for one in codes.codes for text in (one.code, one.label, *one.synonyms))
