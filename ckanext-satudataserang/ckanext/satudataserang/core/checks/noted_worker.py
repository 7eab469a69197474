"""The process that looks through what a workbook holds beside its cells, alone and within bounds.

Run as ``python -m … FILE SHAPE RESULT MEMORY SECONDS``. It writes to RESULT which kinds of data about persons stand
where, as pairs; without it, it was ended on the way.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from ckanext.satudataserang.core.tables.aside_worker import bound


def main(arguments: Sequence[str]) -> int:
    """Look through one file. Returns 0 when RESULT says what was found."""
    path, shape, result, memory, seconds = arguments
    bound(int(memory), int(seconds))
    from ckanext.satudataserang.core.tables.notes import texts  # noqa: PLC0415 (within the bounds)

    from .privacy import kinds_in  # noqa: PLC0415

    found = {(kind, place): None for place, text in texts(Path(path), shape) for kind in sorted(kinds_in(text))}
    Path(result).write_text(json.dumps(list(found)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
