"""Actions that change one entry: proposing it, editing it, taking it from state to state, changing its terms."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import permissions
from ckanext.satudataserang.core import plan, plan_terms
from ckanext.satudataserang.plan import codes, entries, events, rules, similar, terms
from ckanext.satudataserang.plan.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry

__all__ = [
    "satudata_plan_entry_create",
    "satudata_plan_entry_terms_change",
    "satudata_plan_entry_transition",
    "satudata_plan_entry_update",
]


def satudata_plan_entry_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose an entry: an OPD for itself, the Walidata for any OPD. It begins as `usulan`.

    :param judul: what is to be collected
    :param opd: name or id of the OPD that is to deliver it
    :param urusan: code of a bidang urusan
    :param frequency: harian, mingguan, bulanan, triwulanan, semesteran, tahunan, dua_tahunan, lima_tahunan, sekali,
        statis or insidental (never due by itself)
    :param deadline_days: days after the end of a period until it is due
    :param grace_days: further days that still count as on time (default 0)
    :param kelas: wajib (default), diharapkan or opsional
    :param berlaku_dari: first day of validity (default: 1 January of next year)
    :param berlaku_sampai: last day of validity (default: open)
    :param level_wilayah: provinsi, kota (default), kecamatan or kelurahan
    :param dasar_hukum: the law that asks for it (optional)
    :param access: terbuka (default), terbatas or tertutup
    :param access_reason: why access is limited; needed unless terbuka
    :param expected_values: compulsory values of one period (Walidata; optional)
    :param prioritas: years for which it is Data Prioritas (Walidata; optional)
    :param structure_id: its structure (Walidata; optional)
    :param source_system: where the entry comes from (optional)
    :param kode: its code (default: the next one of the OPD's urusan, such as ``2.12.dukcapil.003``)
    :param similar_ok: propose it although there are entries with such a title (default false)
    :returns: the entry
    :raises ValidationError: by field; under `similar` one sentence per entry with the same or a very similar title
    :rtype: dictionary
    """
    tk.check_access("satudata_plan_entry_create", context, data_dict)
    data = schema.validated(context, data_dict, schema.plan_entry_create())
    opd = entries.opd(data["opd"])
    # Asked of the OPD that was found: how its name was written must not decide who may.
    tk.check_access("satudata_plan_entry_create", context, {"opd": opd.id})
    _only_walidata(context, {name for name in ("prioritas", "expected_values", "structure_id") if data.get(name)})
    facts = _columns(data) | {"opd_id": opd.id, "state": "usulan"}
    facts["berlaku_dari"] = facts.get("berlaku_dari") or entries.next_year()
    if problems := rules.fact_problems(facts):
        raise tk.ValidationError(problems)
    if not data["similar_ok"]:
        _refuse_similar(context, facts, None)
    with entries.one_transaction(context) as touched:
        facts["kode"] = codes.taken_or_proposed(data["kode"], facts["urusan"], opd)
        now = datetime.now(timezone.utc)
        nothing = dict.fromkeys(("berlaku_sampai", "expected_values", "structure_id"))
        entry = PlanEntry(**{**nothing, **facts}, id=make_uuid(), created=now, modified=now)
        model.Session.add(entry)
        model.Session.flush()
        events.record([events.event(context, entry, "usul", changes=events.whole(entry))])
        touched.append(entry.id)
    return entries.shown(context, [entry])[0]


