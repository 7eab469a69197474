"""What the pages of the city and of one OPD show, put together from the actions: a fixed number of calls each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.completeness import figures, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.params import YEARS, PageError
from ckanext.satudataserang.completeness.read import YEARLY
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.core.cells import State
from ckanext.satudataserang.core.deadlines import WIB

_ALL = 1000
#: The grid of yearly entries shows so many years, some before and some after the year asked for.
_GRID_YEARS, _GRID_BEFORE, _GRID_AFTER = 12, 4, 10
_FREQUENCIES = ("harian", "mingguan", "bulanan", "triwulanan", "semesteran", *YEARLY, "insidental")
SAMPLE = "contoh"


def act(name: str, **parameters: Any) -> Any:
    """Call an action as the visitor."""
    return tk.get_action(name)(Context(), parameters)


def options() -> dict[str, Any]:
    """What the pages can be narrowed to, and the year that is shown where none is asked for."""
    return act("satudata_completeness_options")


def city(asked: int | None, urusan: str, sort: str) -> dict[str, Any]:
    """The city's page: every OPD of the city, or every plan entry of one urusan. Raises PageError."""
    links, choices = Links(), options()
    year: int = asked or choices["default_year"]
    title = _urusan_title(choices, urusan)
    _known_sort(sort)
    group_by = "entry" if urusan else "opd"
    shown = act("satudata_completeness_show", year=year, group_by=group_by, urusan=urusan, limit=_ALL)
    scope = {"scope": "urusan", "scope_id": urusan} if urusan else {"scope": "opd"}
    history = act("satudata_completeness_history", **scope)
    total = history["figures"].get(urusan, {}).get(year) if urusan else shown["city"]
    filters = {"tahun": year, "urusan": urusan}
    rows = figures.ordered(shown["groups"], sort)
    return {
        **_frame(shown, year, choices, links),
        "urusan": urusan,
        "urusan_title": title,
        "sort": sort,
        "by_entry": bool(urusan),
        "total": _total(total or _nothing(shown), links, **filters),
        "rows": [_row(group, links, year, by_entry=bool(urusan)) for group in rows],
        "heads": _heads(links, sort, filters, outside=not urusan),
        "heatmap": _heatmap(rows, history, links, urusan=urusan, title=title),
        "sample": _samples(shown["groups"]),
        "export_csv": links.city(ending=".csv", **filters, urut=sort),
        "export_xlsx": links.city(ending=".xlsx", **filters, urut=sort),
    }


def opd(ref: str, asked: int | None) -> dict[str, Any]:
    """The page of one OPD: its measures, its grid, what was lost and what to do. Raises ObjectNotFound."""
    links, choices = Links(), options()
    year: int = asked or choices["default_year"]
    shown = act("satudata_completeness_show", year=year, opd=ref)
    if not shown["groups"]:
        raise tk.ObjectNotFound(tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref))
    own = shown["groups"][0]
    name = own["name"]
    entries = act("satudata_completeness_entry_list", year=year, opd=name, limit=_ALL)["results"]
    last = max(year, min(datetime.now(WIB).year, year + _GRID_AFTER))
    first = max(YEARS[0], min(year - _GRID_BEFORE, last - _GRID_YEARS + 1))
    cells = act("satudata_completeness_grid", opd=name, year=year, first=first, last=last)["cells"]
    history = act("satudata_completeness_history", scope="opd", scope_id=own["id"])
    filters = {"tahun": year, "opd": name}
    return {
        **_frame(shown, year, choices, links),
        "opd": own,
        "total": _total(own, links, **filters),
        "heatmap": _heatmap([own], history, links),
        "states": {
            one.value: {"symbol": words.state_symbol(one.value), "word": words.state(one.value)} for one in State
        },
        "grids": grids(entries, cells, year, links),
        "losses": _losses(own, links, filters),
        "reasons": _reasons(cells, year, links, filters),
        "metadata": _metadata(entries, links, filters),
        "entries": [{**entry, "url": links.entry(entry)} for entry in entries],
        "outside": act("satudata_outside_plan_list", opd=name),
        "sample": sum(entry["source_system"] == SAMPLE for entry in entries),
        "export_csv": links.opd(name, ending=".csv", tahun=year),
        "export_xlsx": links.opd(name, ending=".xlsx", tahun=year),
    }


