"""What the lists behind the figures show, and the pages of one plan entry and of one cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.completeness import figures, params, why, words
from ckanext.satudataserang.completeness.links import PARTS, Links
from ckanext.satudataserang.completeness.pages import act, options, status
from ckanext.satudataserang.completeness.params import PER_PAGE
from ckanext.satudataserang.completeness.rows import rows_of
from ckanext.satudataserang.completeness.rules import metadata_rules
from ckanext.satudataserang.core.cells import NOT_COUNTED, State

#: Words of the address bar for the filters of the actions.
_NAMES = {
    "opd": "opd",
    "urusan": "urusan",
    "tema": "tema",
    "kelas": "kelas",
    "dari": "dari",
    "sampai": "sampai",
    "entry": "entri",
    "year": "tahun",
    "period": "periode",
    "state": "keadaan",
    "reason": "alasan",
    "rule": "aturan",
    "measure": "ukuran",
    "part": "bagian",
}
_PART_WORDS = {part: word for word, part in PARTS.items()}
_ENTRY_CELLS = 200


def cells(filters: dict[str, Any], page: int) -> dict[str, Any]:
    """One page of the cells that pass the filters (those of satudata_cell_list). Raises ObjectNotFound, PageError."""
    found = act("satudata_cell_list", **filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    links = Links()
    return {
        **_listed(found, filters, page, links.cells),
        "links": links,
        "rows": [
            {
                **row,
                "url": links.cell(row, row["period"]),
                "entry_url": links.entry(row),
                "why": why.of_cell(row),
                "sameness_url": links.sameness(row, row["period"]) if row["comparable"] else "",
            }
            for row in found["results"]
        ],
        "title": _cells_title(found, filters),
        "states": [state.value for state in State],
        "counted_only": bool(filters.get("measure")) or _is_counted(filters.get("state")),
        "export": _exports(links.cells, filters),
        "status": status(),
    }


def entries(filters: dict[str, Any], page: int) -> dict[str, Any]:
    """One page of the entries that pass the filters. Raises ObjectNotFound, PageError."""
    choices = options()
    if not params.has_window(filters):
        filters = {"year": choices["default_year"], **filters}
    found = act("satudata_completeness_entry_list", **filters, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    links = Links()
    return {
        **_listed(found, filters, page, links.entries, choices),
        "links": links,
        "rows": [{**row, "url": links.entry(row)} for row in found["results"]],
        "title": _entries_title(found, filters),
        "rules": {rule.id: tk._(rule.title) for rule in metadata_rules()},
        "export": _exports(links.entries, filters),
        "status": status(),
    }


def every(action: str, filters: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every row of a list, page after page. The first page is read at once, so that errors come before any output."""
    size = 1000
    first = act(action, **filters, limit=size)

    def rows() -> Iterator[dict[str, Any]]:
        try:
            yield from first["results"]
            for offset in range(size, first["count"], size):
                yield from act(action, **filters, limit=size, offset=offset)["results"]
        finally:
            # A file on its way outlives CKAN's own end of the request, which would have let the connection go.
            model.Session.remove()

    return rows()


def entry(ref: str) -> dict[str, Any]:
    """One plan entry: what was agreed, which dataset serves it, its cells. Raises ObjectNotFound."""
    agreed = act("satudata_plan_entry_show", id=ref)
    links, choices = Links(), options()
    found = act("satudata_cell_list", entry=agreed["id"], limit=_ENTRY_CELLS)
    year = choices["default_year"]
    listed = act("satudata_completeness_entry_list", entry=agreed["id"], year=year)["results"]
    owner = act("satudata_completeness_show", year=year, opd=agreed["opd_id"])["groups"]
    return {
        "entry": agreed,
        "status": status(),
        "links": links,
        "owner": owner[0] if owner else None,
        "served": listed[0] if listed else None,
        "lost": [rule for rule in metadata_rules() if listed and rule.id in listed[0]["lost"]],
        "count": found["count"],
        "cells_url": links.cells(entri=agreed["kode"]),
        "rows": [{**row, "url": links.cell(row, row["period"])} for row in found["results"]],
        "urusan_title": next((one["title"] for one in choices["urusan"] if one["kode"] == agreed["urusan"]), ""),
    }


def cell(ref: str, period: str, page: int) -> dict[str, Any]:
    """One cell: its facts, why it lost points, and the rows of its data. Raises ObjectNotFound, PageError."""
    agreed = act("satudata_plan_entry_show", id=ref)
    found = act("satudata_cell_list", entry=agreed["id"], period=period, limit=1)
    if not found["results"]:
        message = tk._(
            "Tidak ada kewajiban periode “{period}” untuk “{title}”. Lihat periodenya pada halaman entri itu."
        )
        raise PageError(message.format(period=period[:40], title=agreed["judul"]), status=404)
    one = found["results"][0]
    links = Links()
    return {
        "entry": agreed,
        "status": status(),
        "cell": one,
        "links": links,
        "entry_url": links.entry(one),
        "opd_url": links.opd(one["opd_name"], tahun=one["year"]),
        "reasons": [words.reason(code) for code in one["reasons"]],
        "deliver_url": links.delivery(one, one["period"]) if links.delivers(one) else "",
        "history_url": links.told(one, one["period"]),
        "page": page,
        "per_page": PER_PAGE,
        "table": rows_of(one, page, PER_PAGE),
    }


