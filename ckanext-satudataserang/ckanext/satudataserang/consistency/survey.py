"""What one table's keys hold: its periods, areas and classes, and what they are expected to be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import psycopg2

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.codes import Match, WilayahTable
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.model import ClassColumn, Source
from ckanext.satudataserang.core.periods import STATIC_KEY, Frequency, PeriodError, parse_period
from ckanext.satudataserang.core.structures import words
from ckanext.satudataserang.core.structures.model import CodeList, Column, Structure
from ckanext.satudataserang.core.tables.periods import Coverage
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import tables

#: A column with more values than this names no classes and no areas.
MOST_VALUES = 5_000
#: Rows that hold a total beside its parts.
TOTALS = frozenset({"", "jumlah", "total", "jml", "semua", "l+p", "laki-laki + perempuan", "laki-laki dan perempuan"})
_AREA = re.compile(r"(?:kode|nama|kd|nm)?_?(?:wilayah|kecamatan|kelurahan|desa)(?:_.*)?")
_AREA_LIST = "wilayah:"
#: Columns that say on which day things were so.
DAYS = frozenset(
    {"per_tanggal", "tanggal_data", "tanggal_posisi", "tanggal_acuan", "keadaan_tanggal", "posisi_tanggal"}
)


def column_of(structure: Structure | None, column_id: str) -> Column | None:
    return next((one for one in structure.columns if one.id == column_id), None) if structure else None


class Survey:
    """What one table's keys hold."""

    def __init__(
        self, table: str, fields: Sequence[tables.Field], structure: Structure | None, named: Iterable[str]
    ) -> None:
        self.table, self.fields, self.structure = table, fields, structure
        self.ids = [field.id for field in fields]
        self.named = set(named)

    def source(self, entry: PlanEntry, column_id: str, standing: set[str]) -> Source | None:
        told_by, keys = self._periods(entry, standing)
        if not keys:
            return None
        region = get_region()
        area = self._area()
        areas, depth = self._areas(area, region.wilayah) if area else ({}, region.kode.count("."))
        if area and not areas:
            return None
        days = [field.id for field in self.fields if field.id in DAYS and field.type in ("date", "timestamp")]
        return Source(
            entry.id,
            self.table,
            column_id,
            periods=tuple(told_by),
            period_keys=keys,
            area=area,
            areas=areas,
            areas_below=_below(region.wilayah, depth),
            depth=depth,
            root=region.kode,
            classes=tuple(self._classes(column_id, area, told_by)),
            day=days[0] if days else "",
        )

    def _distinct(self, columns: Sequence[str]) -> list[tuple[str, ...]]:
        question = plan.distinct(self.table, columns, MOST_VALUES)
        with tables.cursor() as cursor:
            try:
                cursor.execute(question.sql, question.values or None)
            except psycopg2.errors.UndefinedTable:
                return []
            found = [tuple(row) for row in cursor.fetchall()]
        return found if len(found) <= MOST_VALUES else []

    def _periods(
        self, entry: PlanEntry, standing: set[str]
    ) -> tuple[list[str], dict[tuple[str, ...], tuple[str, date]]]:
        """The period columns, and what they hold for periods that stand published."""
        coverage = Coverage(
            tables.as_table_columns(list(self.fields)), frequency=Frequency(entry.frequency), since=entry.berlaku_dari
        )
        told_by = coverage.told_by
        found: dict[tuple[str, ...], tuple[str, date]] = {}
        if not told_by:
            # A table that names no period holds the one that was delivered; of several nobody can tell.
            if len(standing) == 1:
                found[()] = _only(standing, entry)
            return [], found
        places = [self.ids.index(name) for name in told_by]
        for told in self._distinct(told_by):
            cells: list[str | None] = [None] * len(self.ids)
            for place, value in zip(places, told, strict=True):
                cells[place] = value or None
            key = told[0] if told[0] in standing else coverage.period_of(0, cells)
            if key in standing:
                found[told] = (key, _end(key, entry))
        return told_by, found

    def _area(self) -> str:
        """The column of areas, the finest one: a list of areas says so, or its name."""
        listed = [
            one.id
            for one in (self.structure.columns if self.structure else ())
            if one.code_list.startswith(_AREA_LIST) and one.id in self.ids
        ]
        named = [one for one in self.ids if _AREA.fullmatch(one)]
        ranked = sorted(listed or named, key=lambda one: (-_fineness(one, self.structure), not one.startswith("k")))
        return ranked[0] if ranked else ""

    def _areas(self, area: str, wilayah: WilayahTable) -> tuple[dict[str, str], int]:
        level = _level(area, self.structure)
        found: dict[str, str] = {}
        for (text,) in self._distinct([area]):
            match = wilayah.canonical(text, level=level) if text else None
            if isinstance(match, Match):
                found[text] = match.area.code
        depth = max((code.count(".") for code in found.values()), default=0)
        return {text: code for text, code in found.items() if code.count(".") == depth}, depth

    def _classes(self, column_id: str, area: str, told_by: Sequence[str]) -> Iterable[ClassColumn]:
        """Key columns beside period and area; those a rule names where no structure says what the key is."""
        keys = [one.id for one in self.structure.columns if one.key] if self.structure else sorted(self.named)
        for name in keys:
            column = column_of(self.structure, name)
            is_area = name == area or (column is not None and column.code_list.startswith(_AREA_LIST))
            if name in self.ids and name != column_id and not is_area and name not in told_by:
                yield self._class(name, column)

    def _class(self, name: str, column: Column | None) -> ClassColumn:
        held = {text for (text,) in self._distinct([name])}
        codes = self.structure.codes_of(column) if self.structure and column else None
        if codes is None:
            return ClassColumn(name, name, {text: text for text in held - TOTALS or held})
        spelled, size = _spellings(codes)
        # What is no code of the list is a total, a note, or a part nobody can place: it is not summed.
        parts = {text: spelled[words.plain(text)] for text in held if words.plain(text) in spelled}
        whole = bool(self.structure and size and name in self.structure.expected)
        labels = {one.code: one.label for one in codes.codes}
        return ClassColumn(name, codes.id, parts, size=size, whole=whole, labels=labels)


