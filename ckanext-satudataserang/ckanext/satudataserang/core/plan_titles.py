"""Near-duplicates among the titles of plan entries, so that no figure is agreed on twice (Perpres 39/2019 Ps. 27).

A title is reduced to what distinguishes the figure: words that join, places the portal is about, years and months and
words of plain counting are left out, spellings are unified. Two titles are alike when they keep the same words, share
most of them, or differ by a slip of the pen only. A number that is no year (an age group, a class) always makes a
difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

__all__ = ["ALIKE", "Match", "Title", "TitleIndex", "similarity", "title_of"]

Key = TypeVar("Key", bound=Hashable)

#: From this score on two titles are shown as alike.
ALIKE = 0.75
#: The score of titles that differ by a slip of the pen in one word.
_SLIP = 0.95
#: From so many letters on a word may differ by one letter, and by two.
_LONG, _LONGER = 5, 9


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_JOINING = _words(
    "di ke dari dan atau yang pada untuk dengan dalam oleh menurut per berdasarkan berdasar tiap setiap antar serta "
    "sebagai secara terhadap tentang atas para se data dataset daftar rekapitulasi rekap tabel contoh"
)
_COUNTING = _words("jumlah jml banyak banyaknya total")
_PERIODS = _words(
    "tahun tahunan thn bulan bulanan triwulan triwulanan semester semesteran minggu mingguan hari harian periode "
    "januari februari maret april mei juni juli agustus september oktober november nopember desember "
    "i ii iii iv"
)
_PLACES = _words("kota kabupaten kab provinsi prov wilayah daerah indonesia")
_SAME = {
    "persen": "persentase",
    "prosentase": "persentase",
    "presentase": "persentase",
    "rerata": "rata",
    "kec": "kecamatan",
    "kel": "kelurahan",
    "pria": "laki",
    "wanita": "perempuan",
    "murid": "siswa",
    "prasarana": "sarana",
    "apotik": "apotek",
    "praktek": "praktik",
}
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Title:
    """A title reduced to its distinguishing words, and those among them that hold a digit."""

    words: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True)
class Match(Generic[Key]):
    """A title like the one asked for; `score` is 0 to 1, and 1 where all distinguishing words are the same."""

    key: Key
    score: float


def title_of(text: str, places: Collection[str] = ()) -> Title:
    """Reduce a title; `places` are names of places, in small letters, that say nothing on this portal.

    A title of nothing but such words keeps them all.
    """
    plain = unicodedata.normalize("NFKD", text).casefold()
    found: list[str] = _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))
    every = [_SAME.get(word, word) for word in found]
    left_out = _JOINING | _COUNTING | _PERIODS | _PLACES | {part for name in places for part in name.casefold().split()}
    words = [word for word in every if word not in left_out and not _YEAR.fullmatch(word)] or every
    return Title(frozenset(words), frozenset(word for word in words if any(sign.isdigit() for sign in word)))


def similarity(one: Title, other: Title) -> float:
    """How alike two titles are, 0 to 1, the same both ways; 1 exactly when their distinguishing words are the same."""
    if one.words == other.words:
        return 1.0
    if one.numbers != other.numbers:
        return 0.0
    shared = len(one.words & other.words) / len(one.words | other.words)
    return max(shared, _SLIP) if _is_slip(one.words - other.words, other.words - one.words) else shared


class TitleIndex(Generic[Key]):
    """Titles that can be asked for those like another one; compares only titles with a word in common."""

    def __init__(self, titles: Iterable[tuple[Key, Title]]) -> None:
        self._titles: dict[Key, Title] = {}
        self._bearers: defaultdict[str, set[Key]] = defaultdict(set)
        for key, title in titles:
            self.add(key, title)

    def add(self, key: Key, title: Title) -> None:
        """Take a title in; a key names one title."""
        self._titles[key] = title
        for word in title.words:
            self._bearers[word].add(key)

    def like(self, title: Title, least: float = ALIKE) -> list[Match[Key]]:
        """The titles with a score of `least` or more, most alike first."""
        candidates = set[Key]().union(*(self._bearers.get(word, ()) for word in title.words))
        matches = [Match(key, similarity(title, self._titles[key])) for key in candidates]
        return sorted((one for one in matches if one.score >= least), key=lambda one: (-one.score, str(one.key)))


def _is_slip(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether all that differs is one word on each side, by a letter or two."""
    if len(one) != 1 or len(other) != 1:
        return False
    (first,), (second,) = one, other
    length = min(len(first), len(second))
    return length >= _LONG and _distance(first, second) <= (2 if length >= _LONGER else 1)


def _distance(one: str, other: str) -> int:
    """How many letters must be put in, left out or changed to make one word the other."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        corner, row[0] = row[0], number
        for place, sign in enumerate(other, start=1):
            corner, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, corner + (letter != sign))
    return row[-1]
