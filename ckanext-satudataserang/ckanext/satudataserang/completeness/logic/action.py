"""Actions of completeness: reading figures and the cells behind them, and asking for a recount.

Nothing here counts datasets one by one: every action runs a fixed number of statements.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Action, Context, DataDict

from ckanext.satudataserang.catalogue.helpers import satudata_urusan_name
from ckanext.satudataserang.catalogue.holidays import holidays
from ckanext.satudataserang.completeness import read, touched
from ckanext.satudataserang.completeness.logic import schema
from ckanext.satudataserang.completeness.members import members
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.completeness.rules import rules


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_show)
def satudata_completeness_show(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the measures of a year for the city and for every OPD, urusan or plan entry.

    A measure is ``{"numerator", "denominator", "rate"}``; ``rate`` is 0 to 1 and null when nothing was due. ``index``
    is 0 to 100, null when no measure is defined.

    :param year: the year whose periods end in it
    :type year: integer
    :param group_by: opd (default), urusan or entry
    :param opd: name or id of one OPD: only its groups; an urusan is then told of the OPD's own entries (optional)
    :param urusan: code of a bidang urusan: only its plan entries, with group_by entry (optional)
    :param limit: at most so many groups (default and maximum 1000)
    :param offset: skip so many groups (default 0)
    :returns: ``{"window", "rule_version", "generated_at", "weights", "city", "count": groups on all pages,
        "groups": [{"id", "name", "title", "obligations", "few", "measures", "states", "index", "band", …}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_show", context, data_dict)
    year, group_by = data_dict["year"], data_dict["group_by"]
    opd_id = _opd_id(data_dict.get("opd"))
    now = datetime.now(timezone.utc)
    count, groups = members(
        model.Session,
        group_by,
        year,
        opd=opd_id,
        urusan=data_dict.get("urusan"),
        limit=data_dict["limit"],
        offset=data_dict["offset"],
    )
    if group_by == "urusan" and opd_id:
        figures = read.urusan_figures(model.Session, now, opd_id, year)
    else:
        figures = read.figures(model.Session, now, group_by, year, year)
    by_id = {row["scope_id"]: row for row in figures}
    city = read.figures(model.Session, now, "city", year, year)
    return {
        "window": read.window(year),
        "rule_version": rules().version,
        "generated_at": (city[0]["computed_at"] if city else now).isoformat(),
        "weights": dict(rules().weights),
        "bands": [{"id": band.id, "below": band.below if band.below <= 100 else None} for band in rules().bands],  # noqa: PLR2004
        "city": read.described(city[0] if city else None),
        "count": count,
        "groups": [
            {
                **member,
                "title": member.get("title") or satudata_urusan_name(member["id"]),
                **read.described(by_id.get(member["id"])),
            }
            for member in groups
        ],
    }


@tk.side_effect_free
def satudata_completeness_history(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the figures of every year, for the city or for each OPD: what the heatmap shows.

    :param scope: city, opd (default), urusan or entry
    :param scope_id: only this OPD, urusan or entry, by its id or code (optional)
    :returns: ``{"years": [newest first], "figures": {scope id: {year: figure}},
        "samples": {scope id: {year: sample entries counted}}}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_history", context, data_dict)
    scope = data_dict.get("scope", "opd")
    if scope not in (*read.GROUPS, "city"):
        raise tk.ValidationError({"scope": [tk._("Pilih salah satu: city, opd, urusan, entry.")]})
    scope_id = data_dict.get("scope_id") or None
    now = datetime.now(timezone.utc)
    years = read.years(model.Session, now)
    found: dict[str, dict[int, dict[str, Any]]] = {}
    if years:
        for row in read.figures(model.Session, now, scope, years[-1], years[0]):
            if scope_id in (None, row["scope_id"]):
                found.setdefault(row["scope_id"], {})[row["year"]] = read.described(row)
    samples = read.samples(model.Session, now, scope)
    if scope_id:
        samples = {key: by_year for key, by_year in samples.items() if key == scope_id}
    return {"years": years, "figures": found, "samples": samples}


@tk.side_effect_free
@tk.validate_action_data(schema.cell_list)
def satudata_cell_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the cells behind a figure, page by page.

    :param opd: name or id of an OPD (optional)
    :param urusan: code of a bidang urusan (optional)
    :param entry: id or kode of a plan entry (optional)
    :param year: the year in which the period ends (optional)
    :param period: key of one period, for example 2016-Q1 (optional)
    :param state: one state, for example terlewat (optional)
    :param reason: code of a finding: only cells whose newest delivery has it (optional)
    :param measure: kelengkapan, kelengkapan_isian or validitas: only the cells counted in it (optional)
    :param part: numerator, denominator (default) or remainder (what is missing) of the measure
    :param limit: at most so many (default 100, maximum 1000)
    :param offset: skip so many (default 0)
    :returns: ``{"count": N, "filled_values": sum, "expected_values": sum, "results": [cell, …]}``; the sums are over
        all pages
    :rtype: dictionary
    """
    tk.check_access("satudata_cell_list", context, data_dict)
    now = datetime.now(timezone.utc)
    filters = {**data_dict, "opd": _opd_id(data_dict.get("opd")), "entry": _entry_id(data_dict.get("entry"))}
    totals, cells = read.cells(model.Session, now, filters, limit=data_dict["limit"], offset=data_dict["offset"])
    return {**totals, "results": [_plain(cell) for cell in cells]}


