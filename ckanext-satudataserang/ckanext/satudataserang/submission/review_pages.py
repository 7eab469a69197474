"""The queue in words: what waits, oldest first, under the filters of an address."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.catalogue import tables as catalogue_tables
from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.plan.model import PlanEntry
from ckanext.satudataserang.submission import review_detail, review_verdicts, words
from ckanext.satudataserang.submission.forms import Refused
from ckanext.satudataserang.submission.review_detail import EXEMPTION_MARK
from ckanext.satudataserang.submission.visitor import act, holds

__all__ = ["EXEMPTION_MARK", "Queue"]

PER_PAGE = 50
PRIORITY = "ya"
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
        detail = (
            review_detail.detail(one_id, self.address(one_id), may_decide=self.may_decide) if one_id else {"one": None}
        )
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
        return review_verdicts.decide(one, values, form)

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
                "when": review_detail.span(one),
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