def _listed(
    found: dict[str, Any], filters: Mapping[str, Any], page: int, address: Any, choices: dict[str, Any] | None = None
) -> dict[str, Any]:
    count = found["count"]
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        message = tk._("Halaman {page} tidak ada: daftar ini berakhir di halaman {last}.").format(page=page, last=last)
        raise PageError(message, status=404)
    query = _query(filters)
    return {
        "count": count,
        "first": (page - 1) * PER_PAGE + 1 if count else 0,
        "last": min(page * PER_PAGE, count),
        "previous_url": address(**query, halaman=page - 1) if page > 1 else "",
        "next_url": address(**query, halaman=page + 1) if page < last else "",
        "choices": choices or options(),
        "filters": filters,
        "query": query,
        "span": _span(filters),
        "span_query": {key: query[key] for key in ("tahun", "dari", "sampai") if key in query},
        "parts": _parts(filters, address, query),
    }


def _query(filters: Mapping[str, Any]) -> dict[str, Any]:
    """The filters in the words of the address bar."""
    return {_NAMES[key]: _PART_WORDS.get(value, value) if key == "part" else value for key, value in filters.items()}


def _exports(address: Any, filters: Mapping[str, Any]) -> dict[str, str]:
    return {ending: address(ending=f".{ending}", **_query(filters)) for ending in ("csv", "xlsx", "json")}


def _span(filters: Mapping[str, Any]) -> str:
    """The months that a list is narrowed to, in words; empty where it is not."""
    if year := filters.get("year"):
        return str(year)
    return words.span(filters["dari"], filters["sampai"]) if "dari" in filters else ""


def _parts(filters: Mapping[str, Any], address: Any, query: dict[str, Any]) -> list[dict[str, Any]]:
    """The three parts of the measure that is listed, to step from one to the other."""
    if not filters.get("measure"):
        return []
    said = words.measure(filters["measure"])
    chosen = filters.get("part", "denominator")
    return [
        {"label": label, "url": address(**{**query, "bagian": _PART_WORDS[part]}), "active": part == chosen}
        for part, label in (
            ("denominator", said.denominator),
            ("numerator", said.numerator),
            ("remainder", said.remainder),
        )
    ]


def _is_counted(state: str | None) -> bool:
    return state is not None and State(state) not in NOT_COUNTED


def _cells_title(found: dict[str, Any], filters: Mapping[str, Any]) -> dict[str, Any]:
    """The figure that the list stands for, first, and what it counts."""
    count, measure, part = found["count"], filters.get("measure"), filters.get("part", "denominator")
    if measure == "kelengkapan_isian":
        filled, expected = found["filled_values"], found["expected_values"]
        value = {"numerator": filled, "denominator": expected, "remainder": expected - filled}[part]
        counted = tk._("dalam {count} sel").format(count=figures.number(count))
        return {"value": value, "what": f"{getattr(words.measure(measure), part)} {counted}"}
    if measure == "konsistensi":
        same, compared = found["consistent"], found["comparable"]
        value = {"numerator": same, "denominator": compared, "remainder": compared - same}[part]
        counted = tk._("dalam {count} sel").format(count=figures.number(count))
        return {"value": value, "what": f"{getattr(words.measure(measure), part)} {counted}"}
    if measure:
        return {"value": count, "what": getattr(words.measure(measure), part)}
    if state := filters.get("state"):
        return {"value": count, "what": tk._("sel {state}").format(state=words.state(state))}
    return {"value": count, "what": tk._("sel")}


def _entries_title(found: dict[str, Any], filters: Mapping[str, Any]) -> dict[str, Any]:
    count, measure, part = found["count"], filters.get("measure"), filters.get("part", "denominator")
    if measure == "kelengkapan_metadata":
        points, possible = found["metadata_points"], found["metadata_possible"]
        value = {"numerator": points, "denominator": possible, "remainder": possible - points}[part]
        counted = tk._("pada {count} entri").format(count=figures.number(count))
        return {"value": value, "what": f"{getattr(words.measure(measure), part)} {counted}"}
    if measure:
        return {"value": count, "what": getattr(words.measure(measure), part)}
    if rule := filters.get("rule"):
        title = next((tk._(one.title) for one in metadata_rules() if one.id == rule), rule)
        return {"value": count, "what": tk._("entri yang datasetnya kurang: {rule}").format(rule=title)}
    return {"value": count, "what": tk._("entri Daftar Data")}
