"""A list of entries beside the plan: what is new, what changes, what is gone, and writing it.

The plan is read once, compared in memory and written in a few statements, however long the list is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Context

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.core import plan, plan_terms
from ckanext.satudataserang.plan import codes, entries, events, rules, terms
from ckanext.satudataserang.plan.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry

_NULLABLE = ("berlaku_sampai", "expected_values", "structure_id")
#: What an empty field of a row clears; any other empty field is as good as left out.
_CLEARED = frozenset({*_NULLABLE, "dasar_hukum", "access_reason", "source_system"})
_COLUMNS = (schema.DESCRIBING | schema.WALIDATA_ONLY | schema.BINDING | {"state"}) - {"opd"}
#: Keys of a row that are no columns.
_NOT_COLUMNS = frozenset({"opd", "effective_from", "reason", "kode"})


@dataclass
class Change:
    """An entry of the plan and what the list says otherwise; `steps` is its new history where that changes."""

    entry: PlanEntry
    changes: dict[str, list[Any]]
    reason: str = ""
    steps: list[plan_terms.Step] | None = None


@dataclass
class Batch:
    """What a list means for the plan; `new` are whole rows of the table."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    gone: list[PlanEntry] = field(default_factory=list)
    unchanged: int = 0
    opd_names: dict[str, str] = field(default_factory=dict)


@dataclass
class _Row:
    """One valid row: the columns it gives, the keys it has, its own day and reason."""

    number: str
    kode: str
    values: dict[str, Any]
    given: frozenset[str]
    since: date | None
    reason: str


def compare(context: Context, rows: Sequence[Any], common: Mapping[str, Any]) -> Batch:
    """What the list means for the plan. Raises ValidationError naming every faulty row by its place from 1.

    :param common: `effective_from` and `reason` for rows that have none of their own
    """
    errors: dict[str, Any] = {}
    opds = _opds()
    read = _read(context, rows, common, opds, errors)
    codes.hold()
    known = _known(read)
    batch = Batch(opd_names={str(id_): str(name) for name, id_ in opds.items() if name != id_})
    histories = terms.histories(entry.id for entry in known.values())
    sysadmin = roles.is_sysadmin(roles.user_of(context))
    seen: dict[str, str] = {}
    for row in read:
        entry = known.get(row.number)
        kode = entry.kode if entry else row.kode
        problems: dict[str, list[str]] = {}
        if kode and kode in seen:
            message = tk._("Kode “{kode}” muncul lebih dari sekali dalam daftar ini (juga pada entri ke-{number}).")
            problems["kode"] = [message.format(kode=kode, number=seen[kode])]
        if not kode:
            kode = "\0".join(_title_key(row.values["opd_id"], row.values["judul"], row.values["level_wilayah"]))
            if kode in seen:
                message = tk._("Judul ini sama dengan entri ke-{number}. Gabungkan, atau beri kode masing-masing.")
                problems["judul"] = [message.format(number=seen[kode])]
        seen.setdefault(kode, row.number)
        if entry is None:
            row.values["berlaku_dari"] = row.values["berlaku_dari"] or entries.next_year()
            problems |= rules.new_problems(row.kode, row.values)
            batch.new.append({**dict.fromkeys(_NULLABLE), **row.values, "kode": row.kode})
        else:
            change, found = _compared(entry, row, histories.get(entry.id, []), trusted=sysadmin)
            problems |= found
            if change:
                batch.changed.append(change)
            else:
                batch.unchanged += 1
        if problems:
            errors[row.number] = problems
    if errors:
        raise tk.ValidationError(dict(sorted(errors.items(), key=lambda one: int(one[0]))))
    _name(batch)
    batch.gone = _gone(batch, known)
    return batch


def write(context: Context, batch: Batch) -> list[str]:
    """Write a batch in the session's transaction; returns the ids of the entries it touches."""
    now = datetime.now(timezone.utc)
    stamp = {"created": now, "modified": now}
    rows = [{**row, "id": make_uuid(), **stamp} for row in batch.new]
    told: list[dict[str, Any]] = []
    if rows:
        made = model.Session.scalars(sa.insert(PlanEntry).returning(PlanEntry), rows)
        told.extend(events.event(context, entry, "impor", changes=events.whole(entry)) for entry in made)
    for one in batch.changed:
        before = one.entry.state
        for name, (_, value) in one.changes.items():
            setattr(one.entry, name, value)
        one.entry.modified = now
        told.append(events.event(context, one.entry, "impor", before=before, note=one.reason, changes=one.changes))
    # One statement for all changed entries: the session sends equal updates together.
    model.Session.flush()
    stepped = {one.entry.id: one.steps for one in batch.changed if one.steps is not None}
    if stepped:
        terms.write(context, stepped, {one.entry.id: one.reason for one in batch.changed})
    events.record(told)
    return [*(row["id"] for row in rows), *(one.entry.id for one in batch.changed)]


def _read(
    context: Context, rows: Sequence[Any], common: Mapping[str, Any], opds: Mapping[str, str], errors: dict[str, Any]
) -> list[_Row]:
    """The rows that are valid by themselves; what is wrong with the others goes into `errors`."""
    found: list[_Row] = []
    for number, entry in enumerate(rows, start=1):
        if not isinstance(entry, dict):
            errors[str(number)] = {"entries": [tk._("Baris ini bukan entri. Kirim setiap entri sebagai objek.")]}
            continue
        data, problems = tk.navl_validate({**common, **entry}, schema.plan_entry(), context)
        opd_id = opds.get(data.get("opd") or "")
        if "opd" not in problems and opd_id is None:
            message = tk._("OPD “{opd}” belum terdaftar. Pakai nama OPD seperti pada halaman OPD.")
            problems["opd"] = [message.format(opd=str(entry.get("opd"))[:100])]
        if problems:
            errors[str(number)] = problems
            continue
        values = {name: value for name, value in data.items() if name not in _NOT_COLUMNS} | {"opd_id": opd_id}
        given = frozenset(
            name for name, value in entry.items() if name in _COLUMNS and (name in _CLEARED or value not in ("", None))
        )
        found.append(
            _Row(str(number), data["kode"], values, given, data.get("effective_from"), data.get("reason") or "")
        )
    return found


