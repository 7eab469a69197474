"""What a template says about itself, so that a filled one is known for what it was made for.

In a workbook it stands in the hidden sheet `_satudata`, a key and a value a row; in a text file in the first line::

    # satudata entri=DD-1 periode=2025 struktur=penduduk@3 dibuat=2026-01-31
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

SHEET = "_satudata"
LISTS = "_daftar"
DATA = "Data"
GUIDE = "Petunjuk"
#: Titles that begin so are of columns that stand there to be compared with; nobody reads them.
BESIDE = "‹"
MADE = date(2000, 1, 1)
_MARK = "# satudata "
_MOST = 2_000


@dataclass(frozen=True)
class Stamp:
    """For which entry and period a template is, and by which version of which structure (empty and 0: none)."""

    entri: str
    periode: str
    struktur: str = ""
    versi: int = 0
    dibuat: str = ""

    def items(self) -> list[tuple[str, str]]:
        """Keys and values, in the order in which they are written."""
        given = {"entri": self.entri, "periode": self.periode, "struktur": self.struktur}
        return [*given.items(), ("versi", str(self.versi) if self.versi else ""), ("dibuat", self.dibuat)]


def line(stamp: Stamp) -> str:
    """The stamp as the first line of a text file, without its end."""
    structure = f"{stamp.struktur}@{stamp.versi}" if stamp.struktur else ""
    told = {"entri": stamp.entri, "periode": stamp.periode, "struktur": structure, "dibuat": stamp.dibuat}
    return _MARK + " ".join(f"{key}={quote(value, safe='@.-_/')}" for key, value in told.items() if value)


def parse_line(text: str) -> dict[str, str] | None:
    """A first line of a text file as keys and values (`struktur` and `versi` apart); None where it is no stamp.

    A spreadsheet that has saved the file again may have quoted the line and put delimiters behind it.
    """
    bare = text[:_MOST].lstrip("\ufeff").strip().strip('";,\t| ')
    if not bare.startswith(_MARK):
        return None
    pairs = (part.partition("=") for part in bare[len(_MARK) :].split())
    found = {key: unquote(value) for key, sign, value in pairs if sign}
    structure, _sign, version = found.get("struktur", "").partition("@")
    return {**found, "struktur": structure, "versi": found.get("versi") or version}


def parse(given: Mapping[str, str]) -> Stamp:
    """A stamp as it was read from a file, with whatever is missing or senseless left empty."""
    version = str(given.get("versi") or "").partition(".")[0]
    structure, _sign, told = str(given.get("struktur") or "").partition("@")
    version = version or told
    known = version.isascii() and version.isdecimal() and len(version) < 9  # noqa: PLR2004 (a number people count to)
    return Stamp(
        entri=str(given.get("entri") or "").strip(),
        periode=str(given.get("periode") or "").strip().removesuffix(".0"),
        struktur=structure.strip(),
        versi=int(version) if known else 0,
        dibuat=str(given.get("dibuat") or ""),
    )


def is_beside(title: str) -> bool:
    """Whether a column stands there only to be compared with."""
    return title.lstrip().startswith(BESIDE)


def beside(words: str) -> str:
    """The title of a column that stands there only to be compared with."""
    return f"{BESIDE}{words}›"
