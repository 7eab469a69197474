"""Rows that head a section of a table: ``A. PENDIDIKAN``, ``I | KECAMATAN SERANG``, with rows of figures below.

A row whose figures are missing looks much the same. What tells them apart is a mark that all heads carry and no row
with figures does: numbered on from the first, in capitals, of one level's name, or standing where no row's name stands.
Where no such mark is found, no row is a head.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

_FEWEST = 2
_LETTERS = 3
_LONGEST = 120
_TOTAL = re.compile(r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|total|jml|rata\s*-?\s*rata|rerata)\b", re.IGNORECASE)
_NUMBERED = re.compile(r"(?P<said>[IVX]{1,6}|[ivx]{1,6}|[A-Za-z]|\d{1,2})(?P<sign>[.)]*)(?P<rest>\s+\S.*)?", re.DOTALL)
_ROMAN = re.compile(r"x{0,3}(?:ix|iv|v?i{0,3})")
_VALUES = {"i": 1, "v": 5, "x": 10}
_LEVELS = {
    "kecamatan": "kecamatan", "kec": "kecamatan", "kelurahan": "kelurahan", "kel": "kelurahan", "desa": "desa",
    "kabupaten": "kabupaten", "kab": "kabupaten", "kota": "kota", "provinsi": "provinsi", "prov": "provinsi",
    "wilayah": "wilayah", "bidang": "bidang", "urusan": "urusan", "program": "program", "kegiatan": "kegiatan",
    "bagian": "bagian", "kelompok": "kelompok", "golongan": "golongan", "jenjang": "jenjang", "sektor": "sektor",
    "subsektor": "subsektor", "dinas": "dinas", "badan": "badan", "puskesmas": "puskesmas", "kategori": "kategori",
    "triwulan": "triwulan", "semester": "semester", "tahun": "tahun", "bulan": "bulan", "rw": "rw", "zona": "zona",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row as far as it may head a section: its number, its first cells up to its name, and whether it is `bare`.

    The name's column is the last of `cells`; before it may stand a number or a code. A bare row holds nothing behind.
    """

    number: int
    cells: tuple[str, ...]
    bare: bool

    @property
    def name(self) -> str:
        """What the row calls itself."""
        return next((cell for cell in reversed(self.cells) if cell), "")


def heads(lines: Sequence[Line]) -> list[Line]:
    """The rows that surely head sections, in order; `lines` are all rows with content, in order."""
    if sum(line.bare for line in lines) < _FEWEST:
        return []
    marks = [_marks(line) for line in lines]
    with_figures = {mark for line, own in zip(lines, marks, strict=True) if _has_figures(line) for mark in own}
    wanted = dict.fromkeys(mark for line, own in zip(lines, marks, strict=True) if line.bare for mark in own)
    found: set[int] = set()
    for mark in wanted:
        places = [place for place, own in enumerate(marks) if lines[place].bare and mark in own]
        if mark not in with_figures and _divides(lines, marks, places, mark):
            found.update(places)
    return [line for place, line in enumerate(lines) if place in found]


#: What a row is marked by: the kind of mark, and what it says.
_Mark = tuple[str, str]


def _marks(line: Line) -> frozenset[_Mark]:
    name = line.name[:_LONGEST]
    # Totals head nothing, and say nothing of how other rows are written.
    if not name or _adds_up(line):
        return frozenset()
    found: set[_Mark] = {("numbered", kind) for kind, _number in _numbers(line)}
    if sum(sign.isalpha() for sign in name) >= (_LETTERS if line.bare else 1) and name == name.upper() != name.lower():
        found.add(("capitals", ""))
    level = _LEVELS.get(re.split(r"[\s.:]", _bare(name).casefold(), maxsplit=1)[0])
    if level and " " in _bare(name):
        found.add(("level", level))
    if not line.cells[-1] and sum(sign.isalpha() for sign in name) >= _LETTERS:
        found.add(("before", ""))
    return frozenset(found)


def _divides(lines: Sequence[Line], marks: Sequence[frozenset[_Mark]], places: Sequence[int], mark: _Mark) -> bool:
    """Whether the rows of this mark part the table into sections: several, from its beginning on, with rows below."""
    if len(places) < _FEWEST:
        return False
    ends = [*places[1:], len(lines)]
    below = [any(map(_has_figures, lines[start + 1 : end])) for start, end in zip(places, ends, strict=True)]
    if sum(below) * 2 <= len(places) or not below[-1]:
        return False
    if mark[0] == "numbered":
        return _counts_on([dict(_numbers(lines[place]))[mark[1]] for place in places])
    adjoining = any(end == start + 1 for start, end in zip(places, ends, strict=True))
    return not adjoining and all(line.bare or _adds_up(line) for line in lines[: places[0]])


def _counts_on(numbers: Sequence[int]) -> bool:
    """Whether each is one more than that before it, or begins anew, from one on."""
    return numbers[0] == 1 and all(after in (before + 1, 1) for before, after in pairwise(numbers))


def _numbers(line: Line) -> Iterable[tuple[str, int]]:
    """What the row's number may be, by the kind of signs and where it stands: in a cell of its own or before the name.

    ``I`` is a Roman one and the ninth letter.
    """
    own = [cell for cell in line.cells[:-1] if cell]
    if len(own) == 1 and line.cells[-1]:
        found = _NUMBERED.fullmatch(own[0])
        return _read(found["said"], "cell") if found and not found["rest"] else []
    name = line.name
    found = _NUMBERED.fullmatch(name[:_LONGEST])
    if not found or not found["rest"]:
        return []
    said, rest = found["said"], found["rest"]
    # Without a sign behind it, a letter or a digit may be part of a name.
    if not found["sign"] and not re.match(r"\s{2}", rest) and not (len(said) > 1 or said in "IVX"):
        return []
    return [] if said.isdigit() and not found["sign"] else _read(said, "name")


def _read(said: str, where: str) -> list[tuple[str, int]]:
    if said.isdigit():
        return [(f"{where}:1", int(said))]
    shape = "A" if said.isupper() else "a"
    found = [(f"{where}:{shape}", ord(said.lower()) - ord("a") + 1)] if len(said) == 1 else []
    if _ROMAN.fullmatch(said.lower()):
        found.append((f"{where}:roman {shape}", _roman(said.lower())))
    return found


def _roman(said: str) -> int:
    values = [_VALUES[sign] for sign in said]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def _bare(name: str) -> str:
    """The name without a number before it."""
    found = _NUMBERED.fullmatch(name)
    return found["rest"].strip() if found and found["rest"] and (found["sign"] or len(found["said"]) > 1) else name


def _has_figures(line: Line) -> bool:
    return not line.bare and not _adds_up(line)


def _adds_up(line: Line) -> bool:
    return _TOTAL.match(line.name) is not None
