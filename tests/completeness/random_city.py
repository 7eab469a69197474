"""A random city in the database, and what the rules of `core` say about it, told one thing at a time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from ckanext.satudataserang.core.cells import CellFacts
from ckanext.satudataserang.core.deadlines import WIB, deadline, extended
from ckanext.satudataserang.core.measures import EntryFacts
from ckanext.satudataserang.core.periods import Frequency, Period, is_confirmation, periods_between

LAST = date(2027, 12, 31)
DELETED = 4
FREQUENCIES = [frequency.value for frequency in Frequency][2:]
OPEN = ("diajukan", "menunggu_pemeriksaan", "disetujui", "dikembalikan", "tidak_valid", "draf")
_TERMS = ("opd_id", "frequency", "deadline_days", "grace_days", "kelas")
_MADE = datetime(2025, 1, 1, tzinfo=timezone.utc)


@dataclass
class City:
    """Rows to insert, by table."""

    opds: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    terms: list[dict[str, Any]] = field(default_factory=list)
    datasets: list[dict[str, Any]] = field(default_factory=list)
    submissions: list[dict[str, Any]] = field(default_factory=list)
    exemptions: list[dict[str, Any]] = field(default_factory=list)
    extensions: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """What an entry is bound to between two days; `anchor`: from when on it has this frequency."""

    opd_id: str
    frequency: str
    deadline_days: int
    grace_days: int
    kelas: str
    dari: date
    sampai: date | None
    anchor: date


# --- making one ------------------------------------------------------------------------------------------------------


def _moment(chance: random.Random, around: date) -> datetime:
    day = around + timedelta(days=chance.randint(-60, 200))
    return datetime(day.year, day.month, day.day, chance.randint(0, 23), 59, 59, tzinfo=WIB)


def _entry(chance: random.Random, number: int, opds: list[dict[str, Any]]) -> tuple[dict[str, Any], list[Any]]:
    """An entry with its newest terms, and its history of terms where they changed."""
    first = date(chance.randint(2021, 2026), chance.randint(1, 12), chance.randint(1, 28))
    history = [_random_terms(chance, opds)]
    days = [first]
    if chance.random() < 0.5:
        for _ in range(chance.randint(1, 3)):
            # Some changes leave most as it was: a move to another OPD, a new deadline, the old frequency again.
            kept = {key: value for key, value in chance.choice(history).items() if chance.random() < 0.6}
            history.append({**_random_terms(chance, opds), **kept})
            days.append(days[-1] + timedelta(days=chance.randint(1, 500)))
    ends = chance.random() < 0.3
    entry = {
        "id": f"entry-{number}",
        "kode": f"K{number}",
        "judul": f"Data {number}",
        "urusan": chance.choice(["1.01", "1.02", "2.12"]),
        "prioritas": [],
        "dasar_hukum": "",
        "berlaku_dari": first,
        "berlaku_sampai": first + timedelta(days=chance.randint(0, 900)) if ends else None,
        "level_wilayah": "kota",
        "expected_values": chance.choice([None, 1, 6, 42]),
        "access": chance.choice(["terbuka", "tertutup"]),
        "access_reason": "",
        "source_system": "",
        "structure_id": None,
        "state": chance.choice(["berlaku"] * 4 + ["berakhir", "usulan"]),
        "created": _MADE,
        "modified": _MADE,
        **history[-1],
    }
    if len(history) == 1:
        return entry, []
    rows = [
        {"entry_id": entry["id"], "effective_from": day, "reason": "", "changed_by": "", "changed_at": _MADE, **terms}
        for day, terms in zip(days, history, strict=True)
    ]
    return entry, rows


def _random_terms(chance: random.Random, opds: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "opd_id": chance.choice(opds)["id"],
        "frequency": chance.choice(FREQUENCIES),
        "deadline_days": chance.choice([0, 10, 90]),
        "grace_days": chance.choice([0, 14]),
        "kelas": chance.choice(["wajib", "diharapkan", "opsional"]),
    }


def _submission(chance: random.Random, entry: dict[str, Any], period: Period, state: str) -> dict[str, Any]:
    kind = chance.choice(["data"] * 7 + ["nil", "confirms"])
    dataset = f"dataset-{entry['id']}"
    nowhere = kind != "data" if state in ("terbit", "ditarik") else True
    return {
        "id": f"sub-{chance.getrandbits(64):016x}",
        "entry_id": entry["id"],
        "period": period.key,
        "dataset_id": None if nowhere and chance.random() < 0.5 else dataset,
        "resource_id": None,
        "origin": "unggahan",
        "state": state,
        "delivered_at": _moment(chance, period.end),
        "valid": state != "tidak_valid" and chance.random() < 0.8,
        "nil": kind == "nil",
        "confirms": kind == "confirms",
        "expected_values": chance.choice([None, entry["expected_values"], 6]),
        "filled_values": chance.randint(0, 60),
        "zero_values": 0,
        "reasons": chance.sample(["a", "b", "c"], chance.randint(0, 2)),
        "content_sha256": f"{chance.getrandbits(64):016x}",
        "superseded_by": None,
        "chain_id": None,
        "created_by": "",
        "note": "",
    }


def _chain(chance: random.Random, entry: dict[str, Any], period: Period, end: str) -> list[dict[str, Any]]:
    """Deliveries from return to return until one that is at its `end`; each supersedes the one before."""
    states = [chance.choice(["dikembalikan", "tidak_valid"]) for _ in range(chance.choice([0, 0, 1, 2]))]
    chain = [_submission(chance, entry, period, state) for state in (*states, end)]
    for row, moment in zip(chain, sorted(row["delivered_at"] for row in chain), strict=True):
        row["delivered_at"] = moment
    for older, newer in pairwise(chain):
        older["superseded_by"] = newer["id"]
    # Deliveries of an import know of no chain: each is one of its own.
    if len(chain) > 1 or chance.random() < 0.5:
        for row in chain:
            row["chain_id"] = chain[0]["id"]
    return chain


def _deliveries(chance: random.Random, entry: dict[str, Any], period: Period) -> list[dict[str, Any]]:
    """Chains that reached their end, each superseding the one before, and perhaps one that is still on its way."""
    ended = [
        _chain(chance, entry, period, chance.choice(["terbit"] * 4 + ["ditarik"]))
        for _ in range(chance.choice([0, 0, 1, 1, 1, 2]))
    ]
    for older, newer in pairwise(ended):
        older[-1]["superseded_by"] = newer[-1]["id"]
    on_its_way = [_chain(chance, entry, period, chance.choice(OPEN))] if chance.random() < 0.3 else []
    return [row for chain in (*ended, *on_its_way) for row in chain]


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
        entry, terms = _entry(chance, number, city.opds)
        city.entries.append(entry)
        city.terms.extend(terms)
        city.datasets.append(
            {
                "id": f"dataset-{entry['id']}",
                "name": f"dataset-{entry['id']}",
                "title": entry["judul"],
                "owner_org": entry["opd_id"] if chance.random() < 0.9 else "opd-3",
                "state": chance.choice(["active"] * 5 + ["draft", "deleted"]),
                "private": chance.random() < 0.2,
                "extras": {"daftar_data_kode": entry["kode"]},
            }
        )
        _excuses(chance, city, entry)
        for _, period in owed(entry, city):
            city.submissions.extend(_deliveries(chance, entry, period))
            if chance.random() < 0.15:
                city.extensions.append(_extension(chance, entry, period))
    return city


def _excuses(chance: random.Random, city: City, entry: dict[str, Any]) -> None:
    for number in range(chance.choice([0, 0, 0, 1, 2])):
        first = date(2021, 1, 1) + timedelta(days=chance.randint(0, 2000))
        city.exemptions.append(
            {
                "id": f"exemption-{entry['id']}-{number}",
                "entry_id": entry["id"],
                "berlaku_dari": first,
                "berlaku_sampai": first + timedelta(days=chance.randint(0, 500)),
                "reason": "tidak ada kegiatan",
                "state": chance.choice(["disetujui", "disetujui", "diusulkan", "ditolak", "dicabut"]),
                "requested_by": "",
                "requested_at": _MADE,
            }
        )


def _extension(chance: random.Random, entry: dict[str, Any], period: Period) -> dict[str, Any]:
    return {
        "id": f"extension-{entry['id']}-{period.key}",
        "entry_id": entry["id"],
        "period": period.key,
        "until": period.end + timedelta(days=chance.randint(0, 200)),
        "reason": "banjir",
        "granted_by": "",
        "granted_at": _MADE,
        "revoked_at": _MADE if chance.random() < 0.3 else None,
    }


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
        "satudata_plan_terms": city.terms,
        "satudata_submission": city.submissions,
        "satudata_exemption": city.exemptions,
        "satudata_extension": city.extensions,
    }
    from ckan.model import meta

    for name, rows in tables.items():
        if rows:
            session.execute(sa.insert(meta.metadata.tables[name]), rows)


# --- what core says of it --------------------------------------------------------------------------------------------


def spans(entry: dict[str, Any], city: City) -> list[Span]:
    """What the entry is bound to, oldest first; nothing where it was not agreed or its OPD was deleted."""
    if entry["state"] == "usulan":
        return []
    opds = {opd["id"]: opd for opd in city.opds}
    rows = [terms for terms in city.terms if terms["entry_id"] == entry["id"]]
    rows = rows or [{"effective_from": entry["berlaku_dari"], **{key: entry[key] for key in _TERMS}}]
    rows.sort(key=lambda terms: terms["effective_from"])
    anchors: dict[str, date] = {}
    found = []
    for number, terms in enumerate(rows):
        first = entry["berlaku_dari"] if number == 0 else terms["effective_from"]
        lasts = [entry["berlaku_sampai"]] if entry["berlaku_sampai"] else []
        if number + 1 < len(rows):
            lasts.append(rows[number + 1]["effective_from"] - timedelta(days=1))
        if lasts and min(lasts) < first:
            continue
        opd = opds[terms["opd_id"]]
        starts, ends = opd["extras"].get("berlaku_dari"), opd["extras"].get("berlaku_sampai")
        first = max([first, *([date.fromisoformat(starts)] if starts else [])])
        lasts = [*lasts, *([date.fromisoformat(ends)] if ends else [])]
        anchor = anchors.setdefault(terms["frequency"], first)
        if opd["state"] == "active" and (not lasts or min(lasts) >= first):
            kept = {key: terms[key] for key in _TERMS}
            found.append(Span(**kept, dari=first, sampai=min(lasts, default=None), anchor=anchor))
    return found


def owed(entry: dict[str, Any], city: City) -> list[tuple[Span, Period]]:
    """The periods that an entry owes up to the horizon, each with the terms of its last day."""
    return [
        (span, period)
        for span in spans(entry, city)
        for period in periods_between(Frequency(span.frequency), span.anchor, min(span.sampai or LAST, LAST))
        if span.dari <= period.end
    ]


def _sees(entry: dict[str, Any], row: dict[str, Any], city: City) -> bool:
    """Whether what was published or withdrawn can be seen by everybody it is meant for."""
    if row["dataset_id"] is None:
        return row["nil"] or row["confirms"]
    dataset = next(one for one in city.datasets if one["id"] == row["dataset_id"])
    return dataset["state"] == "active" and (not dataset["private"] or entry["access"] != "terbuka")


def _due(entry: dict[str, Any], span: Span, period: Period, city: City) -> Any:
    due = deadline(period.end, span.deadline_days, span.grace_days)
    for one in city.extensions:
        if (one["entry_id"], one["period"], one["revoked_at"]) == (entry["id"], period.key, None):
            return extended(due, one["until"], span.grace_days)
    return due


def _chains(entry: dict[str, Any], period: str, city: City, now: datetime) -> list[list[dict[str, Any]]]:
    """The deliveries of a cell by chain, as far as they can be seen."""
    chains: dict[str, list[dict[str, Any]]] = {}
    for one in city.submissions:
        of_cell = (one["entry_id"], one["period"]) == (entry["id"], period)
        if of_cell and one["state"] != "draf" and one["delivered_at"] <= now:
            chains.setdefault(one["chain_id"] or one["id"], []).append(one)
    return [
        chain
        for chain in chains.values()
        if all(_sees(entry, row, city) for row in chain if row["state"] in ("terbit", "ditarik"))
    ]


def _told(entry: dict[str, Any], period: str, city: City, now: datetime) -> list[dict[str, Any]]:
    """The deliveries of a cell, the newest word first; none where the newest says that they were withdrawn."""
    rows = sorted((row for chain in _chains(entry, period, city, now) for row in chain), key=lambda one: one["id"])
    rows.sort(key=lambda one: (one["superseded_by"] is None, one["delivered_at"]), reverse=True)
    return rows if rows and rows[0]["state"] != "ditarik" else []


def facts_of(entry: dict[str, Any], span: Span, period: Period, city: City, now: datetime) -> CellFacts:
    """The facts of one cell, told one submission at a time."""
    due = _due(entry, span, period, city)
    exempt = any(
        one["entry_id"] == entry["id"]
        and one["state"] == "disetujui"
        and one["berlaku_dari"] <= period.end <= one["berlaku_sampai"]
        for one in city.exemptions
    )
    seen = _chains(entry, period.key, city, now)
    rows = _told(entry, period.key, city, now)
    if not rows:
        return CellFacts(due.due, due.grace, expected_values=entry["expected_values"] or 1, exempt=exempt)
    newest = rows[0]
    ended = [row for row in rows if row["state"] in ("terbit", "ditarik")]
    standing = ended[0] if ended and ended[0]["state"] == "terbit" and ended[0]["valid"] else None
    expected = max(newest["expected_values"] or entry["expected_values"] or 1, 1)
    nil = bool(standing and standing["nil"])
    confirmed = bool(standing and standing["confirms"] and is_confirmation(period.key))
    filled = 0 if nil or confirmed or not standing else min(standing["filled_values"], expected)
    accepted = [chain for chain in seen if any(row["state"] == "terbit" for row in chain)]
    return CellFacts(
        due.due,
        due.grace,
        expected_values=0 if nil or confirmed else expected,
        filled_values=filled,
        exempt=exempt,
        delivered=True,
        valid=newest["valid"],
        nil=nil,
        complete=nil or confirmed or filled >= expected,
        pending=newest["state"] in ("diajukan", "menunggu_pemeriksaan", "disetujui"),
        returned=newest["state"] == "dikembalikan",
        first_delivered_at=min(one["delivered_at"] for one in rows),
        first_valid_at=min(
            (one["delivered_at"] for chain in accepted for one in chain if one["valid"] and _whole(entry, one)),
            default=None,
        ),
    )


def _whole(entry: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether one delivery by itself held all that was asked for."""
    expected = max(row["expected_values"] or entry["expected_values"] or 1, 1)
    return row["nil"] or row["confirms"] or row["filled_values"] >= expected


def entry_facts(entry: dict[str, Any], city: City, points: dict[str, int], possible: int, now: datetime) -> EntryFacts:
    """Whether the entry's dataset is published with something in it, and the metadata points it earns."""
    dataset = next(one for one in city.datasets if one["id"] == f"dataset-{entry['id']}")
    published = (
        dataset["state"] == "active"
        and dataset["owner_org"] == entry["opd_id"]
        and (not dataset["private"] or entry["access"] != "terbuka")
        and any(
            row["state"] == "terbit" and row["valid"] and row["superseded_by"] is None
            for period in {one["period"] for one in city.submissions if one["entry_id"] == entry["id"]}
            for row in _told(entry, period, city, now)
        )
    )
    return EntryFacts(published, points.get(dataset["id"], 0) if published else 0, possible)


def in_force(entry: dict[str, Any], city: City, first: date, last: date, today: date) -> Span | None:
    """The terms under which the entry counts between two days: the last ones that had begun; None when it does not."""
    found = [
        span
        for span in spans(entry, city)
        if span.dari <= last and (span.sampai is None or span.sampai >= first) and max(span.dari, first) <= today
    ]
    return max(found, key=lambda span: span.dari, default=None)
