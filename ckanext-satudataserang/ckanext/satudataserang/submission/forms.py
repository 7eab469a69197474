"""Reading what the pages of deliveries post: hostile until read, and never lost when it cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.submission.refusals import ConflictError

if TYPE_CHECKING:
    from werkzeug.datastructures import FileStorage

__all__ = ["DEEDS", "WAYS", "Posted", "Refused", "day", "delivery", "texts"]

WAYS = ("isi", "unggah", "nihil", "konfirmasi")
DEEDS = ("kirim", "draf", "periksa", "baris", "rincian", "halaman", "hapus")
_TEXT_LIMIT = 1_000
_TITLES = 40
_CONFLICT = 409
#: Fields of the actions, in the words of the page.
_FIELDS = {
    "upload": "berkas",
    "rows": "isian",
    "note": "catatan",
    "correction_reason": "alasan",
    "reason": "alasan",
    "berlaku_dari": "dari",
    "berlaku_sampai": "sampai",
    "until": "sampai",
    "nil": "pernyataan",
    "confirms": "pernyataan",
    "layout": "baca-baris",
}
#: Where on the page a field is, where its name alone does not say.
_PLACES = {"catatan": {"isi": "catatan-isi", "unggah": "catatan-unggah", "nihil": "alasan-nihil"}}


@dataclass
class Refused(Exception):  # noqa: N818 (it is an answer, not a fault)
    """What was posted cannot be taken: sentences by field of the page, shown on top and beside the field."""

    fields: dict[str, str] = field(default_factory=dict)
    status: int = 400

    @property
    def gone(self) -> bool:
        """Whether the state of things has moved on, so that the page has to be made anew."""
        return self.status == _CONFLICT

    def summary(self, way: str = "") -> list[dict[str, str]]:
        """The sentences with the place each is about."""
        return [
            {"message": message, "href": f"#{_PLACES.get(name, {}).get(way, _PLACE.get(name, name))}"}
            for name, message in self.fields.items()
        ]

    @classmethod
    def from_error(cls, error: tk.ValidationError) -> Refused:
        """An action's refusal in the words of the page."""
        if isinstance(error, ConflictError):
            return cls({"content": str(error)}, _CONFLICT)
        found: dict[str, str] = {}
        for name, messages in error.error_dict.items():
            field_of_page = _FIELDS.get(str(name)) or str(name)
            sentence = " ".join(map(str, messages)) if isinstance(messages, list) else str(messages)
            found[field_of_page] = sentence
        return cls(found)


_PLACE = {"alasan": "alasan-koreksi", "period": "content"}


@dataclass
class Posted:
    """What a clerk has sent: in which way, to do what, with which words.

    `seen` is the delivery that the page showed, `changed` the moment its draft was saved; `reads`: it was
    answered how the file is to be read; `turns_to`: the page of rows that is asked for; `boxes` is the whole form.
    """

    way: str
    deed: str
    note: str
    reason: str
    stated: bool
    upload: FileStorage | None
    titles: list[str]
    opened: bool
    seen: str
    changed: str
    reads: bool
    turns_to: str
    boxes: Mapping[str, str]

    @property
    def values(self) -> dict[str, Any]:
        """What stands in the fields when the page is shown again."""
        return {"catatan": self.note, "alasan": self.reason, "pernyataan": self.stated}


def delivery(form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Posted:
    """Read the form of a delivery. Raises PageError."""
    turns_to = form.get("ke", "")
    way, deed = form.get("cara", "isi"), "halaman" if turns_to else form.get("aksi", "draf")
    if way not in WAYS or deed not in DEEDS:
        raise PageError(tk._("Formulir ini tidak dikenali. Buka kembali halamannya, lalu kirim lagi."))
    upload = files.get("berkas")
    return Posted(
        way=way,
        deed=deed,
        note=_text(form, "catatan"),
        reason=_text(form, "alasan"),
        stated=form.get("pernyataan") == "ya",
        upload=upload if upload and upload.filename else None,
        titles=[" ".join(form.get(f"judul-{n}", "").replace("\0", "").split())[:100] for n in range(_TITLES)],
        opened=form.get("rincian") == "ubah" or deed == "rincian",
        seen=form.get("dilihat", ""),
        changed=form.get("diubah", ""),
        reads=form.get("baca") == "ya",
        turns_to=turns_to,
        boxes=form,
    )


def texts(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """Texts of a form, each without control signs at its ends and cut to a length nobody writes by hand."""
    return {name: _text(form, name) for name in names}


def day(text: str, name: str) -> str:
    """A day as a date field sends it, in ISO 8601. Raises Refused."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        message = tk._("Tanggal “{value}” tidak dikenali. Pilih dari kalender, misalnya 2026-03-31.")
        raise Refused({name: message.format(value=text[:20])}) from None


def _text(form: Mapping[str, str], name: str) -> str:
    return form.get(name, "").replace("\0", "").replace("\r\n", "\n").strip()[:_TEXT_LIMIT]