def grids(entries: list[dict[str, Any]], cells: list[dict[str, Any]], year: int, links: Links) -> list[dict[str, Any]]:
    """Entries x periods, one grid per frequency: its periods in order of time, its entries by title."""
    rows: dict[str, dict[str, dict[str, Any]]] = {}
    periods: dict[str, dict[str, int]] = {}
    for entry in (*entries, *cells):
        entry_id = entry["entry_id"]
        rows.setdefault(entry["frequency"], {}).setdefault(entry_id, {**entry, "url": links.entry(entry), "cells": {}})
    for cell in cells:
        periods.setdefault(cell["frequency"], {})[cell["period"]] = cell["year"]
        row = rows[cell["frequency"]][cell["entry_id"]]
        row["cells"][cell["period"]] = {**cell, "url": f"{row['url']}/{cell['period']}"}
    return [
        {
            "frequency": frequency,
            "yearly": frequency in YEARLY,
            "periods": [
                {"key": key, "short": words.period_short(key), "long": words.period(key), "now": year == of}
                for key, of in periods.get(frequency, {}).items()
            ],
            "rows": sorted(rows[frequency].values(), key=lambda row: (row["judul"].casefold(), row["kode"])),
        }
        for frequency in sorted(rows, key=_FREQUENCIES.index)
    ]


def _frame(shown: dict[str, Any], year: int, choices: dict[str, Any], links: Links) -> dict[str, Any]:
    years = sorted({one["year"] for one in choices["years"]} | {year}, reverse=True)
    return {
        "year": year,
        "years": years,
        "choices": choices,
        "links": links,
        "generated_at": shown["generated_at"],
        "rule_version": shown["rule_version"],
        "weights": shown["weights"],
        "bands": figures.bands(shown["bands"]),
        "words": words.measures(),
    }


def _total(figure: dict[str, Any], links: Links, **filters: Any) -> dict[str, Any]:
    return {
        "figure": figure,
        "share": figures.share(figure["measures"]["kelengkapan"]),
        "index": figures.index(figure),
        "measures": figures.measures(figure, links, **filters),
        "states": figures.states(figure, links, **filters),
    }


def _row(group: dict[str, Any], links: Links, year: int, *, by_entry: bool) -> dict[str, Any]:
    if by_entry:
        url, filters = links.entry(group | {"kode": group["name"]}), {"entri": group["name"]}
    else:
        url, filters = links.opd(group["name"], tahun=year), {"opd": group["name"]}
    return {
        **group,
        "url": url,
        "shown_index": figures.index(group),
        "shown": figures.measures(group, links, tahun=year, **filters),
        "obligations_url": links.part("kelengkapan", "denominator", tahun=year, **filters),
        "is_sample": group.get("source_system") == SAMPLE,
    }


def _heads(links: Links, sort: str, filters: dict[str, Any], *, outside: bool) -> list[dict[str, Any]]:
    """The sortable heads of the table: each with the address that sorts by it, or turns the order round."""
    current, falling = sort.removeprefix("-"), sort.startswith("-")
    labels = {
        "nama": tk._("OPD") if outside else tk._("Entri Daftar Data"),
        "kewajiban": tk._("Kewajiban"),
        "indeks": tk._("Indeks"),
        **{name: said.short for name, said in words.measures().items()},
        "di_luar": tk._("Di luar Daftar Data"),
    }
    heads = []
    for key, label in labels.items():
        if key == "di_luar" and not outside:
            continue
        natural = key if key == "nama" else f"-{key}"
        turned = key if falling else f"-{key}"
        heads.append(
            {
                "key": key,
                "label": label,
                "url": links.city(**filters, urut=turned if key == current else natural) + "#tabel",
                "sorted": ("descending" if falling else "ascending") if key == current else None,
            }
        )
    return heads


