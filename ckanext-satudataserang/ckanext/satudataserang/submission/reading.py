"""A delivered file, read and checked: one way for pages, API, commands and CKAN's own forms."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.checks import engine
from ckanext.satudataserang.core.checks.engine import Progress
from ckanext.satudataserang.core.checks.masks import hidden, hidden_cell
from ckanext.satudataserang.core.checks.privacy import JOINED, SIGNED, WHOLE, is_signature
from ckanext.satudataserang.core.checks.table import Table, raw_beginning
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.findings import error
from ckanext.satudataserang.core.periods import STATIC_KEY
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.tables.grid import Grid, Layout, TitleMatch
from ckanext.satudataserang.core.tables.opening import opened as opened_grid
from ckanext.satudataserang.core.templates import stale
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import files, history, tables
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.model import Submission

#: A title that was only guessed: somebody has to confirm it before the file counts.
UNCONFIRMED = "judul-perlu-dipastikan"
#: What can be begun with a file's form and the structure it is to have while its cells are being checked.
Begin: TypeAlias = "Callable[[Grid, Structure | None], object]"
#: So much of a cell is looked through to show its beginning.
_LOOKED_AT = 1_000
_PREVIEW_ROWS, _PREVIEW_COLUMNS, _PREVIEW_CHARACTERS = 8, 40, 80
#: A larger file (bytes) is not read twice only to be shown.
_MOST_LOOSE = 20 << 20


@dataclass
class Reading:
    """A file under check: how it lies, what it holds. It goes with the context it was opened in.

    `loose` is the file as it lies where its titles do not fit the structure; None where they do.
    """

    grid: Grid
    table: Table
    structure: Structure | None
    directory: Path
    loose: Grid | None = None

    @property
    def unconfirmed(self) -> list[TitleMatch]:
        """Titles that were only guessed."""
        return [match for match in self.grid.matches if match.how == "fuzzy"]

    def as_dict(self) -> dict[str, Any]:
        """How the file was read and what could be chosen instead, as plain values for pages and API."""
        grid = self.grid
        return {
            "layout": grid.layout.as_dict(),
            "sheets": list(grid.sheets),
            "titles": list(grid.titles),
            "matches": [vars(match) for match in grid.matches],
            "offered": grid.offered.as_dict() if grid.offered else None,
            "confirm": bool(self.unconfirmed),
            **self._preview(),
        }

    def _preview(self) -> dict[str, Any]:
        """The first cells: `preview` as they stand in the file, `read` what is stored of them (see `Beginning`).

        It is kept with the delivery, so what is about persons is masked: how it was read can be seen without.
        """
        # What could not be checked is shown as it stands: somebody has to say how it is to be read.
        first = self.table.beginning(_PREVIEW_ROWS, _PREVIEW_COLUMNS)
        if not first and self.loose is not None:
            first = raw_beginning(self.loose, _PREVIEW_ROWS, _PREVIEW_COLUMNS)
        numbers = frozenset(first.numbers)
        kinds = self._kinds()
        signed = next((at for at, cells in enumerate(first.texts) if any(map(is_signature, cells))), len(first.texts))
        by_place = {place: kinds.get(name, "") for place, name in first.columns.items()}

        def shown(row: int, place: int, text: str) -> str:
            kind, text = by_place.get(place, ""), text[:_LOOKED_AT]
            if SIGNED in kind and row >= signed:
                return WHOLE if text else text
            if kind:
                text = hidden_cell(text, kind)
            elif place not in numbers:
                text = hidden(text)
            return text[:_PREVIEW_CHARACTERS]

        return {
            "preview": [
                [shown(row, at, text) for at, text in enumerate(cells)] for row, cells in enumerate(first.texts)
            ],
            "read": [
                [value if value is None else shown(row, at, value) for at, value in enumerate(cells)]
                for row, cells in enumerate(first.read)
            ],
            "numbers": list(first.numbers),
        }

    def _kinds(self) -> dict[str, str]:
        """What the columns about persons hold, by id."""
        kinds = {one.id: WHOLE for one in self.structure.columns if one.personal} if self.structure else {}
        for one in self.table.personal:
            kinds[one.column_id] = JOINED.join(filter(None, (kinds.get(one.column_id, ""), one.kind)))
        return kinds


@contextmanager
def opened(
    path: Path,
    name: str,
    wishes: Wishes,
    *,
    layout: Layout | None = None,
    remembered: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    begin: Begin | None = None,
) -> Iterator[Reading]:
    """Read a file and check it against what is wished; every problem is in the table's findings.

    :param name: what the file was called, which decides nothing
    :param layout: how it was read before, or how a person says it is to be read
    :param remembered: what titles of this entry's files were confirmed to stand for
    :param begin: called with the file's form and the wished structure before its cells are checked
    """
    with tempfile.TemporaryDirectory(prefix="satudata-") as folder:
        directory = Path(folder)
        grid = opened_grid(
            path,
            name,
            directory=directory,
            layout=layout,
            structure=wishes.structure,
            remembered=remembered,
            assume=True,
        )
        if begin is not None:
            begin(grid, wishes.structure)
        table = engine.check(grid, wishes, directory=directory, progress=progress)
        grid = table.grid
        reading = Reading(grid, table, wishes.structure, directory, _loosely(path, name, grid, directory))
        table.findings.extend(_to_confirm(match, wishes.structure) for match in reading.unconfirmed)
        try:
            yield reading
        finally:
            table.close()


def _loosely(path: Path, name: str, grid: Grid, directory: Path) -> Grid | None:
    """A file whose titles do not fit the structure, read without it, so that its cells can be shown all the same."""
    if grid.usable or not grid.titles or path.stat().st_size > _MOST_LOOSE:
        return None
    apart = directory / "longgar"
    apart.mkdir()
    found = opened_grid(path, name, directory=apart, layout=replace(grid.layout, columns={}))
    return found if found.usable else None


@contextmanager
def kept(row: Submission, what: Due, begin: Begin | None = None) -> Iterator[Reading]:
    """Read a delivery's kept file again, as it was read when it was checked; `begin` as in `opened`."""
    structure = structure_of(row, what)
    with opened(
        files.path_of(row.file_sha256 or ""),
        row.file_name or "",
        wishes_of(what, structure),
        layout=Layout.from_dict(row.layout) if row.layout else None,
        begin=begin,
    ) as reading:
        yield reading


