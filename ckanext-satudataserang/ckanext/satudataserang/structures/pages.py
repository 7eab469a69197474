"""What the pages of structures and variables show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import current_app

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ckanext.satudataserang.catalogue import permissions, tables
from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.core.structures.model import Column, Structure
from ckanext.satudataserang.core.structures.resolve import expected_count
from ckanext.satudataserang.plan import words as plan_words
from ckanext.satudataserang.plan.pages import act, entry_url, may
from ckanext.satudataserang.plan.params import PER_PAGE, clean
from ckanext.satudataserang.structures import read, used, words
from ckanext.satudataserang.structures.opds import Opds

_LONGEST = 200
#: So many codes of a list stand on the page at once; the rest unfolds.
FEW_CODES = 12
_COMPARISON = "/variabel/<kode>/banding"


def filters(args: Mapping[str, str], names: tuple[str, ...]) -> dict[str, str]:
    """The filters of a list that are set in the address bar."""
    found = {name: clean(args.get(name, ""))[:_LONGEST] for name in names}
    return {name: value for name, value in found.items() if value}


def address(endpoint: str, **query: Any) -> str:
    """The address of a list with these words behind it."""
    given = {key: value for key, value in query.items() if value not in (None, "")}
    base = tk.url_for(f"satudata_structures.{endpoint}")
    return f"{base}?{urlencode(given)}" if given else base


def index(asked: dict[str, str], page: int) -> dict[str, Any]:
    """One page of the structures. Raises ValidationError, PageError."""
    wanted = {key: value for key, value in asked.items() if key in ("q", "opd", "urusan")}
    proposed = asked.get("usulan") == "ya"
    found = act(
        "satudata_structure_list",
        **wanted,
        proposed=proposed,
        sort="modified" if proposed else "nama",
        **_slice(page),
    )
    opds = Opds()
    return {
        **_paged("index", asked, found, page),
        "rows": found["results"],
        "filters": asked,
        "proposed": proposed,
        "choices": {
            "opd": [{"value": one["name"], "text": one["title"]} for one in opds.only(used.opds_with_structures())],
            "urusan": [{"value": kode, "text": f"{kode} {plan_words.urusan(kode)}"} for kode in used.urusan_in_use()],
        },
        "can": rights(),
        "waiting": used.waiting_count(_reader()),
    }


def variables(asked: dict[str, str], page: int) -> dict[str, Any]:
    """One page of the register of variables. Raises ValidationError, PageError."""
    found = act("satudata_variable_list", **asked, **_slice(page))
    return {
        **_paged("variables", asked, found, page),
        "rows": found["results"],
        "filters": asked,
        "choices": {
            "opd": [{"value": one["name"], "text": one["title"]} for one in Opds().only(used.opds_with_variables())]
        },
        "can": rights(),
    }


def _slice(page: int) -> dict[str, int]:
    return {"limit": PER_PAGE, "offset": (page - 1) * PER_PAGE}


def _paged(endpoint: str, asked: Mapping[str, str], found: Mapping[str, Any], page: int) -> dict[str, Any]:
    count = found["count"]
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        message = tk._("Halaman {page} tidak ada: daftar ini berakhir di halaman {last}.").format(page=page, last=last)
        raise PageError(message, status=404)
    return {
        "count": count,
        "first": (page - 1) * PER_PAGE + 1 if count else 0,
        "last": min(page * PER_PAGE, count),
        "previous_url": address(endpoint, **asked, halaman=page - 1) if page > 1 else "",
        "next_url": address(endpoint, **asked, halaman=page + 1) if page < last else "",
    }


def show(kode: str, version: str | None = None) -> dict[str, Any]:
    """A structure, the version in force or another one. Raises ObjectNotFound, ValidationError."""
    asked = {"version": version} if version is not None else {}
    found = act("satudata_structure_show", id=kode, **asked)
    whole = read.made(found["content"])
    number, current = found["version"]["version"], found["current_version"]
    compared = number != current and current is not None
    base = found["version"]["base_version"] if found["version"]["state"] != "usulan" else current
    changes = (
        act("satudata_structure_diff", id=kode, version=number, base=base) if compared and base is not None else None
    )
    waiting = [one for one in found["versions"] if one["state"] == "usulan"]
    return {
        "found": found,
        "whole": whole,
        "version": {**found["version"], "said": words.state(found["version"]["state"])},
        "is_current": number == current,
        "columns": columns(whole),
        "rules": [words.rule(whole, one) for one in whole.rules],
        "expected": expected_count(whole),
        "expected_labels": [whole.column(name).label for name in whole.expected],
        "entries": [{**one, "url": entry_url(one)} for one in found["entries"]],
        "versions": [{**one, "said": words.state(one["state"])} for one in found["versions"]],
        "waiting": waiting,
        "changes": changes,
        "urusan": f"{whole.urusan} {plan_words.urusan(whole.urusan)}" if whole.urusan else "",
        "can": {
            **rights(),
            "propose": may("satudata_structure_propose", id=kode),
            "decide": number in {one["version"] for one in waiting} and may("satudata_structure_decide", id=kode),
        },
    }


def columns(whole: Structure) -> list[dict[str, Any]]:
    """The columns of a structure as pages show them."""
    registered = read.variables({one.variable for one in whole.columns if one.variable})
    return [_column(whole, one, registered) for one in whole.columns]


def _column(whole: Structure, one: Column, registered: Mapping[str, Any]) -> dict[str, Any]:
    flags = [
        text
        for is_set, text in (
            (one.key, tk._("kunci baris")),
            (one.required and not one.key, tk._("wajib diisi")),
            (one.personal, tk._("data pribadi, disamarkan")),
        )
        if is_set
    ]
    codes = whole.codes_of(one)
    limits = [words.bounds(one)] if words.bounds(one) else []
    if one.decimals is not None:
        limits.append(tk._("paling banyak {count} desimal").format(count=one.decimals))
    if one.pattern:
        limits.append(tk._("berpola {pattern}").format(pattern=one.pattern))
    return {
        "id": one.id,
        "label": one.label,
        "kind": words.kind(one.type),
        "satuan": one.satuan,
        "flags": flags,
        "limits": limits,
        "definisi": one.definisi,
        "meaning": [
            {"label": words.field(name), "value": value}
            for name in ("konsep", "klasifikasi", "ukuran", "referensi")
            if (value := getattr(one, name))
        ],
        "synonyms": one.synonyms,
        "codes": [{"code": code.code, "label": code.label} for code in codes.codes] if codes else [],
        "codes_label": codes.label if codes else "",
        "variable": one.variable,
        "variable_name": (registered.get(one.variable) or {}).get("nama", one.variable),
    }


def variable(kode: str) -> dict[str, Any]:
    """A standard variable. Raises ObjectNotFound."""
    found = act("satudata_variable_show", id=kode)
    content = found["content"]
    facts = {
        "definisi": content.get("definisi"),
        "konsep": content.get("konsep"),
        "satuan": content.get("satuan"),
        "ukuran": content.get("ukuran"),
        "klasifikasi": content.get("klasifikasi"),
        "type": words.kind(content["type"]) if content.get("type") else "",
        "aturan_validasi": content.get("aturan_validasi"),
        "referensi": content.get("referensi"),
        "referensi_waktu": content.get("referensi_waktu"),
        "pertanyaan": content.get("pertanyaan"),
        "alias": ", ".join(content.get("alias", ())),
        "kode": found["kode"],
    }
    events = [
        {
            **one,
            "what": {"buat": tk._("dibuat"), "ubah": tk._("diubah"), "bawaan": tk._("dari isi bawaan")}[one["action"]],
            "changes": [
                {"label": words.field(name), "old": _plain(old), "new": _plain(new)}
                for name, (old, new) in one["changes"].items()
            ],
        }
        for one in found["events"]
    ]
    return {
        "found": found,
        "facts": [{"label": words.field(name), "value": value} for name, value in facts.items() if value],
        "events": events,
        "can": rights(),
        "comparison_url": _comparison(kode),
    }


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return tk._("ya") if value else tk._("tidak")
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def _comparison(kode: str) -> str:
    """The page that sets a variable's figures side by side; empty where the portal has no such page."""
    known = any(rule.rule == _COMPARISON for rule in current_app.url_map.iter_rules())
    return f"{tk.url_for('satudata_structures.variable', kode=kode)}/banding" if known else ""


