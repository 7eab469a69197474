"""What the pages of a delivery and of its history show: answers of the actions, in words and with addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats, permissions
from ckanext.satudataserang.core.findings import localized
from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.submission import findings_view, grid_view, mending, reading_view, words
from ckanext.satudataserang.submission.forms import Posted, Refused
from ckanext.satudataserang.submission.grid import MAX_CELLS, Grid, canonical, posted
from ckanext.satudataserang.submission.grid_view import Earlier
from ckanext.satudataserang.submission.page_words import (
    accepted,
    described,
    formats_taken,
    lock,
    on_its_way,
    privacy,
    progress,
    sentence,
    span,
)

__all__ = ["Form", "act", "address", "described", "holds", "may"]

_MORE_ROWS = 5
_PAGE_DIGITS = 6
_WAITING = ("diajukan", "menunggu_pemeriksaan", "disetujui")
_RETURNED = ("tidak_valid", "dikembalikan")


def act(name: str, **data: Any) -> Any:
    """Call an action as the visitor."""
    return tk.get_action(name)({}, data)


def may(name: str, **data: Any) -> bool:
    """Whether the visitor may call an action."""
    try:
        tk.check_access(name, {"user": tk.current_user.name if tk.current_user.is_authenticated else ""}, data)
    except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError):
        return False
    return True


def holds(action: str) -> bool:
    """Whether the visitor may do something for any OPD at all."""
    if not tk.current_user.is_authenticated:
        return False
    sysadmin = bool(getattr(tk.current_user, "sysadmin", False))
    return sysadmin or bool(permissions.allowed({"user": tk.current_user.name}, action).get("success"))


def address(endpoint: str, entry: Mapping[str, Any], period: str, **query: Any) -> str:
    """The address of a page about one cell."""
    return tk.url_for(endpoint, kode=entry["kode"], period=period, **query)


@dataclass(frozen=True)
class Rows:
    """Which rows of an uploaded file are shown: a page of those with findings, or of `every` row."""

    page: int = 1
    every: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> Rows:
        """Read them from an address; what is no page is the first."""
        page = args.get("halaman", "")
        known = page.isascii() and page.isdecimal() and 0 < len(page) <= _PAGE_DIGITS and int(page) > 0
        return cls(int(page) if known else 1, args.get("baris") == "semua")


class Form:
    """The page on which one period of one entry is delivered."""

    def __init__(self, kode: str, period: str) -> None:
        """Ask what is due. Raises ObjectNotFound, NotAuthorized, ValidationError."""
        self.given = act("satudata_submission_form", entry=kode, period=period)
        self.entry = self.given["entry"]
        self.period = self.given["period"]["key"]
        self.allowed: Mapping[str, Any] = self.given["allowed"]
        self.draft: Mapping[str, Any] | None = self.given["draft"]
        self.open: Mapping[str, Any] | None = self.given["open"]
        self.standing: Mapping[str, Any] | None = self.given["standing"]
        held = [one for one in (self.draft, self.open) if one and one["rows"]]
        known = self.given["structure"] or (self.given["table"] and self.given["table"]["resource_id"])
        self.columns = grid_view.columns_of(self.given["columns"], [] if known or not held else held[0]["rows"])
        self.earlier = [one for one in self.given["previous"] if one["rows"]]

    @property
    def here(self) -> str:
        """The address of the page."""
        return address("satudata_delivery.form", self.entry, self.period)

    @property
    def corrects(self) -> bool:
        """Whether what is sent now would correct published data."""
        return bool(self.standing and self.standing["state"] == "terbit")

    @property
    def base(self) -> Mapping[str, Any] | None:
        """The delivery a clerk goes on with: the draft, else what came back."""
        if self.draft:
            return self.draft
        # What came back is the start of the next delivery.
        return self.open if self.open and self.open["state"] in _RETURNED else None

    @property
    def file(self) -> Path | None:
        """The kept file of the delivery a clerk goes on with."""
        if not self.base or not self.base.get("file_sha256"):
            return None
        return Path(act("satudata_submission_file", id=self.base["id"])["path"])

    @property
    def uploaded(self) -> bool:
        """Whether the delivery a clerk goes on with is a file that was not typed here."""
        name = self.base["file_name"] if self.base else ""
        return bool(name) and name != f"{self.entry['kode']}-{self.period}.csv"

    @property
    def layout(self) -> Mapping[str, Any] | None:
        """How that file was read."""
        reading = self.base.get("reading") if self.base else None
        return (reading or {}).get("layout")

    def typed(self, sent: Posted) -> tuple[Grid, list[dict[str, str]]]:
        """The grid as it was posted, and its rows for the actions; what cannot be read is noted in the grid."""
        columns = self.columns or grid_view.new_columns(self.entry["level_wilayah"], sent.titles)
        grid = posted(sent.boxes, columns)
        titles = [column.title for column in columns]
        # A file with the titles people know; where these do not lead back to the table's names, with its names.
        ids = [column.id for column in columns]
        names = titles if not self.columns or column_ids(titles) == ids else ids
        kept = [at for at, name in enumerate(names) if self.columns or name or any(row[at] for row in grid.rows)]
        rows = [{names[index] or ids[index]: row[ids[index]] for index in kept} for row in canonical(grid)]
        return grid, rows

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
        locked = None if again or sent else self._locked()
        ways = self._ways(again=again)
        way = way if way in {one["id"] for one in ways} else ways[0]["id"]
        here = f"{self.here}?lagi=ya" if again else self.here
        grid, view = (None, None) if locked or way != "isi" else self._grid(sent)
        mend = None if locked or way != "unggah" else self._mending(sent, rows or Rows())
        groups = self._groups(view, grid, mend)
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
            "upload_url": self._way_url("unggah", again=again),
            "templates": self._templates(),
            "structure": self.given["structure"],
            "reading": None if locked else self._reading(),
            "mending": mend,
            "rows_url": f"{self._way_url('unggah', again=again)}&",
            "file_held": described(self.base) if self.uploaded and self.base else None,
            "annotated_url": self._annotated(),
            "blocked": self._blocked(),
            "checked": self._passed() and not errors and not (grid and grid.problems),
            "progress": self._progress(),
            "privacy": self._privacy(),
            "table_url": self._table_url(),
            "returned": self._returned(view),
            "locked": locked,
            "groups": groups,
            "found_title": self._found_title(),
            "ways": [{**one, "active": one["id"] == way} for one in ways],
            "cara": way,
            "grid": view,
            "draft": self.draft,
            "correction": self.corrects,
            "seen": self.given["seen"],
            "values": sent.values if sent else self._values(),
            "errors": [*errors, *self._unreadable(grid, view)],
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

    def _confirming(self) -> bool:
        reading = (self.draft or {}).get("reading") or {}
        return bool(reading.get("confirm"))

    def _reading(self) -> dict[str, Any] | None:
        """How the file at hand was read, where there is something to choose."""
        if not self.base or not self.uploaded:
            return None
        return reading_view.view(self.base.get("reading"), self.given["columns"] if self.given["structure"] else [])

    def _blocked(self) -> int:
        """How many findings have to be mended before the delivery a clerk goes on with can be sent."""
        if not self.base or self.base["state"] not in ("draf", "tidak_valid"):
            return 0
        codes = {one["code"] for one in self.base["findings"] if one["severity"] == "error"}
        return sum(int(self.base["totals"].get(code, 1)) for code in codes)

    def _passed(self) -> bool:
        """Whether the draft was checked, and nothing is in its way."""
        return bool(self.draft and not self._blocked() and not self._confirming())

    def _annotated(self) -> str:
        shown = self.base or self.open
        if not shown or not shown.get("file_sha256") or not any(one.get("row") for one in shown["findings"]):
            return ""
        return tk.url_for("satudata_delivery.annotated", id=shown["id"])

    def _progress(self) -> dict[str, Any] | None:
        """How far the check of a large file is; None where none runs."""
        one = self.open
        if not one or one["state"] != "diajukan" or self.draft:
            return None
        return progress(one)

    def _privacy(self) -> dict[str, Any] | None:
        """What personal data were found in the delivery that is shown, and what becomes of it."""
        one = self.base or self.open
        return privacy(one) if one else None

    def _mending(self, sent: Posted | None, rows: Rows) -> mending.Mending | None:
        """The rows of an uploaded file that something was found in."""
        if not self.base or not self.uploaded or self._confirming() or (path := self.file) is None:
            return None
        typed = sent.boxes if sent else {}
        with mending.grid_of(path, self.base["file_name"], self.layout) as grid:
            return mending.view(grid, self.base["findings"], page=rows.page, every=rows.every, typed=typed)

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
        sent = self.open if self.open and self.open["state"] in _WAITING else self.standing if self.corrects else None
        if sent and not self.draft:
            return words.punctuality(self.given["deadline_grace"], sent["delivered_at"])
        return words.due(self.given["deadline"], datetime.now(timezone.utc))

    def _link(self, endpoint: str, right: str) -> str:
        return address(endpoint, self.entry, self.period) if self.allowed.get(right) else ""

    def _way_url(self, way: str, *, again: bool) -> str:
        return f"{self.here}?cara={way}{'&lagi=ya' if again else ''}"

    def _ways(self, *, again: bool) -> list[dict[str, Any]]:
        labels = {
            "konfirmasi": tk._("Masih berlaku"),
            "isi": tk._("Isi di sini"),
            "unggah": tk._("Unggah berkas"),
            "nihil": tk._("Nihil"),
        }
        if self.allowed["confirms"]:
            labels = {"konfirmasi": labels["konfirmasi"]}
        else:
            del labels["konfirmasi"]
            if self._large() or (self.uploaded and not self._fits()):
                labels = {"unggah": labels.pop("unggah"), **labels}
        return [{"id": way, "label": label, "url": self._way_url(way, again=again)} for way, label in labels.items()]

    def _large(self) -> bool:
        """Whether the table is more than a person types into boxes."""
        if len(self.given["expected"]) * len(self.columns) > MAX_CELLS:
            return True
        held = [self.base] if self.base and self.base["rows"] else self.earlier
        return any(one["truncated"] or len(one["rows"]) * len(one["rows"][0]) > MAX_CELLS for one in held)

    def _fits(self) -> bool:
        """Whether the file at hand stands in the boxes of the page, cell by cell."""
        if not self.base or not self.base["rows"] or self._confirming() or self._blocked():
            # What cannot be read is mended where it stands as it was written.
            return False
        known = {column.id for column in self.columns}
        return all(name in known for name in self.base["rows"][0])

    def _table_url(self) -> str:
        table = self.given["table"]
        if not table or not table["resource_id"]:
            return ""
        return tk.url_for("dataset_resource.read", id=table["dataset_id"], resource_id=table["resource_id"])

    def _grid(self, sent: Posted | None) -> tuple[Grid, Any]:
        earlier = [Earlier(one["period"], one["rows"]) for one in self.earlier]
        if sent and sent.way == "isi":
            grid, _rows = self.typed(sent)
            more = _MORE_ROWS if sent.deed == "baris" else 0
            view = self._view(grid, earlier, opened=sent.opened, more=more)
            return grid, view
        grid = self._stored()
        return grid, self._view(grid, earlier)

    def _view(self, grid: Grid, earlier: Sequence[Earlier], *, opened: bool = False, more: int = 0) -> Any:
        problems = {(one.row, grid.columns[one.column].id): sentence(one) for one in grid.problems}
        for row, column, message in self._marks(grid):
            problems.setdefault((row, column), message)
        return grid_view.view(
            grid,
            earlier,
            opened=opened,
            more=more,
            titles=not self.columns,
            problems=lambda row, column: problems.get((row, column), ""),
        )

    def _stored(self) -> Grid:
        """What the boxes hold at first: the draft or what came back, else the classes of the last period."""
        base = self.base or self.open
        if base and base["rows"]:
            return grid_view.grid_of(self.columns, base["rows"])
        if self.given["expected"]:
            return grid_view.grid_of(self.columns, self.given["expected"])
        if self.columns:
            before = self.earlier[0] if self.earlier else {"period": "", "rows": self._areas()}
            return grid_view.grid_of(self.columns, before["rows"], keys_only=before["period"] != self.period)
        return grid_view.grid_of(grid_view.new_columns(self.entry["level_wilayah"], []), self._areas())

    def _areas(self) -> list[dict[str, str]]:
        """A row for each area of the entry's level, under the names that columns of areas bear."""
        level = self.entry["level_wilayah"]
        names = ("nama_wilayah", "wilayah", level)
        return [{"kode_wilayah": code, **dict.fromkeys(names, name)} for code, name in grid_view.areas(level)]

    def _marks(self, grid: Grid) -> list[tuple[int, str, str]]:
        """Findings and remarks on the cells of the delivery that is shown: row from 0, column id, sentence."""
        base = self.base
        if not base:
            return []
        ids = {title: column.id for column in grid.columns for title in (column.id, column.title)}
        notes = ((self.open or {}).get("returned") or {}).get("notes", [])
        found = [(one, localized(one, tk._)[0]) for one in base["findings"] if one["severity"] != "info"]
        found += [(one, one.get("note", "")) for one in notes]
        at = self._places()
        return [
            (at(one["row"]), ids[one["column"]], message)
            for one, message in found
            if one.get("row") and one.get("column") in ids and message
        ]

    def _places(self) -> Callable[[Any], int]:
        """From a row of the file to its place in the boxes, from 0."""
        numbers = {number: at for at, number in enumerate((self.base or {}).get("numbers") or [])}

        def at(row: Any) -> int:
            return numbers.get(int(row), int(row) - 1 - findings_view.HEADER_ROWS) if row else -1

        return at

    def _where(self, view: Any, mend: mending.Mending | None = None) -> findings_view.Where:
        """Names places by what the row is about where the grid shows it, else as the file counts."""
        columns = {title: one for one in self.columns for title in (one.id, one.title)}
        place, boxes = self._places(), mend.names if mend else {}

        def where(row: Any, title: str) -> tuple[str, str]:
            column = columns.get(title)
            shown = column.title if column else title
            if row and (int(row), title) in boxes:
                return findings_view.place(row, shown), f"#{boxes[int(row), title]}"
            at = place(row)
            name = view.names.get((at, column.id)) if view is not None and column and at >= 0 else None
            if view is None or name is None:
                return findings_view.place(row, shown), ""
            return view.about(at, shown), f"#{name}"

        return where

    def _groups(self, view: Any, grid: Grid | None, mend: mending.Mending | None) -> list[dict[str, Any]]:
        shown = self.base or self.open
        if not shown or (grid is not None and grid.problems):
            return []
        return findings_view.grouped(shown["findings"], shown["totals"], self._where(view, mend))

    def _found_title(self) -> str:
        if self.draft and self._blocked():
            return tk._("{n} harus diperbaiki sebelum dapat dikirim").format(
                n=formats.number(self._blocked(), words.locale())
            )
        if self.base and self.base["state"] == "tidak_valid":
            return tk._("Belum dapat diterima: perbaiki yang ditandai, lalu kirim lagi")
        return tk._("Hasil pengecekan")

    def _returned(self, view: Any) -> dict[str, Any] | None:
        note = (self.open or {}).get("returned")
        if not note:
            return None
        return {**note, "remarks": findings_view.remarks(note["notes"], self._where(view))}

    def _unreadable(self, grid: Grid | None, view: Any) -> list[dict[str, str]]:
        if grid is None or view is None:
            return []
        return [
            {
                "message": view.about(one.row, grid.columns[one.column].title) + ": " + sentence(one),
                "href": "#" + view.names[one.row, grid.columns[one.column].id],
            }
            for one in grid.problems
        ]

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

    def _locked(self) -> dict[str, Any] | None:
        """Why there is nothing to fill in, and what can be done instead; None when the form is open."""
        allowed = self.allowed["create"]
        again = {"url": f"{self.here}?lagi=ya", "label": "", "first": False}
        if self.open and self.open["state"] in _WAITING and not self.draft:
            replace = [{**again, "label": tk._("Ganti dengan kiriman baru")}] if allowed else []
            return lock(self.open["state"], *on_its_way(self.open, prioritas=self.given["prioritas"]), onward=replace)
        if not allowed:
            return lock("tutup", tk._("Tidak ada yang perlu diisi di sini"), [self.allowed["why_not"]])
        if self.draft or (self.open and self.open["state"] in _RETURNED):
            return None
        if self.standing and self.corrects:
            at = formats.moment(self.standing["published_at"] or self.standing["delivered_at"], words.locale())
            sentence = tk._("Data periode ini terbit pada {at}. Terima kasih.").format(at=at)
            mend = tk._(
                "Bila ada yang salah, kirim koreksi. Alasannya ikut terbit, dan data lama diganti setelah diperiksa."
            )
            onward = [{**again, "label": tk._("Kirim koreksi")}]
            return lock("terbit", tk._("Sudah terbit"), [sentence, mend], onward=onward)
        if self.given["exempt"]:
            sentence = tk._("Periode ini dikecualikan (tidak berlaku), jadi tidak dihitung sebagai kewajiban.")
            onward = [{**again, "label": tk._("Tetap kirim data")}]
            return lock("selesai", tk._("Tidak berlaku"), [sentence, self.given["exempt"]["reason"]], onward=onward)
        return None
