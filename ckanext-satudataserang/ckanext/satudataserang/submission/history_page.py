"""The history of one cell in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import findings_view, words
from ckanext.satudataserang.submission.pages import act, address, described, may
from ckanext.satudataserang.submission.request_pages import exemption_sentence, extension_sentence

__all__ = ["history"]


def history(kode: str, period: str) -> dict[str, Any]:
    """What the page of a cell's history needs. Raises ObjectNotFound, ValidationError."""
    given = act("satudata_submission_history", entry=kode, period=period)
    entry, key = given["entry"], given["period"]["key"]
    deliveries = [_delivery(one) for one in given["results"]]
    return {
        "entry": entry,
        "when": words.period(key),
        "here": address("satudata_delivery.history", entry, key),
        "form_url": address("satudata_delivery.form", entry, key)
        if may("satudata_submission_form", entry=entry["id"], period=key)
        else "",
        "cell_url": _cell_url(entry, key),
        "summary": _summary(deliveries),
        "deliveries": deliveries,
        "excuses": list(_excuses(entry["id"], given["period"])),
        "empty": tk._("Belum ada kiriman untuk periode ini. Begitu OPD mengirim, langkahnya tercatat di sini."),
    }


def _excuses(entry_id: str, period: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Exemptions and extensions of the cell, for those who deliver or check."""
    try:
        exemptions = act("satudata_exemption_list", entry=entry_id)["results"]
        extensions = act("satudata_extension_list", entry=entry_id, period=period["key"])["results"]
    except tk.NotAuthorized:
        return
    for one in exemptions:
        if one["berlaku_dari"] <= period["end"] <= one["berlaku_sampai"]:
            yield {"sentence": exemption_sentence(one), "said": words.state(one["state"])}
    for one in extensions:
        yield {
            "sentence": extension_sentence(one),
            "said": words.state("dicabut") if one["revoked_at"] else None,
        }


def _cell_url(entry: Mapping[str, Any], period: str) -> str:
    """The page of the cell on the dashboard, where that is present."""
    if not tk.h.plugin_loaded("satudata_completeness"):
        return ""
    ref = entry["kode"] if "/" not in entry["kode"] else entry["id"]
    return tk.url_for("satudata_completeness.cell", ref=ref, period=period)


def _summary(deliveries: list[dict[str, Any]]) -> str:
    published = [one for one in deliveries if one["state"] == "terbit"]
    corrections = [one for one in published if one.get("corrects")]
    if not published:
        return tk._("Belum ada data terbit untuk periode ini.")
    if corrections:
        return tk._("Terbit, dan sudah dikoreksi {n} kali.").format(n=len(corrections))
    return tk._("Terbit, belum pernah dikoreksi.")


def _delivery(one: Mapping[str, Any]) -> dict[str, Any]:
    events = [_event(event) for event in one.get("events") or []]
    totals = one.get("totals") or {}
    return {
        **described(one),
        "title": _title(one),
        "by": one.get("created_by_name") or "",
        "groups": findings_view.grouped(one.get("findings") or [], totals),
        "found": sum(totals.values()),
        "events": events,
        "correction_reason": one.get("correction_reason") or "",
        "note": one.get("note") or "",
        "file_sha256": one.get("file_sha256") or "",
    }


def _title(one: Mapping[str, Any]) -> str:
    if one.get("nil"):
        return tk._("Pernyataan nihil")
    if one.get("confirms"):
        return tk._("Konfirmasi masih berlaku")
    return tk._("Koreksi") if one.get("corrects") else tk._("Kiriman")


def _event(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": one["at"],
        "actor": one.get("actor") or "",
        "what": _deed(one),
        "note": one.get("note") or "",
        "remarks": findings_view.remarks(one.get("notes") or []),
    }


def _deed(one: Mapping[str, Any]) -> str:
    """What an event says happened."""
    if one["action"] == "periksa":
        passed = one["to_state"] != "tidak_valid"
        return tk._("lolos pengecekan, menunggu Walidata") if passed else tk._("belum lolos pengecekan")
    return {
        "buat": tk._("draf dibuat"),
        "kirim": tk._("dikirim"),
        "diganti": tk._("diganti kiriman yang lebih baru"),
        "setujui": tk._("disetujui Walidata"),
        "kembalikan": tk._("dikembalikan ke OPD"),
        "kembalikan_pembina": tk._("dikembalikan Pembina ke Walidata"),
        "periksa_ulang": tk._("diperiksa ulang Pembina: sesuai"),
        "minta_terbit": tk._("penerbitan dimulai"),
        "gagal_terbit": tk._("penerbitan tertahan"),
        "buka": tk._("dataset dibuka untuk publik"),
        "terbit": tk._("terbit"),
        "tarik": tk._("ditarik"),
    }.get(str(one["action"])) or str(one["action"]).replace("_", " ")
