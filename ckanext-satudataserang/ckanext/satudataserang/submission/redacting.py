"""Once it was decided that data about persons are masked, nothing that is kept beside the file shows them any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ckanext.satudataserang.core.checks.masks import hidden, hidden_finding
from ckanext.satudataserang.core.tables.columns import column_ids
from ckanext.satudataserang.submission.model import Submission

__all__ = ["DISAMARKAN", "redact"]

#: The decision after which only the file itself, for those who may have it, holds what is about persons.
DISAMARKAN = "disamarkan"


def redact(row: Submission) -> None:
    """Mask what the findings of a delivery quote, and its first rows; other decisions leave them as they are."""
    if row.privacy != DISAMARKAN:
        return
    kinds = _by_title(row)
    row.findings = [hidden_finding(one, kinds.get(str(one.get("column") or ""), "")) for one in row.findings]
    row.problem = hidden(row.problem) if row.problem else row.problem
    if row.reading:
        row.reading = {**row.reading, **{name: _hidden(row.reading.get(name)) for name in ("preview", "read")}}


def _by_title(row: Submission) -> dict[str, str]:
    """What the columns hold, by the title in the file; where no structure was followed, titles name the columns."""
    reading: Mapping[str, Any] = row.reading or {}
    titles = [str(title) for title in reading.get("titles") or ()]
    named = dict(zip(titles, column_ids(titles), strict=True))
    matched = {str(one.get("title")): str(one.get("column_id") or "") for one in reading.get("matches") or ()}
    columns = {title: matched.get(title) or name for title, name in named.items()}
    return {title.strip(): row.privacy_columns[name] for title, name in columns.items() if name in row.privacy_columns}


def _hidden(rows: Any) -> list[list[str | None]]:
    return [[cell if cell is None else hidden(str(cell)) for cell in cells] for cells in rows or ()]
