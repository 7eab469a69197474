"""Data about persons in a PDF document: on its pages, in comments and form fields, and in what is said about it.

Only text is looked through. A scanned page is a picture: it says nothing here, whatever a person can read on it.
"""

from __future__ import annotations

from pathlib import Path

from ckanext.satudataserang.core.tables.aside import answer
from ckanext.satudataserang.core.tables.limits import Limits

__all__ = ["ENDING", "LIMITS", "personal_in_pdf"]

ENDING = "pdf"
#: A document of some hundred pages takes a few seconds; somebody waits for it.
LIMITS = Limits(memory=1 << 30, seconds=40)
_WORKER = "ckanext.satudataserang.core.checks.pdf_worker"


def personal_in_pdf(path: Path, limits: Limits = LIMITS) -> dict[str, int]:
    """The kinds of data about persons (`privacy.KINDS`), and the page where each stands first; 0 is beside the pages.

    Raises UnreadError where the text could not be had as a whole: the document is damaged, locked, or takes too much.
    """
    return {str(kind): int(page) for kind, page in answer(_WORKER, path, [], limits).items()}
