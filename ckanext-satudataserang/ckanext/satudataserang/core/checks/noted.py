"""Data about persons that a workbook holds beside its cells: in comments, text boxes, heads of pages, pivot tables, and
in what is said about the file. A name alone is nothing here: every workbook names who wrote it.
"""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ckanext.satudataserang.core.tables.aside import interpreter
from ckanext.satudataserang.core.tables.limits import Limits
from ckanext.satudataserang.core.tables.signatures import HEAD_BYTES, shape_of

__all__ = ["Noted", "UnreadError", "personal_noted"]

_WORKER = "ckanext.satudataserang.core.checks.noted_worker"
_PATIENCE = 3


@dataclass(frozen=True)
class Noted:
    """Data about persons of a kind (`privacy.KINDS`) in a place (`NOTE`, `ABOUT` or `PIVOT` of `tables.notes`)."""

    kind: str
    place: str


class UnreadError(Exception):
    """What stands beside the cells could not be looked through."""


def personal_noted(path: Path, limits: Limits | None = None) -> list[Noted]:
    """What is about persons beside the cells of a workbook; nothing for other files. Raises UnreadError."""
    limits = limits or Limits()
    with path.open("rb") as stream:
        shape, _what = shape_of(stream.read(HEAD_BYTES))
    if shape not in ("zip", "ole"):
        return []
    with TemporaryDirectory(prefix="satudata-catatan-") as directory:
        result = Path(directory) / "temuan.json"
        command = [interpreter(), "-m", _WORKER, str(path.resolve()), shape, str(result)]
        command += [str(limits.memory), str(limits.seconds)]
        try:
            subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=limits.seconds * _PATIENCE,
                check=True,
                close_fds=True,
            )
            found = json.loads(result.read_text(encoding="utf-8"))
        except (subprocess.SubprocessError, OSError, ValueError) as problem:
            raise UnreadError from problem
    return [Noted(kind, place) for kind, place in found]
