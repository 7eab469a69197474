"""The forms of an entry: which fields somebody is given, what was typed, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core import plan as rules
from ckanext.satudataserang.plan import choices, words
from ckanext.satudataserang.plan.logic import schema

TERMS = ("frequency", "deadline_days", "grace_days", "kelas")
#: What a change of OPDs asks for, and what only some kinds take.
OPD_CHANGE = ("kind", "from_opd", "to_opd", "entries", "new_title", "new_singkatan", "effective", "reason")
_ONLY_FOR = {
    "to_opd": ("merge", "split"),
    "entries": ("split",),
    "new_title": ("rename",),
    "new_singkatan": ("rename",),
}
_ORDER = (
    "judul",
    "opd",
    "urusan",
    "kelas",
    "frequency",
    "deadline_days",
    "grace_days",
    "berlaku_dari",
    "berlaku_sampai",
    "level_wilayah",
    "expected_values",
    "structure_id",
    "prioritas",
    "access",
    "access_reason",
    "dasar_hukum",
    "source_system",
    "kode",
)
_KINDS = {
    **dict.fromkeys(("opd", "urusan", "kelas", "frequency", "access", "level_wilayah", "structure_id"), "select"),
    **dict.fromkeys(("kind", "from_opd", "to_opd"), "select"),
    **dict.fromkeys(("berlaku_dari", "berlaku_sampai", "effective_from", "effective"), "date"),
    **dict.fromkeys(("deadline_days", "grace_days", "expected_values"), "number"),
    **dict.fromkeys(("dasar_hukum", "access_reason", "reason", "entries"), "area"),
}
_REQUIRED = frozenset({"judul", "opd", "urusan", "frequency", "deadline_days", "effective_from", "reason"}) | frozenset(
    {"kind", "from_opd", "effective"}
)
#: What a proposal begins with.
_BEGIN = {
    "kelas": "wajib",
    "frequency": "tahunan",
    "deadline_days": "30",
    "grace_days": "0",
    "level_wilayah": "kota",
    "access": "terbuka",
}


@dataclass(frozen=True)
class Field:
    """One field of a form: its label, what it holds, what is wrong with it, and how it is filled in."""

    name: str
    label: str
    kind: str
    value: str
    hint: str = ""
    error: str = ""
    required: bool = False
    options: tuple[Mapping[str, Any], ...] = ()


def typed(names: Iterable[str]) -> dict[str, str]:
    """What was typed into these fields, without spaces around it."""
    return {name: tk.request.form.get(name, "").strip() for name in names}


def of_kind(values: Mapping[str, str]) -> dict[str, str]:
    """What was typed for a change of OPDs, without what its kind does not take."""
    return {name: value for name, value in values.items() if values["kind"] in _ONLY_FOR.get(name, (values["kind"],))}


def names_to_propose(*, walidata: bool) -> tuple[str, ...]:
    """The fields of a proposal."""
    hidden = frozenset() if walidata else frozenset({"expected_values", "structure_id", "prioritas", "kode"})
    return tuple(name for name in _ORDER if name not in hidden)


def names_to_edit(entry: Mapping[str, Any], *, walidata: bool) -> tuple[str, ...]:
    """The fields of an entry that somebody may change here; terms of what is in force have a form of their own."""
    allowed = set(schema.DESCRIBING)
    if walidata:
        allowed |= schema.WALIDATA_ONLY
        if entry["state"] not in rules.BINDING:
            allowed |= schema.BINDING
    return tuple(name for name in _ORDER if name in allowed and name != "kode")


def beginning() -> dict[str, str]:
    """What the form of a proposal holds at first; an OPD's own account finds its OPD chosen."""
    own = choices.own_opds()
    found = choices.opds(only=own) if own is not None else []
    return {**_BEGIN, **({"opd": found[0]["value"]} if len(found) == 1 else {})}


def holding(entry: Mapping[str, Any], names: Iterable[str]) -> dict[str, str]:
    """What the form of an entry holds at first."""
    values = {**entry, "opd": entry["opd_name"]}
    return {
        name: ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
        for name in names
        if (value := values.get(name, "")) is not Ellipsis
    }


def built(names: Iterable[str], values: Mapping[str, str], errors: Mapping[str, Any]) -> list[Field]:
    """The fields of a form in their order."""
    options = choices.fields(choices.own_opds())
    return [
        Field(
            name=name,
            label=words.field(name),
            kind=_KINDS.get(name, "text"),
            value=values.get(name, ""),
            hint=hint(name),
            error=" ".join(sentences(errors.get(name))),
            required=name in _REQUIRED,
            options=tuple(options.get(name, ())),
        )
        for name in names
    ]


def summary(errors: Mapping[str, Any], names: Iterable[str]) -> list[dict[str, str]]:
    """What is wrong, each linked to its field where the form has it."""
    known = set(names)
    return [
        {
            "href": f"#field-{name}" if name in known else "",
            "label": words.field(name) if name in known else "",
            "message": sentence,
        }
        for name, messages in errors.items()
        if not name.startswith("__")
        for sentence in sentences(messages)
    ]


def sentences(messages: Any) -> list[str]:
    """The sentences of an action's errors, however deep they lie."""
    if isinstance(messages, str):
        return [messages]
    if isinstance(messages, Mapping):
        messages = messages.values()
    return [sentence for one in messages or () for sentence in sentences(one)]


def hint(name: str) -> str:
    """What to write into a field, where its label does not say it."""
    return {
        "judul": tk._(
            "Sebut apa yang dihitung dan rinciannya, tanpa tahun. Misalnya: Jumlah sekolah dasar per kecamatan."
        ),
        "deadline_days": tk._("Misalnya 30: data triwulan yang berakhir 31 Maret wajib masuk paling lambat 30 April."),
        "grace_days": tk._("Hari tambahan yang masih dihitung tepat waktu. Tulis 0 bila tidak ada."),
        "berlaku_dari": tk._("Kosongkan untuk mulai 1 Januari tahun depan."),
        "berlaku_sampai": tk._("Kosongkan bila tidak dibatasi."),
        "expected_values": tk._("Berapa angka yang wajib ada pada satu periode, misalnya 6 untuk satu per kecamatan."),
        "structure_id": tk._("Kolom, kode, dan aturan yang dipakai memeriksa kirimannya."),
        "prioritas": tk._("Tahun-tahun, misalnya 2026, 2027. Kosongkan bila bukan Data Prioritas."),
        "access_reason": tk._("Wajib diisi bila akses terbatas atau tertutup: pasal atau alasan pengecualiannya."),
        "dasar_hukum": tk._("Peraturan atau dokumen perencanaan yang meminta data ini."),
        "source_system": tk._("Aplikasi tempat data ini dicatat, bila ada."),
        "kode": tk._("Kosongkan: kode berikutnya dibuat dari urusan dan singkatan OPD."),
        "effective_from": tk._("Hari ini atau sesudahnya. Periode yang berakhir sebelum tanggal ini tidak berubah."),
        "to_opd": tk._("Hanya bila digabung atau sebagian datanya pindah."),
        "entries": tk._("Hanya bila sebagian datanya pindah: kode dari Daftar Data, pisahkan dengan koma."),
        "new_title": tk._("Hanya bila berganti nama."),
        "new_singkatan": tk._("Boleh kosong bila tetap."),
        "effective": tk._("Hari ini atau sebelumnya. Yang jatuh sebelum tanggal ini tetap milik OPD lama."),
        "reason": tk._("Ditampilkan pada riwayat data ini untuk umum."),
    }.get(name, "")
