"""From a file as it was handed in to the grid of its cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from ckanext.satudataserang.core.findings import Findings
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.templates.stamp import is_beside

from . import naming
from .grid import Grid, Layout
from .heading import Heading
from .layout import Melt
from .limits import Limits
from .melting import melted_titles
from .plain import ASSUMED_FROM, plain_rows
from .rewriting import rewritten
from .sentences import tell
from .sources import Source
from .sourcing import source_of
from .survey import Survey, surveyed
from .texts import foot_in_tail, head_of
from .totals import Totals

_DEFAULT = Limits()
#: The titles in the first row, the data from the second on.
_PLAIN = ((1, 1), 2)


def opened(
    path: Path,
    name: str,
    *,
    directory: Path,
    layout: Layout | None = None,
    structure: Structure | None = None,
    remembered: Mapping[str, str] | None = None,
    limits: Limits = _DEFAULT,
    thorough: bool = False,
    assume: bool = False,
) -> Grid:
    """Read a file's form and find its table; nothing is raised for what is in the file.

    :param name: what the file was called, which decides nothing
    :param directory: where a file made plain may be written; it has to live as long as the grid
    :param layout: how it was read before, or is to be read
    :param structure: what the columns are to be
    :param remembered: what people took titles for before: title -> column id
    :param thorough: write the table anew even where the file could be scanned as it is
    :param assume: take the form of a large file with a structure from its beginning, for a check of all its cells that
        looks it through where they leave a doubt (`Grid.look_through`)
    """
    findings = Findings()
    source = source_of(path, directory, layout, limits, findings)
    if source is None or findings.has_errors:
        return Grid(path, findings, layout or Layout("csv"), sheets=source.sheets if source else ())
    opening = _Opening(path, directory, source, layout, structure, remembered or {}, limits, findings)
    if thorough:
        return opening.made_plain()
    assume = assume and structure is not None and path.stat().st_size >= ASSUMED_FROM
    grid = opening.as_it_is(assume=assume) or opening.made_plain()
    if assume and grid.usable and not grid.numbered:
        grid.look_through = partial(
            opened,
            path,
            name,
            directory=directory,
            layout=layout,
            structure=structure,
            remembered=remembered,
            limits=limits,
        )
    return grid


@dataclass
class _Opening:
    path: Path
    directory: Path
    source: Source
    layout: Layout | None
    structure: Structure | None
    remembered: Mapping[str, str]
    limits: Limits
    findings: Findings
    naming: naming.Naming = field(init=False)

    @property
    def rows_known(self) -> Layout | None:
        """The layout, where it says in which rows the table stands."""
        return self.layout if self.layout and not self.layout.open else None

    def as_it_is(self, *, assume: bool) -> Grid | None:
        """The grid of a text file that needs no rewriting, or needs none by its beginning; None for any other."""
        head = self._plain_head()
        if head is None:
            return None
        delimiter, width = self.source.delimiter, len(head.titles)
        named = naming.named(head.titles, self.structure, self.layout, self.remembered)
        if named.melt or (not self.rows_known and foot_in_tail(self.path, delimiter, width)):
            return None
        agreed = self.structure is not None
        if not assume and plain_rows(self.path, delimiter, width, self.limits.cell, agreed=agreed) is None:
            return None
        self._say(named, Survey(head, tuple(range(width)), rows=1))
        return self._grid(self.path, named, Layout("csv"), delimiter, skip=1)

    def _plain_head(self) -> Heading | None:
        """The titles, where they all stand in the first line of a UTF-8 file and the rows begin in the second."""
        source, known = self.source, self.rows_known
        if source.form != "csv" or source.encoding not in ("utf-8", "utf-8-sig") or source.stamp:
            return None
        if known and ((known.header, known.first) != _PLAIN or known.last is not None or known.melt):
            return None
        head = head_of(source, self.limits)
        if head is None or (head.rows, head.first) != _PLAIN or head.width != len(head.titles):
            return None
        return head if all(head.titles) and not any(map(is_beside, head.titles)) else None

    def made_plain(self) -> Grid:
        """The grid of any other file: looked over once, written anew once."""
        survey = surveyed(self.source, self.rows_known, self.limits, self._totals)
        heading = survey.heading
        if heading is None or survey.findings.has_errors:
            self.findings.merge(survey.findings)
            if heading is not None and self.structure is None:
                self._say_multiples(survey, heading, naming.Naming(heading.titles))
            return Grid(self.path, self.findings, self._layout(survey, None), sheets=self.source.sheets)
        columns = tuple(place for place in survey.columns if not is_beside(heading.titles[place]))
        titles = [heading.titles[place] for place in columns]
        named = naming.named(titles, self.structure, self.layout, self.remembered)
        self.findings.merge(survey.findings)
        self._say(named, survey)
        layout = self._layout(survey, named.melt)
        if not columns and not self.findings.has_errors:
            self.findings.add(tell("berkas-kosong:pembanding", place={"row": heading.rows[1]}))
        if self.findings.has_errors:
            return self._grid(self.path, named, layout, ",")
        span = (heading.first, survey.last)
        repeated = survey.title_cells if survey.repeated else ()
        # Totals are told by the cells that are kept, as they were told by all cells.
        left_out = self._totals(titles) if survey.totals and self.structure else None
        made = rewritten(self.source, self.directory, heading.titles, columns, span, named.melt, repeated, left_out)
        return self._grid(made, named, layout, ",", numbered=True)

    def _totals(self, titles: Sequence[str]) -> Totals:
        chosen = self.layout.columns if self.layout else None
        return Totals(titles, self.structure, chosen, self.remembered)

    def _layout(self, survey: Survey, melt: Melt | None) -> Layout:
        source, heading = self.source, survey.heading
        layout = Layout(source.form, source.sheet, source.encoding, source.delimiter, melt=melt)
        if heading is None:
            return replace(layout, header=(0, 0), first=0)
        return replace(layout, header=heading.rows, first=heading.first, last=survey.last)

    def _grid(self, path: Path, named: naming.Naming, layout: Layout, delimiter: str, **how: int) -> Grid:
        source = self.source
        layout = replace(
            layout,
            encoding=source.encoding,
            delimiter=source.delimiter,
            columns=naming.kept(named.matches, self.layout),
        )
        titles = melted_titles(named.titles, named.melt) if named.melt else tuple(named.titles)
        return Grid(
            path,
            self.findings,
            layout,
            titles,
            delimiter,
            sheets=source.sheets,
            offered=named.offered,
            matches=named.matches,
            stamp=source.stamp,
            **how,  # pyright: ignore[reportArgumentType]
        )

    def _say(self, named: naming.Naming, survey: Survey) -> None:
        """Say what was decided on the way to the table."""
        heading = survey.heading
        assert heading is not None  # noqa: S101 (there are titles)
        self._say_multiples(survey, heading, named)
        if survey.has_preface and not self.rows_known and not self.source.stamp:
            self.findings.add(tell("di-atas-tabel", row=heading.rows[0], place={"row": heading.rows[0]}))
        if heading.rows[1] > heading.rows[0]:
            longest = max(named.titles, key=len, default="")
            rows = {"first": heading.rows[0], "last": heading.rows[1]}
            self.findings.add(tell("judul-bertingkat", **rows, title=longest, place={"row": heading.rows[0]}))
        if heading.units and not self.rows_known:
            self.findings.add(tell("baris-satuan", row=heading.units, place={"row": heading.units}))
        for place in self.source.percent:
            if place < len(heading.titles) and (title := heading.titles[place]):
                self.findings.add(tell("persen-dibaca", column=title, place={"column": title}))
        if survey.totals:
            row, value = survey.first_total
            code = "jumlah-di-tengah" if self.structure else "jumlah-di-tengah:dimuat"
            words = {"count": survey.totals, "row": row, "value": value}
            self.findings.add(tell(code, **words, place={"row": row, "value": value}))
        if survey.foot:
            numbers = {"first": survey.foot[0][0], "last": survey.foot[-1][0]}
            text = next(cell.strip() for cell in survey.foot[0][1] if cell.strip())
            self.findings.add(tell("di-bawah-tabel", **numbers, text=text, place={"row": numbers["first"]}))
        if survey.repeated:
            self.findings.add(tell("judul-berulang", count=survey.repeated))
        self.findings.extend(naming.said(named, self.structure, heading.rows[1], self.limits))

    def _say_multiples(self, survey: Survey, heading: Heading, named: naming.Naming) -> None:
        self.findings.extend(naming.multiples_said(named, self.structure, survey.multiples, heading.titles))
