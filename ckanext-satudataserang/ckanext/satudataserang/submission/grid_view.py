"""The grid as a page shows it: which columns are fixed, what stands in the boxes, and what stood there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, region
from ckanext.satudataserang.core.tables.columns import is_code
from ckanext.satudataserang.core.tables.values import MAX_DIGITS, Kind, kind_of
from ckanext.satudataserang.submission import words
from ckanext.satudataserang.submission.grid import MAX_CELLS, MAX_COLUMNS, Grid, GridColumn, written

__all__ = ["Box", "Earlier", "GridView", "areas", "columns_of", "grid_of", "view"]

_MOST_GROUPED = 10**MAX_DIGITS
#: Boxes for a table nobody has made yet.
_NEW_COLUMNS = 3
_NEW_ROWS = 3
_SHOWN_PERIODS = 2
_TITLE = "judul-{}"
_NUMBERS = (Kind.INTEGER, Kind.POINT, Kind.COMMA, Kind.GROUPED_POINT, Kind.GROUPED_COMMA)


@dataclass(frozen=True)
class Earlier:
    """The rows of an earlier period, to be shown beside the boxes."""

    period: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Box:
    """One cell of the page; `earlier` is ``[{"when", "value"}]``, `shown` what a fixed one is called."""

    name: str
    value: str
    label: str
    title: str = ""
    number: bool = False
    code: bool = False
    editable: bool = True
    problem: str = ""
    earlier: Sequence[Mapping[str, str]] = ()
    shown: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Line:
    """One row: what says what it is about, and its boxes."""

    fixed: list[Box]
    cells: list[Box]


@dataclass
class GridView:
    """The whole grid; `open`: what a row is about can be changed too."""

    head: list[Any]
    lines: list[Line]
    fixed: bool
    fixed_title: str
    open: bool
    too_large: bool
    names: dict[tuple[int, str], str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)

    def about(self, row: int, title: str) -> str:
        """A place in words: "Kasemen, Penduduk"."""
        said = self.rows[row] if row < len(self.rows) and self.rows[row] else tk._("baris {n}").format(n=row + 1)
        return f"{said}, {title}"


def columns_of(given: Iterable[Mapping[str, Any]], rows: Iterable[Mapping[str, Any]] = ()) -> list[GridColumn]:
    """The columns a person fills in, as satudata_submission_form gives them (the period's own are not asked).

    Where there is no table yet, `rows` of the draft tell: a column in which some number stands is one of numbers, so
    that a slip of the keyboard does not make it a column of text.

    Numbers that are no key are measured; what else there is says what a row is about. A table without such numbers (a
    list of places) is filled in its other columns.
    """
    agreed = list(given)
    if any("choices" in one for one in agreed):
        return [_agreed(one) for one in agreed]
    begun, given = list(rows), agreed
    found = [{**one, "number": one["number"] or _has_number(begun, str(one["id"]))} for one in given]
    measured = {one["id"] for one in found if one["number"] and not one["key"]}
    measured = measured or {one["id"] for one in found if not one["key"]}
    return [
        GridColumn(
            id=str(one["id"]),
            title=str(one["title"] or one["id"]),
            unit=str(one["unit"] or ""),
            key=one["id"] not in measured,
            number=bool(one["number"]) and one["id"] in measured,
        )
        for one in found
    ]


def _agreed(one: Mapping[str, Any]) -> GridColumn:
    """A column of a structure: what names a row, and what may stand in it, was agreed."""
    return GridColumn(
        id=str(one["id"]),
        title=str(one["title"]),
        unit=str(one["unit"]),
        key=bool(one["key"]),
        number=bool(one["number"]) and not one["key"],
        required=bool(one["required"]),
        hint=str(one["definition"]),
        choices={str(each["code"]): str(each["label"]) for each in one["choices"]},
    )


def _has_number(rows: Sequence[Mapping[str, Any]], column: str) -> bool:
    """Whether numbers stand in a column, or nothing yet: what is still to be typed is a figure most of the time."""
    texts = [text for row in rows if (text := str(row.get(column) or ""))]
    return any(kind_of(text) in _NUMBERS for text in texts) or (bool(rows) and not texts)


def new_columns(level: str, titles: Sequence[str]) -> list[GridColumn]:
    """The columns of a table that does not exist yet: areas where the entry has a level, else what is typed."""
    given = [title for title in titles[:MAX_COLUMNS] if title]
    if areas(level):
        measured = given or [tk._("Nilai")]
        return [
            GridColumn("kode_wilayah", tk._("Kode wilayah"), key=True),
            GridColumn("nama_wilayah", tk._("Wilayah"), key=True),
            *(GridColumn(f"kolom_{n}", title, number=True) for n, title in enumerate(measured, 1)),
        ]
    shown = [*given, *[""] * max(0, _NEW_COLUMNS - len(given))]
    return [GridColumn(f"kolom_{n}", title) for n, title in enumerate(shown, 1)]


def areas(level: str) -> list[tuple[str, str]]:
    """Codes and names of the region's areas of a level, where they are few enough to be typed row by row."""
    if level not in ("kecamatan", "kelurahan"):
        return []
    levels = ("kelurahan", "desa") if level == "kelurahan" else (level,)
    home = region.get_region()
    return sorted(
        (area.code, area.name)
        for one in levels
        for area in home.wilayah.at_level(one)
        if area.code.startswith(home.kode)
    )


def grid_of(columns: Sequence[GridColumn], rows: Iterable[Mapping[str, Any]], *, keys_only: bool = False) -> Grid:
    """Stored rows as texts in boxes; `keys_only` leaves what is measured empty."""
    return Grid(
        columns,
        [
            [
                "" if keys_only and not column.key else written(row.get(column.id), number=column.number)
                for column in columns
            ]
            for row in rows
        ],
    )


def view(
    grid: Grid,
    earlier: Sequence[Earlier] = (),
    *,
    opened: bool = False,
    more: int = 0,
    titles: bool = False,
    problems: Callable[[int, str], str] = lambda _row, _column: "",
) -> GridView:
    """Lay out a grid.

    :param opened: show boxes also for what says what a row is about
    :param more: so many empty rows at the end
    :param titles: the titles of the measured columns are typed, too
    :param problems: what is wrong with a row (from 0) and column id, empty where nothing is
    """
    columns = grid.columns
    fixed = [index for index, column in enumerate(columns) if column.key]
    boxed = [index for index in range(len(columns)) if index not in fixed]
    if not boxed:
        fixed, boxed = [], list(range(len(columns)))
    before = [_by_key(one, columns, fixed) for one in earlier[:_SHOWN_PERIODS]]
    rows = [*grid.rows, *([""] * len(columns) for _ in range(more or (0 if grid.rows else _NEW_ROWS)))]
    lines, abouts = [], []
    for number, texts in enumerate(rows):
        named = {index: columns[index].named(texts[index]) for index in fixed if texts[index]}
        plain = [index for index in named if not is_code(columns[index].id) or columns[index].choices]
        abouts.append(", ".join(named[index] for index in plain))
        about = " ".join(named.values())
        fresh = number >= len(grid.rows) or opened or not about

        def box(index: int, number: int = number, texts: list[str] = texts, about: str = about, **more: Any) -> Box:
            column = columns[index]
            return Box(
                name=f"s-{number}-{index}",
                value=column.coded(texts[index]) if column.choices else texts[index],
                shown=column.named(texts[index]),
                choices=column.choices,
                label=f"{column.title}, {about}"
                if about
                else tk._("{column}, baris {n}").format(column=column.title, n=number + 1),
                title=column.title,
                number=column.number,
                code=is_code(column.id) and not column.choices,
                problem=problems(number, column.id),
                **more,
            )

        lines.append(
            Line(
                fixed=[box(index, editable=fresh or bool(problems(number, columns[index].id))) for index in fixed],
                cells=[box(index, earlier=_before(before, texts, columns, fixed, index, number)) for index in boxed],
            )
        )
    typed = {index: _TITLE.format(place) for place, index in enumerate(boxed)} if titles else {}
    return GridView(
        head=[
            {
                "title": columns[index].title,
                "unit": columns[index].unit,
                "number": columns[index].number,
                "required": columns[index].required,
                "hint": columns[index].hint,
                "title_name": typed.get(index, ""),
            }
            for index in boxed
        ],
        lines=lines,
        fixed=bool(fixed),
        fixed_title=" / ".join(
            columns[one].title for one in fixed if not is_code(columns[one].id) or columns[one].choices
        )
        or " / ".join(columns[index].title for index in fixed),
        open=opened,
        too_large=len(columns) * len(rows) > MAX_CELLS or len(columns) > MAX_COLUMNS,
        names={(row, one.id): f"s-{row}-{index}" for row in range(len(rows)) for index, one in enumerate(columns)},
        rows=abouts,
    )


def _by_key(one: Earlier, columns: Sequence[GridColumn], fixed: Sequence[int]) -> tuple[str, dict[Any, Any]]:
    """The rows of a period by what they are about, or by their place where nothing says so."""
    found: dict[Any, Any] = {}
    for place, row in enumerate(one.rows):
        key = tuple(written(row.get(columns[index].id), number=False) for index in fixed) if fixed else place
        found.setdefault(key, row)
    return one.period, found


def _before(
    before: Sequence[tuple[str, dict[Any, Any]]],
    texts: Sequence[str],
    columns: Sequence[GridColumn],
    fixed: Sequence[int],
    index: int,
    place: int,
) -> list[dict[str, str]]:
    key = tuple(texts[at] for at in fixed) if fixed else place
    column = columns[index]
    shown = []
    for period, rows in before:
        value = rows.get(key, {}).get(column.id)
        if value not in (None, ""):
            shown.append({"when": words.period(period), "value": readable(value, column)})
    return shown


def readable(value: Any, column: GridColumn) -> str:
    """A stored value to be read, not typed: numbers grouped."""
    if not column.number:
        return str(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    # A word such as "nan" is read as a number, too; and what has more digits than a figure has is shown as it stands.
    if not abs(number) < _MOST_GROUPED:
        return str(value)
    return formats.number(int(number) if number.is_integer() else number, words.locale())
