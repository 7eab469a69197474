"""The titles of a table: sound in themselves, taken for the columns of a structure, periods among them melted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Finding, shown
from ckanext.satudataserang.core.structures.model import Column, Structure

from .beside import second_table
from .grid import TitleMatch
from .layout import Layout, Melt
from .limits import Limits
from .matching import is_time, matched
from .melting import fits, melt_for, melted_titles, offered_melt
from .multiples import contradicts, is_agreed, said_multiple
from .sentences import tell

_LISTED = 5
#: These say nothing of what one of it is.
_NO_UNITS = frozenset({"indeks", "rasio", "beragam"})
_KEPT = ("chosen", "remembered")


@dataclass(frozen=True)
class Naming:
    """What the titles are: `titles` as they stand in the file, the melt that is made or offered, their columns.

    `fits` is false where the melt that was asked for cannot be made of these titles.
    """

    titles: tuple[str, ...]
    melt: Melt | None = None
    offered: Melt | None = None
    matches: tuple[TitleMatch, ...] = ()
    fits: bool = True


def named(
    titles: Sequence[str], structure: Structure | None, layout: Layout | None, remembered: Mapping[str, str]
) -> Naming:
    """Decide about the titles. A layout that knows its rows decides about the melt, too."""
    titles = tuple(titles)
    chosen = layout.columns if layout else {}

    def matches(melt: Melt | None) -> tuple[TitleMatch, ...]:
        told = melted_titles(titles, melt) if melt else titles
        return matched(told, structure, chosen=chosen, remembered=remembered) if structure else ()

    offered = offered_melt(titles)
    if layout and layout.melt:
        if not fits(layout.melt, titles):
            return Naming(titles, fits=False)
        return Naming(titles, layout.melt, None, matches(layout.melt))
    if layout and not layout.open:
        return Naming(titles, None, offered, matches(None))
    if structure is None or offered is None:
        return Naming(titles, None, offered, matches(None))
    flat = matches(None)
    taken = {match.column_id for match in flat if match.column_id and match.title not in offered.titles}
    has_periods = any(match.column_id for match in flat if match.title in offered.titles)
    melt = melt_for(offered, structure, taken, has_periods=has_periods)
    if melt is None or not fits(melt, titles):
        return Naming(titles, None, offered, flat)
    return Naming(titles, melt, None, matches(melt))


def kept(matches: Sequence[TitleMatch], layout: Layout | None) -> dict[str, str]:
    """The titles that people decided about: those of the layout, and those remembered that were used."""
    return {
        **(dict(layout.columns) if layout else {}),
        **{match.title: match.column_id for match in matches if match.how in _KEPT},
    }


def said(naming: Naming, structure: Structure | None, row: int, limits: Limits) -> Iterator[Finding]:
    """What there is to say about the titles, which stand in row `row`."""
    place = {"row": row}
    if not naming.fits:
        yield tell("tata-letak-tidak-cocok", place=place)
        return
    if len(naming.titles) > limits.columns:
        yield tell("kolom-terlalu-banyak", count=len(naming.titles), most=limits.columns, place=place)
        return
    again = second_table(naming.titles)
    if again is not None:
        title = naming.titles[again]
        where = {"row": row, "column": title}
        yield tell("tabel-bersebelahan", number=again + 1, title=title, row=row, place=where)
        return
    yield from _repeated(naming.titles, row)
    melt = naming.melt or naming.offered
    if melt:
        words = {"count": len(melt.titles), "first": melt.titles[0], "last": melt.titles[-1]}
        if naming.melt:
            new = {"period": melt.period_title, "value": melt.value_title}
            yield tell("kolom-periode:dijadikan-baris", **words, **new, place=place)
        else:
            yield tell("kolom-periode", **words, place=place)
    if structure:
        yield from _against(naming, structure, row)


def multiples_said(
    naming: Naming, structure: Structure | None, multiples: Sequence[tuple[int, int | None, str]], titles: Sequence[str]
) -> Iterator[Finding]:
    """Say the first text by which figures are in thousands or millions of what their columns are agreed in.

    :param multiples: as of a survey; `titles` are those of all its places
    """
    for row, place, value in multiples:
        title = titles[place].strip() if place is not None and place < len(titles) else None
        units = _units(naming, structure, title) if structure is not None else [""]
        if units and not is_agreed(value, units):
            yield tell("satuan-kelipatan", row=row, value=value, place={"row": row, "value": value})
            return


def _units(naming: Naming, structure: Structure, title: str | None) -> list[str]:
    """The units of the columns of numbers that the file has, or of those under one title; "" where one has none."""
    columns = {column.id: column for column in structure.columns if column.is_number}
    found = {one.title.strip(): columns[one.column_id] for one in naming.matches if one.column_id in columns}
    if title is None or (naming.melt and title in naming.melt.titles):
        return [_unit(column) for column in found.values()] or [""]
    return [_unit(found[title])] if title in found else []


def _unit(column: Column) -> str:
    unit = "" if column.satuan in _NO_UNITS else column.satuan.replace("_", " ")
    return unit or said_multiple(column.label)


def _repeated(titles: Sequence[str], row: int) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for number, title in enumerate(titles, start=1):
        plain = " ".join(title.casefold().split())
        if plain in seen:
            words = {"title": title, "first": seen[plain], "second": number}
            yield tell("judul-ganda", **words, place={"row": row, "column": title})
        seen.setdefault(plain, number)


def _against(naming: Naming, structure: Structure, row: int) -> Iterator[Finding]:
    """Titles that were guessed, titles and columns without a partner, columns with two."""
    columns = {column.id: column for column in structure.columns}
    unknown = [match.title for match in naming.matches if match.how == "none" and not is_time(match.title)]
    first: dict[str, TitleMatch] = {}
    for match in naming.matches:
        if not match.column_id:
            continue
        column = columns[match.column_id]
        label = column.label
        where = {"row": row, "column": match.title}
        if other := first.get(match.column_id):
            words = {"title": match.title, "other": other.title, "column": label}
            yield tell("judul-ganda:sekolom", **words, place=where)
        elif match.how == "fuzzy":
            yield tell("judul-ditebak", title=match.title, column=label, place=where)
        unit = "" if column.satuan in _NO_UNITS else column.satuan.replace("_", " ")
        own = match.title.strip().casefold() == label.casefold()
        if column.is_number and not own and (told := contradicts(match.title, unit)):
            words = {"title": match.title, "told": told, "column": label}
            yield tell("satuan-berbeda" if unit else "satuan-berbeda:tanpa", **words, unit=unit, place=where)
        first.setdefault(match.column_id, match)
    listed = ", ".join(f"“{shown(title)}”" for title in unknown[:_LISTED]) + (", …" if unknown[_LISTED:] else "")
    agreed = [column for column in structure.columns if not is_time(column.id)]
    lacking = [column for column in agreed if column.id not in first]
    if lacking == agreed and not any(column.required or column.key for column in agreed):
        yield tell("kolom-kurang:semua", unknown=listed or "–", place={"row": row})
        lacking = []
    for column in lacking:
        code = "kolom-kurang" if column.required or column.key else "kolom-kurang:boleh"
        yield tell(code, column=column.label, unknown=listed or "–", place={"column": column.label})
    for title in unknown:
        yield tell("kolom-tidak-dikenal", title=title, place={"row": row, "column": title})
