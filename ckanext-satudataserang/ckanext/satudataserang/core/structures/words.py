"""Titles and codes as they are compared: letters and digits only, in one case."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """What is left of a text when case, spaces and signs do not count: ``Laki - laki`` and ``LAKI LAKI`` are one.

    Signs that tell one class from another (``<``, ``≥``, ``+``, ``%``, and a minus at the end: blood group ``A-``) do.
    A text of other signs alone is compared as it is.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(sign for sign in folded if sign.isalnum() or sign in "<>≤≥+%")
    if kept and folded.rstrip()[-1:] in ("-", "−") and folded.rstrip()[-2:-1].isalnum():
        kept += "-"
    return kept or " ".join(folded.split())
