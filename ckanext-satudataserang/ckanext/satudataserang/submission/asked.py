"""What is asked of a clerk in one period of one entry, and what is there already."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ckanext.satudataserang.core import lifecycle as life
from ckanext.satudataserang.submission import grid_view
from ckanext.satudataserang.submission.visitor import act, address

__all__ = ["RETURNED", "WAITING", "Asked"]

WAITING = (life.DIAJUKAN, life.MENUNGGU, life.DISETUJUI)
RETURNED = (life.TIDAK_VALID, life.DIKEMBALIKAN)


class Asked:
    """One cell as the page of its delivery knows it."""

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
        return self.open if self.open and self.open["state"] in RETURNED else None

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

    @property
    def confirming(self) -> bool:
        """Whether somebody has to say how the file of the draft is to be read."""
        reading = (self.draft or {}).get("reading") or {}
        return bool(reading.get("confirm"))

    @property
    def blocked(self) -> int:
        """How many findings have to be mended before the delivery a clerk goes on with can be sent."""
        if not self.base or self.base["state"] not in ("draf", "tidak_valid"):
            return 0
        codes = {one["code"] for one in self.base["findings"] if one["severity"] == "error"}
        return sum(int(self.base["totals"].get(code, 1)) for code in codes)

    @property
    def passed(self) -> bool:
        """Whether the draft was checked, and nothing is in its way."""
        return bool(self.draft and not self.blocked and not self.confirming)
