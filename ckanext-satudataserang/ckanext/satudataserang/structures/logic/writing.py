"""Actions that change structures: a new one, a change of one, a decision, and which entries follow it."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.core.structures import parse, resolve
from ckanext.satudataserang.core.structures.model import Structure
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.plan import entries as plan_entries
from ckanext.satudataserang.structures import read, store
from ckanext.satudataserang.structures.logic import inputs
from ckanext.satudataserang.structures.model import IN_FORCE, PROPOSED, REFUSED, StructureRow, StructureVersion, as_dict
from ckanext.satudataserang.structures.opds import Opds
from ckanext.satudataserang.structures.refusals import StaleError, invalid, refused

__all__ = [
    "satudata_structure_assign",
    "satudata_structure_create",
    "satudata_structure_decide",
    "satudata_structure_propose",
]

_MOST_ENTRIES = 500
#: Pages that stand where a structure of this kode would.
_ADDRESSES = frozenset({"baru", "susun"})


def satudata_structure_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add a structure: the Walidata with effect at once, an OPD as a proposal for itself.

    :param content: the structure in the shape of `schemas/struktur` (see `satudata_structure_show`), as plain values or
        as a text of JSON or YAML; its `kode` is a new one, its `opd` the name or abbreviation of an OPD
    :param reason: why it is needed (optional)
    :param in_force: whether it is to hold at once (the Walidata; default false)
    :returns: ``{"kode", "nama", "opd_id", "current_version", "version": {"version", "state", …}, …}``
    :rtype: dictionary
    """
    tk.check_access("satudata_structure_create", context, {})
    data = inputs.validated(context, data_dict, inputs.change())
    found = inputs.content(data_dict)
    if found.kode in _ADDRESSES:
        message = tk._("“{kode}” adalah alamat halaman lain. Pilih kode lain.").format(kode=found.kode)
        raise invalid(field="kode", message=message)
    opd = Opds().wanted(found.opd)
    tk.check_access("satudata_structure_create", context, {"opd": opd["id"]})
    state = _state(context, in_force=data["in_force"])
    content = _kept(found)
    with store.one_transaction(context) as changed:
        now = datetime.now(timezone.utc)
        values = {"nama": found.nama, "opd_id": opd["id"], "current_version": None, "shipped": ""}
        row = _new_row(found.kode, {**values, "created": now, "modified": now})
        made = store.add(context, row, content, state=state, reason=data["reason"])
        if state == IN_FORCE:
            changed.add(row.kode)
    return _shown(row, made)


def _new_row(kode: str, values: dict[str, Any]) -> StructureRow:
    """The row of a new structure. Raises ValidationError where the kode is taken, also by somebody at this moment."""
    with model.Session.no_autoflush:
        taken = model.Session.scalar(sa.select(StructureRow.kode).where(StructureRow.kode == kode))
    if taken is None:
        row = StructureRow(kode=kode, **values)
        try:
            with model.Session.begin_nested():
                model.Session.add(row)
                model.Session.flush()
        except IntegrityError:
            taken = kode
        else:
            return row
    message = tk._("Kode “{kode}” sudah dipakai struktur lain. Pilih kode lain, atau ubah struktur yang ada itu.")
    raise invalid(field="kode", message=message.format(kode=kode))