def structure_of(row: Submission, what: Due) -> Structure | None:
    """The structure that a delivery was checked against; of one from before any was kept, that of its entry."""
    if row.structure or row.reading is not None:
        return structure_named(row.structure)
    return structures.structure_of(what.entry)


def wishes_of(what: Due, structure: Structure | None, *, compared: bool = False) -> Wishes:
    """What a delivery for one cell is checked against.

    :param compared: also with the entry's own history, which has to be read for it
    """
    period = what.period.key
    return Wishes(
        structure=structure,
        standing=() if structure is not None else tables.standing_columns(what.entry),
        period=STATIC_KEY if period.startswith(STATIC_KEY) else period,
        frequency=what.terms.frequency,
        since=what.terms.anchor,
        areas=get_region().wilayah,
        history=history.history(what, structure) if compared else {},
        expected_values=what.expected_values,
    )


def structure_named(stamp: str) -> Structure | None:
    """The version of a structure that a delivery was checked against (``kode@version``)."""
    kode, _at, version = stamp.rpartition("@")
    return structures.structure(kode, int(version)) if kode and version.isascii() and version.isdigit() else None


def outdated(reading: Reading, what: Due) -> list[Any]:
    """What is wrong with the template a file was made from."""
    return stale(
        reading.grid.stamp,
        reading.structure,
        entry=what.entry.kode,
        period=what.period.key,
        old=structures.structure,
    )


def decided(layout: Layout, matches: tuple[TitleMatch, ...]) -> Layout:
    """A layout with every sure title's column written down, so that a later reading needs no memory."""
    columns = {match.title: match.column_id for match in matches if match.how not in ("none", "fuzzy")}
    return replace(layout, columns={**columns, **layout.columns})


def _to_confirm(match: TitleMatch, structure: Structure | None) -> Any:
    label = match.column_id
    if structure is not None:
        label = next((one.label for one in structure.columns if one.id == match.column_id), label)
    return error(
        UNCONFIRMED,
        "Judul “{title}” tampaknya kolom “{label}”, tetapi tidak ditulis sama.",
        "Pastikan di bagian “Begini berkas Anda dibaca”, atau samakan judulnya di berkas. Jawaban Anda diingat.",
        params={"title": match.title, "label": label},
        column=match.title,
        value=match.title,
    )
