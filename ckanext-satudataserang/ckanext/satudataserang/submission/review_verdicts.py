"""Decisions on what waits: the action each of them is, and the sentence about what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.submission import words
from ckanext.satudataserang.submission.forms import Refused
from ckanext.satudataserang.submission.review_detail import EXEMPTION_MARK, shown_delivery
from ckanext.satudataserang.submission.visitor import act

__all__ = ["decide"]


def decide(one: str, values: Mapping[str, str], form: Mapping[str, str]) -> str:
    """Take a decision; returns the sentence about it. Raises Refused, ValidationError, NotAuthorized."""
    note, verdict = values["catatan"], values["putusan"]
    if one.startswith(EXEMPTION_MARK):
        return _decide_exemption(one.removeprefix(EXEMPTION_MARK), verdict, note)
    shown = shown_delivery(one)
    about = f"{shown['entry']['judul']}, {words.period(shown['period'])}"
    if verdict in ("disamarkan", "dilepas"):
        act("satudata_submission_privacy", id=one, decision=verdict, note=note)
        done = tk._("Disamarkan saat terbit") if verdict == "disamarkan" else tk._("Terbit apa adanya")
        return f"{done}: {about}."
    if verdict == "kembalikan":
        act("satudata_submission_transition", id=one, to="dikembalikan", note=note, notes=_notes(shown, form))
        return tk._("Dikembalikan ke {opd}: {about}.").format(opd=shown["entry"]["opd"]["title"], about=about)
    if verdict in ("sesuai", "kembalikan_walidata"):
        act("satudata_submission_recheck", id=one, ok=verdict == "sesuai", note=note)
        done = tk._("Sesuai") if verdict == "sesuai" else tk._("Dikembalikan ke Walidata")
        return f"{done}: {about}."
    if verdict == "setujui":
        after = act("satudata_submission_transition", id=one, to="disetujui", publish=True)
    elif verdict == "terbitkan":
        after = act("satudata_submission_transition", id=one, to="terbit")
    else:
        raise Refused({"catatan": tk._("Putusan ini tidak dikenal. Muat ulang halamannya.")})
    return _approved(after, about)


def _decide_exemption(one: str, verdict: str, note: str) -> str:
    if verdict == "tolak" and not note:
        raise Refused({"catatan": tk._("Tulis mengapa ditolak; OPD berhak tahu alasannya.")})
    act("satudata_exemption_decide", id=one, approve=verdict == "setujui", note=note)
    return tk._("Pengecualian disetujui.") if verdict == "setujui" else tk._("Pengecualian ditolak.")


def _approved(after: Mapping[str, Any], about: str) -> str:
    if after["state"] == "terbit":
        return tk._("Terbit: {about}.").format(about=about)
    if after.get("problem"):
        return tk._("Disetujui, tetapi belum terbit: {about}. {problem}").format(about=about, problem=after["problem"])
    if after.get("publish_asked_at"):
        return tk._("Disetujui dan sedang diterbitkan: {about}.").format(about=about)
    return tk._("Disetujui, menunggu Pembina Data: {about}.").format(about=about)


def _notes(shown: Mapping[str, Any], form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The remarks typed beside findings, each with the finding it is about."""
    found = []
    for number, finding in enumerate(shown["findings"]):
        note = form.get(f"temuan-{number}", "").replace("\0", "").strip()[:500]
        if note:
            found.append({**{key: finding.get(key) for key in ("code", "row", "column")}, "note": note})
    return found
