"""Mending an uploaded file on the page: the rows something was found in, with boxes, and the file made of the answers.

The file is read by its own layout and written again with the mended cells; nothing else in it changes. Boxes are called
`p-<row of the source>-<column from 0>`.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.annotate import rows_of
from ckanext.satudataserang.core.tables.grid import Grid, Layout
from ckanext.satudataserang.core.tables.opening import opened
from ckanext.satudataserang.submission import findings_view

PER_PAGE = 25
_MOST_COLUMNS = 60
_BOX = re.compile(r"p-(\d{1,8})-(\d{1,3})", re.ASCII)
_CELL = 500


#: Texts, each with what it means where it does not say so itself.
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Box:
    """A cell: `problem` is what was found there, empty for nothing; `editable` where the row may be mended; `choices`
    the id of what may stand there."""

    name: str
    value: str
    title: str
    choices: str = ""
    problem: str = ""
    severity: str = ""
    editable: bool = False


@dataclass
class Line:
    """A row of the file, and what was found about it as a whole."""

    number: int
    cells: list[Box]
    problem: str = ""


@dataclass
class Mending:
    """One page of rows; `carried` is what was typed on other pages and is not saved yet, by the names of its boxes.

    `choices` are texts that may stand in a column, each with what it means, by the id that boxes name.
    """

    titles: Sequence[str]
    lines: list[Line] = field(default_factory=list)
    page: int = 1
    pages: int = 1
    bad_rows: int = 0
    every: bool = False
    cut: bool = False
    carried: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)

    @property
    def names(self) -> dict[tuple[int, str], str]:
        """The names of the boxes by row of the source and title of the column."""
        return {(line.number, box.title): box.name for line in self.lines for box in line.cells}


@contextmanager
def grid_of(path: Path, name: str, layout: Mapping[str, Any] | None, structure: Any = None) -> Iterator[Grid]:
    """A kept file as the grid of its cells, for as long as it is looked at."""
    with tempfile.TemporaryDirectory(prefix="satudata-baca-") as directory:
        given = Layout.from_dict(dict(layout)) if layout else None
        yield opened(path, name, directory=Path(directory), layout=given, structure=structure)


def choices(columns: Sequence[Mapping[str, Any]], matches: Sequence[Mapping[str, Any]]) -> dict[str, Choices]:
    """What may stand under the titles of a file: labels, or codes where several have the same label.

    :param columns: agreed columns, each with `id` and `choices` (of `code` and `label`)
    :param matches: the titles, each with the `column_id` it was taken for
    """
    agreed = {one["id"]: one.get("choices") or [] for one in columns}
    found: dict[str, Choices] = {}
    for match in matches:
        codes = agreed.get(match["column_id"], [])
        labels = {str(one["label"]).casefold() for one in codes}
        if len(labels) == len(codes) > 0:
            found[str(match["title"])] = [(str(one["label"]), "") for one in codes]
        elif codes:
            found[str(match["title"])] = [(str(one["code"]), str(one["label"])) for one in codes]
    return found


def view(
    grid: Grid,
    findings: Sequence[Mapping[str, Any]],
    *,
    page: int = 1,
    every: bool = False,
    typed: Mapping[str, str],
    allowed: Mapping[str, Choices] | None = None,
) -> Mending | None:
    """One page of the rows of a file, those with findings (or `every` row); None where there is nothing to mend.

    :param typed: what was posted and is not saved yet, by the names of the boxes
    :param allowed: `choices` by title
    """
    if not grid.titles:
        return None
    titles = list(grid.titles[:_MOST_COLUMNS])
    answers = {name: text for name, text in typed.items() if _BOX.fullmatch(name)}
    offered = {title: f"pilihan-{at}" for at, title in enumerate(titles) if (allowed or {}).get(title.strip())}
    marks = _marks(findings, titles, grid.layout.first)
    wanted = sorted({row for row, _at in marks})
    if not (wanted or every) or grid.layout.melt:
        return None
    first = (page - 1) * PER_PAGE
    if every:
        rows = list(islice(rows_of(grid), first, first + PER_PAGE + 1))
        pages = page + (len(rows) > PER_PAGE)
        rows = rows[:PER_PAGE]
    else:
        pages = max(1, -(-len(wanted) // PER_PAGE))
        page = min(page, pages)
        numbers = set(wanted[(page - 1) * PER_PAGE : page * PER_PAGE])
        rows = _picked(grid, numbers)
    return Mending(
        titles,
        [_line(number, cells, titles, marks, answers, offered) for number, cells in rows],
        page,
        pages,
        len(wanted),
        every,
        len(grid.titles) > len(titles),
        _elsewhere(grid, answers, {number for number, _cells in rows}),
        {name: (allowed or {})[title.strip()] for title, name in offered.items()},
    )


def mended(grid: Grid, form: Mapping[str, str], name: str) -> FileStorage | None:
    """The file with what was typed into boxes; None where nothing was. Raises ValidationError where it is gone."""
    answers: dict[int, dict[int, str]] = {}
    for box, text in form.items():
        place = _BOX.fullmatch(box)
        if place:
            answers.setdefault(int(place[1]), {})[int(place[2])] = " ".join(text.replace("\0", "").split())[:_CELL]
    if not answers:
        return None
    if not grid.usable:
        raise tk.ValidationError({"upload": [tk._("Berkasnya tidak dapat dibaca lagi. Unggah berkas yang baru.")]})
    # Large files go through the disk, not through memory.
    target = tempfile.SpooledTemporaryFile(max_size=1 << 20)  # noqa: SIM115 (the action reads and closes it)
    text = io.TextIOWrapper(target, encoding="utf-8", newline="", write_through=True)  # type: ignore[type-var]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(grid.titles)
    for number, cells in rows_of(grid):
        for at, answer in answers.get(number, {}).items():
            if at < len(cells):
                cells[at] = answer
        if any(cells):
            writer.writerow(cells)
    text.detach()
    target.seek(0)
    return FileStorage(target, filename=f"{Path(name).stem[:100] or 'kiriman'}.csv")  # type: ignore[arg-type]


def layout_after(layout: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How the mended file is to be read: plain, with the titles taken for what they were taken for."""
    if not layout:
        return None
    return {
        "form": "csv",
        "encoding": "utf-8",
        "delimiter": ",",
        "header": [1, 1],
        "first": 2,
        "columns": dict(layout.get("columns") or {}),
    }


