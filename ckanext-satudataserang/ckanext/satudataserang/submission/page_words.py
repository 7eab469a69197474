"""The words of a delivery's page: why it is closed, how far its check is, what was found in it about persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.core.checks.privacy import JOINED
from ckanext.satudataserang.submission import config, words
from ckanext.satudataserang.submission.grid import Problem

__all__ = ["accepted", "described", "formats_taken", "lock", "on_its_way", "privacy", "progress", "sentence", "span"]

_SPREADSHEETS = ("xlsx", "xls", "ods", "csv")


def lock(
    name: str, title: str, sentences: Sequence[str], *, onward: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    return {"name": name, "title": title, "sentences": sentences, "onward": onward}


def on_its_way(one: Mapping[str, Any], *, prioritas: bool) -> tuple[str, list[str]]:
    """The title and the sentences about a delivery that others have to deal with now."""
    sent = tk._("Dikirim {who} pada {at}.").format(
        who=one.get("created_by_name") or "", at=formats.moment(one["delivered_at"], words.locale())
    )
    if one["state"] == "diajukan":
        return tk._("Sedang dicek"), [
            sent,
            tk._("Berkas besar dicek di belakang layar, biasanya beberapa menit. Halaman ini boleh ditutup."),
        ]
    if one["state"] == "disetujui":
        if one.get("problem"):
            why = tk._("Penerbitannya tertahan: {problem} Walidata menanganinya.").format(problem=one["problem"])
        elif prioritas and not one.get("rechecked_at"):
            why = tk._("Sekarang diperiksa ulang oleh Pembina Data, karena ini Data Prioritas.")
        else:
            why = tk._("Walidata menerbitkannya; data tampil untuk publik setelah itu.")
        return tk._("Disetujui Walidata"), [sent, why]
    return tk._("Sudah dikirim, menunggu Walidata"), [
        sent,
        tk._(
            "Walidata memeriksanya menurut urutan masuk. Waktu kirim Anda sudah tercatat, jadi Anda tidak terlambat "
            "karena menunggu."
        ),
        tk._("Bila disetujui, datanya terbit. Bila ada yang perlu diperbaiki, kiriman kembali ke sini dengan catatan."),
    ]


def progress(one: Mapping[str, Any]) -> dict[str, Any]:
    """How far the check of a delivery is: `percent` None while nobody knows."""
    told = one.get("progress")
    percent = int(told) if isinstance(told, (int, float)) and 0 < told <= 100 else None  # noqa: PLR2004
    said = (
        tk._("Sudah {n} % dicek.").format(n=formats.number(percent, words.locale()))
        if percent is not None
        else tk._("Menunggu giliran dicek.")
    )
    return {
        "percent": percent,
        "said": said,
        "url": tk.url_for("satudata_delivery.progress", id=one["id"]),
    }


def privacy(one: Mapping[str, Any]) -> dict[str, Any] | None:
    """What personal data were found in a delivery, in words, and what becomes of them; None where there are none."""
    state = one.get("privacy") or ""
    if not state:
        return None
    kinds = {
        "nik": tk._("NIK"),
        "nip": tk._("NIP"),
        "telepon": tk._("nomor telepon"),
        "email": tk._("alamat surel"),
        "nama_ttd": tk._("nama penanda tangan"),
    }
    columns = one.get("privacy_columns") or {}
    found = [
        f"{column} ({', '.join(kinds.get(kind, kind) for kind in str(told).split(JOINED))})"
        for column, told in columns.items()
    ]
    said = {
        "ditahan": tk._("Menunggu keputusan Walidata. Sampai diputuskan, data ini tidak terbit."),
        "disamarkan": tk._("Diputuskan: isinya disamarkan saat terbit. Berkas aslinya tidak dapat diunduh umum."),
        "dilepas": tk._("Diputuskan: terbit apa adanya, dengan alasan yang tercatat."),
    }.get(state, state)
    return {
        "state": state,
        "said": said,
        "found": found,
        "note": one.get("privacy_note") or "",
        "by": one.get("privacy_by_name") or "",
        "at": one.get("privacy_at") or "",
    }


def described(one: Mapping[str, Any]) -> dict[str, Any]:
    """A delivery with its state in words and the address of its file."""
    return {
        **one,
        "said": words.state(one["state"]),
        "file_name": one.get("file_name") or "",
        "file_size": words.size(one["file_size"]) if one.get("file_size") else "",
        "file_url": tk.url_for("satudata_delivery.download", id=one["id"]) if one.get("file_sha256") else "",
    }


def formats_taken() -> list[str]:
    """The endings of files that a delivery may be, those of spreadsheets first."""
    return [*_SPREADSHEETS, *sorted(config.formats() - set(_SPREADSHEETS))]


def accepted() -> str:
    """Which files are taken, and how large they may be."""
    names = ", ".join(name.upper() for name in formats_taken())
    return tk._("Format yang diterima: {formats}, paling besar {size}.").format(
        formats=names, size=words.size(config.max_upload())
    )


def sentence(problem: Problem) -> str:
    if problem.code == "angka-rancu":
        return tk._("“{value}” dapat berarti ribuan atau pecahan. Tulis tanpa tanda ribuan.").format(
            value=problem.value[:40]
        )
    return tk._("“{value}” bukan angka. Tulis angka saja, misalnya 1.234,5; kosongkan bila datanya tidak ada.").format(
        value=problem.value[:40]
    )


def span(given: Mapping[str, Any]) -> str:
    start, end = given["period"]["start"], given["period"]["end"]
    if str(given["period"]["key"]).startswith("statis"):
        return ""
    if start == end:
        return formats.day(start, words.locale())
    return f"{formats.day(start, words.locale())} – {formats.day(end, words.locale())}"
