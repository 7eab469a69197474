"""The import as a plan: reads an export, decides about every value, and writes nothing.

The same export, region and `now` always give the same plan. Every value read is imported, collapsed into an identical
one, left out or quarantined; every decision is a finding.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from ckanext.satudataserang.core.legacy.collector import Findings
from ckanext.satudataserang.core.legacy.duplicates import settle
from ckanext.satudataserang.core.legacy.families import Group, dataset_names, group_indicators
from ckanext.satudataserang.core.legacy.names import tidy, tidy_name
from ckanext.satudataserang.core.legacy.numbers import JAKARTA
from ckanext.satudataserang.core.legacy.offices import choose_office
from ckanext.satudataserang.core.legacy.plan import CellFacts, DataRow, Family, ImportPlan, Totals
from ckanext.satudataserang.core.legacy.references import read_references
from ckanext.satudataserang.core.legacy.region import CITY, DISTRICT, Aliases, Region, RegionIndex
from ckanext.satudataserang.core.legacy.tables import read_tables
from ckanext.satudataserang.core.legacy.values import Value, ValueReader
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.units import UnitTable

ZERO_NOTE = "nol belum dipastikan"
UNIT_NOTE = "satuan belum dikenal"

#: A quarter with less than this share of a family's records looks like a slip of the hand.
_RARE_QUARTER = 0.1
#: Rules that make a cell say why it is not complete or not valid.
_ZERO = "nol-belum-dipastikan"
_CONFLICT = "duplikat-bertentangan"
_UNKNOWN_UNIT = "satuan-tidak-dikenal"
_EMPTY = "nilai-kosong"

_Key = tuple[str, int, int | None, tuple[str, ...]]


def plan_import(
    files: Mapping[str, bytes], region: Region, aliases: Aliases, units: UnitTable, now: datetime
) -> ImportPlan:
    """Plan the import of an export.

    :param files: the bytes of the four tables by table name (``tb_simpatik``, …)
    :param now: an aware moment; years after the next one and dates after it are not believed
    :raises ImportRefusedError: where the export as a whole cannot be imported
    """
    now = now.astimezone(JAKARTA)
    tables = read_tables(files)
    findings = Findings()
    index = RegionIndex(region, aliases)
    references = read_references(tables, index, findings)
    reader = ValueReader(references, index, units, findings, now)
    values = [value for row in tables["tb_simpatik"] if (value := reader.read(row)) is not None]
    by_family: dict[tuple[str, str], list[Value]] = defaultdict(list)
    named: dict[str, Counter[str]] = defaultdict(Counter)
    for value in values:
        by_family[value.indicator.family_key].append(value)
        if value.office:
            named[value.indicator.bidang.key][value.office] += 1
    groups = group_indicators(references.indicators.values(), findings)
    names = dataset_names(groups)
    families: list[Family] = []
    counts: Counter[str] = Counter()
    for group in groups:
        builder = _FamilyBuilder(group, by_family[group.key], index, findings)
        families.append(builder.build(names[group.key], named[group.bidang.key]))
        counts += builder.counts
    read = len(tables["tb_simpatik"])
    totals = Totals(read, counts["imported"], counts["collapsed"], counts["left_out"], read - len(values))
    if not totals.balanced:
        message = f"values do not add up: {totals}"
        raise RuntimeError(message)
    return ImportPlan(
        families=tuple(sorted(families, key=lambda family: family.name)),
        findings=findings.sorted(),
        totals=totals,
        first_year=min((value.year for value in values), default=now.year),
        last_year=max((value.year for value in values), default=now.year),
    )


def has_several_quarters(values: Iterable[Value]) -> bool:
    """Whether an indicator has several quarters in one year."""
    quarters: dict[tuple[str, int], set[int]] = defaultdict(set)
    for value in values:
        quarters[value.row.cells["jenis_data"].strip(), value.year].add(value.quarter)
    return any(len(found) > 1 for found in quarters.values())


class _FamilyBuilder:
    """Builds one family; `counts` says afterwards what became of its values."""

    def __init__(self, group: Group, values: list[Value], index: RegionIndex, findings: Findings) -> None:
        self.counts: Counter[str] = Counter()
        self._group = group
        self._values = values
        self._index = index
        self._findings = findings
        self._city = index.region.city
        self._quarters = Counter(value.quarter for value in values)
        self._quarterly = has_several_quarters(values) and self._is_believable(index.aliases.quarter_share)
        self._level = DISTRICT if any(value.area.code != self._city for value in values) else CITY
        self._expected = index.region.area_count(self._level) * len(group.classes)
        self._rows: list[DataRow] = []
        self._invalid: dict[str, set[_Key]] = defaultdict(set)
        self._reasons: dict[str, set[str]] = defaultdict(set)

    def build(self, name: str, named_in_bidang: Counter[str]) -> Family:
        group = self._group
        first = group.indicators[0].row
        named = [value.office for value in self._values if value.office]
        opd = choose_office(group.bidang, named, named_in_bidang, self._index, first, self._findings)
        self._note_quarters()
        self._place_values()
        units = Counter(row.satuan for row in self._rows if row.satuan)
        return Family(
            kode=group.kode,
            name=name,
            title=group.title,
            bidang=group.bidang.name,
            urusan=group.bidang.urusan,
            opd=opd,
            classes=group.classes,
            depth=group.depth,
            indicators=tuple(tidy_name(indicator.name) for indicator in group.indicators),
            level=self._level,
            frequency=(Frequency.TRIWULANAN if self._quarterly else Frequency.TAHUNAN).value,
            expected_values=self._expected,
            units=tuple(sorted(units, key=lambda unit: (-units[unit], unit))),
            rows=tuple(self._rows),
            cells=self._cells(),
        )

    def _key(self, value: Value) -> _Key:
        classes = self._group.class_of[value.indicator.row.cells["id"].strip()]
        return value.area.code, value.year, value.quarter if self._quarterly else None, classes

    def _period(self, value: Value) -> str:
        return f"{value.year:04d}-Q{value.quarter}" if self._quarterly else f"{value.year:04d}"

    def _place_values(self) -> None:
        """Settle every key in the order of area, period and class, and note refused values."""
        keyed: dict[_Key, list[Value]] = defaultdict(list)
        usual: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
        for value in self._values:
            key = self._key(value)
            if value.problem:
                self._leave_out(key, [value], value.problem)
            else:
                keyed[key].append(value)
            if value.unit_known:
                usual[key[3]][value.unit] += 1
        self._note_mixed_units(usual)
        order = {classes: place for place, classes in enumerate(self._group.classes)}
        for key in sorted(keyed, key=lambda key: (key[1], key[2] or 0, key[0], order[key[3]])):
            values = keyed[key]
            kept = settle(values, usual[key[3]], self._findings)
            if kept is None:
                self._leave_out(key, values, _CONFLICT)
            else:
                self.counts["collapsed"] += len(values) - 1
                self._import(key, kept)

    def _leave_out(self, key: _Key, values: list[Value], rule: str) -> None:
        self.counts["left_out"] += len(values)
        period = self._period(values[0])
        self._reasons[period].add(rule)
        if rule != _EMPTY:
            self._invalid[period].add(key)

    def _import(self, key: _Key, value: Value) -> None:
        self.counts["imported"] += 1
        notes: list[str] = []
        reasons = self._reasons[self._period(value)]
        if value.number == 0:
            notes.append(ZERO_NOTE)
            reasons.add(_ZERO)
            self._findings.add(value.row, _ZERO, "0", "0")
        if not value.unit_known:
            notes.append(f"{UNIT_NOTE}: {value.unit}" if value.unit else UNIT_NOTE)
            reasons.add(_UNKNOWN_UNIT)
        note = tidy(value.row.cells["ket"])
        self._rows.append(
            DataRow(
                kode_wilayah=value.area.code,
                nama_wilayah=value.area.name,
                tahun=value.year,
                triwulan=key[2],
                rincian=key[3],
                nilai=value.number or Decimal(0),
                satuan=value.unit,
                sumber=value.source,
                catatan="; ".join([*notes, *([note] if note else [])]),
            )
        )

    def _cells(self) -> tuple[CellFacts, ...]:
        """The facts of every period that has a record, oldest first."""
        records: dict[str, list[Value]] = defaultdict(list)
        for value in self._values:
            records[self._period(value)].append(value)
        rows: dict[str, list[DataRow]] = defaultdict(list)
        for row in self._rows:
            # A total of the city in a table by kecamatan is kept, but nobody asked for it.
            if self._level == CITY or row.kode_wilayah != self._city:
                rows[f"{row.tahun:04d}-Q{row.triwulan}" if self._quarterly else f"{row.tahun:04d}"].append(row)
        return tuple(
            CellFacts(
                period=period,
                expected=self._expected,
                filled=sum(row.nilai != 0 for row in rows[period]),
                zeros=sum(row.nilai == 0 for row in rows[period]),
                invalid=len(self._invalid[period]),
                reasons=tuple(sorted(self._reasons[period])),
                delivered_at=max((value.moment for value in records[period] if value.moment), default=None),
            )
            for period in sorted(records)
        )

    def _note_mixed_units(self, usual: Mapping[tuple[str, ...], Counter[str]]) -> None:
        first = {classes: ident for ident, classes in reversed(list(self._group.class_of.items()))}
        rows = {indicator.row.cells["id"].strip(): indicator.row for indicator in self._group.indicators}
        for classes, counts in usual.items():
            if len(counts) > 1:
                told = "; ".join(f"{unit}: {counts[unit]}" for unit in sorted(counts, key=lambda u: (-counts[u], u)))
                self._findings.add(rows[first[classes]], "satuan-beragam", told)

    def _is_believable(self, share: float) -> bool:
        """Whether enough records stand outside the usual quarter."""
        return len(self._values) - max(self._quarters.values()) >= share * len(self._values)

    def _note_quarters(self) -> None:
        """Point out the records that make a family quarterly against the others, or whose quarter was ignored."""
        if len(self._quarters) < 2:  # noqa: PLR2004
            return
        usual = max(self._quarters, key=lambda quarter: (self._quarters[quarter], quarter))
        for value in self._values:
            count = self._quarters[value.quarter]
            told = f"{count} dari {len(self._values)} baris pada triwulan {value.quarter}"
            if not self._quarterly and value.quarter != usual:
                self._findings.add(value.row, "triwulan-diabaikan", str(value.quarter), str(value.year))
            elif self._quarterly and count < _RARE_QUARTER * len(self._values):
                self._findings.add(value.row, "triwulan-jarang", str(value.quarter), told)
