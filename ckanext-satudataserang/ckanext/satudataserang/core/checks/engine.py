"""From a grid to a table: every check over all cells, in a database of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import duckdb

from ckanext.satudataserang.core.findings import Findings, Severity
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.words import plain
from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.core.tables.compare import PERIOD_COLUMNS, missing_and_extra
from ckanext.satudataserang.core.tables.grid import Grid
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.core.tables.types import ColumnProfile, TableColumn
from ckanext.satudataserang.core.tables.values import Kind

from . import assumed, coverage, duck, filled, numbers, privacy, profiles, proofs, registry
from .base import Check
from .codelists import is_inner
from .subject import Cells, Subject
from .table import Table, held
from .wishes import Wishes

TAK_TERBACA = Check(
    "berkas-tidak-terbaca",
    Severity.ERROR,
    title="Tabel yang tidak dapat dibaca",
    message="Isi tabel tidak dapat dibaca sampai selesai.",
    advice="Buka berkasnya, simpan ulang sebagai CSV UTF-8 atau XLSX, lalu kirim lagi.",
)
TANPA_BARIS = Check(
    "tanpa-baris",
    Severity.ERROR,
    title="Tabel tanpa baris",
    message="Berkas hanya berisi judul kolom; tidak ada baris data di bawahnya.",
    advice="Isi datanya di bawah judul kolom, lalu unggah ulang.",
)
CHECKS = (TAK_TERBACA, TANPA_BARIS)

#: Told how far a check is, from 0 to 1. What it raises ends the check.
Progress = Callable[[float], None]
_LOADED, _LOOKED, _READ, _CELLS, _COVERED = 0.25, 0.45, 0.6, 0.75, 0.85


def check(
    grid: Grid,
    wishes: Wishes | None = None,
    *,
    directory: Path,
    progress: Progress | None = None,
    memory: str = duck.MEMORY,
    threads: int = duck.THREADS,
) -> Table:
    """Check a grid against what is wished; every problem is in the table's findings, none is raised.

    The table's grid is another one where the form of `grid` was assumed and turns out otherwise.

    :param directory: where what memory cannot hold is written, as long as the table lives
    :param progress: called with the share that is done; raise in it to end the check
    :param memory: the most the database may hold (DuckDB's `memory_limit`)
    """
    wishes = wishes or Wishes()
    table = _once(grid, wishes, directory, _Steps(progress), memory, threads)
    if isinstance(table, Grid):
        grid = table
        table = _once(grid, wishes, directory, _Steps(progress), memory, threads)
    if not isinstance(table, Table) and not grid.numbered:
        # A text that the database splits otherwise than we do is written anew, plainly.
        plainly = opened(
            grid.path,
            grid.path.name,
            directory=directory,
            layout=grid.layout,
            structure=wishes.structure,
            thorough=True,
        )
        table = _once(replace(plainly, matches=grid.matches), wishes, directory, _Steps(progress), memory, threads)
    if not isinstance(table, Table):
        grid.findings.add(TAK_TERBACA.found())
        table = Table(grid, grid.findings)
    return table


def _once(grid: Grid, wishes: Wishes, directory: Path, step: _Steps, memory: str, threads: int) -> Table | Grid | None:
    """Check a grid; another grid where the file does not lie as this one assumes, None where the database cannot split
    its text."""
    findings = Findings()
    findings.merge(grid.findings)
    if not grid.usable:
        return Table(grid, findings)
    subject = Subject(duck.database(directory, grid.path, memory, threads), grid, wishes, findings)
    subject.tick = step.again
    lines = assumed.counted(grid) if grid.look_through is not None else None
    try:
        step(0.0)
        try:
            subject.columns = _columns(subject)
            _prove(subject)
            other = _other(subject, lines) if lines is not None else None
            if other is not None:
                subject.database.close()
                return other
            _begin(subject)
        except duckdb.InvalidInputException:
            subject.database.close()
            return grid.look_through() if grid.look_through is not None else None
        return _checked(subject, step, directory / duck.SPILL)
    except BaseException:
        subject.database.close()
        raise


class _Steps:
    """Says how far a check is; asked again between steps, so that it can be ended."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress, self._share = progress, 0.0

    def __call__(self, share: float) -> None:
        self._share = share
        self.again()

    def again(self) -> None:
        if self._progress is not None:
            self._progress(self._share)


def _checked(subject: Subject, step: _Steps, spill: Path) -> Table:
    step(_LOADED)
    profiles.look(subject)
    present = [one for one in subject.columns if one.present]
    subject.has_blank_rows = all(one.profile.kinds[Kind.EMPTY] for one in present)
    step(_LOOKED)
    numbers.prepare(subject)
    unsure = [one for one in subject.columns if not one.proven]
    doubtful = [one for one in subject.columns if one.proven and one.profile.kinds[Kind.AMBIGUOUS_POINT]]
    read = [one for one in sorted([*unsure, *doubtful], key=is_inner) if one.present]
    faults = [fault for one in read for fault in registry.reader_of(one)(subject, one)]
    order = {one.id: place for place, one in enumerate(subject.columns)}
    faults.sort(key=lambda fault: order[fault.column.id])
    subject.view()
    subject.rows = subject.ask("SELECT count(*) FROM rows")[0][0] if subject.has_blank_rows else subject.size
    table = Table(subject.grid, subject.findings, _shown(subject), subject.rows)
    if not subject.rows:
        subject.add([TANPA_BARIS.found()])
        return held(table, subject, spill)
    subject.add(missing_and_extra(table.columns, subject.wishes.standing))
    step(_READ)
    subject.report(faults)
    step(_CELLS)
    subject.report([fault for rule in registry.CELL_CHECKS for one in unsure for fault in rule(subject, one)])
    covered = coverage.check(subject)
    table.coverage, table.facts, table.delivered = covered.coverage, covered.facts, covered.delivered
    step(_COVERED)
    for rule in registry.TABLE_CHECKS:
        rule(subject)
    if subject.wishes.period:
        table.expected_values = filled.expected_values(subject, covered.delivered)
        filled.check(subject, covered.delivered)
    table.personal = privacy.check(subject)
    step(1.0)
    return held(table, subject, spill)


def _prove(subject: Subject) -> None:
    """Prove what one pass over the file can prove."""
    try:
        subject.proof = proofs.look(subject)
    except duckdb.InvalidInputException:
        raise
    except duckdb.Error:
        subject.proof = None


def _other(subject: Subject, lines: Callable[[], int | None]) -> Grid | None:
    """The grid of the whole file, where it lies otherwise than its beginning says."""
    grid = subject.grid
    subject.unquoted = assumed.holds(subject, lines)
    if subject.unquoted or grid.look_through is None:
        return None
    whole = grid.look_through()
    is_same = whole.usable and (whole.path, whole.numbered) == (grid.path, grid.numbered)
    return None if is_same else whole


def _begin(subject: Subject) -> None:
    """Take what is proven; without a proof the cells are needed."""
    if subject.proof is None:
        for one in subject.columns:
            one.proven = False
        subject.load()
    else:
        subject.size = subject.proof.rows


def _columns(subject: Subject) -> list[Cells]:
    grid, wishes = subject.grid, subject.wishes
    if wishes.structure is not None:
        return _agreed(grid, wishes.structure)
    standing = {one.id: one.type for one in wishes.standing}
    # A table's whole numbers may become fractions, but no year does.
    asked = {"integer": "numeric"}
    return [
        _cells(name, title.strip(), number, asked=kind if of_time else asked.get(kind, kind), period=of_time)
        for number, (name, title) in enumerate(zip(column_ids(grid.titles), grid.titles, strict=True))
        for kind, of_time in [(standing.get(name, ""), name in PERIOD_COLUMNS)]
    ]


def _agreed(grid: Grid, structure: Structure) -> list[Cells]:
    """The structure's columns in its order, then the file's columns of time, which say the period of a row."""
    places = _places(grid, structure)
    found = []
    for column in structure.columns:
        number = places.get(column.id, -1)
        cells = _cells(
            column.id, grid.titles[number].strip() if number >= 0 else column.label, number, asked=column.type
        )
        cells.agreed = column
        found.append(cells)
    taken = {one.id for one in found}
    for number, name in enumerate(column_ids(grid.titles)):
        if name in PERIOD_COLUMNS and name not in taken and number not in places.values():
            found.append(_cells(name, grid.titles[number].strip(), number, period=True))
    return found


def _places(grid: Grid, structure: Structure) -> Mapping[str, int]:
    """Where each column of the structure stands in the file; the first, where two titles were taken for one."""
    titles = [title.strip() for title in grid.titles]
    if grid.matches:
        matched = {match.title.strip(): match.column_id for match in grid.matches}
    else:
        spelled = {
            plain(text): column.id
            for column in structure.columns
            for text in (*column.synonyms, column.id, column.label)
        }
        matched = {title: spelled.get(plain(title), "") for title in titles}
    places: dict[str, int] = {}
    for number, title in enumerate(titles):
        if column_id := matched.get(title, ""):
            places.setdefault(column_id, number)
    return places


def _cells(column_id: str, title: str, number: int, *, asked: str = "", period: bool = False) -> Cells:
    cells = Cells(column_id, title, number, ColumnProfile(column_id, title), asked=asked, period=period)
    if number >= 0:
        cells.raw = cells.value = f"c{number}"
    return cells


def _shown(subject: Subject) -> list[TableColumn]:
    return [
        TableColumn(one.id, one.agreed.label if one.agreed is not None else one.title, one.type)
        for one in subject.columns
    ]
