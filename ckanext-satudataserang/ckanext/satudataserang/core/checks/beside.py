"""Data about persons in a file beside the rows that are read of it: titles, above and below, and on other sheets.

What is loaded never holds them; but a file that is public as it came shows them too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.tables.grid import Grid, Layout
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.sources import Source
from ckanext.satudataserang.core.tables.sourcing import source_of

from .privacy import is_signature, kinds_in

#: So many other sheets of a workbook are looked through, each with so many cells.
MOST_SHEETS = 20
_MOST_CELLS = 2_000_000


@dataclass(frozen=True)
class Beside:
    """The first place with data about persons of a kind (`privacy.KINDS`): its sheet, empty for a text, and its row."""

    kind: str
    sheet: str
    row: int


class UnseenError(Exception):
    """A sheet could not be looked through; `sheet` is its name, empty where there are too many of them."""

    def __init__(self, sheet: str = "") -> None:
        super().__init__(sheet)
        self.sheet = sheet


def personal_beside(path: Path, grid: Grid, directory: Path) -> list[Beside]:
    """What is about persons outside the table, each kind once. Raises UnseenError.

    :param grid: how the file was read
    """
    layout = grid.layout
    found = {kind: Beside(kind, layout.sheet, layout.header[0]) for title in grid.titles for kind in kinds_in(title)}
    for sheet, row, text in _texts(path, grid, directory):
        kinds = kinds_in(text) | ({"nama_ttd"} if is_signature(text) else set())
        for kind in kinds - set(found):
            found[kind] = Beside(kind, sheet, row)
    return list(found.values())


def _texts(path: Path, grid: Grid, directory: Path) -> Iterator[tuple[str, int, str]]:
    layout = grid.layout
    if layout.form == "csv" and layout.header[0] <= 1 and layout.last is None:
        return
    source = source_of(path, directory, layout, Limits(), Findings())
    if source is None:
        raise UnseenError(layout.sheet)
    if layout.header[0] > 1 or layout.last is not None:
        for number, cells in source.records():
            if number < layout.header[0] or (layout.last is not None and number > layout.last):
                yield from ((source.sheet, number, cell) for cell in cells if cell)
    others = [sheet for sheet in (*source.sheets, *source.hidden_sheets) if sheet != source.sheet]
    if len(others) > MOST_SHEETS:
        raise UnseenError
    for sheet in others:
        for number, cells in _sheet(path, sheet, layout, directory).records():
            yield from ((sheet, number, cell) for cell in cells if cell)


def _sheet(path: Path, sheet: str, layout: Layout, directory: Path) -> Source:
    findings = Findings()
    asked = Layout(layout.form, sheet=sheet, header=(0, 0), first=0)
    source = source_of(path, directory, asked, replace(Limits(), cells=_MOST_CELLS), findings)
    if source is None and set(findings.totals) - {"berkas-kosong", "lembar-kosong"}:
        raise UnseenError(sheet)
    return source or Source(layout.form, lambda: iter(()))