def _spellings(codes: CodeList) -> tuple[dict[str, str], int]:
    """Every spelling of the parts that a list names -> code, and how many parts there are."""
    parts = [one for one in codes.codes if one.code.lower() not in TOTALS]
    found: dict[str, str] = {}
    for one in reversed(parts):
        found.update({words.plain(text): one.code for text in (*one.synonyms, one.label)})
    # A code means itself, whatever else another is called.
    found.update({words.plain(one.code): one.code for one in parts})
    return found, len(parts)


def _fineness(column_id: str, structure: Structure | None) -> int:
    return {"kelurahan": 3, "kecamatan": 2}.get(_level(column_id, structure) or "", 1)


def _level(column_id: str, structure: Structure | None) -> str | None:
    """The level of areas that a column holds; None where only its values tell."""
    column = column_of(structure, column_id)
    said = f"{column.code_list if column else ''} {column_id}"
    return next(
        (level for level in ("kelurahan", "kecamatan") if level in said), "kelurahan" if "desa" in said else None
    )


def _below(wilayah: WilayahTable, depth: int) -> Mapping[str, int]:
    """How many areas of a depth lie in each area."""
    found: dict[str, int] = {}
    for area in wilayah.areas:
        if area.code.count(".") == depth:
            for above in range(depth + 1):
                code = plan.upper(area.code, above)
                found[code] = found.get(code, 0) + 1
    return found


def _only(standing: set[str], entry: PlanEntry) -> tuple[str, date]:
    [key] = standing
    return key, _end(key, entry)


def _end(key: str, entry: PlanEntry) -> date:
    if key == STATIC_KEY:
        return entry.berlaku_dari
    try:
        return parse_period(key).end
    except PeriodError:
        return entry.berlaku_dari
