"""What the files of the pages hold: every table of a page as filtered, with plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness import words
from ckanext.satudataserang.core.measures import MEASURES
from ckanext.satudataserang.core.windows import month_key

_RATE_DIGITS = 6
_SCOPE_COLUMNS = ("lingkup", "id", "nama", "dari", "sampai", "kewajiban", "sel_sedikit")
_MEASURE_COLUMNS = tuple(f"{name}_{part}" for name in MEASURES for part in ("pembilang", "penyebut", "rasio"))
CELL_COLUMNS = (
    "opd",
    "nama_opd",
    "kode",
    "judul",
    "urusan",
    "periode",
    "tahun",
    "keadaan",
    "dihitung",
    "tenggat",
    "nilai_wajib",
    "nilai_terisi",
    "kiriman_pertama",
    "kiriman_valid_pertama",
    "alasan",
    "data_contoh",
)
ENTRY_COLUMNS = (
    "opd",
    "nama_opd",
    "kode",
    "judul",
    "urusan",
    "frekuensi",
    "terbit",
    "dataset",
    "poin_metadata",
    "poin_mungkin",
    "metadata_kurang",
    "data_contoh",
)


@dataclass(frozen=True)
class Sheet:
    """A table with a key for addresses and a name for readers. Values are text, numbers, booleans or None."""

    key: str
    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def city(page: Mapping[str, Any]) -> list[Sheet]:
    """All tables of the city's page."""
    scope = "entri" if page["by_entry"] else "opd"
    kind = "urusan" if page["urusan"] else "tema"
    ref = page["urusan"] or page["tema"]
    top = (kind, ref, page["narrowed_title"]) if page["by_entry"] else ("kota", "", tk._("seluruh OPD"))
    found = [_figures(page, "liga", tk._("Kelengkapan"), top, scope, page["rows"])]
    for key, name in (("urusan", tk._("Bidang urusan")), ("tema", tk._("Tema"))):
        if page[f"by_{key}"]:
            found.append(_figures(page, key, name, top, key, page[f"by_{key}"]))
    return [*found, *_over_time(page), _method(page)]


def opd(page: Mapping[str, Any]) -> list[Sheet]:
    """All tables of the page of one OPD."""
    own = page["opd"]
    # The grid of yearly entries shows other years too, and so does this table.
    cells = (
        (
            row["kode"],
            row["judul"],
            grid["frequency"],
            key,
            cell["year"],
            cell["state"],
            cell["expected_values"],
            cell["filled_values"],
            " ".join(cell["reasons"]),
            _sample(row),
        )
        for grid in page["grids"]
        for row in grid["rows"]
        for key, cell in row["cells"].items()
    )
    columns = (
        "kode",
        "judul",
        "frekuensi",
        "periode",
        "tahun",
        "keadaan",
        "nilai_wajib",
        "nilai_terisi",
        "alasan",
        "data_contoh",
    )
    return [
        Sheet("periode", tk._("Periode"), columns, cells),
        _figures(page, "ukuran", tk._("Kelengkapan"), ("opd", own["name"], own["title"]), "opd", []),
        Sheet("entri", tk._("Entri"), ENTRY_COLUMNS, entry_rows(page["entries"])),
        _months(page),
        *_over_time(page),
        _method(page),
    ]


