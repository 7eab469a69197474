"""The words of a to-do list: why a cell stands there in one sentence, and what its button says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import figures
from ckanext.satudataserang.completeness import words as dashboard

_LONGEST_NOTE = 300


def group(name: str) -> str:
    """The heading of a group."""
    return {
        "terlambat": tk._("Terlambat"),
        "dikembalikan": tk._("Perlu diperbaiki"),
        "segera": tk._("Segera jatuh tempo"),
        "menunggu": tk._("Menunggu pemeriksaan"),
        "selesai": tk._("Selesai untuk periode terakhir"),
    }[name]


def group_state(name: str) -> str:
    """The state whose symbol stands beside the heading."""
    return {
        "terlambat": "terlewat",
        "dikembalikan": "dikembalikan",
        "segera": "segera_jatuh_tempo",
        "menunggu": "menunggu_pemeriksaan",
        "selesai": "tepat_waktu",
    }[name]


def kelas(name: str) -> str:
    """A class of the Daftar Data."""
    return {"wajib": tk._("wajib"), "diharapkan": tk._("diharapkan"), "opsional": tk._("opsional")}.get(name, name)


def kind(name: str) -> str:
    """A kind of coaching."""
    return {"klinik": tk._("klinik data"), "kunjungan": tk._("kunjungan")}.get(name, name)


def mail_state(name: str) -> str:
    """The state of a letter."""
    return {
        "antre": tk._("menunggu giliran"),
        "terkirim": tk._("terkirim"),
        "gagal": tk._("gagal"),
        "batal": tk._("tidak jadi: datanya sudah masuk"),
    }[name]


def due(item: Mapping[str, Any]) -> str:
    """When a cell is due, in words beside today."""
    day, late = formats.day(item["deadline"], figures.locale()), item["days_late"]
    if late > 0:
        return tk._("tenggat {day}, lewat {n} hari").format(day=day, n=late)
    if late == 0:
        return tk._("tenggat hari ini pukul 23.59 WIB")
    if late == -1:
        return tk._("tenggat besok, {day}").format(day=day)
    return tk._("tenggat {day}, {n} hari lagi").format(day=day, n=-late)


def why(item: Mapping[str, Any]) -> str:
    """Why a cell stands in the list, in one sentence."""
    state = item["state"]
    if state == "dikembalikan" and (note := _note(item)):
        return tk._("Dikembalikan Walidata dengan catatan: “{note}”").format(note=note)
    if state == "tidak_valid" and item["reasons"]:
        return dashboard.reason(item["reasons"][0])
    if state == "menunggu_pemeriksaan" and item["delivered_at"]:
        day = formats.day(item["delivered_at"], figures.locale())
        return tk._("Dikirim {day} dan sedang diperiksa Walidata; Anda tidak perlu berbuat apa-apa.").format(day=day)
    if state == "segera_jatuh_tempo":
        return tk._("Belum ada kiriman; masih sempat tepat waktu.")
    if state == "terlewat":
        draft = tk._("Drafnya sudah ada tetapi belum dikirim.")
        return draft if item["draft"] else tk._("Tenggatnya lewat dan belum ada kiriman.")
    return dashboard.state_meaning(state)


def button(item: Mapping[str, Any]) -> str:
    """What the one button of a cell says."""
    state = item["state"]
    if item["draft"]:
        return tk._("Lanjutkan")
    if state in ("dikembalikan", "tidak_valid"):
        return tk._("Perbaiki")
    if state not in ("terlewat", "segera_jatuh_tempo"):
        return tk._("Lihat")
    return tk._("Pastikan") if item["period"].startswith("statis-") else tk._("Isi")


def _note(item: Mapping[str, Any]) -> str:
    text = " ".join((item["note"] or "; ".join(item["remarks"])).split())
    return text if len(text) <= _LONGEST_NOTE else text[: _LONGEST_NOTE - 1] + "…"
