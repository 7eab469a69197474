"""A file put on a dataset: read and checked as a delivery, where its dataset serves a plan entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.core.checks.wishes import Wishes
from ckanext.satudataserang.core.findings import Findings, warning
from ckanext.satudataserang.core.periods import Frequency
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.structures import read as structures
from ckanext.satudataserang.submission import due as cells
from ckanext.satudataserang.submission import reading, tables, titles
from ckanext.satudataserang.submission.due import Due
from ckanext.satudataserang.submission.reading import Begin, Reading


@dataclass(frozen=True)
class Purpose:
    """What a file is put on a dataset for.

    `entry` None: its dataset serves none. `period` is what the resource's own field says. `own_table`: the file is the
    table that stands, all of it, so it is not compared with itself.
    """

    entry: PlanEntry | None
    structure: Structure | None = None
    period: str = ""
    own_table: bool = False


@dataclass(frozen=True)
class Found:
    """A file under check; `due` is the cell it was checked for, None where it holds several periods or none."""

    reading: Reading
    due: Due | None


def purpose(kode: str, opd_id: str, period: str, resource_id: str, findings: Findings) -> Purpose:
    """What a file is put there for; a kode that cannot be served becomes a finding.

    :param kode: of the plan entry, as the dataset names it
    :param opd_id: the dataset's OPD
    :param period: what the resource's own field says, empty where it says nothing
    :param resource_id: the resource, empty for a new one
    """
    entry = _entry(kode.strip(), opd_id, findings)
    if entry is None:
        return Purpose(None, period=period)
    place = tables.place_of(entry)
    own = bool(place and place.uploaded and place.resource_id == resource_id)
    return Purpose(entry, structures.structure_of(entry), period, own)


@contextmanager
def opened(
    path: Path,
    name: str,
    what: Purpose,
    types: Mapping[str, str] | None = None,
    begin: Begin | None = None,
) -> Iterator[Found]:
    """Read and check a file: for the cell it states, or for the one that all its rows name, as a delivery for it.

    A file of several periods, or outside the Daftar Data, is checked as it stands.

    :param types: types that people chose in the data dictionary, by column id
    :param begin: as in `reading.opened`; called for each reading
    """
    due = _stated(what)
    if due is None:
        with _read(path, name, what, _open_wishes(what, types), begin) as found:
            due = _told(found, what)
            if due is None:
                yield Found(found, None)
                return
    wishes = reading.wishes_of(due, what.structure, compared=True)
    wishes = replace(wishes, types=types or {}, standing=() if what.own_table else wishes.standing)
    with _read(path, name, what, wishes, begin) as found:
        found.table.findings.extend(reading.outdated(found, due))
        yield Found(found, due)


@contextmanager
def _read(path: Path, name: str, what: Purpose, wishes: Wishes, begin: Begin | None) -> Iterator[Reading]:
    remembered = titles.remembered(what.entry.id) if what.entry is not None else {}
    with reading.opened(path, name, wishes, remembered=remembered, begin=begin) as found:
        yield found


def _open_wishes(what: Purpose, types: Mapping[str, str] | None) -> Wishes:
    entry = what.entry
    return Wishes(
        structure=what.structure,
        types=types or {},
        default_period=what.period,
        frequency=Frequency(entry.frequency) if entry else None,
        since=entry.berlaku_dari if entry else None,
        areas=get_region().wilayah,
    )


def _stated(what: Purpose) -> Due | None:
    """The cell that the resource's own field names."""
    return _cell(what.entry, what.period) if what.entry is not None and what.period else None


def _told(found: Reading, what: Purpose) -> Due | None:
    """The cell that every row names."""
    table = found.table
    if what.entry is None or len(table.facts) != 1:
        return None
    ((key, fact),) = table.facts.items()
    return _cell(what.entry, key) if fact.rows == table.rows else None


def _cell(entry: PlanEntry, period: str) -> Due | None:
    try:
        due = cells.due_of(entry, period)
    except tk.ValidationError:
        return None
    return None if due.is_confirmation else due


def _entry(kode: str, opd_id: str, findings: Findings) -> PlanEntry | None:
    """Find the plan entry that the dataset names; another OPD's entry cannot be filled."""
    if not kode:
        return None
    entry = PlanEntry.by_kode(kode)
    if entry is None:
        message = tk._("Kode Daftar Data “{kode}” tidak dikenal; datanya dihitung di luar Daftar Data.")
        findings.add(warning("kode-daftar-data", message.format(kode=kode), tk._("Periksa kodenya di dataset.")))
        return None
    if entry.opd_id != opd_id:
        message = tk._("Kode Daftar Data “{kode}” milik OPD lain; datanya dihitung di luar Daftar Data.")
        advice = tk._("Pakai kode milik OPD Anda, atau hubungi Walidata.")
        findings.add(warning("kode-opd-lain", message.format(kode=kode), advice))
        return None
    return entry