def rights() -> dict[str, bool]:
    """What the reader may do with structures as a whole."""
    named = {
        "create": "satudata_structure_create",
        "draft": "satudata_structure_draft",
        "manage": "satudata_structure_decide",
        "assign": "satudata_structure_assign",
        "variables": "satudata_variable_update",
    }
    allowed = {key: permissions.opds_allowed(_reader(), action) for key, action in named.items()}
    return {key: found is None or bool(found) for key, found in allowed.items()}


def choices() -> dict[str, Any]:
    """What the form of a structure lets one choose from."""
    own = permissions.opds_allowed(_reader(), "satudata_structure_create")
    return {
        "opd": [{"value": one["short"] or one["name"], "text": one["title"]} for one in Opds().only(own)],
        "urusan": [{"value": one.kode, "text": f"{one.kode} {one.nama}"} for one in tables.urusan().values()],
        "type": words.kinds(),
        "outliers": words.outliers(),
        "relation": words.relations(),
        "lists": [{"value": one.id, "text": one.label} for one in read.code_lists().values()],
        "variables": [{"value": kode, "text": content.get("nama", kode)} for kode, content in read.variables().items()],
        "units": sorted(tables.units().names),
    }


def _reader() -> Context:
    return Context(user=tk.current_user.name if tk.current_user.is_authenticated else "")