def satudata_structure_propose(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Propose a change of a structure; the Walidata may put it in force at once.

    An OPD proposes for structures that it keeps or owes data by.

    :param id: the kode of the structure
    :param content: the whole new content, in the shape of `schemas/struktur`, as plain values or a text of JSON or YAML
    :param base_version: the version in force that it was made from; where another one holds by now, the answer is 409
    :param reason: why
    :param in_force: whether it is to hold at once (the Walidata; default false)
    :returns: as `satudata_structure_create`
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_structure_propose", context, {"id": kode})
    data = inputs.validated(context, data_dict, inputs.change())
    state = _state(context, in_force=data["in_force"])
    base = inputs.version(data_dict, "base_version")
    found = inputs.content(data_dict)
    Opds().wanted(found.opd)
    if not data["reason"]:
        raise invalid(field="reason", message=tk._("Tulis alasan perubahan ini, agar yang memakai struktur mengerti."))
    content = _kept(found)
    with store.one_transaction(context) as changed:
        row = store.locked(context, kode)
        if found.kode != row.kode:
            message = tk._("Kode struktur tidak dapat diubah: {kode}. Buat struktur baru bila memang lain.")
            raise invalid(field="kode", message=message.format(kode=row.kode))
        if base != row.current_version:
            raise _stale(row)
        if row.current_version is not None:
            _refuse_same(row, content)
        made = store.add(context, row, content, state=state, reason=data["reason"])
        if state == IN_FORCE:
            changed.add(row.kode)
    return _shown(row, made)


def satudata_structure_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Decide on a proposed version of a structure (Walidata).

    :param id: the kode of the structure
    :param version: the number of the proposed version
    :param decision: ``terima`` (it holds from now on) or ``tolak``
    :param note: why; needed to refuse
    :returns: as `satudata_structure_create`
    :raises ValidationError: with ``code`` ``basi`` (409) where another version came into force since it was proposed,
        or somebody else has decided
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_structure_decide", context, {"id": kode})
    number = inputs.version(data_dict)
    if number is None:
        raise invalid(field="version", message=tk._("Sebut nomor versi yang diputus."))
    data = inputs.validated(context, data_dict, inputs.decision())
    accepted = data["decision"] == "terima"
    if not accepted and not data["note"]:
        raise invalid(
            field="note", message=tk._("Tulis alasan penolakan, agar pengusul tahu apa yang perlu diperbaiki.")
        )
    with store.one_transaction(context) as changed:
        row = store.locked(context, kode)
        made = store.version(row, number)
        if made.state != PROPOSED:
            message = tk._("Versi {version} sudah diputus: {state}. Muat ulang halaman ini.")
            raise StaleError(message.format(version=made.version, state=tk._(made.state)), row.current_version)
        if accepted:
            _accept(context, row, made, data["note"])
            changed.add(row.kode)
        else:
            made.state, made.decided_by = REFUSED, roles.actor_id(context)
            made.decided_at, made.decision_note = datetime.now(timezone.utc), data["note"]
    return _shown(row, made)


def _accept(context: Context, row: StructureRow, made: StructureVersion, note: str) -> None:
    if made.base_version != row.current_version:
        raise _stale(row)
    try:
        read.made(made.content)
    except StructureError as error:
        # Lists and variables may have gone since it was proposed.
        raise refused(error) from error
    store.put_in_force(context, row, made, note)


def satudata_structure_assign(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say which structure the data of plan entries follow (Walidata).

    An entry for which nobody said how many values a period has gets the number that the structure expects, and those
    of its later versions from the day on which they come into force.

    :param id: the kode of a structure in force; empty: the entries follow none
    :param entries: ids or kodes of plan entries
    :param note: why, for the entries' history (optional)
    :returns: ``{"kode": kode or None, "changed": [kode of entry], "unchanged": N}``
    :rtype: dictionary
    """
    tk.check_access("satudata_structure_assign", context, data_dict)
    kode = data_dict.get("id") or None
    if kode is not None:
        row = store.find(context, kode)
        if row.current_version is None:
            raise invalid(
                field="id", message=tk._("Struktur ini masih usulan. Putuskan dahulu, lalu pasang pada datanya.")
            )
        kode = row.kode
    asked = tk.get_or_bust(data_dict, "entries")
    refs = [asked] if isinstance(asked, str) else asked
    if not isinstance(refs, list) or len(refs) > _MOST_ENTRIES:
        raise invalid(field="entries", message=tk._("Kirim “entries” sebagai daftar kode, paling banyak 500."))
    wanted = {found.id: found for found in (plan_entries.find(context, ref) for ref in refs)}
    moving = {id_: entry.kode for id_, entry in wanted.items() if entry.structure_id != kode}
    note = str(data_dict.get("note") or "") or (
        tk._("Struktur data: {kode}").format(kode=kode) if kode else tk._("Tanpa struktur data.")
    )
    found = read.structure(kode) if kode and moving else None
    values = resolve.expected_values(found) if found else None
    for id_ in moving:
        # Each through the plan's own action, which keeps its history and tells the others.
        update = tk.get_action("satudata_plan_entry_update")
        counted = {"expected_values": values} if values and wanted[id_].expected_values is None else {}
        update(tk.fresh_context(context), {"id": id_, "structure_id": kode or "", "note": note, **counted})
    return {"kode": kode, "changed": sorted(moving.values()), "unchanged": len(wanted) - len(moving)}


def _shown(row: StructureRow, made: StructureVersion) -> dict[str, Any]:
    facts = as_dict(row)
    del facts["shipped"]
    return {**facts, **Opds().shown(row.opd_id), "version": as_dict(made)}


def _state(context: Context, *, in_force: bool) -> str:
    """The state a new version begins with. Raises NotAuthorized where another than the Walidata wants it at once."""
    if not in_force:
        return PROPOSED
    tk.check_access("satudata_structure_decide", context, {})
    return IN_FORCE


def _kept(found: Structure) -> dict[str, Any]:
    """The content as it is kept: the OPD by its abbreviation, whatever was written."""
    opds = Opds()
    return {**parse.as_dict(found), "opd": opds.spoken(opds.wanted(found.opd)["id"])}


def _refuse_same(row: StructureRow, content: dict[str, Any]) -> None:
    if store.digest(content) == store.digest(store.version(row).content):
        raise invalid(field="content", message=tk._("Belum ada yang berubah dari versi yang berlaku."))


def _stale(row: StructureRow) -> StaleError:
    message = tk._(
        "Struktur ini sudah berubah sejak Anda membukanya: yang berlaku sekarang versi {version}. Lihat perubahannya, "
        "lalu ulangi perubahan Anda pada versi itu."
    )
    return StaleError(message.format(version=row.current_version or "-"), row.current_version)
