"""The ways to answer what is asked, the best one first, and why there is none."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import words
from ckanext.satudataserang.submission.asked import RETURNED, WAITING, Asked
from ckanext.satudataserang.submission.grid import MAX_CELLS
from ckanext.satudataserang.submission.page_words import lock, on_its_way

__all__ = ["locked", "way_url", "ways"]


def way_url(asked: Asked, way: str, *, again: bool) -> str:
    """The address of the page with one way chosen."""
    return f"{asked.here}?cara={way}{'&lagi=ya' if again else ''}"


def ways(asked: Asked, *, again: bool) -> list[dict[str, Any]]:
    """The ways that are open: id, label, address."""
    labels = {
        "konfirmasi": tk._("Masih berlaku"),
        "isi": tk._("Isi di sini"),
        "unggah": tk._("Unggah berkas"),
        "nihil": tk._("Nihil"),
    }
    if asked.allowed["confirms"]:
        labels = {"konfirmasi": labels["konfirmasi"]}
    else:
        del labels["konfirmasi"]
        if _large(asked) or (asked.uploaded and not _fits(asked)):
            labels = {"unggah": labels.pop("unggah"), **labels}
    return [{"id": way, "label": label, "url": way_url(asked, way, again=again)} for way, label in labels.items()]


def _large(asked: Asked) -> bool:
    """Whether the table is more than a person types into boxes."""
    if len(asked.given["expected"]) * len(asked.columns) > MAX_CELLS:
        return True
    held = [asked.base] if asked.base and asked.base["rows"] else asked.earlier
    return any(one["truncated"] or len(one["rows"]) * len(one["rows"][0]) > MAX_CELLS for one in held)


def _fits(asked: Asked) -> bool:
    """Whether the file at hand stands in the boxes of the page, cell by cell."""
    if not asked.base or not asked.base["rows"] or asked.confirming or asked.blocked:
        # What cannot be read is mended where it stands as it was written.
        return False
    known = {column.id for column in asked.columns}
    return all(name in known for name in asked.base["rows"][0])


def locked(asked: Asked) -> dict[str, Any] | None:
    """Why there is nothing to fill in, and what can be done instead; None when the form is open."""
    allowed = asked.allowed["create"]
    again = {"url": f"{asked.here}?lagi=ya", "label": "", "first": False}
    if asked.open and asked.open["state"] in WAITING and not asked.draft:
        replace = [{**again, "label": tk._("Ganti dengan kiriman baru")}] if allowed else []
        return lock(asked.open["state"], *on_its_way(asked.open, prioritas=asked.given["prioritas"]), onward=replace)
    if not allowed:
        return lock("tutup", tk._("Tidak ada yang perlu diisi di sini"), [asked.allowed["why_not"]])
    if asked.draft or (asked.open and asked.open["state"] in RETURNED):
        return None
    if asked.standing and asked.corrects:
        at = formats.moment(asked.standing["published_at"] or asked.standing["delivered_at"], words.locale())
        sentence = tk._("Data periode ini terbit pada {at}. Terima kasih.").format(at=at)
        mend = tk._(
            "Bila ada yang salah, kirim koreksi. Alasannya ikut terbit, dan data lama diganti setelah diperiksa."
        )
        onward = [{**again, "label": tk._("Kirim koreksi")}]
        return lock("terbit", tk._("Sudah terbit"), [sentence, mend], onward=onward)
    if asked.given["exempt"]:
        sentence = tk._("Periode ini dikecualikan (tidak berlaku), jadi tidak dihitung sebagai kewajiban.")
        onward = [{**again, "label": tk._("Tetap kirim data")}]
        return lock("selesai", tk._("Tidak berlaku"), [sentence, asked.given["exempt"]["reason"]], onward=onward)
    return None
