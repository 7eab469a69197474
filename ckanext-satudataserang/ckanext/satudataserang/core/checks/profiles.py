"""What stands in a column, counted by kind over all of its cells."""

from __future__ import annotations

from ckanext.satudataserang.core.tables.kinds import has_blanks, kind_of, stripped
from ckanext.satudataserang.core.tables.types import ColumnProfile
from ckanext.satudataserang.core.tables.values import Kind

from .subject import Cells, Subject

_PADDED = -1


def look(subject: Subject, column: Cells) -> None:
    """Fill in a column's profile; where cells have space at their ends, it is taken off from here on."""
    if not column.present:
        return
    padded = f"CASE WHEN kind = {Kind.TEXT.value} AND {has_blanks('x')} THEN {_PADDED} ELSE kind END"
    found = _kinds(subject, column.raw, padded)
    if _PADDED in found:
        column.raw = f"CASE WHEN {has_blanks(column.raw)} THEN {stripped(column.raw)} ELSE {column.raw} END"
        found = _kinds(subject, column.raw, "kind")
    profile_of(subject, column.profile, column.raw, found)


def again(subject: Subject, column: Cells, expression: str) -> ColumnProfile:
    """The profile of a column read as `expression` over `cells`."""
    profile = ColumnProfile(column.id, column.title)
    profile_of(subject, profile, expression, _kinds(subject, expression, "kind"))
    return profile


def profile_of(subject: Subject, profile: ColumnProfile, expression: str, found: dict[int, tuple[int, int]]) -> None:
    """Put counts and first places into a profile."""
    places = {place: Kind(kind) for kind, (_count, place) in found.items()}
    profile.kinds.update({Kind(kind): count for kind, (count, _place) in found.items()})
    if not places:
        return
    wanted = ", ".join(str(int(place)) for place in places)
    number = "cells.nr" if subject.grid.numbered else f"cells.rowid + {int(subject.grid.layout.first)}"
    for place, row, text in subject.ask(
        f"SELECT rowid, {number}, {expression} FROM cells WHERE rowid IN ({wanted})"  # noqa: S608
    ):
        profile.first[places[place]] = (row, text or "")


def _kinds(subject: Subject, expression: str, kind: str) -> dict[int, tuple[int, int]]:
    """By kind: how many cells, and the place of the first."""
    rows = subject.ask(
        f"SELECT {kind} AS k, count(*), min(place) FROM (SELECT x, {kind_of('x')} AS kind, place "  # noqa: S608
        f"FROM (SELECT {expression} AS x, rowid AS place FROM cells)) GROUP BY k"
    )
    return {row[0]: (row[1], row[2]) for row in rows}
