"""Actions on comparisons and conflicts."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ckanext.satudataserang.catalogue import documents, permissions, roles
from ckanext.satudataserang.catalogue.region import get_region
from ckanext.satudataserang.consistency import queries, side_by_side, steps
from ckanext.satudataserang.consistency.logic import schema
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission.refusals import BUSY, ConflictError

#: Who may see deliveries may see figures that are not public, of the same OPDs.
_CLOSED = "satudata_submission_show"

__all__ = [
    "satudata_comparison_list",
    "satudata_conflict_decide",
    "satudata_conflict_explain",
    "satudata_conflict_list",
    "satudata_conflict_show",
    "satudata_variable_compare",
]


@tk.side_effect_free
@tk.validate_action_data(schema.conflict_list)
def satudata_conflict_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return published figures that ought to be the same and are not, open ones first.

    Figures of closed data are only told to those who may see their deliveries.

    :param state: terbuka, dijelaskan or selesai (optional)
    :param opd: name or id of an OPD of either side (optional)
    :param entry: kode or id of a plan entry of either side (optional)
    :param rule: kode of a rule (optional)
    :param period: key of a period (optional)
    :param severity: kesalahan or peringatan (optional)
    :param limit: at most so many (default 50, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count", "results": [{"id", "rule", "rule_name", "kind", "period", "area", "area_name", "classes",
        "left_value", "left_unit", "left_kode", "left_judul", "left_opd_title", "left_published_at", …, "difference",
        "unit", "severity", "state", "explanation", "opened_at", "changed_at"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_conflict_list", context, data_dict)
    return _listed(context, data_dict, queries.conflicts)


@tk.side_effect_free
@tk.validate_action_data(schema.comparison_list)
def satudata_comparison_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return every comparison of published figures, also of those that agree or cannot be compared.

    The parameters are those of satudata_conflict_list, but for `state`.

    :param state: sama, beda or tak_terbanding (optional)
    :returns: as satudata_conflict_list, each with ``"reason"`` why nothing can be compared, and ``"conflict_state"``
    :rtype: dictionary
    """
    tk.check_access("satudata_comparison_list", context, data_dict)
    return _listed(context, data_dict, queries.comparisons)


@tk.side_effect_free
def satudata_conflict_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one conflict with its history.

    :param id: the conflict
    :returns: as satudata_conflict_list, with ``"history": [{"at", "action", "from_state", "to_state", "left_value",
        "right_value", "note"}]`` and ``"may_explain"``, ``"may_decide"``; who did what, and the
        figures of before, are told to those who may act
    :rtype: dictionary
    """
    tk.check_access("satudata_conflict_show", context, data_dict)
    conflict = steps.find(data_dict.get("id"))
    count, rows = queries.conflicts(model.Session, {"id": conflict.id}, _closed(context), limit=1, offset=0)
    if not count:
        raise tk.ObjectNotFound(tk._("Perbedaan itu tidak ditemukan. Lihat daftarnya pada halaman Kesamaan angka."))
    may_explain, may_decide = (
        _may(context, f"satudata_conflict_{step}", conflict.id) for step in ("explain", "decide")
    )
    history = queries.events(model.Session, conflict.id)
    if not (may_explain or may_decide):
        # What was proposed and not accepted is between the OPDs and the Walidata.
        shown = ("dibuka", "dibuka_kembali", "diterima", "selesai")
        history = [_told(one, rows[0]) for one in history if one["action"] in shown]
    return {
        **_public(context, rows)[0],
        "history": history,
        "may_explain": may_explain and conflict.state == "terbuka",
        "may_decide": may_decide and conflict.state == "terbuka" and bool(conflict.explanation),
    }


@tk.validate_action_data(schema.explain)
def satudata_conflict_explain(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Say why the figures of both sides differ; once the Walidata accepts it, it is published with the figures.

    :param id: an open conflict
    :param explanation: why both figures are right, or which one will be corrected
    :returns: the conflict, as satudata_conflict_show gives it
    :rtype: dictionary
    """
    tk.check_access("satudata_conflict_explain", context, data_dict)
    conflict = steps.find(data_dict["id"])
    user = roles.user_of(context)
    own = set(roles.roles_by_opd(user)) & set(steps.owners(conflict))
    steps.explain(conflict.id, data_dict["explanation"], roles.actor_id(context), min(own, default=""))
    return tk.get_action("satudata_conflict_show")(tk.fresh_context(context), {"id": data_dict["id"]})


