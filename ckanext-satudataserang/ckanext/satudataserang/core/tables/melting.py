"""Wide tables: columns that are periods, turned into rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ckanext.satudataserang.core.structures.model import Column, Structure

from .layout import Melt
from .period_titles import TitlePeriod, grouped_period, period_of_title

_VALUE, _CLASS = "Nilai", "Rincian"
_FEWEST = 2
_JOINER = " – "


def offered_melt(titles: Sequence[str]) -> Melt | None:
    """Find columns that are periods: at least two, all of one kind, and with classes for every class the same ones."""
    alone = [(title, found) for title in titles if (found := period_of_title(title))]
    if len(alone) >= _FEWEST and _one_kind(alone) and len({found.text for _t, found in alone}) == len(alone):
        return _melt(alone, titles)
    if alone:
        return None
    grouped = [(title, found) for title in titles if (found := grouped_period(title))]
    classes: dict[str, list[str]] = {}
    for _title, found in grouped:
        classes.setdefault(found.group, []).append(found.text)
    same = {tuple(sorted(periods)) for periods in classes.values()}
    if not grouped or not _one_kind(grouped) or len(same) != 1:
        return None
    periods = next(iter(same))
    if len(periods) < _FEWEST or len(set(periods)) != len(periods):
        return None
    return _melt(grouped, titles)


def fits(melt: Melt, titles: Sequence[str]) -> bool:
    """Whether a melt that was given can be made of these titles."""
    beside = [title for title in titles if title not in set(melt.titles)]
    return set(melt.titles) <= set(titles) and not set(melt.new_titles) & set(beside)


def melted_titles(titles: Sequence[str], melt: Melt) -> tuple[str, ...]:
    """The titles of the table after melting."""
    return (*(title for title in titles if title not in set(melt.titles)), *melt.new_titles)


def melt_for(melt: Melt, structure: Structure, taken: set[str], *, has_periods: bool) -> Melt | None:
    """Name the new columns as the structure does; None where it leaves no doubt only otherwise.

    :param taken: ids of the columns that other titles were taken for
    :param has_periods: whether some title of a period is a column of the structure itself
    """
    if has_periods:
        return None
    left = [column for column in structure.columns if column.id not in taken]
    measures = [column for column in left if column.is_measure]
    classes = [column for column in left if not column.is_number and not _is_time(column)]
    times = [column for column in left if _is_time(column)]
    if len(measures) != 1 or len(classes) > 1 or bool(melt.groups) != bool(classes):
        return None
    melt = replace(melt, value_title=measures[0].label)
    if melt.groups:
        melt = replace(melt, group_title=classes[0].label)
    return replace(melt, period_title=times[0].label) if len(times) == 1 else melt


def _is_time(column: Column) -> bool:
    return column.id in TIME_COLUMNS


#: Columns that say which period a row is of; they are accepted beside those of a structure.
TIME_COLUMNS = frozenset(
    {"periode", "period", "tahun", "thn", "year", "triwulan", "semester", "bulan", "tanggal", "minggu"}
)


def _one_kind(found: Sequence[tuple[str, TitlePeriod]]) -> bool:
    return len({period.title for _title, period in found}) == 1


def _melt(found: Sequence[tuple[str, TitlePeriod]], titles: Sequence[str]) -> Melt:
    beside = {title.casefold() for title in titles} - {title.casefold() for title, _period in found}
    groups = tuple(period.group for _title, period in found)
    # What is common to all classes is the name of the value.
    single = groups[0] if len(set(groups)) == 1 else _common(groups)
    many = tuple(group.removeprefix(single + _JOINER) for group in groups) if len(set(groups)) > 1 else ()
    return Melt(
        tuple(title for title, _period in found),
        tuple(period.text for _title, period in found),
        _free(found[0][1].title, beside),
        _free(single or _VALUE, beside),
        many,
        _free(_CLASS, beside) if many else "",
    )


def _common(groups: Sequence[str]) -> str:
    """The title that stands above all classes (``Penduduk – Laki-laki``, ``Penduduk – Perempuan``), "" without one."""
    first = {group.partition(_JOINER)[0] for group in groups}
    return first.pop() if len(first) == 1 and all(_JOINER in group for group in groups) else ""


def _free(title: str, beside: set[str]) -> str:
    name, number = title, 2
    while name.casefold() in beside:
        name, number = f"{title} {number}", number + 1
    return name
