"""Berita Acara Kesepakatan Data: what the Forum agreed on for a year, ready to be signed (Perpres 39/2019 Ps. 27)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from itertools import groupby
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import pdf, region
from ckanext.satudataserang.catalogue.answers import PageError
from ckanext.satudataserang.plan import pages, words

#: States of what the Forum has agreed on.
_AGREED = "disepakati,berlaku,berakhir"


def document(year: int) -> bytes:
    """The PDF of a year's agreed entries, by OPD. Raises PageError where there are none."""
    found = list(pages.every({"tahun": year, "keadaan": _AGREED}))
    if not found:
        message = tk._("Belum ada data yang disepakati untuk {year}. Pilih tahun lain pada Daftar Data.")
        raise PageError(message.format(year=year), status=404)
    with pdf.in_indonesian():
        opds = _by_opd(found)
        return pdf.render(
            "satudata_plan/minutes.html",
            title=tk._("Berita Acara Kesepakatan Data Tahun {year}").format(year=year),
            # The document is that of the plan as it was last changed, not of the moment it was asked for.
            moment=max(datetime.fromisoformat(entry["modified"]) for entry in found).astimezone(timezone.utc),
            year=year,
            place=region.get_region().nama,
            count=len(found),
            priority=sum(year in entry["prioritas"] for entry in found),
            opds=opds,
            officers=_officers(),
            heads=[{"peran": tk._("Produsen Data"), "jabatan": _head(opd["name"], opd["title"])} for opd in opds],
        )


def _by_opd(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    ordered = sorted(found, key=lambda entry: (entry["opd_title"].casefold(), entry["opd_name"], entry["kode"]))
    return [
        {"name": name, "title": title, "rows": [{**entry, "schedule": _schedule(entry)} for entry in rows]}
        for (name, title), rows in groupby(ordered, key=lambda entry: (entry["opd_name"], entry["opd_title"]))
    ]


def _schedule(entry: Mapping[str, Any]) -> str:
    """When an entry is released: "Triwulanan, 30 hari setelah periode berakhir"."""
    frequency = words.frequency(entry["frequency"])
    if entry["frequency"] == "insidental":
        return frequency
    days = words.number(entry["deadline_days"])
    return tk._("{frequency}, {days} hari setelah periode berakhir").format(frequency=frequency, days=days)


def _officers() -> list[dict[str, str]]:
    """Who signs for the Forum: posts, never names."""
    place = region.get_region()
    forum = place.opd_by_name(place.koordinator_forum)
    walidata = place.opd_by_name(place.walidata)
    return [
        {"peran": tk._("Koordinator Forum Satu Data"), "jabatan": _head(forum.name, forum.title) if forum else ""},
        {"peran": tk._("Walidata"), "jabatan": _head(walidata.name, walidata.title) if walidata else ""},
        {
            "peran": tk._("Pembina Data"),
            "jabatan": tk._("Kepala {office}").format(office=place.pembina) if place.pembina else "",
        },
    ]


def _head(name: str, title: str) -> str:
    """The post that leads an OPD, as the region profile names it."""
    opd = region.get_region().opd_by_name(name)
    if opd and opd.jabatan_penanggung_jawab:
        return opd.jabatan_penanggung_jawab
    return tk._("Kepala {office}").format(office=title)
