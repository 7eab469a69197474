"""Rows that head a section of the table: with a structure they are left out, without one they are pointed out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.structures.words import plain
from ckanext.satudataserang.core.tables.columns import column_ids, is_code, is_ordinal
from ckanext.satudataserang.core.tables.kinds import stripped
from ckanext.satudataserang.core.tables.sectioning import Line, heads
from ckanext.satudataserang.core.tables.types import NUMBERS
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .subject import Cells, Subject

DILEWATI = Check(
    "judul-bagian",
    Severity.INFO,
    title="Judul bagian di antara data",
    message="{count} baris judul bagian (mulai baris {row}: “{value}”) tidak dimuat karena hanya membagi tabel dan "
    "tidak berisi angka.",
    advice="Bila nama bagian itu perlu disimpan, tulis sebagai kolom tersendiri pada setiap baris di bawahnya.",
)
DIMUAT = Check(
    "judul-bagian",
    Severity.WARNING,
    title="Judul bagian di antara data",
    message="{count} baris tampak sebagai judul bagian (mulai baris {row}: “{value}”) dan ikut dimuat sebagai baris "
    "tanpa angka.",
    advice="Hapus baris judul itu; bila nama bagiannya perlu disimpan, tulis sebagai kolom tersendiri pada setiap "
    "baris di bawahnya.",
)
CHECKS = (DILEWATI, DIMUAT)

#: Tables for print are not longer; a longer one is not looked through.
_MOST_ROWS = 100_000
#: The names of rows stand in one of the first columns.
_FIRST_COLUMNS = 3
_FEWEST = 2


@dataclass(frozen=True)
class _Shape:
    """Where rows have their names, and the SQL of the cells up to there and of those behind."""

    name: int
    front: Sequence[str]
    behind: Sequence[str]


def leave_out(subject: Subject) -> None:
    """Tell the rows that head sections; where a structure says what the table holds they are none of its rows."""
    shape = _shape(subject)
    if shape is None:
        return
    found = heads(_lines(subject, shape))
    if subject.wishes.structure is not None:
        own = _own(subject, shape.name)
        found = [line for line in found if not any(plain(cell) in own for cell in line.cells if cell)]
    if not found:
        return
    first = found[0]
    check = DIMUAT if subject.wishes.structure is None else DILEWATI
    title = subject.grid.titles[max(place for place, cell in enumerate(first.cells) if cell)].strip()
    subject.add([check.found(row=first.number, column=title, value=first.name, count=len(found))])
    if subject.wishes.structure is not None:
        numbers = ", ".join(f"({line.number})" for line in found)
        subject.ask(f"CREATE OR REPLACE TABLE heads AS SELECT * FROM (VALUES {numbers}) AS head(number)")  # noqa: S608
        subject.joins.append(f"ANTI JOIN heads ON heads.number = {subject.row_number}")
        # Not every row of the file is one of the table.
        subject.has_blank_rows = True


def _shape(subject: Subject) -> _Shape | None:
    """Where names and figures stand; None where no row can be a head, as in most tables."""
    if subject.size > _MOST_ROWS:
        return None
    known = {one.number: one for one in subject.columns if one.present}
    melt = subject.grid.layout.melt
    made = set(melt.new_titles[:-1]) if melt else set[str]()
    titles = [title.strip() for title in subject.grid.titles]
    names = column_ids(titles)
    named = (i for i, one in sorted(known.items()) if _is_text(one) and not (is_ordinal(names[i]) or is_code(names[i])))
    name = next(named, None)
    if name is None or name >= _FIRST_COLUMNS or titles[name] in made:
        return None
    behind = [i for i in range(name + 1, len(titles)) if titles[i] not in made]
    figures = [known[i] for i in behind if i in known and _is_figure(known[i])]
    if not figures or any(one.profile.kinds[Kind.EMPTY] < _FEWEST for one in figures):
        return None
    cells = [known[i].raw if i in known else stripped(f"c{i}") for i in range(len(titles))]
    return _Shape(name, cells[: name + 1], [cells[i] for i in behind])


def _lines(subject: Subject, shape: _Shape) -> list[Line]:
    """All rows with content, as far as they may head sections; none where too few are bare."""
    bare = " AND ".join(f"({one}) IS NULL" for one in shape.behind)
    named = f"coalesce({', '.join(shape.front)}) IS NOT NULL"
    ((count,),) = subject.ask(f"SELECT count(*) FROM cells WHERE {named} AND {bare}")  # noqa: S608
    if count < _FEWEST:
        return []
    # A row whose periods became rows of their own is one row.
    front = ", ".join(f"any_value({one})" for one in shape.front)
    rows = subject.ask(
        f"SELECT {subject.row_number} AS number, bool_and({bare}), {front} FROM cells "  # noqa: S608
        f"WHERE {named} OR NOT ({bare}) GROUP BY 1 ORDER BY 1"
    )
    return [Line(number, tuple(cell or "" for cell in cells), empty) for number, empty, *cells in rows]


def _own(subject: Subject, name: int) -> frozenset[str]:
    """All that the columns up to the name may hold by their code lists, as it is compared."""
    structure = subject.wishes.structure
    found: set[str] = set()
    for one in subject.columns:
        codes = structure.codes_of(one.agreed) if structure and one.agreed and 0 <= one.number <= name else None
        if codes is not None:
            found |= {plain(text) for code in codes.codes for text in (code.code, code.label, *code.synonyms)}
    return frozenset(found)


def _is_text(column: Cells) -> bool:
    if column.asked:
        return column.asked == "text"
    return column.profile.kinds[Kind.TEXT] * 2 > column.profile.values


def _is_figure(column: Cells) -> bool:
    if column.asked:
        return column.asked in ("integer", "numeric")
    numbers = sum(column.profile.kinds[kind] for kind in NUMBERS)
    return numbers > 0 and numbers >= column.profile.kinds[Kind.TEXT]
