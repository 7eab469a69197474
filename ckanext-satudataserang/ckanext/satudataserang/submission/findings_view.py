"""Findings as people read them: grouped by rule, counted, each with the place it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.checks.catalogue import catalogue
from ckanext.satudataserang.core.findings import localized

__all__ = ["Where", "grouped", "place", "remarks", "said", "title"]

#: So many of one rule are written out; the rest have the same cause most of the time.
_SHOWN = 20
_WEIGHT = {"error": 0, "warning": 1, "info": 2}
#: The first row of a file holds the titles, so its first row of data is the second.
HEADER_ROWS = 1
_QUOTES = {ord(sign): None for sign in "“”"}

#: From a row (as the file counts, None for none) and a column's title to the words for the place and its address.
Where = Callable[[Any, str], tuple[str, str]]


def _in_file(row: Any, column: str) -> tuple[str, str]:
    return place(row, column), ""


def grouped(
    findings: Iterable[Mapping[str, Any]],
    totals: Mapping[str, int],
    where: Where = _in_file,
    *,
    together: bool = True,
) -> list[dict[str, Any]]:
    """Findings by rule, what blocks first.

    :param totals: how many there were of each, also of those no longer kept
    :param where: names a place, and gives its address where this page shows it
    :param together: what is said of several rows is said once; the others are told in its ``also``
    """
    groups: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(findings):
        code = str(one["code"])
        message, advice = said(one)
        group = groups.setdefault(
            code,
            {
                "code": code,
                "title": title(code),
                "advice": advice,
                "severity": str(one.get("severity") or "warning"),
                "items": [],
                "count": 0,
            },
        )
        group["count"] += 1
        if group["count"] <= _SHOWN:
            item = {"number": number, "message": message, **_where(one, message, where), "also": []}
            said_before = _alike(group["items"], item) if together else None
            if said_before:
                said_before["also"].append({"row": item["row"], "href": item["href"]})
            else:
                group["items"].append(item)
    for code, group in groups.items():
        found = max(group["count"], int(totals.get(code, 0)))
        group["more"] = found - min(group["count"], _SHOWN)
        group["count"] = found
        group["weight"] = weight(group["severity"])
    return sorted(groups.values(), key=lambda group: (_WEIGHT.get(group["severity"], 1), -group["count"]))


def _where(one: Mapping[str, Any], message: str, where: Where) -> dict[str, Any]:
    """Where a finding is; `row` where that is told by its row."""
    row, column = one.get("row"), str(one.get("column") or "")
    named, href = where(row, column)
    in_row = place(row, "")
    by_row = bool(row) and (named == in_row or named.startswith(f"{in_row},"))
    if by_row and f"“{column}”" in message:
        # The sentence itself names the column.
        named = in_row
    return {"place": named, "href": href, "row": row if by_row else None, "column": column}


def _alike(items: Iterable[dict[str, Any]], item: Mapping[str, Any]) -> dict[str, Any] | None:
    """What was said before in the same words of another row."""
    if item["row"] is None:
        return None
    same = (one for one in items if one["row"] is not None and one["column"] == item["column"])
    return next((one for one in same if one["message"] == item["message"]), None)


def remarks(notes: Iterable[Mapping[str, Any]], where: Where = _in_file) -> list[dict[str, str]]:
    """What the Walidata wrote on single findings, each with its place."""
    found = []
    for one in notes:
        if one.get("note"):
            named, href = where(one.get("row"), str(one.get("column") or ""))
            found.append({"note": str(one["note"]), "place": named, "href": href})
    return found


def place(row: object, column: str) -> str:
    """Where something is: "baris 7, kolom Jumlah"."""
    if row and column:
        return tk._("baris {row}, kolom {column}").format(row=row, column=column)
    if row:
        return tk._("baris {row}").format(row=row)
    return tk._("kolom {column}").format(column=column) if column else ""


def said(finding: Mapping[str, Any]) -> tuple[str, str]:
    """A finding's message and advice in the reader's language; without the place, which the page names beside it."""
    message, advice = localized(finding, tk._)
    head, colon, rest = message.partition(": ")
    row, column = finding.get("row"), str(finding.get("column") or "")
    places = {one.translate(_QUOTES).casefold() for one in (place(row, column), place(row, "")) if one}
    if colon and head.translate(_QUOTES).casefold() in places:
        message = rest[:1].upper() + rest[1:]
    return message, advice


def weight(severity: str) -> str:
    """What a severity means for sending."""
    return {
        "error": tk._("harus diperbaiki"),
        "warning": tk._("perlu dilihat"),
        "info": tk._("sekadar diketahui"),
    }.get(severity, severity)


def title(code: str) -> str:
    """The name of a rule in the reader's language; its code as words where it has none."""
    return tk._(_titles().get(code) or code.replace("-", " ").capitalize())


@lru_cache(maxsize=1)
def _titles() -> dict[str, str]:
    return {code: entry.title for code, entry in catalogue().items()}
