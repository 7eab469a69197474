"""How a file was read, in words, and what a person answers to it: sheet, row of the titles, melt, title by title."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.submission import tables, words
from ckanext.satudataserang.submission.forms import Refused

__all__ = ["answered", "view"]

_SHEET, _ROW, _MELT, _COLUMN = "baca-lembar", "baca-baris", "baca-lebur", "baca-kolom-{}"
_SHOWN_ROWS, _SHOWN_CELLS, _MOST_TITLES = 8, 60, 500
_MOST_ROW = 1_000
_SURE = ("label", "id", "synonym", "remembered", "chosen")


def view(reading: Mapping[str, Any] | None, columns: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What the page shows of a reading; None where there is nothing to choose.

    :param reading: `reading` of a delivery
    :param columns: the columns that are asked for, as satudata_submission_form gives them
    """
    if not reading or not reading.get("titles"):
        return None
    layout = reading.get("layout") or {}
    header = layout.get("header") or [1, 1]
    titles = [str(title) for title in reading["titles"]][:_MOST_TITLES]
    matches = {str(one.get("title")): one for one in reading.get("matches") or []}
    offered, melted = reading.get("offered"), layout.get("melt")
    melt = offered or melted
    named = [{"id": str(one["id"]), "title": str(one["title"] or one["id"])} for one in columns]
    own = {one["id"] for one in named}
    periods = [tables.is_period_column(name) and name not in own for name in column_ids(titles)]
    beside = [
        _title(at, title, matches.get(title), bool(named), period=period)
        for at, (title, period) in enumerate(zip(titles, periods, strict=True))
    ]
    return {
        "confirm": bool(reading.get("confirm")),
        "sheets": [str(name) for name in reading.get("sheets") or []],
        "sheet": str(layout.get("sheet") or ""),
        "header_row": int(header[-1] or 1),
        "titles": beside,
        "columns": named,
        "doubtful": [one for one in beside if one["doubtful"]],
        "melt": _melt(melt, applied=bool(melted)) if melt else None,
        "preview": _preview(reading),
        "lacking": _lacking(columns, matches.values()),
    }


def answered(form: Mapping[str, str], reading: Mapping[str, Any]) -> dict[str, Any]:
    """The layout that a person chose, for the actions. Raises Refused for a row that is none."""
    layout: dict[str, Any] = dict(reading.get("layout") or {"form": "csv"})
    sheet, row = form.get(_SHEET, ""), form.get(_ROW, "").strip()
    if sheet and sheet != layout.get("sheet"):
        # Another sheet has other rows and titles: only it is chosen, and the rest is found anew.
        return {"form": layout.get("form"), "sheet": sheet[:100], "header": [0, 0], "first": 1}
    header = list(layout.get("header") or [1, 1])
    if row and row != str(header[-1]):
        if not (row.isascii() and row.isdecimal() and 1 <= int(row) <= _MOST_ROW):
            raise Refused({_ROW: tk._("Tulis nomor baris judul sebagai angka, misalnya 3.")})
        layout.update(header=[int(row), int(row)], first=int(row) + 1, last=None, melt=None, columns={})
        return layout
    melt = reading.get("offered") or layout.get("melt")
    if melt:
        layout["melt"] = melt if form.get(_MELT) == "ya" else None
    chosen = {}
    for at, title in enumerate(list(reading.get("titles") or [])[:_MOST_TITLES]):
        answer = form.get(_COLUMN.format(at))
        if answer is not None:
            chosen[str(title)] = "" if answer == "-" else answer.replace("\0", "")[:100]
    layout["columns"] = {**(layout.get("columns") or {}), **chosen}
    return layout


def _title(at: int, title: str, match: Mapping[str, Any] | None, asked: bool, *, period: bool) -> dict[str, Any]:
    how = str((match or {}).get("how") or "none")
    column = str((match or {}).get("column_id") or "")
    return {
        "name": _COLUMN.format(at),
        "title": title,
        "column": column,
        # It says of which period a row is, and is read for that; there is nothing to choose.
        "period": period and not column,
        "how": how,
        "doubtful": asked and how not in _SURE and how != "none",
        "unknown": asked and not column and how == "none" and not period,
    }


def _preview(reading: Mapping[str, Any]) -> list[list[dict[str, Any]]]:
    """The first cells as the file has them, each with what it is read as where that is written otherwise."""
    texts = (reading.get("preview") or [])[:_SHOWN_ROWS]
    # Deliveries that were read by an older version say nothing about it.
    read = (reading.get("read") or texts)[:_SHOWN_ROWS]
    numbers = frozenset(reading.get("numbers") or ())
    return [
        [_cell(str(text), value, number=at in numbers) for at, (text, value) in enumerate(zip(*pair, strict=False))]
        for pair in zip(texts, read, strict=False)
    ]


def _cell(text: str, value: str | None, *, number: bool) -> dict[str, Any]:
    shown = text[:_SHOWN_CELLS]
    if value is None:
        return {"text": shown, "read": tk._("tidak terbaca"), "unread": True}
    if value == text:
        return {"text": shown, "read": "", "unread": False}
    told = words.decimal(value) if number else value
    return {"text": shown, "read": "" if told == text else told[:_SHOWN_CELLS] or tk._("kosong"), "unread": False}


def _melt(melt: Mapping[str, Any], *, applied: bool) -> dict[str, Any]:
    titles = [str(title) for title in melt.get("titles") or []]
    periods = [str(period) for period in melt.get("periods") or []]
    pairs = [f"{title} → {words.period(period)}" for title, period in zip(titles, periods, strict=False)]
    return {"applied": applied, "titles": titles, "pairs": pairs[:6], "more": max(0, len(pairs) - 6)}


def _lacking(columns: Sequence[Mapping[str, Any]], matches: Any) -> list[str]:
    """The titles of compulsory columns that no title of the file was taken for."""
    taken = {str(one.get("column_id") or "") for one in matches}
    return [str(one["title"]) for one in columns if one.get("required") and str(one["id"]) not in taken]
