"""What an action was asked for, made plain: windows, OPDs, entries, urusan. Problems become ValidationError."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import DataDict

from ckanext.satudataserang.catalogue.helpers import satudata_urusan_name
from ckanext.satudataserang.completeness import read
from ckanext.satudataserang.completeness.themes import codes_of, theme_name, theme_of
from ckanext.satudataserang.core.deadlines import WIB
from ckanext.satudataserang.core.windows import Window, WindowError, month_key, month_of, shifted


def window(data_dict: DataDict) -> Window:
    """The window asked for. Raises ValidationError."""
    if window := optional_window(data_dict):
        return window
    raise tk.ValidationError({"year": [tk._("Isi tahun, atau bulan awal dan bulan akhir.")]})


def optional_window(data_dict: DataDict) -> Window | None:
    """The window asked for, None where none was. Raises ValidationError."""
    year, first, last = (data_dict.get(key) for key in ("year", "dari", "sampai"))
    if (first is None) != (last is None):
        missing = "sampai" if last is None else "dari"
        raise tk.ValidationError({missing: [tk._("Isi bulan awal dan bulan akhir, misalnya 2026-01 dan 2026-06.")]})
    if year is not None and first is not None:
        raise tk.ValidationError({"year": [tk._("Pilih tahun, atau bulan awal dan bulan akhir, tidak keduanya.")]})
    if first is None or last is None:
        return None if year is None else Window.of_year(year)
    try:
        return Window(first, last)
    except WindowError as problem:
        raise tk.ValidationError({"sampai": [str(problem)]}) from problem


def slices(now: datetime, step: str, asked: Window | None) -> dict[Any, Window]:
    """The years (newest first) or months (oldest first) of a history, by what they are called."""
    if step == "month":
        last = month_of(now.astimezone(WIB).date())
        window = asked or Window(shifted(last, -11), last)
        return {month_key(month): Window(month, month) for month in window.months()}
    years = read.years(model.Session, now)
    if asked:
        years = [year for year in range(asked.end.year, asked.start.year - 1, -1) if year in set(years)]
    return {year: Window.of_year(year) for year in years}


def samples(now: datetime, scope: str, step: str, slices: Mapping[Any, Window]) -> dict[str, dict[Any, int]]:
    """Sample entries counted, by member and slice of a history."""
    by_member = read.samples(model.Session, now, "urusan" if scope == "tema" else scope, step)
    found: dict[str, dict[Any, int]] = {}
    for member, by_slice in by_member.items():
        told = found.setdefault(theme_of(member) if scope == "tema" else member, {})
        for number, entries in by_slice.items():
            name = month_key(number) if step == "month" else number
            if name in slices:
                told[name] = told.get(name, 0) + entries
    return found


def urusan(data_dict: DataDict) -> list[str] | None:
    """The codes of bidang urusan that are asked for, by themselves or by their theme; None for all."""
    urusan, tema = data_dict.get("urusan"), data_dict.get("tema")
    if tema is None:
        return [urusan] if urusan else None
    return [kode for kode in codes_of(tema) if urusan in (None, kode)]


def filters(data_dict: DataDict) -> dict[str, Any]:
    """What was asked for with ids of OPD and entry, and codes of urusan. Raises ObjectNotFound."""
    return {
        **data_dict,
        "opd": opd_id(data_dict.get("opd")),
        "entry": entry_id(data_dict.get("entry")),
        "urusan": urusan(data_dict),
    }


def title(kind: str, code: str) -> str:
    """The name of a bidang urusan or, for the kind tema, of a theme."""
    return theme_name(code) if kind == "tema" else satudata_urusan_name(code)


def opd_id(ref: str | None) -> str | None:
    """The id of an OPD given by name or id. Raises ObjectNotFound."""
    if not ref:
        return None
    group = model.Group.get(ref)
    if group is None or not group.is_organization:
        message = tk._("OPD “{ref}” tidak ditemukan. Periksa kembali namanya.").format(ref=ref)
        raise tk.ObjectNotFound(message)
    return group.id


def entry_id(ref: str | None) -> str | None:
    """The id of a plan entry given by kode or id. Raises ObjectNotFound."""
    return tk.get_action("satudata_plan_entry_show")({}, {"id": ref})["id"] if ref else None


def plain(cell: dict[str, Any]) -> dict[str, Any]:
    """A row with its moments as text."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in cell.items()}