def _heatmap(
    rows: list[dict[str, Any]], history: dict[str, Any], links: Links, *, urusan: str = "", title: str = ""
) -> dict[str, Any]:
    """Rows x years of kelengkapan, oldest year first, without years and members that never owed anything."""
    members = [{"id": urusan, "name": urusan, "title": title}] if urusan else rows
    sampled = {member["id"]: history["samples"].get(member["id"], {}) for member in members}
    found = {
        (member["id"], year): figures.heat(history["figures"].get(member["id"], {}).get(year))
        for member in members
        for year in history["years"]
    }
    years = sorted({year for (_, year), square in found.items() if square})
    lines = []
    due = [member for member in members if any(found[member["id"], year] for year in years)]
    for member in due:
        key = {"urusan": urusan} if urusan else {"opd": member["name"]}
        squares = [
            square
            and {
                **square,
                "url": links.part("kelengkapan", "denominator", tahun=year, **key),
                "sample": year in sampled[member["id"]],
            }
            for year in years
            for square in (found[member["id"], year],)
        ]
        sample = any(square and square["sample"] for square in squares)
        url = "" if urusan else links.opd(member["name"])
        lines.append({**member, "url": url, "squares": squares, "sample": sample})
    return {
        "years": years,
        "lines": lines,
        "samples": [year for year in years if any(year in by_year for by_year in sampled.values())],
        "never": len(members) - len(due),
        "legend": figures.heat_legend(),
    }


def _losses(figure: dict[str, Any], links: Links, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """What is missing in each measure, with the list of it."""
    lost = []
    for name, measure in figure["measures"].items():
        if missing := measure["denominator"] - measure["numerator"]:
            lost.append({"name": name, "count": missing, "url": links.part(name, "remainder", **filters)})
    return lost


def _reasons(cells: Iterable[dict[str, Any]], year: int, links: Links, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """The reasons noted on this year's cells, the most frequent first."""
    counts = Counter(code for cell in cells if cell["year"] == year for code in cell["reasons"])
    return [
        {"code": code, "sentence": words.reason(code), "count": count, "url": links.cells(**filters, alasan=code)}
        for code, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]


def _metadata(entries: list[dict[str, Any]], links: Links, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """What the descriptions of the datasets lack, the costliest first."""
    counts = Counter(rule for entry in entries if entry["published"] for rule in entry["lost"])
    lost = [
        {
            "rule": rule.id,
            "title": tk._(rule.title),
            "count": counts[rule.id],
            "points": rule.points,
            "total": counts[rule.id] * rule.points,
            "url": links.entries(**filters, aturan=rule.id),
        }
        for rule in metadata_rules()
        if counts[rule.id]
    ]
    return sorted(lost, key=lambda one: -one["total"])


def _samples(groups: list[dict[str, Any]]) -> int:
    return sum(group.get("sample_entries", 0) or group.get("source_system") == SAMPLE for group in groups)


def _urusan_title(choices: dict[str, Any], kode: str) -> str:
    if not kode:
        return ""
    for one in choices["urusan"]:
        if one["kode"] == kode:
            return one["title"]
    message = tk._("Bidang urusan “{kode}” tidak ada dalam Daftar Data. Pilih dari daftar pada halaman kelengkapan.")
    raise PageError(message.format(kode=kode[:40]), status=404)


def _known_sort(sort: str) -> None:
    if sort.removeprefix("-") not in figures.SORT_KEYS:
        message = tk._("Urutan “{sort}” tidak dikenal. Pilih salah satu: {choices}.")
        raise PageError(message.format(sort=sort[:40], choices=", ".join(figures.SORT_KEYS)))


def _nothing(shown: dict[str, Any]) -> dict[str, Any]:
    """A figure of nothing due: that of an urusan without any row."""
    empty = {"numerator": 0, "denominator": 0, "rate": None}
    return {
        "obligations": 0,
        "few": False,
        "index": None,
        "band": None,
        "measures": dict.fromkeys(shown["city"]["measures"], empty),
        "states": dict.fromkeys(shown["city"]["states"], 0),
    }
