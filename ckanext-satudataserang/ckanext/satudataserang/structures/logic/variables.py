"""Actions of the register of standard variables: one meaning and one owning OPD for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import roles
from ckanext.satudataserang.core.structures import variables as shapes
from ckanext.satudataserang.core.structures.problems import StructureError
from ckanext.satudataserang.structures import store, used
from ckanext.satudataserang.structures.logic import inputs
from ckanext.satudataserang.structures.model import VariableEvent, VariableRow, as_dict
from ckanext.satudataserang.structures.opds import Opds
from ckanext.satudataserang.structures.refusals import StaleError, invalid, refused

__all__ = [
    "satudata_variable_create",
    "satudata_variable_list",
    "satudata_variable_show",
    "satudata_variable_update",
]

#: The page of the form stands where a variable of this kode would.
_ADDRESS = "baru"


@tk.side_effect_free
def satudata_variable_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return a standard variable, the columns that refer to it, and what was done to it.

    :param id: its kode
    :returns: ``{"kode", "nama", "opd_id", "opd_name", "opd_title", "revision", "created", "modified", "content",
        "uses": [{"kode", "nama", "opd_id", "opd_name", "opd_title", "column", "label"}], "events": [{"at",
        "actor_name", "action", "note", "changes"}] newest first}``; `content` is in the shape of MS-Var
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_variable_show", context, data_dict)
    row = _find(kode)
    return {
        **_shown(row, Opds()),
        "uses": used.columns_of_variable(row.kode),
        "events": _events(row.kode, named=bool(context.get("user"))),
    }


@tk.side_effect_free
def satudata_variable_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the register of standard variables, by name.

    :param q: words that the name, the kode or the definition contains (optional)
    :param opd: name, id or abbreviation of the OPD that owns it (optional)
    :param limit: at most so many (default 100)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [{"kode", "nama", "opd_id", "opd_name", "opd_title", "revision", "created",
        "modified", "content", "uses": N}]}``; `uses` counts the columns of structures in force that refer to it
    :rtype: dictionary
    """
    tk.check_access("satudata_variable_list", context, data_dict)
    asked = inputs.validated(context, data_dict, inputs.variable_list())
    opds = Opds()
    query = sa.select(VariableRow)
    if opd := asked.get("opd"):
        query = query.where(VariableRow.opd_id == opds.wanted(opd)["id"])
    for word in (asked.get("q") or "").split():
        said = sa.cast(VariableRow.content, sa.Text).icontains(word, autoescape=True)
        query = query.where(sa.or_(VariableRow.kode.icontains(word, autoescape=True), said))
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(query.subquery()))
    page = query.order_by(sa.func.lower(VariableRow.nama), VariableRow.kode)
    page = page.limit(asked["limit"]).offset(asked["offset"])
    uses = used.uses_by_variable()
    rows = [_shown(row, opds) | {"uses": uses.get(row.kode, 0)} for row in model.Session.scalars(page)]
    return {"count": count, "results": rows}


