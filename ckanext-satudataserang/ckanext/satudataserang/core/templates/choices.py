"""What drop-downs choose from: short lists in the rule itself, long ones in a hidden sheet."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from ckanext.satudataserang.core.templates.model import TemplateColumn
from ckanext.satudataserang.core.templates.stamp import LISTS

#: A rule bears at most 255 signs of choices, and none with a comma.
_MOST_SIGNS = 240


class Choices:
    """The lists of a template, each written once."""

    def __init__(self, book: Any, page: Any, columns: Sequence[TemplateColumn]) -> None:
        self._sources: dict[tuple[str, bool], Any] = {}
        lists: dict[tuple[str, bool], list[str]] = {}
        for column in columns:
            if column.choices is None or not column.choices.codes:
                continue
            texts = [column.entered(one.code) for one in column.choices.codes]
            place = (column.choices.id, column.by_code)
            if len(",".join(texts)) <= _MOST_SIGNS and not any("," in text or '"' in text for text in texts):
                self._sources[place] = texts
            else:
                lists[place] = texts
        text = book.add_format({"num_format": "@"})
        for at, place in enumerate(lists):
            name = xl_col_to_name(at)
            self._sources[place] = f"='{LISTS}'!${name}$1:${name}${len(lists[place])}"
        for row, cells in enumerate(zip_longest(*lists.values(), fillvalue="")):
            for at, cell in enumerate(cells):
                if cell:
                    page.write_string(row, at, cell, text)
        page.very_hidden()

    def source(self, column: TemplateColumn) -> Any:
        """The source of a column's drop-down, None where anything may stand."""
        return self._sources.get((column.choices.id, column.by_code)) if column.choices else None
