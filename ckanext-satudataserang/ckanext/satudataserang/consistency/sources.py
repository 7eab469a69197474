"""Published columns as they can be compared: which entries publish them, where they lie, and what their keys mean."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import psycopg2
import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.codes import Match, WilayahTable
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.model import ClassColumn, Rule, Side, Source
from ckanext.satudataserang.core.periods import STATIC_KEY, Frequency, PeriodError, parse_period
from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.core.tables.periods import Coverage
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import tables

log = logging.getLogger(__name__)

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

_STANDING = sa.text(
    """
    SELECT entry_id, period FROM satudata_submission
    WHERE superseded_by IS NULL AND state = 'terbit' AND valid AND NOT nil AND NOT confirms AND entry_id IS NOT NULL
    """
)
_VISIBLE = sa.text("SELECT state = 'active' AND NOT private FROM package WHERE id = :id")


@dataclass(frozen=True)
class Found:
    """A column that an entry publishes, and whether everybody may see it."""

    source: Source
    entry: PlanEntry
    terbuka: bool


class Sources:
    """What can be compared, looked up once in an evaluation. DataStore tables are asked only for what is wanted."""

    def __init__(self, extra: Iterable[Rule] = ()) -> None:
        """`extra`: rules whose class columns matter where an entry has no structure."""
        self._named = {name for rule in extra for name in _named(rule)}
        self._structures: dict[str, Structure | None] = {}
        self._known: dict[tuple[str, str, str], Found | None] = {}

    @cached_property
    def entries(self) -> dict[str, PlanEntry]:
        """Entries in force or ended, by id."""
        found = model.Session.scalars(sa.select(PlanEntry).where(PlanEntry.state.in_(("berlaku", "berakhir"))))
        return {entry.id: entry for entry in found}

    @cached_property
    def _by_kode(self) -> dict[str, PlanEntry]:
        return {entry.kode: entry for entry in self.entries.values()}

    @cached_property
    def _periods(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entry_id, period in model.Session.execute(_STANDING):
            found.setdefault(entry_id, set()).add(period)
        return found

    @cached_property
    def variables(self) -> dict[str, dict[str, Any]]:
        """The register of standard variables."""
        return structures.variables()

    @cached_property
    def by_variable(self) -> dict[str, list[Source]]:
        """The columns of each standard variable, without what their tables hold."""
        found: dict[str, list[Source]] = {}
        for entry in self.entries.values():
            structure = self._structure(entry)
            for column in structure.columns if structure and entry.id in self._periods else ():
                if column.variable:
                    found.setdefault(column.variable, []).append(Source(entry.id, "", column.id))
        return found

    def of_side(self, side: Side) -> list[Source]:
        """The columns that a side of a rule speaks of; only those of entries that have published."""
        if side.variable:
            return self.by_variable.get(side.variable, [])
        entry = self._by_kode.get(side.entry)
        return [Source(entry.id, "", side.column)] if entry and entry.id in self._periods else []

    def look(self, named: Source, side: Side) -> Found | None:
        """A column with what its table holds; None where nothing of it can be compared."""
        key = (named.entry_id, named.column, side.unit)
        if key not in self._known:
            self._known[key] = self._look(self.entries[named.entry_id], named.column, side)
        return self._known[key]

    def _structure(self, entry: PlanEntry) -> Structure | None:
        kode = entry.structure_id or ""
        if kode not in self._structures:
            try:
                self._structures[kode] = structures.structure_of(entry) if kode else None
            except StructureError:
                # One structure that cannot be used must not keep all the others from being compared.
                log.exception("Struktur %s tidak dapat dipakai", kode)
                self._structures[kode] = None
        return self._structures[kode]

    def _look(self, entry: PlanEntry, column_id: str, side: Side) -> Found | None:
        place = tables.place_of(entry)
        if place is None or place.resource_id is None:
            return None
        fields = tables.fields(place.resource_id)
        field = next((one for one in fields if one.id == column_id), None)
        if field is None:
            return None
        structure = self._structure(entry)
        source = _Survey(place.resource_id, fields, structure, self._named).source(
            entry, column_id, self._periods.get(entry.id, set())
        )
        if source is None:
            return None
        unit = side.unit or self._unit(structure, column_id) or str(field.info.get("satuan") or "")
        visible = bool(model.Session.scalar(_VISIBLE, {"id": place.dataset_id}))
        found = replace(source, unit=unit, title=field.title)
        return Found(found, entry, visible and entry.access == "terbuka")

    def _unit(self, structure: Structure | None, column_id: str) -> str:
        column = _column(structure, column_id)
        if column is None:
            return ""
        return column.satuan or str(self.variables.get(column.variable, {}).get("satuan") or "")


def _named(rule: Rule) -> set[str]:
    sides = (rule.left, rule.right)
    return {
        *(rule.classes or ()),
        *(name for side in sides for name in side.sum_over),
        *(name for side in sides for name, _ in side.filters),
    }


def _column(structure: Structure | None, column_id: str) -> Column | None:
    return next((one for one in structure.columns if one.id == column_id), None) if structure else None


class _Survey:
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
            column = _column(self.structure, name)
            is_area = name == area or (column is not None and column.code_list.startswith(_AREA_LIST))
            if name in self.ids and name != column_id and not is_area and name not in told_by:
                yield self._class(name, column)

    def _class(self, name: str, column: Column | None) -> ClassColumn:
        held = {text for (text,) in self._distinct([name])}
        parts = held - TOTALS or held
        codes = self.structure.codes_of(column) if self.structure and column else None
        wanted = [one for one in codes.codes if one.code.lower() not in TOTALS] if codes else []
        whole = bool(self.structure and wanted and name in self.structure.expected)
        return ClassColumn(
            name, codes.id if codes else name, {text: text for text in parts}, size=len(wanted), whole=whole
        )


def _fineness(column_id: str, structure: Structure | None) -> int:
    return {"kelurahan": 3, "kecamatan": 2}.get(_level(column_id, structure) or "", 1)


def _level(column_id: str, structure: Structure | None) -> str | None:
    """The level of areas that a column holds; None where only its values tell."""
    column = _column(structure, column_id)
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
