"""States of a plan entry, what may follow what, and when its validity may still be changed (Perpres 39/2019 Ps. 27).

An entry is proposed (`usulan`), agreed on (`disepakati`), in force (`berlaku`) and ended (`berakhir`). A proposal may
be taken out again: `ditolak` by the Walidata, `ditarik` by who made it. These two are no states: the entry is gone and
what was done to it is kept. Refusals are Indonesian templates with the values they name.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

STATES = ("usulan", "disepakati", "berlaku", "berakhir")
#: Ways in which a proposal leaves the plan.
WAYS_OUT = ("ditolak", "ditarik")
#: States under which an entry may have expected cells.
BINDING = frozenset({"berlaku", "berakhir"})
NEXT: dict[str, tuple[str, ...]] = {
    "usulan": ("disepakati", *WAYS_OUT),
    "disepakati": ("berlaku",),
    "berlaku": ("berakhir",),
    "berakhir": (),
}
#: Parts of page addresses below the plan's own, which no entry may take.
RESERVED = frozenset({"usul", "impor", "kalender", "berita-acara", "ekspor"})
_KODE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?")

#: The number of a code given here; what is longer was made elsewhere.
_COUNTED = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True)
class Problem:
    """Why something may not be done: the field it concerns, an Indonesian template and the values it names."""

    field: str
    template: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)


def transition_problem(state: str, to: str, note: str) -> Problem | None:
    """Why an entry may not go from `state` to `to`, or None. A proposal is taken out with a note only."""
    if to not in (*STATES, *WAYS_OUT):
        known = ", ".join((*STATES[1:], *WAYS_OUT))
        return Problem("to", "Status “{to}” tidak dikenal. Pilih salah satu dari: {known}.", {"to": to, "known": known})
    if to == state:
        return Problem("to", "Entri ini sudah berstatus “{state}”.", {"state": state})
    allowed = NEXT[state]
    if to not in allowed:
        template = "Entri berstatus “{state}” tidak dapat menjadi “{to}”. {advice}"
        advice = f"Langkah berikutnya: {', '.join(allowed)}." if allowed else "Tidak ada langkah berikutnya."
        return Problem("to", template, {"state": state, "to": to, "advice": advice})
    if to in WAYS_OUT and not note.strip():
        return Problem("note", "Tulis alasannya agar pengusul tahu mengapa usulan ini dikeluarkan.")
    return None


def goes_forward(state: str, to: str) -> bool:
    """Whether a list may take an entry from `state` to `to` at once: only towards the end, or nowhere."""
    return STATES.index(to) >= STATES.index(state)


def validity_problem(
    old: tuple[date, date | None], new: tuple[date, date | None], today: date, *, binding: bool
) -> Problem | None:
    """Why an entry's validity (first day, last day or None for open) may not become `new`, or None.

    Of an entry in force no day before today may come into its validity or leave it: closed periods never move.
    """
    (old_first, old_last), (first, last) = old, new
    if last is not None and last < first:
        template = "Akhir masa berlaku ({last}) mendahului awalnya ({first}). Perbaiki salah satunya."
        return Problem("berlaku_sampai", template, {"last": last.isoformat(), "first": first.isoformat()})
    if not binding:
        return None
    if first != old_first and min(first, old_first) < today:
        template = "Awal masa berlaku {old} sudah lewat, sehingga tidak dapat diubah. Periode yang sudah tutup tetap."
        return Problem("berlaku_dari", template, {"old": old_first.isoformat()})
    if last != old_last and min(day for day in (last, old_last) if day) < today - timedelta(days=1):
        template = "Akhir masa berlaku hanya dapat diubah antara tanggal yang belum lewat ({today} atau sesudahnya)."
        return Problem("berlaku_sampai", template, {"today": today.isoformat()})
    return None


def kode_problem(kode: str) -> Problem | None:
    """Why a text cannot be the kode of a new entry, or None."""
    if not _KODE.fullmatch(kode):
        template = (
            "Kode “{kode}” hanya boleh berisi huruf, angka, titik, garis, dan garis bawah; paling banyak 100 tanda."
        )
        return Problem("kode", template, {"kode": kode[:100]})
    if kode.lower() in RESERVED:
        return Problem("kode", "Kode “{kode}” dipakai sebagai alamat halaman. Pilih kode lain.", {"kode": kode})
    return None


def next_kodes(urusan: str, opd: str, taken: Collection[str], count: int = 1) -> list[str]:
    """The next `count` codes of an OPD's urusan: ``2.12.dukcapil.003`` after 001 and 002, gaps left as they are."""
    prefix = f"{urusan}.{opd}."
    highest = max((number for kode in taken if (number := _number(kode, prefix))), default=0)
    return [f"{prefix}{number:03d}" for number in range(highest + 1, highest + 1 + count)]


def _number(kode: str, prefix: str) -> int:
    rest = kode.removeprefix(prefix)
    return int(rest) if kode.startswith(prefix) and _COUNTED.fullmatch(rest) else 0


def differences(old: Mapping[str, object], new: Mapping[str, object], names: Iterable[str]) -> dict[str, list[object]]:
    """``{field: [old, new]}`` of the named fields that differ; a field `new` does not have stays as it is."""
    return {name: [old[name], new[name]] for name in names if name in new and old[name] != new[name]}