def _opds() -> dict[str, str]:
    """Ids of all OPDs by name and by id."""
    pairs = model.Session.execute(
        sa.select(model.Group.name, model.Group.id).where(
            model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE
        )
    )
    return {key: id_ for name, id_ in pairs for key in (id_, name)}


def _known(rows: Sequence[_Row]) -> dict[str, PlanEntry]:
    """The entries of the plan that rows speak of, by the row's number; held until the transaction ends."""
    kodes = [row.kode for row in rows if row.kode]
    opd_ids = {row.values["opd_id"] for row in rows if not row.kode}
    query = sa.select(PlanEntry).where(
        sa.or_(PlanEntry.kode.in_(kodes), PlanEntry.opd_id.in_(opd_ids), PlanEntry.id.in_([]))
    )
    found = list(model.Session.scalars(query.order_by(PlanEntry.id).with_for_update()))
    by_kode = {entry.kode: entry for entry in found}
    by_title = {_title_key(entry.opd_id, entry.judul, entry.level_wilayah): entry for entry in found}
    pairs = (
        (
            row.number,
            by_kode.get(row.kode)
            if row.kode
            else by_title.get(_title_key(row.values["opd_id"], row.values["judul"], row.values["level_wilayah"])),
        )
        for row in rows
    )
    return {number: entry for number, entry in pairs if entry}


def _title_key(opd_id: str, judul: str, level: str) -> tuple[str, str, str]:
    return opd_id, " ".join(judul.casefold().split()), level


def _compared(
    entry: PlanEntry, row: _Row, history: Sequence[plan_terms.Step], *, trusted: bool
) -> tuple[Change | None, dict[str, list[str]]]:
    """What a row changes of an entry (None: nothing), and why it may not."""
    wanted = {**dict.fromkeys(_NULLABLE), **row.values}
    wanted = {name: value for name, value in wanted.items() if name in row.given or name == "opd_id"}
    changes = plan.differences({name: getattr(entry, name) for name in wanted}, wanted, wanted)
    if not changes:
        return None, {}
    change = Change(entry, changes, row.reason)
    import_of_others = trusted and bool(entry.source_system)
    problems = rules.change_problems(entry, changes, trusted=import_of_others)
    bound = [name for name in plan_terms.NAMES if name in changes]
    moved = "opd_id" in changes
    if (bound or moved) and entry.state in plan.BINDING:
        over = entry.berlaku_sampai is not None and entry.berlaku_sampai < entries.today()
        newest = terms.newest(entry)
        new = plan_terms.Terms(**{**vars(newest), **{name: changes[name][1] for name in (*bound, *["opd_id"] * moved)}})
        if over and import_of_others:
            change.steps = [*history[:-1], plan_terms.Step(history[-1].since, new)] if history else None
        elif moved:
            message = tk._("Entri ini sudah berlaku. Pindahkan lewat perubahan OPD: dengan tanggal mulai dan alasan.")
            problems["opd"] = [message]
        else:
            problem = _terms_problem(entry, row, history)
            if problem:
                problems |= {name: [entries.said(problem)] for name in bound}
            elif row.since:
                change.steps = plan_terms.changed(history, entry.berlaku_dari, newest, new, row.since)
    return change, problems


def _terms_problem(entry: PlanEntry, row: _Row, history: Sequence[plan_terms.Step]) -> plan.Problem | None:
    if row.since is None or not row.reason:
        template = "Entri ini sudah berlaku. Sebutkan tanggal mulai (effective_from) dan alasan (reason) perubahannya."
        return plan.Problem("effective_from", template)
    last = row.values.get("berlaku_sampai") if "berlaku_sampai" in row.given else entry.berlaku_sampai
    return plan_terms.change_problem(history, (entry.berlaku_dari, last), row.since, entries.today(), row.reason)


def _name(batch: Batch) -> None:
    """Give new entries without a kode the next one of their OPD's urusan."""
    waiting: defaultdict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    given = {row["kode"] for row in batch.new}
    for row in batch.new:
        if not row["kode"]:
            waiting[row["urusan"], batch.opd_names[row["opd_id"]]].append(row)
    if not waiting:
        return
    taken = set(model.Session.scalars(sa.select(PlanEntry.kode))) | given
    for (urusan, opd), rows in waiting.items():
        for row, kode in zip(rows, plan.next_kodes(urusan, opd, taken, len(rows)), strict=True):
            row["kode"] = kode


def _gone(batch: Batch, known: Mapping[str, PlanEntry]) -> list[PlanEntry]:
    """Entries of the list's OPDs and sources that it does not have and that have not ended."""
    pairs = {(row["opd_id"], row["source_system"]) for row in batch.new}
    pairs |= {(entry.opd_id, entry.source_system) for entry in known.values()}
    if not pairs:
        return []
    query = sa.select(PlanEntry).where(
        PlanEntry.opd_id.in_({opd for opd, _ in pairs}),
        PlanEntry.source_system.in_({source for _, source in pairs}),
        PlanEntry.state != "berakhir",
    )
    here = {entry.id for entry in known.values()}
    return [
        entry
        for entry in model.Session.scalars(query.order_by(PlanEntry.kode))
        if entry.id not in here and (entry.opd_id, entry.source_system) in pairs
    ]
