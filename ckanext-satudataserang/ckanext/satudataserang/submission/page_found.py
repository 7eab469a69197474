"""What was found in the delivery that a page shows, with the places it is about."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.submission import findings_view, mending, page_words, words
from ckanext.satudataserang.submission.asked import Asked
from ckanext.satudataserang.submission.grid import Grid
from ckanext.satudataserang.submission.page_grid import places

__all__ = ["annotated_url", "checking", "grouped", "personal", "returned", "title"]


def _where(asked: Asked, view: Any, mend: mending.Mending | None = None) -> findings_view.Where:
    """Names places by what the row is about where the grid shows it, else as the file counts."""
    columns = {title: one for one in asked.columns for title in (one.id, one.title)}
    place, boxes = places(asked), mend.names if mend else {}

    def where(row: Any, title: str) -> tuple[str, str]:
        column = columns.get(title)
        shown = column.title if column else title
        if row and (int(row), title) in boxes:
            return findings_view.place(row, shown), f"#{boxes[int(row), title]}"
        at = place(row)
        name = view.names.get((at, column.id)) if view is not None and column and at >= 0 else None
        if view is None or name is None:
            return findings_view.place(row, shown), ""
        return view.about(at, shown), f"#{name}"

    return where


def grouped(asked: Asked, view: Any, grid: Grid | None, mend: mending.Mending | None) -> list[dict[str, Any]]:
    """The findings by rule, linked to their boxes."""
    shown = asked.base or asked.open
    if not shown or (grid is not None and grid.problems):
        return []
    return findings_view.grouped(shown["findings"], shown["totals"], _where(asked, view, mend))


def title(asked: Asked) -> str:
    """What the list of findings is called."""
    if asked.draft and asked.blocked:
        return tk._("{n} harus diperbaiki sebelum dapat dikirim").format(
            n=formats.number(asked.blocked, words.locale())
        )
    if asked.base and asked.base["state"] == "tidak_valid":
        return tk._("Belum dapat diterima: perbaiki yang ditandai, lalu kirim lagi")
    return tk._("Hasil pengecekan")


def returned(asked: Asked, view: Any) -> dict[str, Any] | None:
    """What the Walidata wrote when it sent the delivery back."""
    note = (asked.open or {}).get("returned")
    if not note:
        return None
    return {**note, "remarks": findings_view.remarks(note["notes"], _where(asked, view))}


def annotated_url(asked: Asked) -> str:
    """The address of the file with its findings written on the cells; empty where there are none."""
    shown = asked.base or asked.open
    if not shown or not shown.get("file_sha256") or not any(one.get("row") for one in shown["findings"]):
        return ""
    return tk.url_for("satudata_delivery.annotated", id=shown["id"])


def checking(asked: Asked) -> dict[str, Any] | None:
    """How far the check of a large file is; None where none runs."""
    one = asked.open
    if not one or one["state"] != "diajukan" or asked.draft:
        return None
    return page_words.progress(one)


def personal(asked: Asked) -> dict[str, Any] | None:
    """What personal data were found in the delivery that is shown, and what becomes of it."""
    one = asked.base or asked.open
    return page_words.privacy(one) if one else None
