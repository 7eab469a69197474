"""Units that say a multiple: ``(juta rupiah)``, ``dalam ribuan``. Stored as they stand, such figures are too small."""

from __future__ import annotations

import re
from collections.abc import Sequence

_MULTIPLES = {"ribu": 10**3, "rb": 10**3, "juta": 10**6, "jt": 10**6, "miliar": 10**9, "milyar": 10**9,
              "triliun": 10**12, "trilyun": 10**12, "000": 10**3, "000.000": 10**6}  # fmt: skip
_MULTIPLE = r"(?<![\w.,])(?P<word>ribu|rb|juta|jt|mil[iy]ar|tril[iy]un|000(?:\.000)?)(?:an)?(?![\w.,])"
_WORD = re.compile(_MULTIPLE, re.IGNORECASE)
_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_SAID = re.compile(rf"(?:dalam|satuan|unit)\b[^()]{{0,20}}{_MULTIPLE}[^()]{{0,20}}", re.IGNORECASE)
_PERCENT = re.compile(r"%|\b(?:persen|persentase|per\s?cent)\b", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+[²³]?")
#: Beside the unit these say nothing of it.
_BESIDE = frozenset({"dalam", "satuan", "unit", "nilai", "angka", "jumlah", "di", "dan", "per"})
_SAME = {"rp": "rupiah", "idr": "rupiah", "jiwa": "orang", "penduduk": "orang", "ha": "hektare", "hektar": "hektare"}
_LONGEST = 300


def multiple_of(unit: str) -> int:
    """How many one of a unit stands for: ``juta rupiah`` 1,000,000, ``rupiah`` 1."""
    found = _WORD.search(unit[:_LONGEST])
    return _MULTIPLES[found["word"].casefold()] if found else 1


def said_multiple(text: str) -> str:
    """The part of a line that says in what multiple the figures below are, "" where none does."""
    text = " ".join(text[:_LONGEST].split())
    brackets = (found[0] for found in _BRACKETED.finditer(text) if multiple_of(found[0]) > 1)
    said = _SAID.search(text)
    return next(brackets, said[0].strip() if said else "")


def is_agreed(said: str, units: Sequence[str]) -> bool:
    """Whether columns of these units are agreed in the multiple that is said: all of those it may be about.

    :param units: of the columns that hold figures; empty where a column has none
    """
    told, words = multiple_of(said), _words(said)
    measured = [unit for unit in units if unit and not _PERCENT.search(unit)]
    meant = [unit for unit in measured if not words or words & _words(unit)]
    return bool(meant) and all(multiple_of(unit) == told for unit in meant)


def contradicts(title: str, unit: str) -> str:
    """The unit in brackets in a title, where figures in it are none in `unit`: another multiple, or shares for numbers.

    Empty where nothing is known to differ.
    """
    for found in _BRACKETED.finditer(title[:_LONGEST]):
        told = found[0][1:-1].strip()
        percent = bool(_PERCENT.search(told)) and bool(unit) and not _PERCENT.search(unit)
        if multiple_of(told) != multiple_of(unit) and (multiple_of(told) > 1 or _is_bare(told, unit)):
            return told
        if percent:
            return told
    return ""


def _words(text: str) -> frozenset[str]:
    """What is said of a unit besides its multiple."""
    words: list[str] = _LETTERS.findall(_WORD.sub(" ", text[:_LONGEST]).casefold())
    return frozenset(_SAME.get(word, word) for word in words if word not in _BESIDE)


def _is_bare(told: str, unit: str) -> bool:
    """Whether the words of `told` are those of `unit` without its multiple."""
    return told.casefold() == " ".join(_WORD.sub(" ", unit).casefold().split())
