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
#: Words that are nearly the same letter for letter: the share of three-letter pieces both have.
_SLIP = 0.8


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
    """A title reduced to its distinguishing words: as a set, and as three-letter pieces of them in order."""

    words: frozenset[str]
    pieces: frozenset[str]

    @property
    def numbers(self) -> frozenset[str]:
        """The words that hold a digit."""
        return frozenset(word for word in self.words if any(sign.isdigit() for sign in word))


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
    return Title(frozenset(words), _pieces(words))


def similarity(one: Title, other: Title) -> float:
    """How alike two titles are, 0 to 1, the same both ways; 1 exactly when their distinguishing words are the same."""
    if one.words == other.words:
        return 1.0
    if one.numbers != other.numbers:
        return 0.0
    shared = _share(one.words, other.words)
    spelled = _share(one.pieces, other.pieces)
    score = max(shared, spelled if spelled >= _SLIP else 0.0)
    # Two titles whose words differ are never "the same".
    return min(score, 0.99)


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


def _pieces(words: Iterable[str]) -> frozenset[str]:
    text = " ".join(sorted(set(words)))
    padded = f"  {text} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
