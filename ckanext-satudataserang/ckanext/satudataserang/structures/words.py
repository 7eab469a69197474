"""The words of structures as their pages say them, in the page's language."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.structures.model import OUTLIERS, TYPES, Rule, Structure
from ckanext.satudataserang.plan.words import Said


def state(name: str) -> Said:
    """The state of a version."""
    symbol, word, meaning = {
        "usulan": ("…", tk._("usulan"), tk._("Diajukan, menunggu keputusan Walidata.")),
        "berlaku": ("●", tk._("berlaku"), tk._("Dipakai untuk memeriksa dan memuat data.")),
        "digantikan": ("–", tk._("digantikan"), tk._("Pernah berlaku; sudah ada versi yang lebih baru.")),
        "ditolak": ("✕", tk._("ditolak"), tk._("Tidak diterima Walidata.")),
    }.get(name, ("", name, ""))
    return Said(name, symbol, word, meaning)


def kind(name: str) -> str:
    """The type of a column's values."""
    return {
        "text": tk._("teks"),
        "integer": tk._("bilangan bulat"),
        "numeric": tk._("angka, boleh pecahan"),
        "date": tk._("tanggal"),
        "boolean": tk._("ya atau tidak"),
    }.get(name, name)


def kinds() -> list[dict[str, str]]:
    """The types as choices."""
    return [{"value": name, "text": kind(name)} for name in TYPES]


def outliers() -> list[dict[str, str]]:
    """How a measure is compared with its history, as choices; what holds by itself comes first."""
    texts = {
        "history": tk._("dengan semua periode sebelumnya"),
        "seasonal": tk._("dengan musim yang sama pada tahun-tahun sebelumnya"),
        "off": tk._("tidak dibandingkan"),
    }
    return [{"value": name, "text": texts[name]} for name in sorted(OUTLIERS, key=list(texts).index)]


def relations() -> list[dict[str, str]]:
    """The relations of a rule as choices."""
    return [
        {"value": "<=", "text": tk._("tidak lebih dari (≤)")},
        {"value": "<", "text": tk._("kurang dari (<)")},
        {"value": "=", "text": tk._("sama dengan (=)")},
    ]


def rule(found: Structure, one: Rule) -> str:
    """A rule as a sentence, with the labels of its columns."""
    if one.message:
        return one.message
    labels = {column.id: column.label for column in found.columns}
    parts = " + ".join(labels.get(name, name) for name in one.parts)
    said = f"{parts} {one.relation.replace('<=', '≤')} {labels.get(one.whole, one.whole)}"
    return (
        tk._("{said} (selisih sampai {tolerance} dibiarkan)").format(said=said, tolerance=one.tolerance)
        if (one.tolerance)
        else said
    )


def field(name: str) -> str:
    """The label of a field of a structure, a column, a rule, a list or a variable."""
    return {
        "kode": tk._("Kode"),
        "nama": tk._("Nama"),
        "opd": tk._("OPD"),
        "urusan": tk._("Bidang urusan"),
        "description": tk._("Penjelasan"),
        "label": tk._("Judul kolom"),
        "id": tk._("Nama kolom di basis data"),
        "type": tk._("Isi"),
        "konsep": tk._("Konsep"),
        "definisi": tk._("Definisi"),
        "klasifikasi": tk._("Klasifikasi"),
        "ukuran": tk._("Ukuran"),
        "satuan": tk._("Satuan"),
        "referensi": tk._("Referensi"),
        "required": tk._("Wajib diisi"),
        "key": tk._("Kunci baris"),
        "personal": tk._("Data pribadi"),
        "expected": tk._("Satu baris untuk tiap kode"),
        "minimum": tk._("Paling sedikit"),
        "maximum": tk._("Paling banyak"),
        "pattern": tk._("Pola teks"),
        "code_list": tk._("Daftar kode"),
        "decimals": tk._("Desimal paling banyak"),
        "variable": tk._("Variabel baku"),
        "synonyms": tk._("Judul lain yang dikenali"),
        "outliers": tk._("Nilai yang tidak lazim dibandingkan"),
        "parts": tk._("Kolom yang dijumlahkan"),
        "relation": tk._("Hubungan"),
        "whole": tk._("Kolom pembanding"),
        "tolerance": tk._("Selisih yang dibiarkan"),
        "message": tk._("Kalimat bila tidak cocok"),
        "codes": tk._("Kode"),
        "reason": tk._("Alasan"),
        "note": tk._("Catatan"),
        "columns": tk._("Kolom"),
        "rules": tk._("Aturan"),
        "lists": tk._("Daftar kode"),
        "content": tk._("Isi"),
        "alias": tk._("Nama lain"),
        "referensi_waktu": tk._("Referensi waktu"),
        "aturan_validasi": tk._("Aturan validasi"),
        "pertanyaan": tk._("Kalimat pertanyaan"),
        "akses_umum": tk._("Boleh diakses umum"),
        "keyakinan": tk._("Keyakinan"),
    }.get(name, name)


def bounds(column: Any) -> str:
    """The bounds of a column's numbers in words; empty where it has none."""
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return tk._("{low} sampai {high}").format(low=_number(low), high=_number(high))
    if low is not None:
        return tk._("paling sedikit {low}").format(low=_number(low))
    return tk._("paling banyak {high}").format(high=_number(high)) if high is not None else ""


def _number(value: Any) -> str:
    return tk.h.satudata_plan_number(value)
