"""Writing a table anew so that it can be scanned without a guess: UTF-8, commas, rows numbered and equally wide."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from .cells import blank
from .layout import Melt
from .records import Record
from .sources import Source
from .totals import Totals

_BUFFER = 1 << 20
_MARKED = re.compile(r"\A'(?=[-+]?\d[\d.,]*\Z)")


def rewritten(
    source: Source,
    directory: Path,
    titles: Sequence[str],
    columns: Sequence[int],
    span: tuple[int, int | None],
    melt: Melt | None,
    repeated: Sequence[str] = (),
    totals: Totals | None = None,
) -> Path:
    """Write the rows of `span` (first and last number) and return the file.

    :param titles: of all cells of a row, by place; `columns`: the places to keep
    :param repeated: the cells of a row that says the titles again and is left out
    :param totals: tells rows that are left out, too
    """
    with NamedTemporaryFile(
        "w",
        encoding="utf-8",
        errors="replace",
        newline="",
        suffix=".csv",
        dir=directory,
        delete=False,
        buffering=_BUFFER,
    ) as out:
        writer = csv.writer(out, lineterminator="\n")
        rows = _table(source.records(), columns, span, repeated)
        if totals is not None:
            rows = (row for row in rows if not totals.has(row[1]))
        writer.writerows(_melted(rows, [titles[place] for place in columns], melt) if melt else _numbered(rows))
        return Path(out.name)


def _table(
    records: Iterator[Record], columns: Sequence[int], span: tuple[int, int | None], repeated: Sequence[str]
) -> Iterator[Record]:
    first, last = span
    width = columns[-1] + 1
    whole = list(columns) == list(range(width))
    for number, cells in records:
        if number < first or blank(cells):
            continue
        if last is not None and number > last:
            return
        if repeated and cells[0].strip() == repeated[0] and [cell.strip() for cell in cells] == list(repeated):
            continue
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))  # noqa: PLW2901 (as wide as the titles)
        kept = cells[:width] if whole else [cells[place] for place in columns]
        joined = "".join(kept)
        if "'" in joined:
            # Excel's mark that digits are text, which exports write into the cell.
            kept = [_MARKED.sub("", cell) if cell.startswith("'") else cell for cell in kept]
        if "\r" in joined:
            # One kind of line break throughout, so that nobody has to guess which ends a row.
            kept = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in kept]
        yield number, kept


def _numbered(rows: Iterator[Record]) -> Iterator[list[object]]:
    for number, cells in rows:
        yield [number, *cells]


def _melted(rows: Iterator[Record], titles: Sequence[str], melt: Melt) -> Iterator[list[object]]:
    """One row per period: what stands beside the periods, the class where there is one, the period, the value."""
    places = [titles.index(title) for title in melt.titles]
    beside = [place for place in range(len(titles)) if titles[place] not in set(melt.titles)]
    groups = melt.groups or ("",) * len(places)
    for number, cells in rows:
        common = [cells[place] for place in beside]
        for place, period, group in zip(places, melt.periods, groups, strict=True):
            yield [number, *common, *([group] if melt.groups else []), period, cells[place]]
