"""Having a workbook, a web page or a document read by a process of its own, bounded in memory and time."""

from __future__ import annotations

import csv
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

from ckanext.satudataserang.core.findings import Finding, Findings

from .aside_worker import RESULT, ROWS
from .layout import Layout
from .limits import Limits
from .records import Record
from .sentences import SENTENCES, tell
from .sources import Source

_WORKER = "ckanext.satudataserang.core.tables.aside_worker"
_PATIENCE = 3
_ENDED_BY_BOUNDS = {-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ}
_FIELD = 1 << 22


def source_aside(
    path: Path, shape: str, directory: Path, layout: Layout | None, limits: Limits, findings: Findings
) -> Source | None:
    """The rows of one sheet of a workbook, or of one table of a web page; None with a finding where there are none."""
    place = Path(mkdtemp(prefix="lembar-", dir=directory))
    found, code = _read(path, shape, place, layout, limits)
    if code:
        shutil.rmtree(place, ignore_errors=True)
        sheet = layout.sheet if layout else ""
        findings.add(_told(code, limits, sheet))
        return None
    sheets = tuple(found["sheets"])
    if len(sheets) > 1 and not (layout and layout.sheet) and not found["stamp"]:
        others = ", ".join(f"“{name}”" for name in sheets if name != found["sheet"])
        code = "lembar-dipilih:tabel" if shape == "html" else "lembar-dipilih"
        findings.add(tell(code, sheet=found["sheet"], others=others, place={"sheet": found["sheet"]}))
    rows, columns = found["hidden"]
    if (rows or columns) and not found["stamp"]:
        findings.add(tell("sel-tersembunyi", rows=rows, columns=columns, place={"sheet": found["sheet"]}))
    return Source(
        found["form"],
        lambda: _records(place / ROWS),
        sheet=found["sheet"],
        sheets=sheets,
        hidden_sheets=tuple(found["hidden_sheets"]),
        rectangular=True,
        blocks=[tuple(block) for block in found["blocks"]],
        stamp=found["stamp"],
        percent=found["percent"],
    )


def _read(path: Path, shape: str, place: Path, layout: Layout | None, limits: Limits) -> tuple[dict[str, Any], str]:
    """What the process found, and the code of the sentence where it found nothing."""
    wishes = {
        "shape": shape,
        "sheet": layout.sheet if layout else "",
        "rows": limits.rows,
        "cells": limits.cells,
        "unpacked": limits.unpacked_bytes,
        "memory": limits.memory,
        "seconds": limits.seconds,
    }
    try:
        ended = run(_WORKER, [str(path.resolve()), str(place.resolve()), json.dumps(wishes)], limits)
    except subprocess.TimeoutExpired:
        return {}, "buku-kerja-terlalu-berat"
    result = place / RESULT
    if ended != 0 or not result.is_file():
        return {}, "buku-kerja-terlalu-berat" if ended in _ENDED_BY_BOUNDS else "buku-kerja-rusak"
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found, str(found["problem"])


def run(worker: str, arguments: Sequence[str], limits: Limits) -> int:
    """Run a module in a process of its own, which hears and says nothing; returns how it ended, as `subprocess` does.

    The process bounds itself; one that does not end all the same is killed: subprocess.TimeoutExpired is raised.
    """
    done = subprocess.run(
        [_interpreter(), "-m", worker, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=limits.seconds * _PATIENCE,
        check=False,
        close_fds=True,
    )
    return done.returncode


class UnreadError(Exception):
    """A process of its own did not come to the end of a file."""


def answer(worker: str, path: Path, wishes: Sequence[str], limits: Limits) -> Any:
    """What a module says of a file in RESULT, as JSON: ``python -m worker FILE [wishes] RESULT MEMORY SECONDS``.

    Raises UnreadError where it says nothing: the file is damaged, locked, or takes too much.
    """
    with TemporaryDirectory(prefix="satudata-telaah-") as directory:
        result = Path(directory) / "temuan.json"
        arguments = [str(path.resolve()), *wishes, str(result), str(limits.memory), str(limits.seconds)]
        try:
            ended = run(worker, arguments, limits)
            found = json.loads(result.read_text(encoding="utf-8")) if ended == 0 else None
        except (subprocess.SubprocessError, OSError, ValueError) as problem:
            raise UnreadError from problem
    if found is None:
        raise UnreadError
    return found


def _interpreter() -> str:
    """The interpreter: a web server that embeds Python calls itself `sys.executable`."""
    if Path(sys.executable or "").name.startswith("python"):
        return sys.executable
    return str(Path(sys.prefix) / "bin" / "python3")


def _told(code: str, limits: Limits, sheet: str) -> Finding:
    words: dict[str, dict[str, Any]] = {
        "lembar-terlalu-luas": {"rows": limits.rows, "cells": limits.cells},
        "lembar-tidak-ada": {"sheet": sheet},
    }
    return tell(code if code in SENTENCES else "buku-kerja-rusak", place=None, **words.get(code, {}))


def _records(path: Path) -> Iterator[Record]:
    """The rows as the process wrote them. Cells that are too long for the csv module are cut."""
    with path.open(encoding="utf-8", newline="") as text:
        for cells in csv.reader(text):
            yield int(cells[0]), cells[1:]
