"""The tables of figures: every member as a row with its links, its measures, its trend; in any order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.completeness import figures, params, trends, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.core.windows import Window

SAMPLE = "contoh"
SORT_KEYS = (*figures.SORT_KEYS[:-1], "tren", figures.SORT_KEYS[-1])


def ordered(rows: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Rows in the order asked for; by trend, those without one come last."""
    if sort.removeprefix("-") != "tren":
        return figures.ordered(rows, sort)
    by_name = figures.ordered(rows, "nama")
    known = [row for row in by_name if row["trend_shown"]]
    known.sort(key=lambda row: row["trend_shown"]["delta"], reverse=sort.startswith("-"))
    return known + [row for row in by_name if not row["trend_shown"]]


def row(group: dict[str, Any], links: Links, window: Window, compared: str, kind: str) -> dict[str, Any]:
    """A group as a row: its links, its measures, its trend."""
    name = group["name"]
    filters: dict[str, Any]
    if kind == "entry":
        url, filters = links.entry(group | {"kode": name}), {"entri": name}
    elif kind == "opd":
        url, filters = links.opd(name, **params.query(window)), {"opd": name}
    else:
        url, filters = links.city(**params.query(window), **{kind: group["id"]}), {kind: group["id"]}
    if not group["id"]:  # urusan outside the code list: no list can be narrowed to them
        return {
            **group,
            "url": "",
            "shown_index": figures.index(group),
            "trend_shown": trends.trend(group, compared),
            "shown": [{**one, "numerator_url": "", "denominator_url": ""} for one in figures.measures(group, links)],
            "obligations_url": "",
            "is_sample": False,
            "curve": None,
        }
    return {
        **group,
        "url": url,
        "shown_index": figures.index(group),
        "trend_shown": trends.trend(group, compared),
        "shown": figures.measures(group, links, **params.query(window), **filters),
        "obligations_url": links.part("kelengkapan", "denominator", **params.query(window), **filters),
        "is_sample": group.get("source_system") == SAMPLE,
        "curve": None,
    }


def curved(row: dict[str, Any], monthly: Sequence[Mapping[str, Any] | None] | None) -> dict[str, Any]:
    return {**row, "curve": trends.curve(trends.running(monthly, "kelengkapan")) if monthly else None}


def grouped(
    groups: Iterable[dict[str, Any]], links: Links, window: Window, compared: str, kind: str
) -> list[dict[str, Any]]:
    """Groups by urusan or theme that owe anything, by name."""
    rows = [row(group, links, window, compared, kind) for group in groups]
    return figures.ordered([row for row in rows if row["index"] is not None], "nama")


def heads(links: Links, sort: str, query: Mapping[str, Any], *, outside: bool) -> list[dict[str, Any]]:
    """The sortable heads of the table: each with the address that sorts by it, or turns the order round."""
    current, falling = sort.removeprefix("-"), sort.startswith("-")
    labels = {
        "nama": tk._("OPD") if outside else tk._("Entri Daftar Data"),
        "kewajiban": tk._("Kewajiban"),
        "indeks": tk._("Indeks"),
        "tren": tk._("Tren"),
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
                "url": links.city(**query, urut=turned if key == current else natural) + "#tabel",
                "sorted": ("descending" if falling else "ascending") if key == current else None,
            }
        )
    return heads


def known_sort(sort: str) -> None:
    if sort.removeprefix("-") not in SORT_KEYS:
        message = tk._("Urutan “{sort}” tidak dikenal. Pilih salah satu: {choices}.")
        raise PageError(message.format(sort=sort[:40], choices=", ".join(SORT_KEYS)))
