"""Actions of completeness: reading figures and the cells behind them, and asking for a recount.

Nothing here counts datasets one by one: every action runs a fixed number of statements.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.satudataserang.completeness import asked, behind, mending, read, touched, windows
from ckanext.satudataserang.completeness.evidence import action as evidence
from ckanext.satudataserang.completeness.logic import schema
from ckanext.satudataserang.completeness.logic.frozen import satudata_snapshot_history
from ckanext.satudataserang.completeness.logic.runs import (
    satudata_completeness_refresh,
    satudata_completeness_status,
    satudata_snapshot_create,
    satudata_snapshot_list,
    satudata_snapshot_show,
    satudata_snapshot_verify,
)
from ckanext.satudataserang.completeness.members import members
from ckanext.satudataserang.completeness.rules import rules
from ckanext.satudataserang.completeness.themes import codes_of, themes
from ckanext.satudataserang.core import lateness

__all__ = [
    "dataset_purge",
    "satudata_cell_list",
    "satudata_completeness_entry_list",
    "satudata_completeness_grid",
    "satudata_completeness_history",
    "satudata_completeness_lateness",
    "satudata_completeness_mends",
    "satudata_completeness_options",
    "satudata_completeness_refresh",
    "satudata_completeness_show",
    "satudata_completeness_status",
    "satudata_evidence_bundle",
    "satudata_outside_plan_list",
    "satudata_snapshot_create",
    "satudata_snapshot_history",
    "satudata_snapshot_list",
    "satudata_snapshot_show",
    "satudata_snapshot_verify",
]


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_show)
def satudata_completeness_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the measures over a window of months for the city and for every OPD, urusan, theme or plan entry.

    A measure is ``{"numerator", "denominator", "rate"}``; ``rate`` is 0 to 1 and null when nothing was due. ``index``
    is 0 to 100, null when no measure is defined. ``trend`` tells the difference to the windows of the same length 3 and
    12 months earlier, counted as of now: ``{"3": {"index": points or null, "measures": {name: difference of the rate
    or null}}, "12": …}``.

    :param year: the year whose periods end in it: the window January to December
    :type year: integer
    :param dari: first month of the window, ``YYYY-MM``; with `sampai`, instead of a year
    :param sampai: last month of the window, ``YYYY-MM``, included
    :param group_by: opd (default), urusan, tema or entry
    :param opd: name or id of one OPD: only its groups; urusan and themes are then told of the OPD's own entries
        (optional)
    :param urusan: code of a bidang urusan: the groups are told of its plan entries only (optional)
    :param tema: code of a theme, for example EDUC: the groups are told of its plan entries only (optional)
    :param limit: at most so many groups (default and maximum 1000)
    :param offset: skip so many groups (default 0)
    :returns: ``{"window": {"year", "from", "to", "dari", "sampai"}, "rule_version", "generated_at", "weights", "bands",
        "city", "count": groups on all pages,
        "groups": [{"id", "name", "title", "obligations", "few", "measures", "states", "index", "band", "trend", …}]}``;
        ``city`` is always the whole city
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_show", context, data_dict)
    window, group_by = asked.window(data_dict), data_dict["group_by"]
    opd_id, urusan = asked.opd_id(data_dict.get("opd")), asked.urusan(data_dict)
    now = datetime.now(timezone.utc)
    compared = read.with_trends(window)
    count, groups = members(
        model.Session,
        group_by,
        window,
        opd=opd_id,
        urusan=urusan,
        limit=data_dict["limit"],
        offset=data_dict["offset"],
    )
    found = windows.figures(
        model.Session,
        now,
        group_by,
        compared if groups else {},
        opd=opd_id,
        urusan=urusan,
        entries=[group["id"] for group in groups] if group_by == "entry" else None,
    )
    city = windows.figures(model.Session, now, "city", compared).get("", {})
    generated = windows.computed_at(model.Session, now, list(compared.values()))
    return {
        "window": read.window(window),
        "rule_version": rules().version,
        "generated_at": generated.isoformat(),
        "weights": dict(rules().weights),
        "bands": [{"id": band.id, "below": band.below if band.below <= 100 else None} for band in rules().bands],  # noqa: PLR2004
        "city": read.told(city),
        "count": count,
        "groups": [
            {
                **member,
                "title": member.get("title") or asked.title(group_by, member["id"]),
                **read.told(found.get(member["id"], {})),
            }
            for member in groups
        ],
    }


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_history)
def satudata_completeness_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the figures of every year or month, for the city or for each OPD: what heatmaps and lines show.

    :param scope: city, opd (default), urusan, tema or entry
    :param scope_id: only this OPD, urusan, theme or entry, by its id or code (optional)
    :param step: year (default) or month
    :param dari: first month, ``YYYY-MM`` (optional; by month the default is the twelve months up to now)
    :param sampai: last month, ``YYYY-MM``, included (optional, with `dari`)
    :returns: ``{"years": [newest first], "figures": {scope id: {year: figure}},
        "samples": {scope id: {year: sample entries counted}}}``; by month ``{"months": ["YYYY-MM", … oldest first],
        "figures": {scope id: {"YYYY-MM": figure}}, "samples": {scope id: {"YYYY-MM": …}}}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_history", context, data_dict)
    scope, scope_id, step = data_dict["scope"], data_dict.get("scope_id"), data_dict["step"]
    now = datetime.now(timezone.utc)
    slices = asked.slices(now, step, asked.optional_window(data_dict))
    narrowed: dict[str, Any] = {}
    if scope_id and scope in ("opd", "entry"):
        narrowed = {"opd": scope_id} if scope == "opd" else {"entries": [scope_id]}
    found = windows.figures(model.Session, now, scope, slices, **narrowed)
    sampled = asked.samples(now, scope, step, slices)
    return {
        "months" if step == "month" else "years": list(slices),
        "figures": {
            member: {name: read.described(figure) for name, figure in by_slice.items()}
            for member, by_slice in found.items()
            if scope_id in (None, member)
        },
        "samples": {member: told for member, told in sampled.items() if scope_id in (None, member) and told},
    }


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_lateness)
def satudata_completeness_lateness(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return by how many days the cells of a window came late: the distribution of the first valid deliveries.

    Days are counted from the end of the grace; a cell on time is 0 days late.

    :param year: the year whose periods end in it
    :type year: integer
    :param dari: first month of the window, ``YYYY-MM``; with `sampai`, instead of a year
    :param sampai: last month of the window, ``YYYY-MM``, included
    :param opd: name or id of an OPD (optional)
    :param urusan: code of a bidang urusan (optional)
    :param tema: code of a theme (optional)
    :param kelas: wajib, diharapkan or opsional (optional)
    :returns: ``{"window", "generated_at", "count": cells that are due, "complete", "missing": due without anything
        complete, "median": days late of the complete ones or null, "buckets": [{"id", "first", "last": or null,
        "count"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_lateness", context, data_dict)
    window = asked.window(data_dict)
    now = datetime.now(timezone.utc)
    filters = {**data_dict, "opd": asked.opd_id(data_dict.get("opd")), "urusan": asked.urusan(data_dict)}
    by_days = behind.lateness(model.Session, now, window, filters)
    return {"window": read.window(window), "generated_at": now.isoformat(), **lateness.summary(by_days)}


@tk.side_effect_free
@tk.validate_action_data(schema.cell_list)
def satudata_cell_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the cells behind a figure, page by page.

    :param year: the year in which the period ends (optional)
    :param dari: first month in which the period ends, ``YYYY-MM``; with `sampai`, instead of a year (optional)
    :param sampai: last month in which the period ends, ``YYYY-MM``, included (optional)
    :param opd: name or id of an OPD: the cells that were due by it (optional)
    :param urusan: code of a bidang urusan (optional)
    :param tema: code of a theme (optional)
    :param kelas: wajib, diharapkan or opsional: as agreed for the period (optional)
    :param entry: id or kode of a plan entry (optional)
    :param period: key of one period, for example 2016-Q1 (optional)
    :param state: one state, for example terlewat (optional)
    :param reason: code of a finding: only cells whose newest delivery has it (optional)
    :param measure: kelengkapan, ketepatan_waktu, kelengkapan_isian, validitas or konsistensi: only cells counted in it
        (optional)
    :param part: numerator, denominator (default) or remainder (what is missing) of the measure
    :param limit: at most so many (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "filled_values": sum, "expected_values": sum, "results": [cell, …]}``; the sums are over
        all pages, ``days_late`` of a cell is null where nothing complete came
    :rtype: dictionary
    """
    tk.check_access("satudata_cell_list", context, data_dict)
    now = datetime.now(timezone.utc)
    filters = {**asked.filters(data_dict), "window": asked.optional_window(data_dict)}
    totals, cells = behind.cells(model.Session, now, filters, limit=data_dict["limit"], offset=data_dict["offset"])
    return {**totals, "results": [asked.plain(cell) for cell in cells]}