def satudata_variable_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Add a standard variable (Walidata).

    :param content: the variable in the shape of `schemas/struktur/_variabel.yaml`; its `kode` is a new one
    :param reason: why (optional)
    :returns: the variable, as in `satudata_variable_list`
    :rtype: dictionary
    """
    tk.check_access("satudata_variable_create", context, data_dict)
    data = inputs.validated(context, data_dict, inputs.change())
    content, opd_id = _content(data_dict)
    if content["kode"] == _ADDRESS:
        raise invalid(field="kode", message=tk._("“baru” adalah alamat halaman lain. Pilih kode lain."))
    with store.one_transaction(context):
        if model.Session.get(VariableRow, content["kode"]) is not None:
            message = tk._("Kode “{kode}” sudah dipakai variabel lain. Pilih kode lain, atau ubah variabel itu.")
            raise invalid(field="kode", message=message.format(kode=content["kode"]))
        row = new_row(content, opd_id)
        model.Session.add(row)
        model.Session.flush()
        record(context, row.kode, "buat", data["reason"], {})
    return _shown(row, Opds())


def satudata_variable_update(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Change a standard variable (Walidata). What it says holds at once for every column that refers to it.

    :param id: its kode
    :param content: the whole new content
    :param base_revision: the revision it was made from; where another one holds by now, the answer is 409
    :param reason: why
    :returns: the variable, as in `satudata_variable_list`
    :rtype: dictionary
    """
    kode = tk.get_or_bust(data_dict, "id")
    tk.check_access("satudata_variable_update", context, data_dict)
    data = inputs.validated(context, data_dict, inputs.change())
    base = inputs.version(data_dict, "base_revision")
    content, opd_id = _content(data_dict)
    if not data["reason"]:
        raise invalid(field="reason", message=tk._("Tulis alasan perubahan ini, agar yang memakai variabel mengerti."))
    with store.one_transaction(context):
        row = _find(kode)
        model.Session.refresh(row, with_for_update=True)
        if content["kode"] != row.kode:
            raise invalid(field="kode", message=tk._("Kode variabel tidak dapat diubah."))
        if base != row.revision:
            message = tk._("Variabel ini sudah diubah orang lain sejak Anda membukanya. Muat ulang, lalu ulangi.")
            raise StaleError(message, row.revision)
        changes = differences(row.content, content)
        if not changes:
            raise invalid(field="content", message=tk._("Belum ada yang berubah."))
        row.nama, row.opd_id, row.content = content["nama"], opd_id, content
        row.revision, row.modified = row.revision + 1, datetime.now(timezone.utc)
        model.Session.flush()
        record(context, row.kode, "ubah", data["reason"], changes)
    return _shown(row, Opds())


def new_row(content: Mapping[str, Any], opd_id: str, shipped: str = "") -> VariableRow:
    """The row of a new variable."""
    now = datetime.now(timezone.utc)
    return VariableRow(
        kode=content["kode"],
        nama=content["nama"],
        content=dict(content),
        opd_id=opd_id,
        revision=1,
        shipped=shipped,
        created=now,
        modified=now,
    )


def record(context: Context, kode: str, action: str, note: str, changes: Mapping[str, Any]) -> None:
    """Keep what was done to a variable, in the session's transaction."""
    model.Session.add(
        VariableEvent(
            kode=kode,
            at=datetime.now(timezone.utc),
            actor_id=roles.actor_id(context),
            action=action,
            note=note,
            changes=dict(changes),
        )
    )


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, list[Any]]:
    """What differs between two contents: ``{field: [old, new]}``."""
    names = dict.fromkeys((*old, *new))
    return {name: [old.get(name), new.get(name)] for name in names if old.get(name) != new.get(name)}


def _content(data_dict: DataDict) -> tuple[dict[str, Any], str]:
    sent = tk.get_or_bust(data_dict, "content")
    if not isinstance(sent, Mapping):
        raise invalid(
            field="content", message=tk._("Kirim isi variabel sebagai pasangan nama dan isi, seperti pada contoh.")
        )
    try:
        found = shapes.variable(sent)
    except StructureError as error:
        raise refused(error) from error
    opds = Opds()
    opd_id = opds.wanted(found.opd)["id"]
    return {**shapes.variable_as_dict(found), "opd": opds.spoken(opd_id)}, opd_id


def _find(kode: Any) -> VariableRow:
    found = model.Session.get(VariableRow, kode) if isinstance(kode, str) and "\x00" not in kode else None
    if found is None:
        message = tk._("Variabel “{kode}” tidak ditemukan. Periksa kembali kodenya.")
        raise tk.ObjectNotFound(message.format(kode=str(kode)[:100].replace("\x00", "")))
    return found


def _shown(row: VariableRow, opds: Opds) -> dict[str, Any]:
    facts = as_dict(row)
    del facts["shipped"]
    return {**facts, **opds.shown(row.opd_id)}


def _events(kode: str, *, named: bool) -> list[dict[str, Any]]:
    """What was done to a variable; who did it is not for visitors."""
    query = (
        sa.select(
            VariableEvent.at,
            sa.func.coalesce(model.User.fullname, model.User.name, "").label("actor_name"),
            VariableEvent.action,
            VariableEvent.note,
            VariableEvent.changes,
        )
        .outerjoin(model.User, model.User.id == VariableEvent.actor_id)
        .where(VariableEvent.kode == kode)
        .order_by(VariableEvent.id.desc())
    )
    return [
        {**row, "at": row["at"].isoformat(), "actor_name": row["actor_name"] if named else ""}
        for row in model.Session.execute(query).mappings()
    ]
