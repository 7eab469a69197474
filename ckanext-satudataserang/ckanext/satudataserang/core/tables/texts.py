"""Delimited text files: what stands at their beginning and their end."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ckanext.satudataserang.core.findings import Finding, Findings
from ckanext.satudataserang.core.templates import stamp

from .cells import blank
from .dialect import DELIMITERS, detect_dialect, lines_of, parse
from .encoding import Encoding, detect_encoding
from .foot import Foot
from .heading import HEAD_ROWS, Heading, find_heading
from .layout import Layout
from .limits import Limits
from .plain import tail_of
from .records import BrokenTextError, Record, text_records
from .sentences import tell
from .sources import Source

_SAMPLE = 1 << 16
_TAIL_ROWS = 50
_NAMES = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "mac_roman": "Mac Roman"}
_OTHER_SIGNS = (":", "^", "~", "\x01", "\x1f", "  ")
_FEWEST_LINES = 3


def text_source(path: Path, layout: Layout | None, findings: Findings) -> Source | None:
    """The rows of a text file; None where its letters or its delimiter cannot be told, which becomes a finding."""
    with path.open("rb") as stream:
        encoding = detect_encoding(stream)
    if encoding.name is None:
        findings.add(_unreadable(encoding))
        return None
    name = encoding.name
    if encoding.is_guess:
        findings.add(tell("pengodean-ditebak", name=_NAMES.get(name, name)))
    with path.open(encoding=name, newline="") as text:
        sample = text.read(_SAMPLE)
    told = stamp.parse_line(sample.partition("\n")[0]) or {}
    dialect = detect_dialect(sample)
    chosen = layout.delimiter if layout and layout.delimiter else ""
    delimiter = chosen or dialect.delimiter
    if not chosen and (problem := _foreign(sample)):
        findings.add(problem)
    skipped = 1 if told or dialect.declared else 0

    def records() -> Iterator[Record]:
        return islice(text_records(path, name, delimiter), skipped, None)

    return Source("csv", records, encoding=name, delimiter=delimiter, stamp=told, skipped=skipped)


def head_of(source: Source, limits: Limits) -> Heading | None:
    """The titles of a text file by its first rows alone; None where these cannot be read."""
    head: list[Record] = []
    try:
        for number, cells in source.records():
            if len(cells) > limits.columns:
                return None
            if not blank(cells):
                head.append((number, cells))
            if len(head) >= HEAD_ROWS or number > HEAD_ROWS:
                break
    except BrokenTextError:
        return None
    return find_heading(head)


def foot_in_tail(path: Path, delimiter: str, width: int) -> bool:
    """Whether something may stand under the table, by the last lines of a UTF-8 file."""
    foot, last = Foot(width), 0
    try:
        rows = list(parse(io.StringIO(tail_of(path), newline=""), delimiter))
    except csv.Error:
        return True
    # What stands directly under the titles of a short table is judged with the row of titles before it.
    for number, cells in enumerate(rows, start=1):
        if not blank(cells) and foot.see(number, cells):
            last = number
    return bool(foot.ends(last)[1])


def _unreadable(encoding: Encoding) -> Finding:
    if encoding.damaged_line:
        return tell("pengodean-rusak", row=encoding.damaged_line, place={"row": encoding.damaged_line})
    return tell("pengodean-tidak-dikenal")


def _foreign(sample: str) -> Finding | None:
    """A finding for a file that another sign divides, or whose titles and rows two signs divide."""
    whole = lines_of(sample) if len(sample) < _SAMPLE else lines_of(sample)[:-1]
    lines = [line for line in whole if line.strip()][:_TAIL_ROWS]
    if len(lines) < _FEWEST_LINES:
        return None
    titles, rows = lines[0], lines[1:]
    mine = max(DELIMITERS, key=titles.count)
    count = titles.count(mine)
    theirs = next((sign for sign in DELIMITERS if sign != mine and count and _steady(rows, sign, count)), "")
    if theirs and not titles.count(theirs) and not any(mine in row for row in rows):
        return tell("pemisah-campur", titles=_shown(mine), rows=_shown(theirs), place={"row": 1})
    if any(line.count(sign) for line in lines for sign in DELIMITERS):
        return None
    for sign in _OTHER_SIGNS:
        count = titles.count(sign)
        if count and _steady(rows, sign, count):
            return tell("pemisah-tidak-dikenal", sign=_shown(sign), place={"row": 1})
    return None


def _steady(rows: list[str], sign: str, count: int) -> bool:
    return all(row.count(sign) == count for row in rows)


def _shown(sign: str) -> str:
    return {"\t": "tab", "  ": "spasi", "\x01": "SOH", "\x1f": "US"}.get(sign, sign)