def _marks(
    findings: Sequence[Mapping[str, Any]], titles: Sequence[str], first: int
) -> dict[tuple[int, int | None], list[Any]]:
    """What was found in the rows of data, the first of which has the number `first`, by row and place of the column."""
    at = {_plain(title): place for place, title in reversed(list(enumerate(titles)))}
    marks: dict[tuple[int, int | None], list[Any]] = {}
    for one in findings:
        if int(one.get("row") or 0) >= first and one.get("severity") != "info":
            marks.setdefault((int(one["row"]), at.get(_plain(str(one.get("column") or "")))), []).append(one)
    return marks


def _picked(grid: Grid, numbers: set[int]) -> list[tuple[int, list[str]]]:
    """The rows of these numbers; reading ends with the last of them."""
    found: list[tuple[int, list[str]]] = []
    last = max(numbers, default=0)
    for number, cells in rows_of(grid):
        if number > last:
            break
        if number in numbers:
            found.append((number, cells))
    return found


def _elsewhere(grid: Grid, answers: Mapping[str, str], shown: set[int]) -> dict[str, str]:
    """What was typed into boxes of rows that are not shown, as far as it is not what the file says already."""
    places = {name: (int(found[1]), int(found[2])) for name in answers if (found := _BOX.fullmatch(name))}
    rows = dict(_picked(grid, {row for row, _at in places.values()} - shown))
    return {
        name: answers[name][:_CELL]
        for name, (row, at) in places.items()
        if row in rows and at < len(rows[row]) and answers[name] != rows[row][at]
    }


def _line(
    number: int,
    cells: Sequence[str],
    titles: Sequence[str],
    marks: Mapping[tuple[int, int | None], Sequence[Mapping[str, Any]]],
    typed: Mapping[str, str],
    offered: Mapping[str, str],
) -> Line:
    bad = any(row == number for row, _at in marks)
    boxes = []
    for at, title in enumerate(titles):
        said = marks.get((number, at), ())
        name = f"p-{number}-{at}"
        boxes.append(
            Box(
                name=name,
                value=typed.get(name, cells[at] if at < len(cells) else ""),
                title=title,
                choices=offered.get(title, ""),
                problem=_said(said),
                severity=min((str(one.get("severity")) for one in said), default=""),
                editable=bad,
            )
        )
    return Line(number, boxes, _said(marks.get((number, None), ())))


def _said(findings: Sequence[Mapping[str, Any]]) -> str:
    told = (" ".join(part for part in findings_view.said(one) if part) for one in findings)
    return " ".join(dict.fromkeys(told))


def _plain(title: str) -> str:
    return " ".join(title.split()).casefold()
