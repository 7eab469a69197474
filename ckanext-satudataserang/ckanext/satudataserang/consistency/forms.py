"""The form of a rule: its fields, what was typed as a rule, and a rule as what is typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.consistency import words
from ckanext.satudataserang.core.consistency.model import KINDS, LEVELS, SEVERITIES

SIDES = ("kiri", "kanan")
_TEXTS = ("kode", "nama", "jenis", "tingkat", "keparahan", "pemilik", "keterangan")
_SIDE = ("variabel", "entri", "kolom", "satuan", "pembulatan")


def as_rule(form: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, in the shape of satudata_consistency_rule_create."""
    found: dict[str, Any] = {name: form.get(name, "").strip() for name in _TEXTS}
    for side in SIDES:
        told: dict[str, Any] = {name: form.get(f"{side}_{name}", "").strip() for name in _SIDE}
        told["jumlahkan"] = _names(form.get(f"{side}_jumlahkan", ""))
        told["saring"] = _filters(form.get(f"{side}_saring", ""))
        found[side] = {key: value for key, value in told.items() if value}
    if kelas := _names(form.get("kelas", "")):
        found["kelas"] = kelas
    tolerance = {name: form.get(name, "").strip() for name in ("mutlak", "relatif")}
    found["toleransi"] = {key: value for key, value in tolerance.items() if value}
    found["aktif"] = form.get("aktif") != "tidak"
    return found


def _names(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _filters(text: str) -> dict[str, list[str]]:
    """Lines such as ``status = tetap, kontrak``."""
    found = {}
    for line in text.splitlines():
        name, _, values = line.partition("=")
        if name.strip():
            found[name.strip()] = _names(values)
    return found


def as_form(rule: Mapping[str, Any]) -> dict[str, str]:
    """A rule as satudata_consistency_rule_show gives it, as what is typed."""
    found = {name: str(rule.get(name) or "") for name in _TEXTS}
    for side in SIDES:
        told = rule.get(side) or {}
        found |= {f"{side}_{name}": str(told.get(name) or "") for name in _SIDE}
        found[f"{side}_jumlahkan"] = ", ".join(told.get("jumlahkan") or ())
        found[f"{side}_saring"] = "\n".join(
            f"{name} = {', '.join(values)}" for name, values in (told.get("saring") or {}).items()
        )
    found["kelas"] = ", ".join(rule.get("kelas") or ())
    found |= {name: str((rule.get("toleransi") or {}).get(name) or "") for name in ("mutlak", "relatif")}
    found["aktif"] = "tidak" if rule.get("aktif") is False else "ya"
    return found


def fields(form: Mapping[str, str], errors: Mapping[str, Any], *, new: bool) -> dict[str, list[dict[str, Any]]]:
    """The fields in their groups, as the macro `field` of the Daftar Data shows them."""

    def one(name: str, label: str, hint: str = "", kind: str = "text", **more: Any) -> dict[str, Any]:
        path = more.pop("path", name)
        return {
            "name": name,
            "label": label,
            "hint": hint,
            "kind": kind,
            "value": form.get(name, ""),
            "error": " ".join(map(str, errors.get(path, ()))),
            "required": False,
            **more,
        }

    about = [
        *(
            [one("kode", tk._("Kode"), tk._("Huruf kecil dan tanda hubung, misalnya penduduk-kecamatan."))]
            if new
            else []
        ),
        one("nama", tk._("Nama"), tk._("Satu kalimat pendek yang tampil pada daftar perbedaan.")),
        one("jenis", tk._("Yang diperiksa"), kind="select", options=_options(KINDS, words.kind)),
        one("keterangan", tk._("Mengapa aturan ini berlaku"), kind="area"),
    ]
    terms = [
        one(
            "tingkat",
            tk._("Tingkat wilayah"),
            tk._("Rincian yang lebih halus dijumlahkan ke tingkat ini."),
            "select",
            options=[{"value": "", "text": tk._("yang lebih kasar dari kedua sisi")}, *_options(LEVELS, words.level)],
        ),
        one(
            "kelas",
            tk._("Kolom kelas yang dipisah"),
            tk._("Dengan koma; kosong: yang ada pada kedua sisi; semua: hanya tabel yang kelasnya sama."),
        ),
        one("mutlak", tk._("Toleransi mutlak"), tk._("Dalam satuan sisi kanan."), "number", path="toleransi.mutlak"),
        one(
            "relatif",
            tk._("Toleransi relatif"),
            tk._("0,01 berarti satu persen dari angka yang lebih besar."),
            "number",
            path="toleransi.relatif",
        ),
        one("keparahan", tk._("Keparahan"), kind="select", options=_options(SEVERITIES, words.severity)),
        one("pemilik", tk._("OPD pemilik aturan"), tk._("Singkatannya, misalnya Disdukcapil.")),
        one(
            "aktif",
            tk._("Dipakai"),
            kind="select",
            options=[{"value": "ya", "text": tk._("ya")}, {"value": "tidak", "text": tk._("tidak, dimatikan")}],
        ),
    ]
    sides = {
        side: [
            one(f"{side}_variabel", tk._("Variabel baku"), tk._("Isi ini, atau entri dan kolomnya."), path=side),
            one(f"{side}_entri", tk._("Kode entri Daftar Data"), path=f"{side}.entri"),
            one(f"{side}_kolom", tk._("Kolom"), path=f"{side}.kolom"),
            one(
                f"{side}_saring",
                tk._("Hanya baris dengan"),
                tk._("Satu kolom tiap baris, misalnya: status = tetap, kontrak"),
                "area",
                path=f"{side}.saring",
            ),
            one(f"{side}_jumlahkan", tk._("Kolom kelas yang dijumlahkan"), path=f"{side}.jumlahkan"),
            one(f"{side}_satuan", tk._("Satuan"), tk._("Kosong: menurut struktur atau variabelnya.")),
            one(
                f"{side}_pembulatan",
                tk._("Dibulatkan ke kelipatan"),
                tk._("Misalnya 1000. Kosong: dilihat dari angkanya."),
                "number",
                path=f"{side}.pembulatan",
            ),
        ]
        for side in SIDES
    }
    return {"about": about, "kiri": sides["kiri"], "kanan": sides["kanan"], "terms": terms}


def _options(values: Any, word: Any) -> list[dict[str, str]]:
    return [{"value": one, "text": word(one)} for one in values]