@tk.side_effect_free
@tk.validate_action_data(schema.entry_list)
def satudata_completeness_entry_list(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the plan entries in force in a year, with the dataset that serves each and its metadata points.

    :param year: the year
    :type year: integer
    :param opd: name or id of an OPD (optional)
    :param urusan: code of a bidang urusan (optional)
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
    filters = {**data_dict, "opd": _opd_id(data_dict.get("opd")), "entry": _entry_id(data_dict.get("entry"))}
    totals, entries = read.entries(model.Session, now, filters, limit=data_dict["limit"], offset=data_dict["offset"])
    return {**totals, "results": [_plain(entry) for entry in entries]}


@tk.side_effect_free
@tk.validate_action_data(schema.completeness_grid)
def satudata_completeness_grid(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return the cells of one OPD in a year; for entries due once a year or less those of other years as well.

    :param opd: name or id of the OPD
    :param year: the year
    :type year: integer
    :param first: first of the other years (default: the year)
    :param last: last of the other years (default: the year)
    :returns: ``{"cells": [cell, …]}``, ordered by period
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_grid", context, data_dict)
    year = data_dict["year"]
    cells = read.grid(
        model.Session,
        datetime.now(timezone.utc),
        str(_opd_id(data_dict["opd"])),
        year,
        first=data_dict.get("first", year),
        last=data_dict.get("last", year),
    )
    return {"cells": cells}


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
    opd_id = str(_opd_id(data_dict["opd"]))
    count, datasets = read.outside_plan(model.Session, opd_id, limit=data_dict["limit"], offset=data_dict["offset"])
    return {"count": count, "results": datasets}


@tk.side_effect_free
def satudata_completeness_options(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Return what figures can be narrowed to.

    :returns: ``{"years": [{"year", "obligations", "samples": sample entries counted}] newest first, "default_year":
        the newest year in which anything was due, "opds": [{"name", "title"}], "urusan": [{"kode", "title"}]}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_options", context, data_dict)
    found = read.options(model.Session, datetime.now(timezone.utc))
    return {**found, "urusan": [{**one, "title": satudata_urusan_name(one["kode"])} for one in found["urusan"]]}


def satudata_completeness_refresh(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Count anew: everything, or only what was touched since the last time.

    :param everything: rebuild all cells and figures (default true)
    :returns: ``{"cells": cells written or changed}``
    :rtype: dictionary
    """
    tk.check_access("satudata_completeness_refresh", context, data_dict)
    now = datetime.now(timezone.utc)
    if tk.asbool(data_dict.get("everything", True)):
        done = refresh(model.Session, now, holidays=holidays())
    else:
        done = touched.refresh_touched(model.Session, now)
    model.Session.commit()
    return {"cells": done.cells if done else 0}


@tk.chained_action
def dataset_purge(next_action: Action, context: Context, data_dict: DataDict) -> Any:
    """Purge a dataset as CKAN does, and note its id, which nothing tells any more once it is gone."""
    dataset = model.Package.get(data_dict.get("id"))
    dataset_id = dataset.id if dataset else None
    result = next_action(context, data_dict)
    if dataset_id:
        touched.note("dataset", [dataset_id])
    return result


def _opd_id(ref: str | None) -> str | None:
    if not ref:
        return None
    group = model.Group.get(ref)
    if group is None or not group.is_organization:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref)
        raise tk.ObjectNotFound(message)
    return group.id


def _entry_id(ref: str | None) -> str | None:
    return tk.get_action("satudata_plan_entry_show")({}, {"id": ref})["id"] if ref else None


def _plain(cell: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in cell.items()}
