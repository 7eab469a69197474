"""Published columns as they can be compared: which entries publish them, where they lie, and what their keys mean."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudataserang.consistency.survey import Survey, column_of
from ckanext.satudataserang.core.consistency.model import Rule, Side, Source
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import tables

log = logging.getLogger(__name__)

#: Measures (ukuran) whose amounts add up over areas and classes; where none is named the unit alone tells.
ADDITIVE = frozenset(
    {"", "banyak", "banyaknya", "berat", "frekuensi", "jumlah", "luas", "massa", "nilai", "panjang", "total", "volume"}
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
        source = Survey(place.resource_id, fields, structure, self._named).source(
            entry, column_id, self._periods.get(entry.id, set())
        )
        if source is None:
            return None
        unit = side.unit or self._unit(structure, column_id) or str(field.info.get("satuan") or "")
        visible = bool(model.Session.scalar(_VISIBLE, {"id": place.dataset_id}))
        adds = self._measure(structure, column_id).lower() in ADDITIVE
        found = replace(source, unit=unit, title=field.title, adds=adds)
        return Found(found, entry, visible and entry.access == "terbuka")

    def _measure(self, structure: Structure | None, column_id: str) -> str:
        column = column_of(structure, column_id)
        if column is None:
            return ""
        return column.ukuran or str(self.variables.get(column.variable, {}).get("ukuran") or "")

    def _unit(self, structure: Structure | None, column_id: str) -> str:
        column = column_of(structure, column_id)
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