def losses(rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Every lost point of an OPD."""
    columns = ("hal", "kode", "judul", "periode", "bidang", "mengapa", "tambahan_indeks", "indeks_setelahnya", "dapat")
    return Sheet(
        "mengapa",
        tk._("Mengapa"),
        columns,
        (
            (
                row["kind"],
                row["kode"],
                row["judul"],
                row["period"],
                row["field"],
                row["why"],
                round(row["gain"], _RATE_DIGITS),
                round(row["index"], _RATE_DIGITS),
                row["doable"],
            )
            for row in rows
        ),
    )


def cell_rows(cells: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the list of cells."""
    for cell in cells:
        yield (
            cell["opd_name"],
            cell["opd_title"],
            cell["kode"],
            cell["judul"],
            cell["urusan"],
            cell["period"],
            cell["year"],
            cell["state"],
            cell["counted"],
            cell["deadline"],
            cell["expected_values"],
            cell["filled_values"],
            cell["first_delivered_at"],
            cell["first_valid_at"],
            " ".join(cell["reasons"]),
            _sample(cell),
        )


def entry_rows(entries: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """Rows of the list of plan entries."""
    for entry in entries:
        yield (
            entry["opd_name"],
            entry["opd_title"],
            entry["kode"],
            entry["judul"],
            entry["urusan"],
            entry["frequency"],
            entry["published"],
            entry["dataset_name"],
            entry["metadata_points"],
            entry["metadata_possible"],
            " ".join(entry["lost"]),
            _sample(entry),
        )


def _figures(
    page: Mapping[str, Any],
    key: str,
    name: str,
    top: tuple[str, str, str],
    scope: str,
    rows: Iterable[Mapping[str, Any]],
) -> Sheet:
    """The table of figures: the whole first, then every member of it in the order of the page."""
    rows = list(rows)
    outside = scope == "opd" and bool(rows)
    months = page["compared"]
    columns = (*_SCOPE_COLUMNS, *_MEASURE_COLUMNS, "indeks", "pita", f"tren_{months}_bulan", "data_contoh")
    if outside:
        columns = (*columns, "di_luar_daftar_data", "di_luar_data_contoh")
    found = [(*top, *_figure(page["total"]["figure"], page, page["sample"]))]
    for row in rows:
        sample = row.get("sample_entries", int(row["is_sample"]))
        line = (scope, row["name"], row["title"], *_figure(row, page, sample))
        found.append((*line, row["outside_plan"], row["outside_sample"]) if outside else line)
    width = len(columns)
    return Sheet(key, name, columns, [(*line, *(None,) * (width - len(line))) for line in found])


def _figure(figure: Mapping[str, Any], page: Mapping[str, Any], sample: int) -> tuple[Any, ...]:
    parts: list[Any] = []
    for name in MEASURES:
        measure = figure["measures"][name]
        parts += [measure["numerator"], measure["denominator"], _rounded(measure["rate"])]
    trend = (figure.get("trend") or {}).get(page["compared"], {}).get("index")
    window = page["window"]
    return (
        month_key(window.first),
        month_key(window.last),
        figure["obligations"],
        figure["few"],
        *parts,
        _rounded(figure["index"], 4),
        figure["band"],
        _rounded(trend, 4),
        sample,
    )


def _rounded(value: float | None, digits: int = _RATE_DIGITS) -> float | None:
    return None if value is None else round(value, digits)


def _over_time(page: Mapping[str, Any]) -> list[Sheet]:
    """The tables over time: the maps, the running twelve months, the days late."""
    found = []
    if page.get("months_map"):
        found.append(_map("peta-bulan", tk._("Peta bulan"), "bulan", page["months_map"]))
    found.append(_map("peta-tahun", tk._("Peta waktu"), "tahun", page["years_map"]))
    if page["running"]:
        running = page["running"]
        columns = ("bulan", *(f"{name}_{part}" for name in running["names"] for part in ("pembilang", "penyebut")))
        rows = [(row["month"], *(part for share in row["shares"] for part in _parts(share))) for row in running["rows"]]
        found.append(Sheet("berjalan", tk._("12 bulan berjalan"), columns, rows))
    if page["late"]:
        lines = [(row["id"], row["label"], row["count"]) for row in page["late"]["rows"]]
        columns = ("kelompok", "keterangan", "sel")
        found.append(Sheet("keterlambatan", tk._("Keterlambatan"), columns, lines))
    return found


def _parts(share: Mapping[str, int] | None) -> tuple[int, int]:
    return (share["numerator"], share["denominator"]) if share else (0, 0)


def _map(key: str, name: str, column: str, heat: Mapping[str, Any]) -> Sheet:
    rows = [
        (line["name"], line["title"], head["key"], square["numerator"], square["denominator"], square["sample"])
        for line in heat["lines"]
        for head, square in zip(heat["columns"], line["squares"], strict=True)
        if square
    ]
    return Sheet(key, name, ("id", "nama", column, "sel_lengkap", "sel_jatuh_tempo", "data_contoh"), rows)


def _months(page: Mapping[str, Any]) -> Sheet:
    """The months of one OPD, the newest first, beside what was frozen at their close."""
    names = [one["name"] for one in page["months"][0]["measures"]] if page["months"] else []
    columns = (
        "bulan",
        *(f"{name}_{part}" for name in names for part in ("pembilang", "penyebut")),
        "indeks_beku",
        "aturan_beku",
        "indeks_aturan_sekarang",
    )
    rows = [
        (
            row["month"],
            *(part for measure in row["measures"] for part in (measure["numerator"], measure["denominator"])),
            *((row["frozen"] or {}).get(name) for name in ("index", "rule_version", "recomputed_index")),
        )
        for row in page["months"]
    ]
    return Sheet("bulan", tk._("Bulan ke bulan"), columns, rows)


def _method(page: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Any, ...]] = [
        (words.measure(name).label, page["weights"][name], words.measure(name).formula) for name in MEASURES
    ]
    rows += [(band["word"], None, band["bounds"]) for band in page["bands"]]
    rows.append((tk._("dihitung"), None, page["generated_at"]))
    rows.append((tk._("aturan"), None, page["rule_version"]))
    return Sheet("metode", tk._("Metode"), ("hal", "bobot", "keterangan"), rows)


def _sample(row: Mapping[str, Any]) -> bool:
    return row["source_system"] == "contoh"
