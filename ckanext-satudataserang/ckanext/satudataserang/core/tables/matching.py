"""Which column of the structure a title of the file means.

Sure are: what a person chose or confirmed before, and the label, the id and the synonyms of a column, however written.
A near one is offered and has to be confirmed; it must share every word that carries meaning, so that `jumlah siswa SD`
is never taken for `jumlah siswa SMP`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product

from rapidfuzz import fuzz

from ckanext.satudataserang.core.structures.model import Column, Structure

from .columns import column_ids
from .grid import TitleMatch
from .melting import TIME_COLUMNS

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
#: What short words mean, likeliest first; all but the first only beside another word (``Kel. Umur``).
_SHORT: dict[str, tuple[str, ...]] = {
    short: tuple(meanings.split(" | "))
    for short, meanings in {
        "jml": "jumlah", "jlh": "jumlah", "jmlh": "jumlah", "jum": "jumlah", "j": "jenis | jumlah", "jns": "jenis",
        "jk": "jenis kelamin", "jenkel": "jenis kelamin", "klmn": "kelamin", "kec": "kecamatan",
        "kel": "kelurahan | kelompok | keluarga", "kelp": "kelompok", "klp": "kelompok", "klpk": "kelompok",
        "gol": "golongan", "kab": "kabupaten", "prov": "provinsi", "prop": "provinsi", "propinsi": "provinsi",
        "thn": "tahun", "th": "tahun", "tgl": "tanggal", "bln": "bulan", "smt": "semester", "trw": "triwulan",
        "l": "laki", "lk": "laki", "pria": "laki", "p": "perempuan", "pr": "perempuan", "wanita": "perempuan",
        "pddk": "penduduk", "pend": "penduduk | pendidikan", "penddk": "penduduk", "pnddk": "penduduk",
        "pdkn": "pendidikan", "pddkn": "pendidikan", "pek": "pekerjaan", "pkj": "pekerjaan", "ket": "keterangan",
        "no": "nomor", "nmr": "nomor", "nm": "nama", "kd": "kode", "ds": "desa", "kades": "kepala desa",
        "persentase": "persen", "prosentase": "persen", "pct": "persen", "%": "persen", "rt": "rukun tetangga",
        "rw": "rukun warga", "ruta": "rumah tangga", "rmh": "rumah", "kk": "kepala keluarga | kartu keluarga",
        "wil": "wilayah",
        "alm": "alamat", "almt": "alamat", "sklh": "sekolah", "sek": "sekolah", "kls": "kelas", "tk": "tk | tingkat",
        "tkt": "tingkat", "lhr": "lahir", "telp": "telepon", "tlp": "telepon", "telpon": "telepon", "hp": "telepon",
        "usia": "umur", "sat": "satuan", "angg": "anggaran", "vol": "volume", "rerata": "rata", "mhs": "mahasiswa",
        "pusk": "puskesmas", "pkm": "puskesmas", "rs": "rumah sakit", "pns": "pegawai negeri sipil", "stat": "status",
    }.items()
}  # fmt: skip
#: Two halves of which a title of a single column says which of them a row is of; ``L+P`` are both together.
_EITHER = re.compile(r"(?:l|lk|laki(?:\s*-\s*laki|2)?)\s*/\s*(?:p|pr|perempuan)", re.IGNORECASE)
_SEX = "jenis kelamin"
_TELLING = frozenset("<>≤≥+%")
_MOST_READINGS = 16
#: Words without which a title means the same.
_WEAK = frozenset({"jumlah", "banyaknya", "banyak", "nama", "data", "nilai", "di", "per", "menurut", "orang", "jiwa"})
#: In brackets behind a title these are the unit, which the column has already.
_UNITS = frozenset({
    "orang", "jiwa", "kk", "persen", "unit", "buah", "ha", "hektar", "hektare", "km", "km2", "m2", "m3", "meter", "kg",
    "ton", "kw", "kuintal", "kwintal", "liter", "ekor", "rp", "rupiah", "idr", "siswa", "guru", "kasus", "kejadian",
    "titik", "lokasi", "dokumen", "paket", "hari", "bulan", "tahun", "usaha", "rumah", "keluarga", "bayi", "balita",
    "rumah tangga", "ribu rupiah", "juta rupiah", "ribu jiwa", "per km2", "jiwa per km2", "orang per km2",
})  # fmt: skip
_UNIT_WORDS = frozenset(word for unit in _UNITS for word in unit.split()) | {
    "dalam", "satuan", "ribuan", "jutaan", "jt", "rb", "miliar", "milyar", "miliaran", "triliun", "000",
}  # fmt: skip
_NEAR_WORD = 84
_SURE_WORD = 4
_NEAR_TITLE = 72
_LEAD = 6


def folded(title: str) -> str:
    """A title as it is compared: letters and digits in lower case, without a unit in brackets."""
    plain = unicodedata.normalize("NFKC", title).casefold()
    bare = _BRACKETED.sub(lambda found: " " if _is_unit(found[0][1:-1]) else found[0], plain)
    return _words(bare) or _words(plain)


def _is_unit(bracketed: str) -> bool:
    words = _words(bracketed)
    return words in _UNITS or "%" in words or set(words.split()) <= _UNIT_WORDS


def matched(
    titles: Sequence[str],
    structure: Structure,
    *,
    chosen: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
) -> tuple[TitleMatch, ...]:
    """Take every title for a column of the structure, for the period (id of a column of time), or for none.

    :param chosen: title -> column id, by a person for this file; an empty id leaves the column out
    :param remembered: the same of earlier files of the entry
    """
    columns = {column.id: column for column in structure.columns}
    found: dict[int, TitleMatch] = {}
    taken: set[str] = set()

    def take(place: int, match: TitleMatch) -> None:
        found[place] = match
        taken.add(match.column_id)

    for place, title in enumerate(titles):
        for given, how in ((chosen, "chosen"), (remembered, "remembered")):
            column_id = _looked_up(given, title)
            if place not in found and column_id is not None and (column_id in columns or not column_id):
                take(place, TitleMatch(title, column_id, how))  # pyright: ignore[reportArgumentType]
    for how, names in _names(structure.columns):
        for place, title in enumerate(titles):
            column_id = names.get(_words(title)) or names.get(folded(title))
            if place not in found and column_id and column_id not in taken:
                take(place, TitleMatch(title, column_id, how))  # pyright: ignore[reportArgumentType]
    for place, column_id, score in _near(titles, structure.columns, found, taken):
        take(place, TitleMatch(titles[place], column_id, "fuzzy", score))
    return tuple(found.get(place) or TitleMatch(title, "", "none", 0.0) for place, title in enumerate(titles))


def is_time(title: str) -> bool:
    """Whether a title says that its column holds the period of the rows."""
    return column_ids([title])[0] in TIME_COLUMNS


def _looked_up(given: Mapping[str, str] | None, title: str) -> str | None:
    if not given:
        return None
    if title in given:
        return given[title]
    plain = _words(title)
    return next((column_id for other, column_id in given.items() if _words(other) == plain), None)


def _names(columns: Iterable[Column]) -> list[tuple[str, dict[str, str]]]:
    """The ways of naming columns, surest first; a name that two columns share names none."""
    ways: list[tuple[str, list[tuple[str, str]]]] = [("label", []), ("id", []), ("synonym", []), ("label", [])]
    for column in columns:
        ways[0][1].append((_words(column.label), column.id))
        ways[1][1].append((_words(column.id), column.id))
        ways[2][1].extend((_words(name), column.id) for name in column.synonyms)
        ways[3][1].append((folded(column.label), column.id))
    found = []
    for how, pairs in ways:
        names: dict[str, set[str]] = {}
        for name, column_id in pairs:
            names.setdefault(name, set()).add(column_id)
        found.append((how, {name: next(iter(ids)) for name, ids in names.items() if name and len(ids) == 1}))
    return found


def _near(
    titles: Sequence[str], columns: Sequence[Column], found: Mapping[int, TitleMatch], taken: set[str]
) -> list[tuple[int, str, float]]:
    """Pairs of titles and columns that are near, each at most once and clearly nearer than any other pair of either."""
    scores: list[tuple[float, int, str]] = []
    for place, title in enumerate(titles):
        if place in found or is_time(title) or not folded(title):
            continue
        for column in columns:
            if column.id not in taken:
                names = {column.label, column.id.replace("_", " "), *column.synonyms}
                score = max(_nearness(_told(title), _told(name)) for name in names)
                if score >= _NEAR_TITLE:
                    scores.append((score, place, column.id))
    sure = []
    for score, place, column_id in sorted(scores, key=lambda one: (-one[0], one[1], one[2])):
        rivals = [other for other, at, to in scores if (at == place) != (to == column_id) and other > score - _LEAD]
        if not rivals:
            sure.append((place, column_id, round(score, 1)))
    return sure


def _told(title: str) -> str:
    """A title as it is compared, and a pair of halves as what both are."""
    return _SEX if _EITHER.fullmatch(title.strip()) else folded(title)


def _nearness(title: str, name: str) -> float:
    """How near two folded titles are by the best of what their short words may mean."""
    return max(_near_as(mine, theirs) for mine in _meant(title) for theirs in _meant(name))


def _near_as(mine: Sequence[str], theirs: Sequence[str]) -> float:
    """How near the words are, 0 where one that carries meaning stands on one side alone."""
    if not mine or not theirs:
        return 0.0
    left = list(theirs)
    for word in mine:
        pair = max(left, key=lambda other: _alike(word, other), default="")
        if pair and _alike(word, pair) >= _NEAR_WORD:
            left.remove(pair)
        elif word not in _WEAK:
            return 0.0
    if any(word not in _WEAK for word in left) or not (set(mine) - _WEAK or set(mine) == set(theirs)):
        return 0.0
    return float(fuzz.token_sort_ratio(" ".join(mine), " ".join(theirs)))


def _alike(word: str, other: str) -> float:
    if word == other:
        return 100.0
    if min(len(word), len(other)) < _SURE_WORD or any(sign.isdigit() for sign in word + other):
        return 0.0
    return float(fuzz.ratio(word, other))


def _meant(text: str) -> list[list[str]]:
    """The words of a text with short ones written out, in all the ways that they may mean."""
    said = text.split()
    known = [_SHORT.get(word, (word,)) for word in map(_doubled, said)]
    ways = product(*(ways if len(said) > 1 else ways[:1] for ways in known))
    return [_once(" ".join(way).split()) for way in islice(ways, _MOST_READINGS)]


def _doubled(word: str) -> str:
    """``rata2`` is a word said twice; ``km2`` is none."""
    return word[:-1] if len(word) > _SURE_WORD and word.endswith("2") and word[:-1].isalpha() else word


def _once(words: Sequence[str]) -> list[str]:
    # Laki-laki is one word, said twice.
    return [word for place, word in enumerate(words) if place == 0 or word != words[place - 1]]


def _words(text: str) -> str:
    """Letters and digits, and the signs that make another thing of them: ``> 60``, ``L + P``, ``% Penduduk``."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    spread = (sign if sign.isalnum() else f" {sign} " if sign in _TELLING else " " for sign in plain)
    return " ".join("".join(spread).split())
