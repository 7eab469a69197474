"""Where the titles of a table stand: below headings and blank rows, in one row or several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from .cells import are_bracketed, are_ordinals, are_units, filled, is_caption, is_missing, is_number, is_title, trimmed
from .records import Record

#: A merged block of cells: first and last row (from 1), first and last column (from 0).
Block = tuple[int, int, int, int]
#: So many rows with content are looked at.
HEAD_ROWS = 200
_MOST_TITLE_ROWS = 6
_SEARCHED = 60
_FEW = 3
_JOINER = " – "


@dataclass(frozen=True)
class Heading:
    """The titles by column ("" where none stands), the rows they stand in, and the first row of data.

    `width` is how many cells the last row of titles has, empty ones too. `units` is the row under them that says units.
    """

    titles: tuple[str, ...]
    rows: tuple[int, int]
    first: int
    width: int
    units: int = 0


def find_heading(head: Sequence[Record], blocks: Sequence[Block] = ()) -> Heading | None:
    """Find the titles among the first rows with content; None where there is no row at all."""
    if not head:
        return None
    width = _table_width(head)
    start = _start(head, width, blocks)
    end = _end(head, start, width, blocks)
    return _made(head, start, end, width, blocks)


def given_heading(head: Sequence[Record], rows: tuple[int, int], first: int, blocks: Sequence[Block]) -> Heading | None:
    """The titles of rows that are known; None where nothing stands in them."""
    inside = [record for record in head if rows[0] <= record[0] <= rows[1] and trimmed(record[1])]
    if not inside:
        return None
    titles = _joined(inside, blocks)
    return Heading(titles, rows, first, max(len(cells) for _number, cells in inside))


def _made(head: Sequence[Record], start: int, end: int, width: int, blocks: Sequence[Block]) -> Heading:
    rows = list(head[start : end + 1])
    titles = _joined(rows, blocks)
    first = rows[-1][0] + 1
    after = head[end + 1 :]
    units = 0
    if len(after) > 1 and are_units(after[0][1]) and not are_units(after[1][1]):
        units, first, after = after[0][0], after[0][0] + 1, after[1:]
    if after and _numbers_columns(after[0][1], after[1:], width):
        first, after = after[0][0] + 1, after[1:]
    if after:
        first = after[0][0]
    return Heading(titles, (rows[0][0], rows[-1][0]), first, max(len(cells) for _number, cells in rows), units)


def _numbers_columns(row: Sequence[str], body: Sequence[Record], width: int) -> bool:
    """Whether a row under the titles numbers the columns; without brackets it might be the first row of data."""
    if not are_ordinals(row):
        return False
    return are_bracketed(row) or (width > _FEW and len(filled(row)) == width and _contrasts(row, body))


def _table_width(head: Sequence[Record]) -> int:
    widths = Counter(places[-1] + 1 for _number, cells in head if len(places := filled(cells)) > 1)
    return max(widths, key=lambda width: (widths[width], width)) if widths else 1


def _start(head: Sequence[Record], width: int, blocks: Sequence[Block]) -> int:
    """The first row that is no heading above the table."""
    if width == 1:
        return 0
    fallback = None
    for index, (number, cells) in enumerate(head[:_SEARCHED]):
        places = filled(cells)
        if len(places) < 2 and not _spans_part(number, width, blocks, places):  # noqa: PLR2004
            continue
        if all(is_caption(cells[place]) for place in places):
            continue
        fallback = index if fallback is None else fallback
        if not _is_preface(head, index, places, width, blocks):
            return index
    return fallback or 0


def _spans_part(number: int, width: int, blocks: Sequence[Block], places: Sequence[int]) -> bool:
    """Whether the lone cell of a row is merged over several columns, yet not over the whole table."""
    return any(
        top == number and left in places and right - left > 0 and left > 0 and right - left + 1 < width
        for top, _bottom, left, right in blocks
    )


def _is_preface(head: Sequence[Record], index: int, places: Sequence[int], width: int, blocks: Sequence[Block]) -> bool:
    """Whether a row of a name and a value (``Instansi: | Dinas …``) stands above the titles."""
    if len(places) > 2 or width < 3 or places[-1] - places[0] > 2:  # noqa: PLR2004 (a name and a value)
        return False
    if _end(head, index, width, blocks) > index:
        return False
    for later in range(index + 1, min(index + 15, len(head) - 1)):
        cells = head[later][1]
        found = filled(cells)
        if len(found) > len(places) and len(found) * 3 >= width * 2:
            body = [record for record in head[_end(head, later, width, blocks) + 1 :] if not are_ordinals(record[1])]
            return all(is_title(cells[place]) for place in found) and _contrasts(cells, body[:20])
    return False


def _end(head: Sequence[Record], start: int, width: int, blocks: Sequence[Block]) -> int:
    """The last row of titles."""
    end = start
    while end + 1 < len(head) and end - start + 1 < _MOST_TITLE_ROWS and _goes_on(head, start, end, width, blocks):
        end += 1
    return end


def _goes_on(head: Sequence[Record], start: int, end: int, width: int, blocks: Sequence[Block]) -> bool:
    """Whether the row below is one of titles, too."""
    number, below = head[end][0], head[end + 1][1]
    if head[end + 1][0] > number + 2 or are_ordinals(below):
        return False
    places = [place for place in filled(below) if place < width]
    if not places or not all(is_title(below[place]) for place in places):
        return False
    here = [block for block in blocks if head[start][0] <= block[0] <= number and block[2] < width]
    if any(block[1] > number for block in here):
        return True
    if any(block[1] == number and block[3] > block[2] for block in here):
        return bool(set(places) & {c for b in here if b[1] == number and b[3] > b[2] for c in range(b[2], b[3] + 1)})
    return False if blocks and here else _fills_gaps(head, start, end, width, places)


def _fills_gaps(head: Sequence[Record], start: int, end: int, width: int, places: Sequence[int]) -> bool:
    """Without merged cells to go by: the row stands under the gaps of the titles and unlike the rows that follow."""
    above = set().union(*(filled(cells) for _number, cells in head[start : end + 1]))
    gaps = {place for place in range(width) if place not in set(filled(head[end][1]))}
    open_gaps = {place for place in range(width) if place not in above}
    if not open_gaps or not open_gaps <= set(places):
        return False
    leaves = bool(set(range(width)) - gaps - set(places))
    return leaves or _contrasts(head[end + 1][1], head[end + 2 : end + 22])


def _contrasts(row: Sequence[str], body: Sequence[Record]) -> bool:
    """Whether the rows below hold numbers where this one holds text (or text, where this one holds numbers)."""
    for place in filled(row):
        cells = [cells[place] for _number, cells in body if place < len(cells) and cells[place].strip()]
        cells = [cell for cell in cells if not is_missing(cell)]
        if cells and is_number(row[place]) != (sum(map(is_number, cells)) * 2 > len(cells)):
            return True
    return False


def _joined(rows: Sequence[Record], blocks: Sequence[Block]) -> tuple[str, ...]:
    """One title per column out of the rows of titles: ``Penduduk – Laki-laki``."""
    width = max(len(trimmed(cells)) for _number, cells in rows)
    lines = [
        [" ".join(cell.split()) for cell in cells[:width]] + [""] * (width - len(cells)) for _number, cells in rows
    ]
    whole = [list(line) for line in lines]
    for index, (number, _cells) in enumerate(rows):
        inside = [block for block in blocks if block[0] == number and block[2] < width]
        for _top, _bottom, left, right in inside:
            for place in range(left + 1, min(right + 1, width)):
                whole[index][place] = whole[index][place] or lines[index][left]
        if index < len(rows) - 1 and not blocks:
            _fill_right(lines, whole, index)
    titles = []
    for place in range(width):
        parts: list[str] = []
        for line in whole:
            if line[place] and (not parts or parts[-1].casefold() != line[place].casefold()):
                parts.append(line[place])
        titles.append(_JOINER.join(parts))
    return tuple(titles)


def _fill_right(lines: Sequence[Sequence[str]], whole: list[list[str]], index: int) -> None:
    """Spread a title over the columns to its right that have titles of their own only further down."""
    below = lines[index + 1 :]
    owner = None
    for place, text in enumerate(lines[index]):
        has_own = any(line[place] for line in below)
        if text:
            owner = place if has_own else None
        elif any(lines[above][place] for above in range(index)) or not has_own:
            owner = None
        elif owner is not None:
            whole[index][place] = lines[index][owner]
