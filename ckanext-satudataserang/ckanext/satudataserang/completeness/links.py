"""Addresses of the dashboard. Each base is asked of CKAN once; hundreds of links on a page are then plain text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.completeness.logic.schema import MEASURES_WITH_ENTRIES

#: Words of the address bar for the parts of a measure.
PARTS = {"pembilang": "numerator", "penyebut": "denominator", "sisa": "remainder"}
_PART_WORDS = {part: word for word, part in PARTS.items()}


class Links:
    """Makes addresses for one page, in the page's language."""

    @cached_property
    def index(self) -> str:
        """The city's page."""
        return tk.url_for("satudata_completeness.index")

    def city(self, *, ending: str = "", **query: Any) -> str:
        """The city's page, or its export for an `ending` such as ".csv"."""
        return _with(self.index + ending, query)

    def opd(self, name: str, *, ending: str = "", **query: Any) -> str:
        """The page of one OPD, or its export."""
        return _with(f"{self.index}/{quote(name, safe='')}{ending}", query)

    def cells(self, *, ending: str = "", **query: Any) -> str:
        """The list of cells that pass the filters given in the words of the address bar."""
        return _with(f"{self.index}/sel{ending}", query)

    def entries(self, *, ending: str = "", **query: Any) -> str:
        """The list of plan entries that pass the filters."""
        return _with(f"{self.index}/entri{ending}", query)

    def entry(self, row: Mapping[str, Any]) -> str:
        """The page of one plan entry, given as a row with `kode` and `entry_id` or `id`."""
        # A slash would be read as a step of the path, however it is quoted.
        ref = row["kode"] if "/" not in row["kode"] else row.get("entry_id") or row["id"]
        return f"{self.index}/entri/{quote(ref, safe='')}"

    def cell(self, row: Mapping[str, Any], period: str) -> str:
        """The page of one cell of an entry: its facts and its rows."""
        return f"{self.entry(row)}/{quote(period, safe='')}"

    @cached_property
    def _delivers(self) -> bool:
        return "satudata_delivery.form" in current_app.view_functions

    def delivers(self, row: Mapping[str, Any]) -> bool:
        """Whether the portal has a form in which this cell can be delivered."""
        return self._delivers and "/" not in row["kode"]

    @cached_property
    def _tells(self) -> bool:
        return "satudata_delivery.history" in current_app.view_functions

    def delivery(self, row: Mapping[str, Any], period: str) -> str:
        """The form in which a cell is delivered; the page of the cell where the portal has no such form."""
        if not self.delivers(row):
            return self.cell(row, period)
        return tk.url_for("satudata_delivery.form", kode=row["kode"], period=period)

    def told(self, row: Mapping[str, Any], period: str) -> str:
        """The history of a cell: who delivered what and when; empty where the portal has no such page."""
        if not self._tells or "/" in row["kode"]:
            return ""
        return tk.url_for("satudata_delivery.history", kode=row["kode"], period=period)

    def sameness(self, row: Mapping[str, Any], period: str) -> str:
        """The comparisons of a cell's figures with others; empty where the portal compares none."""
        if "satudata_consistency.comparisons" not in current_app.view_functions:
            return ""
        return tk.url_for("satudata_consistency.comparisons", entri=row["kode"], periode=period)

    def coaching(self, opd: Mapping[str, Any]) -> str:
        """The coaching of an OPD with its measures before and after; empty for who may not read it."""
        if "satudata_chase.coaching" not in current_app.view_functions:
            return ""
        try:
            tk.check_access("satudata_coaching_list", Context(), {"opd": opd["id"]})
        except (tk.NotAuthorized, tk.ObjectNotFound):
            return ""
        return tk.url_for("satudata_chase.coaching", opd=opd["name"])

    def losses(self, name: str, *, ending: str = "", **query: Any) -> str:
        """The list of all lost points of one OPD."""
        return _with(f"{self.index}/{quote(name, safe='')}/mengapa{ending}", query)

    def part(self, measure: str, part: str, **query: Any) -> str:
        """The list behind one part (numerator, denominator, remainder) of a measure."""
        lists = self.entries if measure in MEASURES_WITH_ENTRIES else self.cells
        return lists(**query, ukuran=measure, bagian=_PART_WORDS[part])


def _with(address: str, query: dict[str, Any]) -> str:
    given = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{address}?{urlencode(given)}" if given else address