def satudata_plan_entry_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change some fields of an entry; fields that are not given stay as they are.

    An OPD may change what describes its own proposal (judul, urusan, dasar_hukum, level_wilayah, access,
    access_reason, source_system). The Walidata edits any entry, also prioritas, expected_values, structure_id and the
    validity, as long as no closed period moves. Terms (opd, frequency, deadline_days, grace_days, kelas) are changed
    here by the Walidata only as long as the entry is not in force; see `satudata_plan_entry_terms_change` and
    `satudata_opd_change`. The kode never changes.

    :param id: the entry's id or its kode
    :param note: why, for the entry's history (optional)
    :param similar_ok: keep a new title although there are entries with such a one (default false)
    :returns: the entry
    :raises ValidationError: by field; under `similar` as in `satudata_plan_entry_create`
    :rtype: dictionary
    """
    tk.get_or_bust(data_dict, "id")
    given = schema.DESCRIBING | schema.WALIDATA_ONLY | schema.BINDING
    tk.check_access("satudata_plan_entry_update", context, {"id": data_dict["id"]})
    data = schema.validated(context, data_dict, schema.plan_entry_update(given & set(data_dict)))
    with entries.one_transaction(context) as touched:
        entry = entries.locked(context, data["id"])
        tk.check_access("satudata_plan_entry_update", context, {"id": entry.id})
        wanted = _columns(data) | {name: None for name in given & set(data_dict) if name not in data and name != "opd"}
        if "opd" in data:
            wanted["opd_id"] = entries.opd(data["opd"]).id
        before: dict[str, Any] = {name: getattr(entry, name) for name in wanted}
        changes = plan.differences(before, wanted, wanted)
        _check_changes(context, entry, changes)
        if "judul" in changes and not data["similar_ok"]:
            _refuse_similar(context, rules.facts(entry) | wanted, entry.id)
        if changes:
            _apply(entry, {name: new for name, (_, new) in changes.items()})
            row = events.event(context, entry, "ubah", before=entry.state, note=data["note"], changes=changes)
            events.record([row])
            touched.append(entry.id)
    return entries.shown(context, [entry])[0]


def satudata_plan_entry_transition(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Take an entry to its next state: usulan -> disepakati -> berlaku -> berakhir.

    A proposal may also leave the plan: `ditolak` by the Walidata, `ditarik` by its own OPD or the Walidata, both with
    a note. It is deleted then, and what was done to it stays.

    :param id: the entry's id or its kode, or a list of them: all or none
    :param to: disepakati, berlaku, berakhir, ditolak or ditarik
    :param note: why (needed to take a proposal out)
    :param berlaku_dari: with `berlaku`: the first day of validity (default: as proposed)
    :param berlaku_sampai: with `berlaku` and `berakhir`: the last day (default for berakhir: today)
    :returns: the entry; of one taken out ``{"id", "kode", "judul", "state": "ditolak" or "ditarik"}``; for a list
        ``{"results": [the same, …]}``
    :raises ValidationError: the transition is not allowed; for a list keyed by kode
    :rtype: dictionary
    """
    several = isinstance(tk.get_or_bust(data_dict, "id"), list)
    refs = data_dict["id"] if several else [data_dict["id"]]
    for ref in refs:
        tk.check_access("satudata_plan_entry_transition", context, {"id": ref, "to": data_dict.get("to")})
    data = schema.validated(context, data_dict, schema.plan_entry_transition())
    results: list[dict[str, Any]] = []
    problems: dict[str, Any] = {}
    with entries.one_transaction(context) as touched:
        # One order for everybody, so that two lists at once wait for each other instead of blocking each other.
        for found in sorted({entries.find(context, ref).id for ref in refs}):
            entry = entries.locked(context, found)
            try:
                results.append(_step(context, entry, data))
            except tk.ValidationError as error:
                problems[entry.kode] = error.error_dict
            touched.append(found)
        if problems:
            raise tk.ValidationError(problems if several else next(iter(problems.values())))
    return {"results": results} if several else results[0]


