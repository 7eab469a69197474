"""Data about persons that a workbook or a web page holds beside its cells: in comments, text boxes, heads of pages,
pivot tables, around a table, and in what is said about the file. A name alone is nothing here: every workbook names who
wrote it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ckanext.satudataserang.core.tables.aside import UnreadError, answer
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.signatures import HEAD_BYTES, shape_of

__all__ = ["Noted", "UnreadError", "personal_noted"]

_WORKER = "ckanext.satudataserang.core.checks.noted_worker"


@dataclass(frozen=True)
class Noted:
    """Data about persons of a kind (`privacy.KINDS`) in a place (one of `tables.notes`, or `PAGE` of `web_notes`)."""

    kind: str
    place: str


def personal_noted(path: Path, limits: Limits | None = None) -> list[Noted]:
    """What is about persons beside the cells of a workbook or web page; nothing for other files. Raises UnreadError."""
    with path.open("rb") as stream:
        shape, _what = shape_of(stream.read(HEAD_BYTES))
    if shape not in ("zip", "ole", "html"):
        return []
    return [Noted(kind, place) for kind, place in answer(_WORKER, path, [shape], limits or Limits())]
