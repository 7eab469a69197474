"""The words of deliveries: periods, states and deadlines as a clerk meets them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.plan.words import period

__all__ = ["Said", "age", "days_between", "due", "locale", "period", "punctuality", "size", "state"]

_HOUR, _DAY, _WEEK, _MONTH = 3600, 86_400, 7, 30
_SOON = 14
_SYMBOLS = {
    "draf": "✎",
    "diajukan": "…",
    "menunggu_pemeriksaan": "…",
    "tidak_valid": "!",
    "dikembalikan": "!",
    "disetujui": "✓",
    "terbit": "●",
    "ditarik": "–",
    "diusulkan": "…",
    "ditolak": "✕",
    "dicabut": "–",
}


@dataclass(frozen=True)
class Said:
    """A state in words: its name for classes, the word, the symbol before it."""

    name: str
    word: str
    symbol: str


def locale() -> str:
    """The language of the page, for numbers and dates."""
    return (tk.h.lang() or formats.DEFAULT).split("_")[0]


def decimal(value: str) -> str:
    """A plain number (`1234.5`) as the page's language writes it, without signs between its thousands."""
    return value if locale().startswith("en") else value.replace(".", ",")


def state(name: str) -> Said:
    """The word and the symbol of a delivery's state, or of a request's."""
    word = {
        "draf": tk._("draf"),
        "diajukan": tk._("sedang dicek"),
        "menunggu_pemeriksaan": tk._("menunggu pemeriksaan"),
        "tidak_valid": tk._("belum lolos pengecekan"),
        "dikembalikan": tk._("dikembalikan"),
        "disetujui": tk._("disetujui"),
        "terbit": tk._("terbit"),
        "ditarik": tk._("ditarik"),
        "diusulkan": tk._("diusulkan"),
        "ditolak": tk._("ditolak"),
        "dicabut": tk._("dicabut"),
    }.get(name, name)
    return Said(name, word, _SYMBOLS.get(name, ""))


def due(deadline: str | datetime, now: datetime) -> Said:
    """How near a deadline is, or how long ago it passed: "sisa 3 hari", "hari ini", "lewat 12 hari"."""
    days = days_between(now, deadline)
    if _moment(deadline) < now:
        word = tk._("lewat {n} hari").format(n=formats.number(-days, locale())) if days else tk._("lewat hari ini")
        return Said("terlewat", word, "✕")
    if days == 0:
        return Said("segera", tk._("hari ini"), "◔")
    word = tk._("sisa {n} hari").format(n=formats.number(days, locale()))
    return Said("segera" if days <= _SOON else "nanti", word, "◔" if days <= _SOON else "")


def punctuality(limit: str | datetime, delivered: str | datetime) -> Said:
    """Whether a delivery came by its deadline: "tepat waktu", "terlambat 12 hari"."""
    late = days_between(limit, delivered)
    if late <= 0:
        return Said("tepat_waktu", tk._("dikirim tepat waktu"), "●")
    return Said("terlambat", tk._("dikirim terlambat {n} hari").format(n=formats.number(late, locale())), "◐")


def days_between(first: str | datetime, last: str | datetime) -> int:
    """Calendar days in western Indonesia from one moment to another; negative when the second is the earlier."""
    return (_moment(last).astimezone(WIB).date() - _moment(first).astimezone(WIB).date()).days


def age(since: str | datetime, now: datetime) -> str:
    """How long something has waited: "baru saja", "5 jam", "3 hari", "2 minggu", "4 bulan"."""
    seconds = max(0, int((now - _moment(since)).total_seconds()))
    if seconds < _HOUR:
        return tk._("kurang dari 1 jam")
    if seconds < _DAY:
        return tk._("{n} jam").format(n=seconds // _HOUR)
    days = seconds // _DAY
    if days < 2 * _WEEK:
        return tk._("{n} hari").format(n=days)
    if days < 2 * _MONTH:
        return tk._("{n} minggu").format(n=days // _WEEK)
    return tk._("{n} bulan").format(n=days // _MONTH)


def size(number: int) -> str:
    """The size of a file: "820 B", "12,4 KB", "3,1 MB"."""
    value, unit = float(number), "B"
    for unit in ("B", "KB", "MB", "GB"):
        if value < 1000 or unit == "GB":  # noqa: PLR2004 (a thousand, as units of files go)
            break
        value /= 1000
    return f"{formats.one_decimal(value, locale()) if unit != 'B' else number} {unit}"


def _moment(value: str | datetime) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
