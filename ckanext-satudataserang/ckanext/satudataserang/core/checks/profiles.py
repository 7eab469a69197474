"""What stands in a column, counted by kind over all of its cells.

A column of few different texts is counted text by text, once, and what a text is is told in Python; the cells of
others are looked at one by one in the database. Both follow the same rules (`tables.values`, `tables.kinds`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ckanext.satudataserang.core.tables import values
from ckanext.satudataserang.core.tables.kinds import has_blanks, kind_of, stripped
from ckanext.satudataserang.core.tables.types import ColumnProfile
from ckanext.satudataserang.core.tables.values import Kind

from .subject import Cells, Subject

_PADDED = -1
_SAMPLE = 20_000
#: A column with more different texts among so many rows is not counted text by text.
_FEW_IN_SAMPLE = 8_000
_FEW = 20_000
#: Different texts held at once, all columns together.
_HELD = 200_000


def look(subject: Subject, columns: Sequence[Cells] | None = None) -> None:
    """Fill in the profiles of all columns, or of these; where cells have space at their ends, it is taken off from here
    on."""
    present = [one for one in columns or subject.columns if one.present and not one.proven]
    few = _FEW_IN_SAMPLE if len(present) * _FEW_IN_SAMPLE <= _HELD else max(_HELD // max(len(present), 1), 50)
    different = _different(subject, present)
    for column, number in zip(present, different, strict=True):
        if number <= few and _count_texts(subject, column, min(_FEW, few * 3)):
            continue
        _count_kinds(subject, column)


def again(subject: Subject, column: Cells, expression: str, kind: str) -> ColumnProfile:
    """The profile of a column read as `expression`, the kind of which is `kind`, both over `cells`."""
    profile = ColumnProfile(column.id, column.title)
    rows = subject.ask(f"SELECT {kind} AS k, count(*), min(rowid) FROM cells GROUP BY k")  # noqa: S608
    _fill(subject, profile, expression, {row[0]: (row[1], row[2]) for row in rows})
    return profile


def _different(subject: Subject, columns: Sequence[Cells]) -> list[int]:
    """How many different texts each column has among some rows from everywhere in the table."""
    step = max(subject.size // _SAMPLE, 1)
    found: list[int] = []
    for start in range(0, len(columns), 50):
        counts = ", ".join(f"count(DISTINCT {one.raw})" for one in columns[start : start + 50])
        found += subject.ask(f"SELECT {counts} FROM cells WHERE rowid % {step} = 0")[0]  # noqa: S608
    return found


def _count_texts(subject: Subject, column: Cells, most: int) -> bool:
    """Count every different text of a column; False where there are too many after all."""
    x = column.raw
    rows = subject.ask(
        f"SELECT {x} AS x, count(*), min(rowid) FROM cells GROUP BY x LIMIT {most + 1}"  # noqa: S608
    )
    if len(rows) > most:
        return False
    texts: dict[str, tuple[int, int]] = {}
    padded = False
    for text, count, place in rows:
        plain = (text or "").strip()
        padded = padded or plain != (text or "")
        before = texts.get(plain, (0, place))
        texts[plain] = (before[0] + count, min(before[1], place))
    if padded:
        column.raw = column.value = _without_blanks(x)
    column.texts = texts
    kinds: dict[int, tuple[int, int]] = {}
    for text, (count, place) in texts.items():
        kind = values.kind_of(text).value
        before = kinds.get(kind, (0, place))
        kinds[kind] = (before[0] + count, min(before[1], place))
    _fill(subject, column.profile, column.raw, kinds)
    return True


def _count_kinds(subject: Subject, column: Cells) -> None:
    padded = f"CASE WHEN kind = {Kind.TEXT.value} AND {has_blanks('x')} THEN {_PADDED} ELSE kind END"
    found = _kinds(subject, column.raw, padded)
    if _PADDED in found:
        column.raw = column.value = _without_blanks(column.raw)
        found = _kinds(subject, column.raw, "kind")
    _fill(subject, column.profile, column.raw, found)


def _without_blanks(expression: str) -> str:
    return f"CASE WHEN {has_blanks(expression)} THEN {stripped(expression)} ELSE {expression} END"


def _fill(subject: Subject, profile: ColumnProfile, expression: str, found: Mapping[int, tuple[int, int]]) -> None:
    """Put counts and first places into a profile."""
    places = {place: Kind(kind) for kind, (_count, place) in found.items()}
    profile.kinds.update({Kind(kind): count for kind, (count, _place) in found.items()})
    wanted = ", ".join(str(int(place)) for place, kind in places.items() if kind not in (Kind.EMPTY, Kind.TEXT))
    if not wanted:
        return
    for place, row, text in subject.ask(
        f"SELECT rowid, {subject.row_number}, {expression} FROM cells WHERE rowid IN ({wanted})"  # noqa: S608
    ):
        profile.first[places[place]] = (row, text or "")


def _kinds(subject: Subject, expression: str, kind: str) -> dict[int, tuple[int, int]]:
    """By kind: how many cells, and the place of the first."""
    rows = subject.ask(
        f"SELECT {kind} AS k, count(*), min(place) FROM (SELECT x, {kind_of('x')} AS kind, place "  # noqa: S608
        f"FROM (SELECT {expression} AS x, rowid AS place FROM cells)) GROUP BY k"
    )
    return {row[0]: (row[1], row[2]) for row in rows}
