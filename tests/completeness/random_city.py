"""A random city in the database, and what the rules of `core` say about it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudataserang.core.cells import CellFacts
from ckanext.satudataserang.core.deadlines import WIB, deadline
from ckanext.satudataserang.core.measures import EntryFacts
from ckanext.satudataserang.core.periods import Frequency, Period, periods_between

LAST = date(2027, 12, 31)
DELETED = 4
FREQUENCIES = [frequency.value for frequency in Frequency]


@dataclass
class City:
    """Rows to insert, by table."""

    opds: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    datasets: list[dict[str, Any]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)


def _moment(chance: random.Random, around: date) -> datetime:
    day = around + timedelta(days=chance.randint(-60, 200))
    return datetime(day.year, day.month, day.day, chance.randint(0, 23), 59, 59, tzinfo=WIB)


def _entry(chance: random.Random, number: int, opd: dict[str, Any]) -> dict[str, Any]:
    first = date(chance.randint(2021, 2026), chance.randint(1, 12), chance.randint(1, 28))
    ends = chance.random() < 0.3
    now = datetime(2025, 1, 1, tzinfo=timezone.utc)
    return {
        "id": f"entry-{number}",
        "kode": f"K{number}",
        "judul": f"Data {number}",
        "opd_id": opd["id"],
        "urusan": chance.choice(["1.01", "1.02", "2.12"]),
        "kelas": "wajib",
        "prioritas": [],
        "dasar_hukum": "",
        "frequency": chance.choice(FREQUENCIES[2:]),
        "deadline_days": chance.choice([0, 10, 90]),
        "grace_days": chance.choice([0, 14]),
        "berlaku_dari": first,
        "berlaku_sampai": first + timedelta(days=chance.randint(0, 900)) if ends else None,
        "level_wilayah": "kota",
        "expected_values": chance.choice([None, 1, 6, 42]),
        "access": chance.choice(["terbuka", "tertutup"]),
        "access_reason": "",
        "source_system": "",
        "structure_id": None,
        "state": chance.choice(["berlaku"] * 4 + ["berakhir", "usulan"]),
        "created": now,
        "modified": now,
    }


def _submission(chance: random.Random, entry: dict[str, Any], period: Period) -> dict[str, Any]:
    expected = chance.choice([None, entry["expected_values"], 6])
    return {
        "id": f"sub-{chance.getrandbits(64):016x}",
        "entry_id": entry["id"],
        "period": period.key,
        "dataset_id": f"dataset-{entry['id']}",
        "resource_id": None,
        "origin": "unggahan",
        "state": chance.choice(["terbit"] * 5 + ["draf", "diajukan", "dikembalikan", "tidak_valid", "ditarik"]),
        "delivered_at": _moment(chance, period.end),
        "valid": chance.random() < 0.7,
        "nil": chance.random() < 0.1,
        "expected_values": expected,
        "filled_values": chance.randint(0, 60),
        "zero_values": 0,
        "reasons": chance.sample(["a", "b", "c"], chance.randint(0, 2)),
        "content_sha256": f"{chance.getrandbits(64):016x}",
        "superseded_by": None,
        "created_by": "",
        "note": "",
    }


def make(seed: int, entries: int = 25) -> City:
    """A city that is the same for the same seed; one of its OPDs was deleted."""
    chance = random.Random(seed)
    city = City()
    for number in range(5):
        extras = {"berlaku_dari": "2022-03-01"} if number == 1 else {}
        if number == 2:
            extras = {"berlaku_sampai": "2024-06-30"}
        state = "deleted" if number == DELETED else "active"
        name = f"opd-{number}"
        city.opds.append({"id": name, "name": name, "title": f"OPD {number}", "extras": extras, "state": state})
    for number in range(entries):
        opd = chance.choice(city.opds)
        entry = _entry(chance, number, opd)
        city.entries.append(entry)
        city.datasets.append(
            {
                "id": f"dataset-{entry['id']}",
                "name": f"dataset-{entry['id']}",
                "title": entry["judul"],
                "owner_org": opd["id"] if chance.random() < 0.9 else "opd-3",
                "state": chance.choice(["active"] * 5 + ["draft", "deleted"]),
                "private": chance.random() < 0.2,
                "extras": {"daftar_data_kode": entry["kode"]},
            }
        )
        # Before the OPD was deleted, it delivered like the others.
        for period in expected_periods(entry, {**opd, "state": "active"}):
            chain = [_submission(chance, entry, period) for _ in range(chance.choice([0, 0, 1, 1, 2, 3]))]
            chain.sort(key=lambda submission: submission["delivered_at"])
            for older, newer in pairwise(chain):
                older["superseded_by"] = newer["id"]
            city.submissions.extend(chain)
    return city


def insert(session: Session, city: City) -> None:
    """Write the city; the tables are taken to be empty."""
    tables = {
        "group": [
            {**opd, "type": "organization", "is_organization": True, "approval_status": "approved"} for opd in city.opds
        ],
        "package": [
            {
                **dataset,
                "type": "dataset",
                "metadata_created": datetime(2025, 1, 1),  # noqa: DTZ001 (CKAN keeps naive UTC)
                "plugin_data": {},
            }
            for dataset in city.datasets
        ],
        "satudata_plan_entry": city.entries,
        "satudata_submission": city.submissions,
    }
    from ckan.model import meta

    for name, rows in tables.items():
        if rows:
            session.execute(sa.insert(meta.metadata.tables[name]), rows)


def owes(entry: dict[str, Any], opd: dict[str, Any]) -> bool:
    """Whether the entry was agreed and its OPD is still there."""
    return entry["state"] != "usulan" and opd["state"] == "active"


def expected_periods(entry: dict[str, Any], opd: dict[str, Any]) -> list[Period]:
    """The periods that an entry owes up to the horizon."""
    if not owes(entry, opd):
        return []
    starts, ends = opd["extras"].get("berlaku_dari"), opd["extras"].get("berlaku_sampai")
    first = max([entry["berlaku_dari"], *([date.fromisoformat(starts)] if starts else [])])
    last = min(
        [
            LAST,
            *(date.fromisoformat(end) for end in [ends] if end),
            *([entry["berlaku_sampai"]] * bool(entry["berlaku_sampai"])),
        ]
    )
    return periods_between(Frequency(entry["frequency"]), first, last)


def facts_of(entry: dict[str, Any], period: Period, city: City, now: datetime) -> CellFacts:
    """The facts of one cell, told one submission at a time."""
    public = {
        dataset["id"]
        for dataset in city.datasets
        if dataset["state"] == "active" and (not dataset["private"] or entry["access"] != "terbuka")
    }
    due = deadline(period.end, entry["deadline_days"], entry["grace_days"])
    chain = [
        one
        for one in city.submissions
        if one["entry_id"] == entry["id"]
        and one["period"] == period.key
        and one["dataset_id"] in public
        and one["state"] != "draf"
        and one["delivered_at"] <= now
    ]
    chain.sort(key=lambda one: (one["superseded_by"] is None, one["delivered_at"]))
    if not chain or chain[-1]["state"] == "ditarik":
        return CellFacts(due.due, due.grace, expected_values=entry["expected_values"] or 1)
    newest = chain[-1]
    published = [one for one in chain if one["state"] == "terbit"]
    standing = published[-1] if published and published[-1]["valid"] else None
    expected = max(entry["expected_values"] or newest["expected_values"] or 1, 1)
    nil = bool(standing and standing["nil"])
    filled = 0 if nil or not standing else min(standing["filled_values"], expected)
    return CellFacts(
        due.due,
        due.grace,
        expected_values=0 if nil else expected,
        filled_values=filled,
        delivered=True,
        valid=newest["valid"],
        nil=nil,
        complete=nil or filled >= expected,
        pending=newest["state"] in ("diajukan", "menunggu_pemeriksaan"),
        returned=newest["state"] == "dikembalikan",
        first_delivered_at=min(one["delivered_at"] for one in chain),
        first_valid_at=min((one["delivered_at"] for one in published if one["valid"]), default=None),
    )


def entry_facts(entry: dict[str, Any], city: City, points: dict[str, int], possible: int) -> EntryFacts:
    """Whether the entry's dataset is published, and the metadata points it earns."""
    dataset = next(one for one in city.datasets if one["id"] == f"dataset-{entry['id']}")
    published = (
        dataset["state"] == "active"
        and dataset["owner_org"] == entry["opd_id"]
        and (not dataset["private"] or entry["access"] != "terbuka")
    )
    return EntryFacts(published, points.get(dataset["id"], 0) if published else 0, possible)


def in_force_from(entry: dict[str, Any], opd: dict[str, Any], year: int) -> date | None:
    """The day from which the entry is in force in the year, or None when it is not."""
    if not owes(entry, opd):
        return None
    starts, ends = opd["extras"].get("berlaku_dari"), opd["extras"].get("berlaku_sampai")
    first = max([entry["berlaku_dari"], *([date.fromisoformat(starts)] if starts else [])])
    lasts = [
        *([date.fromisoformat(ends)] if ends else []),
        *([entry["berlaku_sampai"]] * bool(entry["berlaku_sampai"])),
    ]
    if first > date(year, 12, 31) or (lasts and min(lasts) < date(year, 1, 1)):
        return None
    return max(first, date(year, 1, 1))
