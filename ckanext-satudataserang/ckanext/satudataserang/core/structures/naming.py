"""The naming rules of BPS's INDAH for concepts, variables and titles, asked of one name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

#: Words of measuring that a name must not begin with: what is measured is said by the attribute `ukuran`.
MEASURES = (
    "jumlah", "jml", "jlh", "banyak", "banyaknya", "total", "rata-rata", "rerata", "rataan", "persentase", "prosentase",
    "presentase", "persen", "proporsi", "median",
)  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PERIOD_WORDS = _words(
    "harian mingguan bulanan triwulan triwulanan semester semesteran tahunan periode januari februari maret april mei "
    "juni juli agustus september oktober november nopember desember"
)
_TIME_UNITS = _words("tahun thn bulan bln minggu")
_JOINING = _words(
    "di ke dari dan atau yang untuk pada menurut dengan per terhadap karena oleh dalam atas bagi akibat s.d. hingga "
    "sampai tanpa secara sebagai antar"
)
_CLIPPED = _words(
    "jml jlh kec kel kab prov thn bln tgl org pddk pend pddkn yg utk dgn dg pd dll dsb dst tsb no nmr ket sklh pusk "
    "rmh pr lk hub sktr"
)
_BRACKETS = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\s,;:/()]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_INITIALS = re.compile(r"(?:[A-Z]{2,}[A-Z0-9]*(?:-[\w]+)?|[A-Z]+[a-z]*[A-Z]+[A-Za-z]*)")


@dataclass(frozen=True)
class Fault:
    """What a name does not keep to: `code` of the rule, the sentence, what to do, and what the sentence names."""

    code: str
    template: str
    advice: str
    params: dict[str, str] = field(default_factory=dict)


def faults(name: str, places: Collection[str] = ()) -> Iterator[Fault]:
    """What of the naming rules a name does not keep.

    :param name: the name of a concept, variable, indicator, column or title
    :param places: names of the region's areas, which must not stand in a name
    """
    bare = _BRACKETS.sub(" ", name)
    words = _WORD.findall(bare)
    yield from _capitals(words)
    yield from _short_forms(words)
    yield from _measure(words)
    yield from _periods(words)
    yield from _places(bare, places)


def _capitals(words: list[str]) -> Iterator[Fault]:
    small = [word for index, word in enumerate(words) if word[0].islower() and (index == 0 or word not in _JOINING)]
    if small:
        yield Fault(
            "huruf-kapital",
            "Nama “{name}” memuat kata tanpa huruf kapital: {words}.",
            "Awali setiap kata dengan huruf kapital, kecuali kata hubung.",
            {"words": ", ".join(small)},
        )


def _short_forms(words: list[str]) -> Iterator[Fault]:
    short = [word for word in words if _INITIALS.fullmatch(word) or word.casefold().rstrip(".") in _CLIPPED]
    if short:
        yield Fault(
            "singkatan",
            "Nama “{name}” memuat singkatan: {words}.",
            "Tulis kepanjangannya; singkatan umum boleh dalam kurung: Nomor Pokok Wajib Pajak (NPWP).",
            {"words": ", ".join(short)},
        )


def _measure(words: list[str]) -> Iterator[Fault]:
    if len(words) > 1 and words[0].casefold().rstrip(".") in MEASURES:
        yield Fault(
            "awal-ukuran",
            "Nama “{name}” diawali ukuran “{words}”.",
            "Sebut hal yang diukur saja; ukurannya diisi pada atribut ukuran, misalnya Konsumsi Makanan dengan ukuran "
            "Rata-rata.",
            {"words": words[0]},
        )


def _periods(words: list[str]) -> Iterator[Fault]:
    found = []
    for index, word in enumerate(words):
        small = word.casefold().strip(".")
        after_number = index > 0 and words[index - 1][-1].isdigit() and not _YEAR.fullmatch(words[index - 1])
        if _YEAR.fullmatch(word) or small in _PERIOD_WORDS or (small in _TIME_UNITS and not after_number):
            found.append(word)
    if found:
        yield Fault(
            "memuat-periode",
            "Nama “{name}” memuat periode: {words}.",
            "Hapus periodenya; periode setiap baris dicatat portal dari kirimannya.",
            {"words": ", ".join(found)},
        )


def _places(bare: str, places: Collection[str]) -> Iterator[Fault]:
    plain = _spaced(bare)
    found = [place for place in places if place and f" {_spaced(place)} " in f" {plain} "]
    if found:
        yield Fault(
            "memuat-wilayah",
            "Nama “{name}” memuat nama wilayah: {words}.",
            "Hapus nama wilayahnya; wilayah setiap baris diisi pada kolom wilayah.",
            {"words": ", ".join(dict.fromkeys(found))},
        )


def _spaced(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded).split())
