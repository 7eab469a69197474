"""Data about persons in a PDF document: on its pages, in comments and form fields, and in what is said about it.

Only text is looked through. A scanned page is a picture: it says nothing here, whatever a person can read on it.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from ckanext.satudataserang.core.tables.aside import run
from ckanext.satudataserang.core.tables.limits import Limits

from .noted import UnreadError

__all__ = ["ENDING", "LIMITS", "personal_in_pdf"]

ENDING = "pdf"
#: A document of some hundred pages takes a few seconds; somebody waits for it.
LIMITS = Limits(memory=1 << 30, seconds=40)
_WORKER = "ckanext.satudataserang.core.checks.pdf_worker"


def personal_in_pdf(path: Path, limits: Limits = LIMITS) -> dict[str, int]:
    """The kinds of data about persons (`privacy.KINDS`), and the page where each stands first; 0 is beside the pages.

    Raises UnreadError where the text could not be had as a whole: the document is damaged, locked, or takes too much.
    """
    with TemporaryDirectory(prefix="satudata-pdf-") as directory:
        result = Path(directory) / "temuan.json"
        arguments = [str(path.resolve()), str(result), str(limits.memory), str(limits.seconds)]
        try:
            ended = run(_WORKER, arguments, limits)
            found = json.loads(result.read_text(encoding="utf-8")) if ended == 0 else None
        except (subprocess.SubprocessError, OSError, ValueError) as problem:
            raise UnreadError from problem
    if found is None:
        raise UnreadError
    return {str(kind): int(page) for kind, page in found.items()}
