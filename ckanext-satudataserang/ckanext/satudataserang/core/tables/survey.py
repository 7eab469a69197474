"""One look over all rows: where the table stands, and what of its form is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ckanext.satudataserang.core.findings import Findings

from .beside import next_table
from .cells import ERROR_VALUES, NO_RESULT, blank, filled, is_mark, is_number, trimmed
from .foot import Foot
from .heading import HEAD_ROWS, Heading, find_heading, given_heading
from .layout import Layout
from .limits import Limits
from .multiples import multiple_of, said_multiple
from .records import BrokenTextError, Record
from .sentences import add, tell
from .sources import Source
from .totals import Totals

#: More cells than this in a row belong to no table; such rows are not kept.
_WIDEST = 16_384


@dataclass
class Survey:
    """Where the table stands.

    `columns` are the places of the titled cells; `last` is None where nothing follows the data. `repeated` counts rows
    that say the titles again, as pages in print do: they equal `title_cells` and are no data. `totals` counts rows that
    add up others, the first of which is `first_total`. `has_preface`: something stands above the titles. `multiples`
    are the texts that give figures in thousands or millions: each with its row, and its place in the row of units (None
    above the titles).
    """

    heading: Heading | None = None
    columns: tuple[int, ...] = ()
    rows: int = 0
    last: int | None = None
    foot: list[Record] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)
    repeated: int = 0
    totals: int = 0
    first_total: tuple[int, str] = (0, "")
    title_cells: list[str] = field(default_factory=list)
    has_preface: bool = False
    multiples: list[tuple[int, int | None, str]] = field(default_factory=list)


def surveyed(
    source: Source, layout: Layout | None, limits: Limits, totals_among: Callable[[Sequence[str]], Totals]
) -> Survey:
    """Read all rows once. What is wrong stands in the findings; nothing is raised for what is in the file.

    :param layout: known rows of titles and data; None to find them
    :param totals_among: given the titles, what tells rows that add up others
    """
    survey = Survey()
    rows = source.records()
    try:
        head = _head(rows, survey, limits)
        if survey.findings.has_errors:
            return survey
        if layout is None:
            survey.heading = find_heading(head, source.blocks)
        else:
            survey.heading = given_heading(head, layout.header, layout.first, source.blocks)
        if survey.heading is None:
            survey.findings.add(tell("berkas-kosong" if layout is None else "tata-letak-tidak-cocok"))
            return survey
        survey.has_preface = head[0][0] < survey.heading.rows[0]
        survey.multiples = list(_multiples(survey.heading, head))
        body = _Body(survey, survey.heading, source, limits, totals_among(survey.heading.titles))
        last = layout.last if layout else None
        body.read(chain(head, rows), ends=layout is None, last=last)
    except BrokenTextError as problem:
        place = {"row": problem.row}
        if problem.columns > limits.columns:
            words = {"count": f"lebih dari {problem.columns}", "most": limits.columns}
            survey.findings.add(tell("kolom-terlalu-banyak", **words, place=place))
        else:
            code = "kutip-rusak:panjang" if problem.long else "kutip-rusak"
            survey.findings.add(tell(code, row=problem.row, place=place))
    return survey


def _head(rows: Iterator[Record], survey: Survey, limits: Limits) -> list[Record]:
    """The first rows with content, trimmed; a row as wide as no table ends the reading."""
    head: list[Record] = []
    for number, cells in rows:
        if len(cells) > limits.columns:
            cells = trimmed(cells)  # noqa: PLW2901 (the empty ones are not kept)
        if len(cells) > limits.columns:
            count = len(filled(cells))
            survey.findings.add(tell("kolom-terlalu-banyak", count=count, most=limits.columns, place={"row": number}))
            return head
        if not blank(cells):
            head.append((number, cells))
        if len(head) >= HEAD_ROWS:
            break
    return head


def _multiples(heading: Heading, head: Sequence[Record]) -> Iterator[tuple[int, int | None, str]]:
    """What a line above the titles, or the row of units under them, says of figures in thousands or millions."""
    for number, cells in head:
        if number >= heading.first:
            return
        if number < heading.rows[0]:
            yield from ((number, None, said) for cell in cells if (said := said_multiple(cell)))
        elif number > heading.rows[1]:
            yield from ((number, place, cell.strip()) for place, cell in enumerate(cells) if multiple_of(cell) > 1)


class _Body:
    """Goes over the rows of data."""

    def __init__(self, survey: Survey, heading: Heading, source: Source, limits: Limits, totals: Totals) -> None:
        self._totals = totals
        self._survey, self._heading, self._source, self._limits = survey, heading, source, limits
        self._findings = survey.findings
        titles = heading.titles
        self._width = len(titles)
        self._untitled = {place for place in range(self._width) if not titles[place]}
        # An empty column between the titles may part two tables; where the right one has rows of its own it does.
        self._apart: dict[int, int] = {}
        self._used: dict[int, int] = {}
        self._marked: dict[int, int] = {}
        self._last_data = heading.rows[1]

    def read(self, rows: Iterator[Record], *, ends: bool, last: int | None) -> None:
        """Read to the end, or to the row `last`; `ends`: look for what stands under the table."""
        foot = Foot(self._width)
        for number, cells in rows:
            if number < self._heading.first:
                if number == self._heading.rows[1]:
                    self._survey.title_cells = [cell.strip() for cell in cells]
                continue
            if last is not None and number > last:
                break
            if blank(cells) or self._repeats(cells):
                continue
            if self._begins_another(cells):
                self._findings.add(tell("tabel-kedua", row=number, place={"row": number, "sheet": self._source.sheet}))
                break
            if not ends:
                self._take(number, cells)
                continue
            for known in foot.see(number, cells):
                self._take(*known)
        data, under = foot.ends(self._last_data)
        for known in data:
            self._take(*known)
        self._survey.foot = under
        self._survey.last = self._last_data if under and self._survey.rows else last
        self._finish()

    def _repeats(self, cells: Sequence[str]) -> bool:
        titles = self._survey.title_cells
        if not titles or self._width < 2 or cells[0].strip() != titles[0]:  # noqa: PLR2004
            return False
        if [cell.strip() for cell in cells] != titles:
            return False
        self._survey.repeated += 1
        return True

    def _begins_another(self, cells: Sequence[str]) -> bool:
        """Whether a row has the first title of the table, and other titles behind it."""
        titles = self._survey.title_cells
        if not titles or not titles[0] or self._width < 2 or cells[0].strip() != titles[0]:  # noqa: PLR2004
            return False
        places = filled(cells)
        return len(places) > 1 and not any(is_number(cells[place]) for place in places)

    def _take(self, number: int, cells: Sequence[str]) -> None:
        """One row of data."""
        self._last_data = number
        joined = "".join(cells)
        lower = joined.lower()
        if ("jumlah" in lower or "total" in lower or "jml" in lower) and (name := self._totals.has(cells)):
            self._survey.first_total = self._survey.first_total if self._survey.totals else (number, name)
            self._survey.totals += 1
            if self._totals.agreed:
                return
        self._survey.rows += 1
        width, found = self._width, len(cells)
        if found != width and not self._source.rectangular:
            self._measure(number, cells, found)
        if self._untitled or found > width:
            self._mark(number, cells)
            self._part(number, cells)
        if "\0" in joined or "#" in joined or len(joined) > self._limits.cell:
            self._look(number, cells)

    def _measure(self, number: int, cells: Sequence[str], found: int) -> None:
        width = self._heading.width
        surplus = found > max(self._width, width) and not blank(cells[max(self._width, width) :])
        if found < self._width or surplus:
            count = found if not surplus else len(trimmed(cells))
            add(self._findings, "lebar-baris", row=number, found=count, width=self._width, place={"row": number})

    def _mark(self, number: int, cells: Sequence[str]) -> None:
        """Remember which columns without a title hold something, and where first."""
        end = min(len(cells), _WIDEST if self._source.rectangular else self._heading.width)
        for place in chain(self._untitled, range(self._width, end)):
            if place < len(cells) and place not in self._used and (cell := cells[place].strip()):
                (self._marked if is_mark(cell) else self._used).setdefault(place, number)

    def _part(self, number: int, cells: Sequence[str]) -> None:
        """Remember the first row in which nothing stands to the left of an empty column, and a table to its right."""
        for place in self._untitled:
            if place not in self._apart and blank(cells[:place]) and len(filled(cells[place + 1 :])) > 1:
                self._apart[place] = number

    def _look(self, number: int, cells: Sequence[str]) -> None:
        for place, cell in enumerate(cells[:_WIDEST]):
            title = self._heading.titles[place] if place < self._width else str(place + 1)
            where = {"row": number, "column": title, "value": cell, "sheet": self._source.sheet}
            if "\0" in cell:
                add(self._findings, "karakter-nol", row=number, column=title, place=where)
            elif len(cell) > self._limits.cell:
                words = {"row": number, "column": title, "most": self._limits.cell}
                add(self._findings, "sel-terlalu-panjang", **words, place=where)
            elif cell.startswith("#") and cell.strip() in ERROR_VALUES:
                code, value = ("rumus-galat", cell.strip()) if cell != NO_RESULT else ("rumus-tanpa-hasil", "")
                where = {**where, "value": value}
                add(self._findings, code, row=number, column=title, value=value, place=where)

    def _finish(self) -> None:
        survey, heading = self._survey, self._heading
        beside = next_table(heading.titles, self._used, self._apart)
        if beside is not None:
            place, title = beside
            row = self._used.get(place, heading.rows[1])
            where = {"row": row, "column": title or str(place + 1), "sheet": self._source.sheet}
            code = "tabel-bersebelahan" if title else "tabel-bersebelahan:tanpa-judul"
            survey.findings.add(tell(code, number=place + 1, title=title, row=row, place=where))
        for place, row in sorted(self._used.items() if beside is None else ()):
            words = {"number": place + 1, "row": heading.rows[1]}
            where = {"row": heading.rows[1], "column": str(place + 1), "sheet": self._source.sheet}
            survey.findings.add(tell("judul-kosong", **words, data=row, place=where))
        for place in sorted(self._marked.keys() - self._used.keys()):
            number = self._marked[place]
            where = {"row": number, "column": str(place + 1), "sheet": self._source.sheet}
            survey.findings.add(tell("kolom-tanda", number=place + 1, row=number, place=where))
        survey.columns = tuple(place for place in range(self._width) if heading.titles[place])
        if not survey.rows:
            survey.findings.add(tell("tanpa-baris", row=heading.rows[1], place={"row": heading.rows[1]}))