def satudata_plan_entry_terms_change(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change what an entry in force is bound to, from today (WIB) or a later day on (Walidata).

    A period lives under the terms in force on its last day: periods that ended before `effective_from` keep theirs. An
    entry that is not in force yet simply gets the new terms.

    :param id: the entry's id or its kode
    :param effective_from: the first day of the new terms (ISO 8601), today or later
    :param reason: why; shown with the entry's history
    :param frequency: new frequency (optional)
    :param deadline_days: new deadline (optional)
    :param grace_days: new grace (optional)
    :param kelas: new class (optional)
    :returns: the entry with `terms`, as in `satudata_plan_entry_show`
    :rtype: dictionary
    """
    tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_plan_entry_terms_change", context, data_dict)
    data = schema.validated(context, data_dict, schema.plan_entry_terms_change())
    since, reason = data["effective_from"], data["reason"]
    with entries.one_transaction(context) as touched:
        entry = entries.locked(context, data["id"])
        if entry.state == "berakhir":
            entries.refuse(plan.Problem("id", "Entri {kode} sudah berakhir; ketentuannya tetap.", {"kode": entry.kode}))
        newest = terms.newest(entry)
        wanted = {name: data[name] for name in plan_terms.NAMES if name in data}
        changes = plan.differences({name: getattr(newest, name) for name in plan_terms.NAMES}, wanted, plan_terms.NAMES)
        if not changes:
            raise tk.ValidationError(
                {"effective_from": [tk._("Tidak ada ketentuan yang berubah. Ubah salah satunya.")]}
            )
        history = terms.histories([entry.id]).get(entry.id, [])
        validity = (entry.berlaku_dari, entry.berlaku_sampai)
        entries.refuse(plan_terms.change_problem(history, validity, since, entries.today(), reason))
        if entry.state in plan.BINDING:
            new = plan_terms.Terms(**{**vars(newest), **wanted})
            steps = plan_terms.changed(history, entry.berlaku_dari, newest, new, since)
            terms.write(context, {entry.id: steps}, {entry.id: reason})
        _apply(entry, wanted)
        told = changes | {"effective_from": [None, since]}
        row = events.event(context, entry, "ketentuan", before=entry.state, note=reason, changes=told)
        events.record([row])
        touched.append(entry.id)
    return entries.shown(context, [entry])[0] | {"terms": terms.shown(entry.id)}


def _step(context: Context, entry: PlanEntry, data: DataDict) -> dict[str, Any]:
    to, note = data["to"], data["note"]
    entries.refuse(plan.transition_problem(entry.state, to, note))
    before = entry.state
    if to in plan.WAYS_OUT:
        row = events.event(context, entry, to, before=before, note=note, changes=events.whole(entry, gone=True))
        events.record([row | {"to_state": None}])
        model.Session.delete(entry)
        model.Session.flush()
        return {"id": entry.id, "kode": entry.kode, "judul": entry.judul, "state": to}
    wanted = {name: data[name] for name in ("berlaku_dari", "berlaku_sampai") if data.get(name)}
    over = entry.berlaku_sampai is not None and entry.berlaku_sampai < entries.today()
    if to == "berakhir" and not over:
        wanted.setdefault("berlaku_sampai", entries.today())
    changes = plan.differences({name: getattr(entry, name) for name in wanted}, wanted, wanted)
    if changes and to == "disepakati":
        message = tk._("Masa berlaku ditetapkan saat entri diberlakukan, bukan saat disepakati.")
        raise tk.ValidationError({name: [message] for name in changes})
    entries.refuse(rules.validity_problem(entry, wanted, binding=before in plan.BINDING))
    _apply(entry, wanted | {"state": to})
    events.record([events.event(context, entry, to, before=before, note=note, changes=changes)])
    return entries.shown(context, [entry])[0]


def _refuse_similar(context: Context, facts: dict[str, Any], leave_out: str | None) -> None:
    """Raise ValidationError where another entry has such a title."""
    found = similar.like(
        context,
        facts["judul"],
        urusan=facts["urusan"],
        opd_id=facts["opd_id"],
        level=facts["level_wilayah"],
        leave_out=leave_out,
    )
    similar.refuse(found)


def _columns(data: DataDict) -> dict[str, Any]:
    """What of validated data goes into the entry's row as it is."""
    names = (schema.DESCRIBING | schema.WALIDATA_ONLY | schema.BINDING) - {"opd"}
    return {name: data[name] for name in names if name in data}


def _apply(entry: PlanEntry, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(entry, name, value)
    entry.modified = datetime.now(timezone.utc)
    model.Session.flush()


def _only_walidata(context: Context, names: set[str]) -> None:
    """Raise ValidationError where somebody else sets what only the Walidata may."""
    if names and permissions.opds_allowed(context, "satudata_plan_entry_update") is not None:
        message = tk._("Hanya Walidata yang dapat mengisi bagian ini.")
        raise tk.ValidationError({name: [message] for name in sorted(names)})


def _check_changes(context: Context, entry: PlanEntry, changes: dict[str, list[Any]]) -> None:
    """Raise ValidationError where these changes may not be made, or not in this way."""
    _only_walidata(context, {"opd" if name == "opd_id" else name for name in set(changes) - schema.DESCRIBING})
    if entry.state in plan.BINDING and (bound := set(changes) & {"opd_id", *plan_terms.NAMES}):
        terms_message = tk._(
            "Entri ini sudah berlaku. Ubah lewat perubahan ketentuan: dengan tanggal mulai dan alasan."
        )
        opd_message = tk._("Entri ini sudah berlaku. Pindahkan lewat perubahan OPD: dengan tanggal mulai dan alasan.")
        raise tk.ValidationError(
            {
                ("opd" if name == "opd_id" else name): [opd_message if name == "opd_id" else terms_message]
                for name in bound
            }
        )
    if problems := rules.change_problems(entry, changes, trusted=False):
        raise tk.ValidationError(problems)
