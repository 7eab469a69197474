"""What the pages of sameness show, put together from the actions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.consistency import words
from ckanext.satudataserang.consistency.model import COMPARISON_STATES, CONFLICT_STATES
from ckanext.satudataserang.core import sheets
from ckanext.satudataserang.core.consistency.model import LEVELS
from ckanext.satudataserang.plan import params

PER_PAGE = 50
_BATCH = 1000
#: So many rows are written into one file.
MOST_ROWS = 50_000
#: Words of the address bar for the filters of the lists.
_NAMES = {"opd": "opd", "entri": "entry", "aturan": "rule", "periode": "period", "keadaan": "state"}


def act(action: str, **data: Any) -> Any:
    """An action as the reader of the page asks it."""
    return tk.get_action(action)(Context(), data)


def may(action: str, **data: Any) -> bool:
    """Whether the reader may do it."""
    try:
        tk.check_access(action, Context(), data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    return True


def _filters(args: Mapping[str, str], states: tuple[str, ...]) -> dict[str, str]:
    found = {name: params.clean(args.get(name, ""))[:200] for name in _NAMES}
    if found["keadaan"] and found["keadaan"] not in states:
        message = tk._("Keadaan “{state}” tidak dikenal. Pilih salah satu: {choices}.")
        raise params.PageError(message.format(state=found["keadaan"][:40], choices=", ".join(states)))
    return {name: value for name, value in found.items() if value}


def conflicts(args: Mapping[str, str]) -> dict[str, Any]:
    """The list of conflicts. Raises PageError, ObjectNotFound."""
    return {
        **_list("satudata_conflict_list", "satudata_consistency.index", args, CONFLICT_STATES),
        "may_write": may("satudata_consistency_rule_create"),
    }


def comparisons(args: Mapping[str, str]) -> dict[str, Any]:
    """The list of all comparisons. Raises PageError, ObjectNotFound."""
    return _list("satudata_comparison_list", "satudata_consistency.comparisons", args, COMPARISON_STATES)


def _list(action: str, endpoint: str, args: Mapping[str, str], states: tuple[str, ...]) -> dict[str, Any]:
    filters, page = _filters(args, states), params.page(args)
    asked = {_NAMES[name]: value for name, value in filters.items()}
    found = act(action, **asked, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    count = found["count"]
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        message = tk._("Halaman {page} tidak ada: daftar ini berakhir di halaman {last}.").format(page=page, last=last)
        raise params.PageError(message, status=404)
    address = tk.url_for(endpoint)
    return {
        "count": count,
        "rows": [_shown(row) for row in found["results"]],
        "filters": filters,
        "narrowed": bool(filters),
        "states": [{"value": name, "text": words.state(name)} for name in states],
        "opds": [{"value": one["name"], "text": one["title"]} for one in _opds()],
        "first": (page - 1) * PER_PAGE + 1 if count else 0,
        "last": min(page * PER_PAGE, count),
        "previous_url": tk.url_for(endpoint, **filters, halaman=page - 1) if page > 1 else "",
        "next_url": tk.url_for(endpoint, **filters, halaman=page + 1) if page < last else "",
        "exports": {ending: f"{address}.{ending}?{urlencode(filters)}" for ending in ("csv", "xlsx")},
    }


def _opds() -> list[dict[str, Any]]:
    found = tk.get_action("organization_list")(Context(), {"all_fields": True, "limit": 1000})
    return [{"name": one["name"], "title": one["title"] or one["name"]} for one in found]


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "where": words.code(row)}


def sheet(action: str, args: Mapping[str, str]) -> sheets.Sheet:
    """A list as a table for people, every page of it. Raises PageError, ObjectNotFound."""
    states = CONFLICT_STATES if action == "satudata_conflict_list" else COMPARISON_STATES
    asked = {_NAMES[name]: value for name, value in _filters(args, states).items()}
    first = act(action, **asked, limit=_BATCH)
    if first["count"] > MOST_ROWS:
        message = tk._("Daftar ini {count} baris; satu berkas memuat paling banyak {most}. Saring dahulu daftarnya.")
        raise params.PageError(message.format(count=first["count"], most=MOST_ROWS))

    def rows() -> Iterator[dict[str, Any]]:
        yield from first["results"]
        for offset in range(_BATCH, first["count"], _BATCH):
            yield from act(action, **asked, limit=_BATCH, offset=offset)["results"]

    return sheets.Sheet(tk._("Kesamaan angka"), list(_COLUMNS), [_line(row) for row in rows()])


_COLUMNS = (
    "aturan",
    "periode",
    "kode_wilayah",
    "wilayah",
    "kelas",
    "kiri_opd",
    "kiri_entri",
    "kiri_kolom",
    "kiri_nilai",
    "kiri_satuan",
    "kiri_terbit",
    "kanan_opd",
    "kanan_entri",
    "kanan_kolom",
    "kanan_nilai",
    "kanan_satuan",
    "kanan_terbit",
    "selisih",
    "satuan",
    "keadaan",
    "alasan",
    "penjelasan",
)


def _line(row: Mapping[str, Any]) -> list[Any]:
    sides = [
        [row[f"{side}_{name}"] for name in ("opd_title", "kode", "column", "value", "unit", "published_at")]
        for side in ("left", "right")
    ]
    return [
        row["rule_name"],
        row["period"],
        row["area"],
        row["area_name"],
        row["classes"],
        *sides[0],
        *sides[1],
        row["difference"],
        row["unit"],
        words.state(row.get("conflict_state") or row["state"]),
        words.reason(row["reason"]) if row.get("reason") else "",
        row["explanation"] or "",
    ]


def conflict(
    ref: str, errors: Mapping[str, Any] | None = None, form: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One conflict. Raises ObjectNotFound."""
    found = act("satudata_conflict_show", id=ref)
    return {"one": _shown(found), "errors": errors or {}, "form": form or {}}


def rules() -> dict[str, Any]:
    """The list of rules."""
    return {
        "rules": act("satudata_consistency_rule_list"),
        "may_write": may("satudata_consistency_rule_create"),
    }


def variable(kode: str, args: Mapping[str, str]) -> dict[str, Any]:
    """One variable side by side. Raises PageError, ObjectNotFound, ConflictError."""
    level = params.clean(args.get("tingkat", "")) or "kota"
    if level not in LEVELS:
        message = tk._("Tingkat “{level}” tidak dikenal. Pilih kota, kecamatan, atau kelurahan.")
        raise params.PageError(message.format(level=level[:40]))
    found = act("satudata_variable_compare", kode=kode, level=level)
    return {
        **found,
        "levels": [
            {
                "label": words.level(one),
                "active": one == level,
                "url": tk.url_for("satudata_consistency.variable", kode=kode, tingkat=one),
            }
            for one in LEVELS
        ],
        "locale": formats.DEFAULT,
    }
