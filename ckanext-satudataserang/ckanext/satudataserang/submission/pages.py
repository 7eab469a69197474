"""What the page of a delivery shows: answers of the actions, in words and with addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import mending, page_found, page_grid, page_ways, reading_view, words
from ckanext.satudataserang.submission.asked import WAITING, Asked
from ckanext.satudataserang.submission.forms import Posted, Refused
from ckanext.satudataserang.submission.page_words import accepted, described, formats_taken, span
from ckanext.satudataserang.submission.visitor import act, address, holds, may

__all__ = ["Form", "Rows", "act", "address", "described", "holds", "may"]

_PAGE_DIGITS = 6


@dataclass(frozen=True)
class Rows:
    """Which rows of an uploaded file are shown: a page of those with findings, or of `every` row."""

    page: int = 1
    every: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Rows:
        """Read them from an address; what is no page is the first."""
        return cls._of(args.get("halaman", ""), every=args.get("baris") == "semua")

    @classmethod
    def from_text(cls, text: str) -> Rows:
        """Read them from a button: ``3``, or ``semua-3`` of every row."""
        return cls._of(text.removeprefix("semua-"), every=text.startswith("semua-"))

    @classmethod
    def _of(cls, page: str, *, every: bool) -> Rows:
        known = page.isascii() and page.isdecimal() and 0 < len(page) <= _PAGE_DIGITS and int(page) > 0
        return cls(int(page) if known else 1, every)


class Form(Asked):
    """The page on which one period of one entry is delivered."""

    def page(
        self,
        way: str = "",
        *,
        again: bool = False,
        sent: Posted | None = None,
        refused: Refused | None = None,
        rows: Rows | None = None,
    ) -> dict[str, Any]:
        """Everything the template needs.

        :param way: how the clerk wants to answer; the best one by default
        :param again: show the form although something is on its way or published (a replacement, a correction)
        :param sent: what was posted, to be shown again
        :param refused: why it was not taken
        :param rows: which rows of an uploaded file are shown to be mended
        """
        locked = None if again or sent else page_ways.locked(self)
        ways = page_ways.ways(self, again=again)
        way = way if way in {one["id"] for one in ways} else ways[0]["id"]
        here = f"{self.here}?lagi=ya" if again else self.here
        grid, view = (None, None) if locked or way != "isi" else page_grid.filled(self, sent)
        mend = None if locked or way != "unggah" else self._mending(sent, rows or Rows())
        groups = page_found.grouped(self, view, grid, mend)
        errors = refused.summary(way) if refused else []
        if view and view.lines:
            first = f"#{view.lines[0].cells[0].name}"
            errors = [{**one, "href": first if one["href"] == "#isian" else one["href"]} for one in errors]
        return {
            "entry": self.entry,
            "period": self.period,
            "when": words.period(self.period),
            "here": here,
            "span": span(self.given),
            "deadline": self.given["deadline"],
            "due": self._due(),
            "extended": bool(self.given["extension"]),
            "last": self._last(),
            "delivery": self._delivery(),
            "history_url": address("satudata_delivery.history", self.entry, self.period),
            "exempt_url": self._link("satudata_delivery.exempt", "exemption"),
            "extend_url": self._link("satudata_delivery.extend", "extension"),
            "upload_url": page_ways.way_url(self, "unggah", again=again),
            "templates": self._templates(),
            "structure": self.given["structure"],
            "reading": None if locked else self._reading(),
            "mending": mend,
            "rows_url": f"{page_ways.way_url(self, 'unggah', again=again)}&",
            "file_held": described(self.base) if self.uploaded and self.base else None,
            "annotated_url": page_found.annotated_url(self),
            # What cannot be read is in the way before anything was checked.
            "blocked": max(self.blocked, len(grid.problems) if grid else 0),
            "checked": self.passed and not errors and not (grid and grid.problems),
            "progress": page_found.checking(self),
            "privacy": page_found.personal(self),
            "table_url": self._table_url(),
            "returned": page_found.returned(self, view),
            "locked": locked,
            "groups": groups,
            "found_title": page_found.title(self),
            "ways": [{**one, "active": one["id"] == way} for one in ways],
            "cara": way,
            "grid": view,
            "draft": self.draft,
            "correction": self.corrects,
            "seen": self.given["seen"],
            "values": sent.values if sent else self._values(),
            "errors": [*errors, *page_grid.unreadable(self, grid, view)],
            "error_at": refused.fields if refused else {},
            "accepted": accepted(),
            "accept": ",".join(f".{name}" for name in formats_taken()),
            "next_step": self._next_step(),
        }

    def _templates(self) -> list[dict[str, str]]:
        """The template in both forms; the workbook first, because most have a spreadsheet."""
        if not self.given["template"]:
            return []
        return [
            {"form": form, "url": address(f"satudata_delivery.template_{form}", self.entry, self.period)}
            for form in ("xlsx", "csv")
        ]

    def _reading(self) -> dict[str, Any] | None:
        """How the file at hand was read, where there is something to choose."""
        if not self.base or not self.uploaded:
            return None
        return reading_view.view(self.base.get("reading"), self.given["columns"] if self.given["structure"] else [])

    def _mending(self, sent: Posted | None, rows: Rows) -> mending.Mending | None:
        """The rows of an uploaded file that something was found in."""
        if not self.base or not self.uploaded or self.confirming or (path := self.file) is None:
            return None
        typed = sent.boxes if sent else {}
        with mending.grid_of(path, self.base["file_name"], self.layout) as grid:
            return mending.view(
                grid,
                self.base["findings"],
                page=rows.page,
                every=rows.every,
                typed=typed,
                allowed=mending.choices(self.given["columns"], (self.base["reading"] or {}).get("matches") or []),
            )

    def mended(self, sent: Posted) -> dict[str, Any]:
        """What was typed into the rows of an uploaded file, as a new file for the actions; empty where nothing was."""
        if not self.base or (path := self.file) is None or not any(name.startswith("p-") for name in sent.boxes):
            return {}
        with mending.grid_of(path, self.base["file_name"], self.layout) as grid:
            upload = mending.mended(grid, sent.boxes, self.base["file_name"])
        if upload is None:
            return {}
        layout = mending.layout_after(self.layout)
        return {"upload": upload, **({"layout": layout} if layout else {})}

    def answered(self, sent: Posted) -> dict[str, Any]:
        """How the file at hand is to be read, as a person chose it."""
        reading = self.base.get("reading") if self.base else None
        return {"layout": reading_view.answered(sent.boxes, reading)} if reading and sent.reads else {}

    def _due(self) -> words.Said:
        """How near the deadline is; of what was sent, whether it came in time."""
        sent = self.open if self.open and self.open["state"] in WAITING else self.standing if self.corrects else None
        if sent and not self.draft:
            return words.punctuality(self.given["deadline_grace"], sent["delivered_at"])
        return words.due(self.given["deadline"], datetime.now(timezone.utc))

    def _link(self, endpoint: str, right: str) -> str:
        return address(endpoint, self.entry, self.period) if self.allowed.get(right) else ""

    def _table_url(self) -> str:
        table = self.given["table"]
        if not table or not table["resource_id"]:
            return ""
        return tk.url_for("dataset_resource.read", id=table["dataset_id"], resource_id=table["resource_id"])

    def _values(self) -> dict[str, Any]:
        base = self.base
        return {
            "catatan": base["note"] if base else "",
            "alasan": base["correction_reason"] if base else "",
            "pernyataan": False,
        }

    def _delivery(self) -> dict[str, Any] | None:
        shown = self.open or self.draft or self.standing
        return described(shown) if shown else None

    def _last(self) -> str:
        one = next((one for one in self.earlier if one["period"] != self.period), None)
        if one is None:
            return ""
        rows = formats.number(len(one["rows"]), words.locale())
        return tk._("{when}: {rows} baris").format(when=words.period(one["period"]), rows=rows)

    def _next_step(self) -> str:
        if self.given["prioritas"]:
            return tk._(
                "Setelah dikirim, isinya dicek saat itu juga. Bila lolos, Walidata memeriksanya, lalu Pembina Data "
                "memeriksa ulang karena ini Data Prioritas. Anda diberi tahu bila ada yang perlu diperbaiki."
            )
        return tk._(
            "Setelah dikirim, isinya dicek saat itu juga. Bila lolos, Walidata memeriksa lalu menerbitkannya. "
            "Bila ada yang perlu diperbaiki, kiriman kembali ke sini dengan catatan."
        )
