"""The process that looks through what a workbook holds beside its cells, alone and within bounds.

Run as ``python -m … FILE SHAPE RESULT MEMORY SECONDS``. It writes to RESULT which kinds of data about persons stand
where, as pairs; without it, it was ended on the way.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ckanext.satudataserang.core.tables.aside_worker import bound

#: Numbers of so many digits are persons' where at least this share is shaped so; by chance one in forty is.
LONG, SHARE = (16, 18), 0.5


def main(arguments: Sequence[str]) -> int:
    """Look through one file. Returns 0 when RESULT says what was found."""
    path, shape, result, memory, seconds = arguments
    bound(int(memory), int(seconds))
    found = _found(Path(path), shape)
    Path(result).write_text(json.dumps(found), encoding="utf-8")
    return 0


def _found(path: Path, shape: str) -> list[tuple[str, str]]:
    from ckanext.satudataserang.core.tables import notes, web_notes  # noqa: PLC0415 (within the bounds)

    from .privacy import kinds_in  # noqa: PLC0415

    found: dict[tuple[str, str], None] = {}
    shaped: Counter[str] = Counter()
    numbers = 0
    for place, text in web_notes.texts(path) if shape == "html" else notes.texts(path, shape):
        kinds = sorted(kinds_in(text))
        if place == web_notes.NUMBER:
            numbers += len(text) in LONG
            shaped.update(kinds)
        else:
            found.update({(kind, place): None for kind in kinds})
    found.update({(kind, web_notes.PAGE): None for kind, count in shaped.items() if count >= SHARE * numbers})
    return list(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
