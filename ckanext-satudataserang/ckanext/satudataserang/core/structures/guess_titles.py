"""What the title of a column says beside its name: its unit, and what kind of measure it is."""

from __future__ import annotations

import re
import unicodedata

from ckanext.satudataserang.core.units import UnitTable

from .reading import MAX_LINE

_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*")
_MEASURES = (
    (("jumlah", "jml", "jlh", "banyaknya", "banyak", "total"), "Jumlah"),
    (("persentase", "prosentase", "presentase", "persen", "%"), "Persentase"),
    (("rata-rata", "rata", "rerata"), "Rata-rata"),
    (("luas",), "Luas"),
    (("panjang",), "Panjang"),
    (("produksi", "volume", "timbulan"), "Volume"),
    (("harga", "nilai", "realisasi", "anggaran", "pagu"), "Nilai"),
    (("indeks",), "Indeks"),
    (("rasio", "nisbah"), "Rasio"),
)
_UNITS = {"Persentase": "persen"}
_COUNTED = re.compile(r"(?:jumlah|jml|jlh|banyaknya)\s+(\S+(?:\s+\S+)?)", re.IGNORECASE)
_LEFT = 4


def readable(text: str) -> str:
    """A text of a file as a structure may hold it: on one line, without signs that nobody can read, not too long."""
    kept = (sign if unicodedata.category(sign) not in ("Cc", "Cs") else " " for sign in text)
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())[:MAX_LINE].strip()


def label_of(title: str) -> str:
    """The title as a label: without its unit in brackets, on one line, shouting made quiet."""
    bare = " ".join(_BRACKETS.sub(" ", title).split()) or " ".join(title.split()) or "Kolom"
    bare = bare.replace("_", " ").strip() or "Kolom"
    if (bare.isupper() and len(bare) > _LEFT) or bare.islower():
        bare = bare.title()
    return readable(bare) or "Kolom"


def unit_of(title: str, units: UnitTable | None) -> str:
    """The canonical unit that a title names, in brackets (``(Rp)``) or by its words; empty where it names none."""
    if units is None:
        return ""
    for text in reversed(_BRACKETS.findall(title)):
        match = units.canonical(text, cut=0).unit
        if match is not None:
            return match.name
    counted = _COUNTED.match(title.strip())
    if counted:
        words = counted[1].split()
        for text in (" ".join(words), words[0]):
            match = units.canonical(text, cut=0).unit
            if match is not None and match.dimension.startswith("cacah"):
                return match.name
    return _UNITS.get(measure_of(title, ""), "")


def measure_of(title: str, unit: str) -> str:
    """What kind of measure a title and its unit speak of (``Jumlah``, ``Persentase``, ...); empty where unknown."""
    words = [word.strip("().,%").casefold() or word for word in title.replace("_", " ").split()]
    for starts, measure in _MEASURES:
        if words and words[0] in starts:
            return measure
    return "Persentase" if unit == "persen" else ""
