"""From what was agreed (or from the table that stands) to a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from math import prod

from ckanext.satudataserang.core.structures.model import CodeList, Column, Structure
from ckanext.satudataserang.core.tables.columns import is_key
from ckanext.satudataserang.core.tables.compare import StandingColumn
from ckanext.satudataserang.core.templates.model import MOST_ROWS, Earlier, Subject, Template, TemplateColumn
from ckanext.satudataserang.core.templates.stamp import Stamp

_AREAS = "wilayah:"
_TYPES = {"integer": "integer", "numeric": "numeric", "date": "date", "boolean": "boolean"}

#: Rows as they are kept: column id -> text.
Rows = Iterable[Mapping[str, str | None]]


def template_of(
    subject: Subject,
    structure: Structure | None,
    standing: Sequence[StandingColumn] = (),
    *,
    made: date,
    earlier: Rows = (),
    earlier_when: str = "",
    units: Mapping[str, str] | None = None,
) -> Template:
    """Lay out a template; the same arguments make the same template.

    :param structure: the agreed one with its code lists resolved; without one the columns of the table that stands
    :param standing: these columns, without those that say the period
    :param made: the day that is written into it
    :param earlier: the rows of the period before; what is measured there is shown beside
    :param earlier_when: that period in words
    :param units: units of the standing columns by id
    """
    columns = (
        [_agreed(column, structure) for column in structure.columns]
        if structure
        else [_standing(one, units or {}) for one in standing]
    )
    before = list(earlier)
    axes = _combinations(columns, structure.expected if structure else ())
    fixed = bool(axes)
    laid_out = set(structure.expected) if structure and fixed else set()
    if not fixed and not (structure and structure.expected):
        # Nothing is agreed about rows: what the last period was about helps to begin.
        laid_out = {column.id for column in columns if column.key} - _personal(structure)
        classes = dict.fromkeys(tuple(row.get(one.id) or "" for one in columns if one.id in laid_out) for row in before)
        axes = [[one for one in classes if any(one)][:MOST_ROWS]]
        laid_out = laid_out if axes[0] else set()
    ordered = tuple(replace(column, laid_out=column.id in laid_out) for column in columns)
    return Template(
        subject=subject,
        columns=ordered,
        stamp=Stamp(
            subject.entry,
            subject.period,
            structure.kode if structure else "",
            structure.version if structure else 0,
            made.isoformat(),
        ),
        axes=tuple(axes) if laid_out else (),
        count=prod(len(axis) for axis in axes) if laid_out else 0,
        fixed=fixed,
        earlier=_earlier(before, earlier_when, ordered),
        made=made,
    )


def _agreed(column: Column, structure: Structure) -> TemplateColumn:
    choices = _choices(column, structure)
    return TemplateColumn(
        id=column.id,
        title=column.label or column.id,
        type=column.type,
        unit=column.satuan,
        definition=column.definisi or column.konsep,
        required=column.required or column.key,
        key=column.key,
        minimum=column.minimum,
        maximum=column.maximum,
        decimals=column.decimals,
        personal=column.personal,
        choices=choices,
        by_code=choices is not None and _needs_codes(choices),
    )


def _choices(column: Column, structure: Structure) -> CodeList | None:
    try:
        return structure.codes_of(column)
    except KeyError:
        # A list that nobody has brought along is no reason to withhold the template; the check names the codes.
        return None


def _needs_codes(choices: CodeList) -> bool:
    """Whether the names of a list do not tell its codes apart; areas are always named by their code."""
    names = Counter(" ".join(one.label.casefold().split()) for one in choices.codes)
    return choices.id.startswith(_AREAS) or not all(names) or max(names.values(), default=1) > 1


def _standing(column: StandingColumn, units: Mapping[str, str]) -> TemplateColumn:
    key = is_key(column.id)
    return TemplateColumn(
        id=column.id,
        title=column.title or column.id,
        type=_TYPES.get(column.type, "text"),  # pyright: ignore[reportArgumentType]
        unit=units.get(column.id, ""),
        required=True,
        key=key,
    )


def _combinations(columns: Sequence[TemplateColumn], expected: Sequence[str]) -> list[Sequence[tuple[str, ...]]]:
    """The codes of each expected column, in the order of the columns; empty where they are unknown or too many."""
    named = [column for column in columns if column.id in expected]
    axes = [[(one.code,) for one in column.choices.codes] for column in named if column.choices]
    return list(axes) if len(axes) == len(expected) and 0 < prod(map(len, axes)) <= MOST_ROWS and axes else []


def _personal(structure: Structure | None) -> set[str]:
    return {column.id for column in structure.columns if column.personal} if structure else set()


def _earlier(
    rows: Sequence[Mapping[str, str | None]],
    when: str,
    columns: Sequence[TemplateColumn],
) -> Earlier | None:
    """The measured values of the period before, by the laid out columns; nothing about persons."""
    laid_out = [column.id for column in columns if column.laid_out]
    shown = [column.id for column in columns if column.is_measure]
    if not rows or not laid_out or not shown:
        return None
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        values = {name: value for name in shown if (value := row.get(name))}
        found.setdefault(tuple(row.get(name) or "" for name in laid_out), values)
    return Earlier(when, found)
