"""Gathers findings in the order of the export, so that the same export always gives the same report."""

from __future__ import annotations

from ckanext.satudataserang.core.legacy.findings import RULES, Finding
from ckanext.satudataserang.core.legacy.tables import TABLES, SourceRow

_TABLE_ORDER = {table: place for place, table in enumerate(TABLES)}


class Findings:
    """A growing list of findings."""

    def __init__(self) -> None:
        self._items: list[tuple[int, int, int, Finding]] = []

    def add(self, row: SourceRow, rule: str, old: str = "", new: str = "") -> None:
        """Note a decision about one record; `rule` is a code of `findings.RULES`."""
        item = Finding(row.table, row.row_id, RULES[rule].code, old, new)
        self._items.append((_TABLE_ORDER[row.table], row.line, len(self._items), item))

    def sorted(self) -> tuple[Finding, ...]:
        """All findings by table, by line of the file, and within a record as they were made."""
        return tuple(item for *_, item in sorted(self._items, key=lambda entry: entry[:3]))
