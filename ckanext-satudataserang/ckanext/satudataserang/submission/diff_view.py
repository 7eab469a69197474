"""What a delivery changes, as a table to be read from top to bottom: large jumps first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.catalogue import formats
from ckanext.satudataserang.core.tables.columns import is_code
from ckanext.satudataserang.submission import words
from ckanext.satudataserang.submission.grid import GridColumn
from ckanext.satudataserang.submission.grid_view import readable

__all__ = ["differences"]

_SHOWN = 100
_WHOLE = 10


def differences(found: Mapping[str, Any]) -> dict[str, Any]:
    """The answer of satudata_submission_diff in words: `rows` of ``{key, column, old, new, change, jump, kind}``."""
    columns = {
        one["id"]: GridColumn(
            one["id"],
            one["title"],
            key=one["key"],
            number=one["type"] in ("integer", "numeric"),
            choices=one.get("labels") or {},
        )
        for one in found["columns"]
    }
    rows = [*_changed(found, columns), *_whole(found, "added", columns), *_whole(found, "removed", columns)]
    rows.sort(key=lambda row: not row["jump"])
    against = found["against"]
    same = against == found["period"]
    return {
        "title": tk._("Isi kiriman")
        if against is None
        else tk._("Perubahan terhadap data yang terbit sekarang")
        if same
        else tk._("Perubahan terhadap {when}").format(when=words.period(against)),
        "summary": _summary(found),
        "before": tk._("terbit") if same else words.period(against) if against else tk._("sebelumnya"),
        "after": tk._("koreksi") if same else words.period(found["period"]),
        "compared": against is not None,
        "rows": rows[:_SHOWN],
        "more": tk._("Ditampilkan {shown} dari {all} perubahan. Unduh berkasnya untuk melihat semuanya.").format(
            shown=_n(_SHOWN), all=_n(len(rows))
        )
        if len(rows) > _SHOWN
        else "",
    }


def _summary(found: Mapping[str, Any]) -> str:
    if found["against"] is None:
        said = tk._("Belum ada periode lain untuk dibandingkan. {rows} baris.").format(rows=_n(found["rows"]))
    else:
        said = tk._("{changed} baris berubah, {added} baru, {removed} hilang, {same} sama.").format(
            changed=_n(len(found["changed"])),
            added=_n(len(found["added"])),
            removed=_n(len(found["removed"])),
            same=_n(found["unchanged"]),
        )
    if found["jumps"]:
        said += " " + tk._("{n} nilai melonjak lebih dari {percent} %: pastikan dulu.").format(
            n=_n(found["jumps"]), percent=_n(found["jump_percent"])
        )
    if not found["matched"]:
        said += " " + tk._("Baris tidak dapat dipasangkan satu-satu, jadi hanya baris baru dan hilang yang dikenali.")
    if found["truncated"]:
        said += " " + tk._("Tabel ini besar; hanya bagian awalnya yang dibandingkan.")
    return said


def _changed(found: Mapping[str, Any], columns: Mapping[str, GridColumn]) -> Iterator[dict[str, Any]]:
    for row in found["changed"]:
        for change in row["changes"]:
            column = columns[change["column"]]
            yield {
                "kind": "changed",
                "key": _key(row["key"], columns),
                "column": column.title,
                "old": _value(change["old"], column),
                "new": _value(change["new"], column),
                "change": _percent(change["percent"]),
                "jump": change["jump"],
            }


def _whole(found: Mapping[str, Any], kind: str, columns: Mapping[str, GridColumn]) -> Iterator[dict[str, Any]]:
    """Rows that came or went, each value on a line of its own."""
    keys = found["keys"] or [name for name, column in columns.items() if column.key]
    word = {"added": tk._("baru"), "removed": tk._("hilang")}[kind]
    for row in found[kind]:
        shown = [name for name in row if name not in keys][:_WHOLE] or list(row)[:1]
        for name in shown:
            column = columns.get(name) or GridColumn(name, name)
            value = _value(row[name], column)
            yield {
                "kind": kind,
                "key": _key({key: row.get(key) for key in keys}, columns),
                "column": column.title,
                "old": value if kind == "removed" else "",
                "new": value if kind == "added" else "",
                "change": word if found["against"] else "",
                "jump": False,
            }


def _key(key: Mapping[str, str | None], columns: Mapping[str, GridColumn]) -> str:
    """What a row is about: its names, also those of its codes; its codes only where there are no names."""
    given = {name: str(value) for name, value in key.items() if value}
    labels = {name: column.choices.get(given[name], "") for name in given if (column := columns.get(name))}
    named = [labels.get(name) or value for name, value in given.items() if labels.get(name) or not is_code(name)]
    return ", ".join(named or list(given.values())) or tk._("(tanpa rincian)")


def _value(value: str | None, column: GridColumn) -> str:
    if value is None or value == "":
        return tk._("kosong")
    return column.choices.get(value) or readable(value, column)


def _percent(value: float | None) -> str:
    if value is None:
        return ""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{formats.one_decimal(abs(value), words.locale())}\N{NO-BREAK SPACE}%"


def _n(number: int) -> str:
    return formats.number(number, words.locale())
