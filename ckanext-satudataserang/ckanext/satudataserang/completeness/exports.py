"""The pages as files: the same rows in the same order, with plain numbers for machines.

CSV is UTF-8 with a byte order mark, so that spreadsheets read its letters right; readers of data (pandas, csvkit) skip
it. Text that a spreadsheet would run as a formula is made harmless in both.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlsxwriter

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.completeness import words
from ckanext.satudataserang.core.legacy.findings import spreadsheet_safe
from ckanext.satudataserang.core.measures import MEASURES

BOM = "\ufeff"
_WIDEST = 60
_RATE_DIGITS = 6
_SCOPE_COLUMNS = ("lingkup", "id", "nama", "tahun", "kewajiban", "sel_sedikit")
_MEASURE_COLUMNS = tuple(f"{name}_{part}" for name in MEASURES for part in ("pembilang", "penyebut", "rasio"))
_CELL_COLUMNS = (
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
_ENTRY_COLUMNS = (
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
    """A table with a name. Values are text, numbers, booleans or None."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]


def city_sheets(page: Mapping[str, Any]) -> list[Sheet]:
    """The city's page: the table, the heatmap, the method."""
    groups = ("entri" if page["by_entry"] else "opd", page["rows"])
    top = ("urusan", page["urusan"], page["urusan_title"]) if page["by_entry"] else ("kota", "", tk._("seluruh OPD"))
    return [_figures(page, top, groups), _heatmap(page), _method(page)]


def opd_sheets(page: Mapping[str, Any]) -> list[Sheet]:
    """The page of one OPD: its measures, the cells of its grid, the points of its entries, the method."""
    own = page["opd"]
    # The grid of yearly entries shows other years too, and so does this sheet.
    cells = (
        (row["kode"], row["judul"], grid["frequency"], key, cell["year"], cell["state"], *_values(cell), _sample(row))
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
        Sheet(tk._("Periode"), columns, cells),
        _figures(page, ("opd", own["name"], own["title"]), ("opd", [])),
        Sheet(tk._("Entri"), _ENTRY_COLUMNS, entry_rows(page["entries"])),
        _heatmap(page),
        _method(page),
    ]


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


def cell_lines(cells: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The list of cells as CSV, line by line."""
    return csv_lines(Sheet("sel", _CELL_COLUMNS, cell_rows(cells)))


def entry_lines(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The list of plan entries as CSV, line by line."""
    return csv_lines(Sheet("entri", _ENTRY_COLUMNS, entry_rows(entries)))


def csv_lines(sheet: Sheet) -> Iterator[str]:
    """A table as CSV, line by line; the first line begins with the byte order mark."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    out.write(BOM)
    writer.writerow(sheet.columns)
    yield _taken(out)
    for row in sheet.rows:
        writer.writerow([_plain(value) for value in row])
        yield _taken(out)


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Tables as one workbook. Text is written as text, never as a formula or a link."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    head = book.add_format({"bold": True, "bottom": 1})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        widths = [len(column) for column in sheet.columns]
        page.write_row(0, 0, sheet.columns, head)
        for number, row in enumerate(sheet.rows, start=1):
            for column, value in enumerate(row):
                _write(page, number, column, value)
                widths[column] = max(widths[column], len(str(value or "")))
        for column, width in enumerate(widths):
            page.set_column(column, column, min(width, _WIDEST) + 2)
        page.freeze_panes(1, 1)
    book.close()
    return out.getvalue()


def _figures(page: Mapping[str, Any], top: tuple[str, str, str], groups: tuple[str, list[dict[str, Any]]]) -> Sheet:
    scope, rows = groups
    outside = scope == "opd" and bool(rows)
    columns = (*_SCOPE_COLUMNS, *_MEASURE_COLUMNS, "indeks", "pita", "data_contoh")
    if outside:
        columns = (*columns, "di_luar_daftar_data", "di_luar_data_contoh")
    found = [(*top, *_figure(page["total"]["figure"], page["year"], page["sample"]))]
    for row in rows:
        sample = row.get("sample_entries", int(row["is_sample"]))
        line = (scope, row["name"], row["title"], *_figure(row, page["year"], sample))
        found.append((*line, row["outside_plan"], row["outside_sample"]) if outside else line)
    width = len(columns)
    return Sheet(tk._("Kelengkapan"), columns, [(*line, *(None,) * (width - len(line))) for line in found])


def _figure(figure: Mapping[str, Any], year: int, sample: int) -> tuple[Any, ...]:
    parts: list[Any] = []
    for name in MEASURES:
        measure = figure["measures"][name]
        rate = measure["rate"]
        parts += [measure["numerator"], measure["denominator"], None if rate is None else round(rate, _RATE_DIGITS)]
    exact = None if figure["index"] is None else round(figure["index"], _RATE_DIGITS - 2)
    return (year, figure["obligations"], figure["few"], *parts, exact, figure["band"], sample)


def _heatmap(page: Mapping[str, Any]) -> Sheet:
    heat = page["heatmap"]
    rows = (
        (line["name"], line["title"], year, square["numerator"], square["denominator"], square["sample"])
        for line in heat["lines"]
        for year, square in zip(heat["years"], line["squares"], strict=True)
        if square
    )
    columns = ("id", "nama", "tahun", "sel_lengkap", "sel_jatuh_tempo", "data_contoh")
    return Sheet(tk._("Peta waktu"), columns, rows)


def _method(page: Mapping[str, Any]) -> Sheet:
    rows: list[tuple[Any, ...]] = [
        (words.measure(name).label, page["weights"][name], words.measure(name).formula) for name in MEASURES
    ]
    rows += [(band["word"], None, band["bounds"]) for band in page["bands"]]
    rows.append((tk._("dihitung"), None, page["generated_at"]))
    rows.append((tk._("aturan"), None, page["rule_version"]))
    return Sheet(tk._("Metode"), (tk._("hal"), tk._("bobot"), tk._("keterangan")), rows)


def _values(cell: Mapping[str, Any]) -> tuple[Any, ...]:
    return cell["expected_values"], cell["filled_values"], " ".join(cell["reasons"])


def _sample(row: Mapping[str, Any]) -> bool:
    return row["source_system"] == "contoh"


def _plain(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return spreadsheet_safe(value) if isinstance(value, str) else value


def _write(page: Any, row: int, column: int, value: Any) -> None:
    if value in (None, ""):
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, (int, float)):
        page.write_number(row, column, value)
    else:
        page.write_string(row, column, str(value))


def _taken(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text
