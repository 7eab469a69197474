"""One thing that waits, in words: a delivery with what may be decided about it, or a request for an exemption."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import due, findings_view, tables, words
from ckanext.satudataserang.submission.diff_view import differences
from ckanext.satudataserang.submission.page_words import described, privacy
from ckanext.satudataserang.submission.visitor import act, address

__all__ = ["EXEMPTION_MARK", "detail", "shown_delivery", "span"]

#: What stands before the id of a request for an exemption, where ids of both kinds are mixed.
EXEMPTION_MARK = "pengecualian:"


def detail(one: str, url: str, *, may_decide: bool) -> dict[str, Any]:
    """What the page shows of one thing that waits, its address in the queue being `url`."""
    if one.startswith(EXEMPTION_MARK):
        return {"one": _exemption(one, url, may_decide=may_decide)}
    shown = shown_delivery(one)
    return {
        "one": {**_delivery(shown, may_decide=may_decide), "url": url},
        "diff": _diff(one, shown),
        "groups": findings_view.grouped(shown["findings"], shown["totals"], together=False),
        "metadata": _metadata(shown),
    }


def _exemption(one: str, url: str, *, may_decide: bool) -> dict[str, Any]:
    found = act("satudata_exemption_list", id=one.removeprefix(EXEMPTION_MARK))["results"]
    if not found:
        raise tk.ObjectNotFound(tk._("Permintaan ini tidak ditemukan."))
    asked = found[0]
    waiting = asked["state"] == "diusulkan" and may_decide
    return {
        "id": one,
        "kind": "pengecualian",
        "url": url,
        "title": asked["entry"]["judul"],
        "opd": asked["entry"]["opd"]["title"],
        "span": span(asked),
        "by": asked["requested_by_name"],
        "at": asked["requested_at"],
        "reason": asked["reason"],
        "actions": [{"value": "setujui", "label": tk._("Setujui pengecualian")}] if waiting else [],
        "refuse": {
            "value": "tolak",
            "label": tk._("Tolak"),
            "ask": tk._("Mengapa ditolak?"),
            "hint": tk._("Alasan ini dibaca OPD yang meminta."),
        }
        if waiting
        else None,
    }


def _delivery(shown: Mapping[str, Any], *, may_decide: bool) -> dict[str, Any]:
    allowed, entry = set(shown["next"]), shown["entry"]
    held = shown.get("privacy") == "ditahan"
    if held:
        # Nothing is approved before somebody has decided on the personal data.
        allowed -= {"disetujui", "terbit"}
    limit = _due(shown)
    actions: list[dict[str, str]] = []
    refuse = None
    if "disetujui" in allowed:
        label = tk._("Setujui, teruskan ke Pembina") if shown["prioritas"] else tk._("Setujui dan terbitkan")
        actions.append({"value": "setujui", "label": label})
    if "terbit" in allowed:
        actions.append({"value": "terbitkan", "label": tk._("Terbitkan")})
    if shown["recheck"]:
        actions.append({"value": "sesuai", "label": tk._("Sesuai")})
        refuse = {
            "value": "kembalikan_walidata",
            "label": tk._("Kembalikan ke Walidata"),
            "ask": tk._("Apa yang tidak sesuai?"),
            "hint": tk._("Walidata meneruskannya kepada OPD."),
        }
    if "dikembalikan" in allowed:
        refuse = {
            "value": "kembalikan",
            "label": tk._("Kembalikan"),
            "ask": tk._("Apa yang perlu diperbaiki?"),
            "hint": tk._("OPD membacanya di atas formulir. Catatan per temuan di bawah ikut terkirim."),
        }
    return {
        **described(shown),
        "kind": "kiriman",
        "title": entry["judul"],
        "when": words.period(shown["period"]),
        "opd": entry["opd"]["title"],
        "by": shown["created_by_name"],
        "deadline": limit.deadline if limit else None,
        "punctual": _punctual(shown, limit) if limit else "",
        "content": _content(shown),
        "stopped": _stopped(shown),
        "pembina_note": _pembina_note(shown),
        "history_url": address("satudata_delivery.history", entry, shown["period"]),
        "annotated_url": tk.url_for("satudata_delivery.annotated", id=shown["id"])
        if shown.get("file_sha256") and any(finding.get("row") for finding in shown["findings"])
        else "",
        "personal": privacy(shown),
        "decides_privacy": held and may_decide and shown["state"] == "menunggu_pemeriksaan",
        "actions": actions,
        "refuse": refuse,
    }


def shown_delivery(one: str) -> dict[str, Any]:
    """A delivery as its action tells of it. Raises ObjectNotFound for one that nobody checks."""
    shown = act("satudata_submission_show", id=one)
    if shown["entry"] is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini di luar Daftar Data sehingga tidak diperiksa di sini."))
    return shown


def _diff(one: str, shown: Mapping[str, Any]) -> dict[str, Any] | None:
    if shown["nil"] or shown["confirms"]:
        return None
    return differences(act("satudata_submission_diff", id=one))


def _metadata(shown: Mapping[str, Any]) -> dict[str, Any] | None:
    place = tables.place_of(due.entry_of(shown["entry"]["id"]))
    if place is None:
        return None
    try:
        dataset = act("package_show", id=place.dataset_id)
        check = act("satudata_dataset_publish_check", id=place.dataset_id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None
    missing = [] if dataset["state"] == "active" else [one["label"] for one in check["missing"]]
    return {
        "title": dataset["title"] or dataset["name"],
        "url": tk.url_for("dataset.read", id=dataset["name"]),
        "edit_url": tk.url_for("dataset.edit", id=dataset["name"]),
        "missing": missing,
    }


def _stopped(shown: Mapping[str, Any]) -> str:
    """Why nothing can be decided here, or what holds publication up."""
    if shown.get("superseded_by"):
        return tk._("OPD sudah mengirim yang lebih baru; kiriman ini tidak diperiksa lagi.")
    if shown.get("problem"):
        return tk._("Penerbitan tertahan: {problem}").format(problem=shown["problem"])
    if shown.get("publish_asked_at") and shown["state"] == "disetujui":
        return tk._("Sedang diterbitkan.")
    return ""


def _due(shown: Mapping[str, Any]) -> due.Due | None:
    """The deadline of a delivery's period; None where the plan no longer knows the period."""
    try:
        return due.due_of(due.entry_of(shown["entry"]["id"]), shown["period"], future=True)
    except (tk.ValidationError, tk.ObjectNotFound):
        return None


def _punctual(shown: Mapping[str, Any], limit: due.Due) -> str:
    return words.punctuality(limit.grace, shown["delivered_at"]).word


def _pembina_note(shown: Mapping[str, Any]) -> str:
    """Why the Pembina sent it back to the Walidata, as long as that waits for an answer."""
    if shown["state"] != "menunggu_pemeriksaan":
        return ""
    returned = [event["note"] for event in shown["events"] if event["action"] == "kembalikan_pembina"]
    return returned[-1] if returned else ""


def _content(shown: Mapping[str, Any]) -> str:
    if shown["nil"]:
        return tk._("pernyataan nihil")
    if shown["confirms"]:
        return tk._("data statis masih berlaku")
    if shown["expected_values"] is None:
        return ""
    return tk._("{filled} dari {expected} nilai terisi").format(
        filled=formats.number(shown["filled_values"], words.locale()),
        expected=formats.number(shown["expected_values"], words.locale()),
    )


def span(one: Mapping[str, Any]) -> str:
    return f"{formats.day(one['berlaku_dari'], words.locale())} – {formats.day(one['berlaku_sampai'], words.locale())}"