@tk.validate_action_data(schema.decide)
def satudata_conflict_decide(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Accept or refuse the explanation of a conflict.

    :param id: an open conflict with an explanation
    :param accept: true publishes the explanation and ends the conflict's counting against both OPDs
    :param note: compulsory when refusing
    :returns: the conflict, as satudata_conflict_show gives it
    :rtype: dictionary
    """
    tk.check_access("satudata_conflict_decide", context, data_dict)
    steps.decide(data_dict["id"], accept=data_dict["accept"], note=data_dict["note"], actor=roles.actor_id(context))
    return tk.get_action("satudata_conflict_show")(tk.fresh_context(context), {"id": data_dict["id"]})


@tk.side_effect_free
@tk.validate_action_data(schema.variable_compare)
def satudata_variable_compare(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return one standard variable side by side over all OPDs that publish it.

    :param kode: the variable
    :param level: kota (default), kecamatan or kelurahan; finer figures are summed up to it
    :returns: ``{"kode", "nama", "level", "unit", "sources": [{"entry_id", "kode", "judul", "opd_id", "opd_name",
        "opd_title", "column", "unit"}], "rows": [{"period", "area", "area_name", "state", "values": [{"value", "unit",
        "converted", "whole"} or None]}], "truncated"}``: of the newest periods, at most a thousand rows
    :rtype: dictionary
    """
    tk.check_access("satudata_variable_compare", context, data_dict)
    kode = data_dict["kode"]
    try:
        told = side_by_side.compared(kode, data_dict["level"], _closed(context))
    except documents.BusyError as busy:
        message = tk._("Angka lain sedang dihitung. Coba lagi sebentar lagi.")
        raise ConflictError(message, BUSY) from busy
    except KeyError as missing:
        message = tk._("Variabel “{kode}” tidak ada dalam daftar variabel baku.").format(kode=kode[:80])
        raise tk.ObjectNotFound(message) from missing
    opds = {one["opd_id"]: model.Group.get(one["opd_id"]) for one in told["sources"]}
    for one in told["sources"]:
        opd = opds[one["opd_id"]]
        one.update({"opd_name": opd.name if opd else "", "opd_title": (opd.title or opd.name) if opd else ""})
    return {"kode": kode, "level": data_dict["level"], **told}


def _listed(context: Context, data_dict: DataDict, reading: Any) -> dict[str, Any]:
    filters = dict(data_dict)
    if filters.get("opd"):
        opd = model.Group.get(filters["opd"])
        if opd is None or not opd.is_organization:
            raise tk.ObjectNotFound(tk._("OPD “{opd}” tidak ditemukan.").format(opd=filters["opd"][:80]))
        filters["opd"] = opd.id
    if filters.get("entry"):
        entry = PlanEntry.by_kode(filters["entry"])
        filters["entry"] = entry.id if entry else filters["entry"]
    limit, offset = filters.pop("limit"), filters.pop("offset")
    count, rows = reading(model.Session, filters, _closed(context), limit=limit, offset=offset)
    return {"count": count, "results": _public(context, rows)}


def _public(context: Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows with the names of areas, and without what only those who act on them may read."""
    wilayah = get_region().wilayah
    closed = _closed(context)
    told = []
    for row in rows:
        area = wilayah.get(row["area"]) if row["area"] else None
        shown = {**row, "area_name": area.name if area else row["area"]}
        mine = closed is None or row["left_opd_id"] in closed or row["right_opd_id"] in closed
        if not mine and row["state"] != "dijelaskan" and "conflict_state" not in row:
            shown.update({"explanation": "", "explained_at": None, "decision_note": ""})
        for key in ("explained_by", "decided_by"):
            shown.pop(key, None)
        told.append(shown)
    return told


def _told(event: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """A step for everybody: without who took it, and without figures of before, which may never have been public."""
    shown = {**event, "actor": None}
    for name in ("left_value", "right_value"):
        shown[name] = event[name] if event[name] == now[name] else None
    return shown


def _closed(context: Context) -> frozenset[str] | None:
    return permissions.opds_allowed(context, _CLOSED)


def _may(context: Context, action: str, conflict_id: str) -> bool:
    try:
        tk.check_access(action, tk.fresh_context(context), {"id": conflict_id})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True
