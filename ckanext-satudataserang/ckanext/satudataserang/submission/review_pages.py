"""The queue in words: what waits, oldest first, and the one that is open with its changes, findings and decision."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.catalogue import tables as catalogue_tables
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import due, findings_view, tables, words
from ckanext.satudataserang.submission.diff_view import differences
from ckanext.satudataserang.submission.forms import PageError, Refused
from ckanext.satudataserang.submission.pages import act, address, described, holds, privacy

__all__ = ["EXEMPTION_MARK", "Queue"]

PER_PAGE = 50
PRIORITY = "ya"
#: What stands before the id of a request for an exemption, where ids of both kinds are mixed.
EXEMPTION_MARK = "pengecualian:"
_KINDS = {
    "menunggu": {"state": "menunggu_pemeriksaan"},
    "disetujui": {"state": "disetujui"},
    "pengecualian": {},
}
_PAGE_DIGITS = 5


class Queue:
    """What waits for the visitor, under the filters of an address."""

    def __init__(self, args: Mapping[str, str]) -> None:
        """Read the filters. Raises NotAuthorized for who checks nothing, PageError."""
        self.may_decide = holds("satudata_exemption_decide")
        self.may_recheck = holds("satudata_submission_recheck")
        if not (self.may_decide or self.may_recheck):
            raise tk.NotAuthorized(tk._("Halaman ini untuk Walidata dan Pembina Data."))
        self.opd = args.get("opd", "").strip().replace("\0", "")[:100]
        self.urusan = args.get("urusan", "").strip().replace("\0", "")[:20]
        self.priority = args.get("prioritas", "") == PRIORITY
        self.kind = _choice(args.get("jenis", ""))
        self.number = _page(args.get("halaman", ""))

    def address(self, one: str = "", *, page: int | None = None) -> str:
        """The address of the list, or of one of it, with the filters kept."""
        number = self.number if page is None else page
        query = {
            "opd": self.opd,
            "urusan": self.urusan,
            "prioritas": PRIORITY if self.priority else "",
            "jenis": self.kind,
            "halaman": number if number > 1 else "",
        }
        query = {key: value for key, value in query.items() if value}
        if not one:
            return tk.url_for("satudata_review.index", **query)
        if one.startswith(EXEMPTION_MARK):
            return tk.url_for("satudata_review.read_exemption", id=one.removeprefix(EXEMPTION_MARK), **query)
        return tk.url_for("satudata_review.read", id=one, **query)

    def after(self, next_id: str) -> str:
        """Where to go after a decision: the next one while it still waits, else the list."""
        waiting = {row["id"] for row in self._rows()[0]}
        return self.address(next_id) if next_id in waiting else self.address(page=1)

    def page(
        self, chosen: str = "", *, values: Mapping[str, str] | None = None, refused: Refused | None = None
    ) -> dict[str, Any]:
        """Everything the template needs; without `chosen` the oldest is open."""
        rows, count = self._rows()
        one_id = chosen or (rows[0]["id"] if rows else "")
        place = next((at for at, row in enumerate(rows) if row["id"] == one_id), None)
        follows = rows[place + 1]["id"] if place is not None and place + 1 < len(rows) else ""
        detail = self._detail(one_id) if one_id else {"one": None}
        last_page = max(1, -(-count // PER_PAGE))
        return {
            "title": tk._("Pemeriksaan: {n} menunggu").format(n=formats.number(count, words.locale())),
            "index_url": tk.url_for("satudata_review.index"),
            "list_url": self.address(),
            "rows": [{**row, "url": self.address(row["id"]), "active": row["id"] == one_id} for row in rows],
            "choices": self._choices(),
            "chosen": bool(chosen),
            "next_id": follows,
            "previous_url": self.address(page=self.number - 1) if self.number > 1 else "",
            "next_url": self.address(page=self.number + 1) if self.number < last_page else "",
            "empty": tk._("Tidak ada yang menunggu dengan saringan ini.")
            if self.opd or self.kind or self.urusan or self.priority
            else tk._("Tidak ada yang menunggu. Kiriman OPD muncul di sini begitu lolos pengecekan otomatis."),
            "errors": refused.summary() if refused else [],
            "values": values or {"catatan": ""},
            **detail,
        }

    def decide(self, one: str, values: Mapping[str, str], form: Mapping[str, str]) -> str:
        """Take a decision; returns the sentence about it. Raises Refused, ValidationError, NotAuthorized."""
        note, verdict = values["catatan"], values["putusan"]
        if one.startswith(EXEMPTION_MARK):
            return _decide_exemption(one.removeprefix(EXEMPTION_MARK), verdict, note)
        shown = _shown(one)
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

    def _rows(self) -> tuple[list[dict[str, Any]], int]:
        """One page of what waits, and how much waits in all."""
        now = datetime.now(timezone.utc)
        requests = self._requests(now)
        found: dict[str, Any] = {"results": [], "count": 0}
        start, end = (self.number - 1) * PER_PAGE, self.number * PER_PAGE
        if self.kind != "pengecualian":
            # Requests are few; they are put among the deliveries by the moment since which they wait.
            found = act(
                "satudata_submission_list",
                waiting=True,
                limit=end,
                offset=0,
                **({"opd": self.opd} if self.opd else {}),
                **({"urusan": self.urusan} if self.urusan else {}),
                **({"prioritas": True} if self.priority else {}),
                **_KINDS.get(self.kind, {}),
            )
        rows = sorted([*requests, *(_row(one, now) for one in found["results"])], key=lambda row: row["since"])
        return rows[start:end], found["count"] + len(requests)

    def _requests(self, now: datetime) -> list[dict[str, Any]]:
        # A request is no Data Prioritas of some year: it may span several.
        if not self.may_decide or self.kind not in ("", "pengecualian") or self.priority:
            return []
        asked = act("satudata_exemption_list", state="diusulkan", **({"opd": self.opd} if self.opd else {}))["results"]
        return [
            {
                "id": EXEMPTION_MARK + one["id"],
                "title": one["entry"]["judul"],
                "opd": one["entry"]["opd"]["title"],
                "when": _span(one),
                "what": tk._("minta pengecualian"),
                "age": words.age(one["requested_at"], now),
                "since": one["requested_at"],
                "tags": [],
            }
            for one in asked
            if self.urusan in ("", one["entry"]["urusan"])
        ]

    def _choices(self) -> list[dict[str, Any]]:
        labels = {
            "menunggu": tk._("menunggu pemeriksaan"),
            "disetujui": tk._("disetujui, belum terbit"),
            "pengecualian": tk._("permintaan pengecualian"),
        }
        every = {"value": "", "label": tk._("semua")}
        return [
            {
                "name": "opd",
                "label": tk._("OPD"),
                "value": self.opd,
                "options": [every, *({"value": name, "label": title} for name, title in _opds())],
            },
            {
                "name": "urusan",
                "label": tk._("Urusan"),
                "value": self.urusan,
                "options": [every, *({"value": kode, "label": name} for kode, name in _urusan())],
            },
            {
                "name": "prioritas",
                "label": tk._("Data Prioritas"),
                "value": PRIORITY if self.priority else "",
                "options": [every, {"value": PRIORITY, "label": tk._("hanya prioritas")}],
            },
            {
                "name": "jenis",
                "label": tk._("Jenis"),
                "value": self.kind,
                "options": [every, *({"value": value, "label": labels[value]} for value in _KINDS)],
            },
        ]

    def _detail(self, one: str) -> dict[str, Any]:
        if one.startswith(EXEMPTION_MARK):
            return {"one": self._exemption(one)}
        shown = _shown(one)
        return {
            "one": {**self._delivery(shown), "url": self.address(one)},
            "diff": _diff(one, shown),
            "groups": findings_view.grouped(shown["findings"], shown["totals"]),
            "metadata": _metadata(shown),
        }

    def _exemption(self, one: str) -> dict[str, Any]:
        found = act("satudata_exemption_list", id=one.removeprefix(EXEMPTION_MARK))["results"]
        if not found:
            raise tk.ObjectNotFound(tk._("Permintaan ini tidak ditemukan."))
        asked = found[0]
        waiting = asked["state"] == "diusulkan" and self.may_decide
        return {
            "id": one,
            "kind": "pengecualian",
            "url": self.address(one),
            "title": asked["entry"]["judul"],
            "opd": asked["entry"]["opd"]["title"],
            "span": _span(asked),
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

    def _delivery(self, shown: Mapping[str, Any]) -> dict[str, Any]:
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
            "decides_privacy": held and self.may_decide and shown["state"] == "menunggu_pemeriksaan",
            "actions": actions,
            "refuse": refuse,
        }


def _shown(one: str) -> dict[str, Any]:
    """A delivery as its action tells of it. Raises ObjectNotFound for one that nobody checks."""
    shown = act("satudata_submission_show", id=one)
    if shown["entry"] is None:
        raise tk.ObjectNotFound(tk._("Kiriman ini di luar Daftar Data sehingga tidak diperiksa di sini."))
    return shown


def _opds() -> list[tuple[str, str]]:
    """Names and titles of all OPDs, by title."""
    query = (
        sa.select(model.Group.name, model.Group.title)
        .where(model.Group.is_organization.is_(True), model.Group.state == model.State.ACTIVE)
        .order_by(model.Group.title)
    )
    return [(name, title or name) for name, title in model.Session.execute(query)]


def _urusan() -> list[tuple[str, str]]:
    """Codes and names of the urusan that the plan has."""
    named = catalogue_tables.urusan()
    codes = model.Session.scalars(sa.select(PlanEntry.urusan).distinct().order_by(PlanEntry.urusan))
    return [(code, f"{code} {named[code].nama}" if code in named else code) for code in codes]


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


def _row(one: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    tags = []
    if one["prioritas"]:
        tags.append(tk._("prioritas"))
    if one.get("corrects"):
        tags.append(tk._("koreksi"))
    what = tk._("nihil") if one["nil"] else tk._("konfirmasi") if one["confirms"] else tk._("kiriman")
    if one["state"] == "disetujui":
        what = tk._("disetujui, belum terbit") if not one["prioritas"] or one["rechecked_at"] else tk._("periksa ulang")
    return {
        "id": one["id"],
        "title": one["entry"]["judul"],
        "opd": one["entry"]["opd"]["title"],
        "when": words.period(one["period"]),
        "what": what,
        "age": words.age(one["delivered_at"], now),
        "since": one["delivered_at"],
        "tags": tags,
    }


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


def _span(one: Mapping[str, Any]) -> str:
    return f"{formats.day(one['berlaku_dari'], words.locale())} – {formats.day(one['berlaku_sampai'], words.locale())}"


def _choice(text: str) -> str:
    text = text.strip()
    if text and text not in _KINDS:
        message = tk._("Saringan jenis “{value}” tidak dikenal. Pilih dari daftar.")
        raise PageError(message.format(value=text[:40].replace("\0", "")))
    return text


def _page(text: str) -> int:
    text = text.strip() or "1"
    if not (text.isdecimal() and text.isascii() and len(text) <= _PAGE_DIGITS and int(text) >= 1):
        raise PageError(tk._("Halaman “{page}” tidak ada. Tulis angka mulai dari 1.").format(page=text[:40]))
    return int(text)
