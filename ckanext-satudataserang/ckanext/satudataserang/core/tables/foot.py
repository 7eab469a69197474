"""What stands under a table: totals, sources, remarks, signatures. Told from data by shape, never by place alone."""

from __future__ import annotations

from collections.abc import Sequence

from .cells import filled, is_note, is_number, is_total
from .records import Record

_MOST_HELD = 2_000
_WIDEST = 1_000
_SPARSE = 2
_LONG_NOTE = 60
_WORDS = 5


class Foot:
    """Holds back rows that do not look like data until one that does comes after them.

    A total that was followed by data once is a class of the table (``Laki-laki, Perempuan, Jumlah``), so a last one of
    the same name is data as well. After ``Sub Total`` a ``Total`` is none of it.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._held: list[Record] = []
        self._totals_inside: set[str] = set()

    def see(self, number: int, cells: Sequence[str]) -> list[Record]:
        """Take one row with content; returns the rows that are now known for data, this one or those held before."""
        if len(self._held) < _MOST_HELD and len(cells) <= _WIDEST and self._may_be_foot(cells):
            self._held.append((number, list(cells)))
            return []
        if not self._held:
            return [(number, list(cells))]
        freed, self._held = self._held, []
        self._totals_inside |= {_name(held) for _number, held in freed if is_total(held)}
        return [*freed, (number, list(cells))]

    def ends(self, last_data: int) -> tuple[list[Record], list[Record]]:
        """At the end of the file: of the rows held back those that are data, and those that are the foot.

        :param last_data: the number of the last row known for data
        """
        before = last_data
        for place, (number, cells) in enumerate(self._held):
            if self._begins_foot(number, cells, before):
                return self._held[:place], self._held[place:]
            before = number
        return self._held, []

    def _may_be_foot(self, cells: Sequence[str]) -> bool:
        # Most rows are full; counting empty cells is what this costs them.
        empty = cells.count("")
        if len(cells) - empty > _SPARSE and len(cells) == self._width:
            return is_total(cells[:3]) or is_note(cells[:1]) if _hints(cells[0]) else False
        places = filled(cells)
        return (len(places) < self._width and len(places) <= _SPARSE) or is_total(cells) or is_note(cells)

    def _begins_foot(self, number: int, cells: Sequence[str], before: int) -> bool:
        places = filled(cells)
        if self._width == 1:
            return False
        if is_total(cells):
            return _name(cells) not in self._totals_inside
        sparse = len(places) <= max(1, min(_SPARSE, self._width - 2))
        if is_note(cells) and (sparse or ":" in cells[places[0]] or len(cells) != self._width):
            return True
        if not sparse:
            return False
        if all(is_number(cells[place]) for place in places):
            return False
        # A lone cell may be a row whose values are missing; a gap above it, or its length, says that it is a remark.
        text = cells[places[0]]
        return number > before + 1 or (len(places) == 1 and (len(text) > _LONG_NOTE or len(text.split()) > _WORDS))


def _name(cells: Sequence[str]) -> str:
    """What a total calls itself."""
    return " ".join(cells[filled(cells)[0]].casefold().split())


def _hints(first: str) -> bool:
    """Whether the first cell is worth a closer look: empty, or it begins as totals and remarks do."""
    bare = first.strip()
    return not bare or bare[0] in "JjTtGgSsRrCcKkNnDdMmPp*(¹²³⁴⁵" or bare[1:2] == ")"
