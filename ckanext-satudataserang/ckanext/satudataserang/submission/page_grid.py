"""The boxes of a delivery's page: what stands in them at first, what was typed, what was found at them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.submission import findings_view, grid_view
from ckanext.satudataserang.submission.asked import Asked
from ckanext.satudataserang.submission.forms import Posted
from ckanext.satudataserang.submission.grid import Grid, canonical, posted
from ckanext.satudataserang.submission.grid_view import Earlier
from ckanext.satudataserang.submission.page_words import sentence

__all__ = ["filled", "places", "typed", "unreadable"]

_MORE_ROWS = 5


def typed(asked: Asked, sent: Posted) -> tuple[Grid, list[dict[str, str]]]:
    """The grid as it was posted, and its rows for the actions; what cannot be read is noted in the grid."""
    columns = asked.columns or grid_view.new_columns(asked.entry["level_wilayah"], sent.titles)
    grid = posted(sent.boxes, columns)
    titles = [column.title for column in columns]
    # A file with the titles people know; where these do not lead back to the table's names, with its names.
    ids = [column.id for column in columns]
    names = titles if not asked.columns or column_ids(titles) == ids else ids
    kept = [at for at, name in enumerate(names) if asked.columns or name or any(row[at] for row in grid.rows)]
    rows = [{names[index] or ids[index]: row[ids[index]] for index in kept} for row in canonical(grid)]
    return grid, rows


def filled(asked: Asked, sent: Posted | None) -> tuple[Grid, Any]:
    """The grid and how it is laid out: what was posted, else what is stored."""
    earlier = [Earlier(one["period"], one["rows"]) for one in asked.earlier]
    if sent and sent.way == "isi":
        grid, _rows = typed(asked, sent)
        more = _MORE_ROWS if sent.deed == "baris" else 0
        view = _view(asked, grid, earlier, opened=sent.opened, more=more)
        return grid, view
    grid = _stored(asked)
    return grid, _view(asked, grid, earlier)


def _view(asked: Asked, grid: Grid, earlier: Sequence[Earlier], *, opened: bool = False, more: int = 0) -> Any:
    problems = {(one.row, grid.columns[one.column].id): sentence(one) for one in grid.problems}
    for row, column, message in _marks(asked, grid):
        problems.setdefault((row, column), message)
    return grid_view.view(
        grid,
        earlier,
        opened=opened,
        more=more,
        titles=not asked.columns,
        problems=lambda row, column: problems.get((row, column), ""),
    )


def _stored(asked: Asked) -> Grid:
    """What the boxes hold at first: the draft or what came back, else the classes of the last period."""
    base = asked.base or asked.open
    if base and base["rows"]:
        return grid_view.grid_of(asked.columns, base["rows"])
    if asked.given["expected"]:
        return grid_view.grid_of(asked.columns, asked.given["expected"])
    if asked.columns:
        before = asked.earlier[0] if asked.earlier else {"period": "", "rows": _areas(asked)}
        return grid_view.grid_of(asked.columns, before["rows"], keys_only=before["period"] != asked.period)
    return grid_view.grid_of(grid_view.new_columns(asked.entry["level_wilayah"], []), _areas(asked))


def _areas(asked: Asked) -> list[dict[str, str]]:
    """A row for each area of the entry's level, under the names that columns of areas bear."""
    level = asked.entry["level_wilayah"]
    names = ("nama_wilayah", "wilayah", level)
    return [{"kode_wilayah": code, **dict.fromkeys(names, name)} for code, name in grid_view.areas(level)]


def _marks(asked: Asked, grid: Grid) -> list[tuple[int, str, str]]:
    """Findings and remarks on the cells of the delivery that is shown: row from 0, column id, sentence."""
    base = asked.base
    if not base:
        return []
    ids = {title: column.id for column in grid.columns for title in (column.id, column.title)}
    notes = ((asked.open or {}).get("returned") or {}).get("notes", [])
    found = [(one, findings_view.said(one)[0]) for one in base["findings"] if one["severity"] != "info"]
    found += [(one, one.get("note", "")) for one in notes]
    at = places(asked)
    return [
        (at(one["row"]), ids[one["column"]], message)
        for one, message in found
        if one.get("row") and one.get("column") in ids and message
    ]


def places(asked: Asked) -> Callable[[Any], int]:
    """From a row of the file to its place in the boxes, from 0."""
    numbers = {number: at for at, number in enumerate((asked.base or {}).get("numbers") or [])}

    def at(row: Any) -> int:
        return numbers.get(int(row), int(row) - 1 - findings_view.HEADER_ROWS) if row else -1

    return at


def unreadable(asked: Asked, grid: Grid | None, view: Any) -> list[dict[str, str]]:
    """What was typed and cannot be read, each with the address of its box."""
    if grid is None or view is None:
        return []
    return [
        {
            "message": view.about(one.row, grid.columns[one.column].title) + ": " + sentence(one),
            "href": "#" + view.names[one.row, grid.columns[one.column].id],
        }
        for one in grid.problems
    ]