@tk.side_effect_free
@tk.validate_action_data(schema.entry_list)
def satudata_completeness_entry_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the plan entries in force in a window, with the dataset that serves each and its metadata points.

    :param year: the year
    :type year: integer
    :param dari: first month of the window, ``YYYY-MM``; with `sampai`, instead of a year
    :param sampai: last month of the window, ``YYYY-MM``, included
    :param opd: name or id of an OPD: the entries that were last with it in the window (optional)
    :param urusan: code of a bidang urusan (optional)
    :param tema: code of a theme (optional)
    :param kelas: wajib, diharapkan or opsional (optional)
    :param entry: id or kode of a plan entry (optional)
    :param measure: ketersediaan or kelengkapan_metadata: only the entries counted in it (optional)
    :param part: numerator, denominator (default) or remainder (what is missing) of the measure
    :param rule: id of a rule of the metadata points: only entries whose dataset loses its points (optional)
    :param limit: at most so many (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "metadata_points": sum, "metadata_possible": sum, "results": [entry, …]}``; the sums are
        over all pages, ``lost`` of an entry are the ids of the rules that earned nothing
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_entry_list", context, data_dict)
    now = datetime.now(timezone.utc)
    filters = {**asked.filters(data_dict), "window": asked.window(data_dict)}
    totals, entries = behind.entries(model.Session, now, filters, limit=data_dict["limit"], offset=data_dict["offset"])
    return {**totals, "results": [asked.plain(entry) for entry in entries]}


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_grid)
def satudata_completeness_grid(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the cells of one OPD in a window; for entries due once a year or less those of other years as well.

    :param opd: name or id of the OPD
    :param year: the year
    :type year: integer
    :param dari: first month of the window, ``YYYY-MM``; with `sampai`, instead of a year
    :param sampai: last month of the window, ``YYYY-MM``, included
    :param first: first of the other years (default: that of the window)
    :param last: last of the other years (default: that of the window)
    :returns: ``{"cells": [cell, …]}``, ordered by period
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_grid", context, data_dict)
    window = asked.window(data_dict)
    cells = behind.grid(
        model.Session,
        datetime.now(timezone.utc),
        str(asked.opd_id(data_dict["opd"])),
        window,
        first=data_dict.get("first", window.start.year),
        last=data_dict.get("last", window.end.year),
    )
    return {"cells": cells}


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_mends)
def satudata_completeness_mends(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return why an OPD lost points in a window, what each mend would bring, and the three most valuable ones.

    The gain of a mend is counted, not estimated: it is applied to the facts and the index is taken again.

    :param opd: name or id of the OPD
    :param year: the year whose periods end in it
    :type year: integer
    :param dari: first month of the window, ``YYYY-MM``; with `sampai`, instead of a year
    :param sampai: last month of the window, ``YYYY-MM``, included
    :param limit: at most so many lost points (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"window", "generated_at", "rule_version", "opd": {"id", "name", "title"}, "index": now, "after": after
        the three best together, "after_band", "best": [loss, …], "count": lost points, "results": [loss, …] by gain}``;
        a loss is ``{"kind": kirim, perbaiki, lengkapi, terbitkan, terangkan, tunggu or terlambat, "doable", "gain":
        points of the index, "index": afterwards, "at_least": a new dataset may earn more, "entry_id", "kode", "judul",
        "period" or "field", …}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_mends", context, data_dict)
    window, opd_id = asked.window(data_dict), str(asked.opd_id(data_dict["opd"]))
    now = datetime.now(timezone.utc)
    opd = model.Group.get(opd_id)
    return {
        "window": read.window(window),
        "generated_at": now.isoformat(),
        "rule_version": rules().version,
        "opd": {"id": opd_id, "name": opd.name, "title": opd.title} if opd else None,
        **mending.mends(model.Session, now, opd_id, window, limit=data_dict["limit"], offset=data_dict["offset"]),
    }


@tk.side_effect_free
@tk.validate_action_data(schema.outside_plan_list)
def satudata_outside_plan_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return an OPD's public datasets that serve no plan entry ("di luar Daftar Data"), newest first.

    :param opd: name or id of the OPD
    :param limit: at most so many (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "results": [{"id", "name", "title", "sample"}, …]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_outside_plan_list", context, data_dict)
    opd_id = str(asked.opd_id(data_dict["opd"]))
    count, datasets = read.outside_plan(model.Session, opd_id, limit=data_dict["limit"], offset=data_dict["offset"])
    return {"count": count, "results": datasets}


@tk.side_effect_free
def satudata_completeness_options(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what figures can be narrowed to.

    :returns: ``{"years": [{"year", "obligations", "samples": sample entries counted}] newest first, "default_year":
        the newest year in which anything was due, "opds": [{"name", "title"}], "urusan": [{"kode", "title"}],
        "tema": [{"kode", "title"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_options", context, data_dict)
    found = read.options(model.Session, datetime.now(timezone.utc))
    return {
        **found,
        "urusan": [{"kode": kode, "title": asked.title("urusan", kode)} for kode in found["urusan"]],
        "tema": [
            {"kode": tema, "title": asked.title("tema", tema)}
            for tema in themes()
            if not set(codes_of(tema)).isdisjoint(found["urusan"])
        ],
    }


@tk.side_effect_free
@tk.validate_action_data(evidence.schema)
def satudata_evidence_bundle(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Make the evidence bundle of a year (EPSS) and return its manifest.

    :param year: the year whose periods end in it; ``tahun`` means the same
    :type year: integer
    :returns: ``{"filename", "url": where the zip is, "year", "as_of", "rule_version", "totals": {table: rows},
        "indicators": [code, …], "files": [{"path", "size", "sha256", "rows"}, …]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_evidence_bundle", context, data_dict)
    return evidence.make(context, data_dict)


@tk.chained_action
def dataset_purge(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Purge a dataset as CKAN does, and note its id, which nothing tells any more once it is gone."""
    dataset = model.Package.get(data_dict.get("id"))
    dataset_id = dataset.id if dataset else None
    result = next_action(context, data_dict)
    if dataset_id:
        touched.note("dataset", [dataset_id])
    return result
