"""Why each point was lost and what to do next: one sentence, one address, for every loss of `mending`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.completeness import figures, words
from ckanext.satudataserang.completeness.links import Links
from ckanext.satudataserang.completeness.rules import metadata_rules

_DAY = 86_400


def told(loss: Mapping[str, Any], links: Links, now: datetime) -> dict[str, Any]:
    """A loss as a page tells it: `why`, `todo` (the label of the link) and `url`, beside what is known of it."""
    sentence = _SENTENCES[loss["kind"]](loss, now)
    label, url = step(loss, links)
    gain = loss["gain"]
    return {
        **loss,
        "why": sentence,
        "todo": label,
        "url": url,
        "entry_url": links.entry(loss),
        "cell_url": links.cell(loss, loss["period"]) if loss["period"] else "",
        "when": words.period(loss["period"]) if loss["period"] else "",
        "gain_shown": points(gain),
        "index_shown": formats.one_decimal(loss["index"], figures.locale()),
    }


def points(gain: float) -> str:
    """Points of the index: "4,2"; what is less than a tenth but not nothing reads "<0,1"."""
    if 0 < gain < 0.1:  # noqa: PLR2004
        return f"<{formats.one_decimal(0.1, figures.locale())}"
    return formats.one_decimal(max(gain, 0.0), figures.locale())


def step(loss: Mapping[str, Any], links: Links) -> tuple[str, str]:
    """The label and the address of the next step; of what cannot be mended, the cell itself."""
    kind = loss["kind"]
    if kind == "terangkan" and loss["dataset_name"]:
        return tk._("Lengkapi keterangan"), tk.url_for("dataset.edit", id=loss["dataset_name"])
    if kind == "samakan":
        return tk._("Lihat perbedaannya"), links.sameness(loss, loss["period"])
    if loss["period"]:
        if loss["doable"]:
            return _DO[kind](), links.delivery(loss, loss["period"])
        return tk._("Lihat sel"), links.cell(loss, loss["period"])
    return tk._("Lihat entri"), links.entry(loss)


_DO: dict[str, Callable[[], str]] = {
    "kirim": lambda: tk._("Kirim data"),
    "perbaiki": lambda: tk._("Perbaiki kiriman"),
    "lengkapi": lambda: tk._("Lengkapi isian"),
}


def _missing(loss: Mapping[str, Any], now: datetime) -> str:
    sentence = tk._(
        "Tenggatnya {day}, sudah lewat {days} hari, dan belum ada kiriman. Kirim datanya, atau nyatakan nihil bila "
        "memang tidak ada."
    )
    return sentence.format(day=_day(loss["deadline"]), days=figures.number(_days(loss["deadline"], now)))


def _invalid(loss: Mapping[str, Any], _now: datetime) -> str:
    if loss["reasons"]:
        return words.reason(loss["reasons"][0])
    return words.state_meaning("dikembalikan" if loss["state"] == "dikembalikan" else "tidak_valid")


def _unfilled(loss: Mapping[str, Any], _now: datetime) -> str:
    sentence = tk._("Baru {filled} dari {expected} nilai wajib terisi. Isi yang kosong, atau pastikan nilai nolnya.")
    return sentence.format(
        filled=figures.number(loss["filled_values"]), expected=figures.number(loss["expected_values"])
    )


def _unpublished(_loss: Mapping[str, Any], _now: datetime) -> str:
    return tk._(
        "Belum ada dataset terbit yang berisi data untuk entri ini, sehingga poin ketersediaan dan metadatanya hilang. "
        "Kirim datanya dan lengkapi keterangan datasetnya; dataset kosong yang hanya menyebut kodenya belum dihitung."
    )


def _undescribed(loss: Mapping[str, Any], _now: datetime) -> str:
    titles = [tk._(rule.title) for rule in metadata_rules() if rule.id in loss["rules"]]
    sentence = tk._("Keterangan dataset yang kurang: {titles}. Isi pada halaman datasetnya, {points} poin.")
    return sentence.format(titles="; ".join(titles) or loss["field"], points=figures.number(loss["points"]))


def _different(loss: Mapping[str, Any], _now: datetime) -> str:
    sentence = tk._(
        "{different} dari {compared} angka yang dapat dibandingkan berbeda dengan angka yang terbit di tempat lain. "
        "Perbaiki yang keliru, atau jelaskan mengapa berbeda."
    )
    different = loss["comparable"] - loss["consistent"]
    return sentence.format(different=figures.number(different), compared=figures.number(loss["comparable"]))


def _waiting(loss: Mapping[str, Any], _now: datetime) -> str:
    sentence = tk._("Dikirim {day} dan menunggu pemeriksaan Walidata. OPD tidak perlu berbuat apa-apa.")
    return sentence.format(day=_day(loss["first_delivered_at"]))


def _late(loss: Mapping[str, Any], _now: datetime) -> str:
    if not loss["first_valid_at"]:
        return words.state_meaning("terlambat")
    came = datetime.fromisoformat(loss["first_valid_at"])
    sentence = tk._(
        "Lengkap, tetapi kiriman lengkap pertamanya datang {days} hari setelah tenggat. Poin ini tidak dapat kembali; "
        "kirim periode berikutnya sebelum tenggatnya."
    )
    return sentence.format(days=figures.number(max(1, _days(loss["deadline_grace"], came))))


_SENTENCES: dict[str, Callable[[Mapping[str, Any], datetime], str]] = {
    "kirim": _missing,
    "perbaiki": _invalid,
    "lengkapi": _unfilled,
    "terbitkan": _unpublished,
    "terangkan": _undescribed,
    "samakan": _different,
    "tunggu": _waiting,
    "terlambat": _late,
}


def of_cell(cell: Mapping[str, Any]) -> str:
    """Why a cell of a list lost its points, in one sentence; empty where it lost none."""
    if not cell["counted"]:
        return ""
    if cell["reasons"]:
        return words.reason(cell["reasons"][0])
    if cell["state"] in ("tepat_waktu", "nihil"):
        return ""
    if cell["state"] == "tidak_valid" and cell["valid"] and cell["filled_values"] < cell["expected_values"]:
        return _unfilled(cell, datetime.min)  # noqa: DTZ901 (the moment is not used)
    return words.state_meaning(cell["state"])


def _day(moment: str | None) -> str:
    return formats.day(moment, figures.locale()) if moment else "–"


def _days(since: str, until: datetime) -> int:
    return max(0, int((until - datetime.fromisoformat(since)).total_seconds() // _DAY))
