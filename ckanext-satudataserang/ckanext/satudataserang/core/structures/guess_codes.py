"""Code lists in an example: those that are known, and those that a few repeated values make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.satudataserang.core.codes import WilayahTable

from .guess_titles import readable
from .model import Code, CodeList
from .resolve import AREA_LISTS, area_lists
from .words import plain

#: So much of the values must be known for a list to be taken for theirs.
_ENOUGH = 0.9
_MOST_CODES = 30
_LONGEST = 80
#: Values that are each there so often on average are classes, not names.
_REPEATED = 2
#: Totals in a column of classes do not hide what it is.
_TOTALS = frozenset({"total", "jumlah", "jumlahtotal", "grandtotal"})


class Lists:
    """The lists that can be recognised."""

    def __init__(self, lists: Sequence[CodeList], areas: WilayahTable | None) -> None:
        own = {codes.id for codes in lists}
        made = [codes for codes in area_lists(areas) if codes.id not in own] if areas else []
        self._lists = [*lists, *made]
        self._areas = areas

    def recognise(self, values: Mapping[str, int]) -> CodeList | None:
        """The list that the values are of: nearly all of them known, and of lists that fit equally the shortest."""
        wanted = {plain(value) for value in values} - _TOTALS
        if not wanted:
            return None
        fitting = [codes for codes in self._lists if self._share(codes, values, wanted) >= _ENOUGH]
        return min(fitting, key=lambda codes: len(codes.codes), default=None)

    def _share(self, codes: CodeList, values: Mapping[str, int], wanted: set[str]) -> float:
        known = {plain(text) for code in codes.codes for text in (code.code, code.label, *code.synonyms)}
        share = len(wanted & known) / len(wanted)
        levels = AREA_LISTS.get(codes.id)
        if share >= _ENOUGH or self._areas is None or levels is None:
            return share
        found = sum(any(self._areas.canonical(value, level=level) for level in levels) for value in values)
        return found / len(values)


def own_list(column_id: str, label: str, values: Mapping[str, int], rows: int) -> CodeList | None:
    """A list of the values themselves, where they are few and repeated; None where they are no classes."""
    texts: dict[str, str] = {}
    for value in values:
        text = readable(value)
        if text and plain(text) not in _TOTALS:
            texts.setdefault(plain(text), text)
    few = 0 < len(texts) <= _MOST_CODES and all(len(text) <= _LONGEST and text.isprintable() for text in texts.values())
    if not few or rows < _REPEATED * len(texts):
        return None
    return CodeList(column_id.replace("_", "-"), label, tuple(Code(text, text) for text in texts.values()))
