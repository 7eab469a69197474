"""Columns without an agreed type of which many cells are numbers and some are not: stored as text, and told as such.

Where all but a few are numbers the few are told one by one (`guessed`); where few are, the column is one of texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import is_missing, undressed
from ckanext.satudataserang.core.tables.columns import is_key
from ckanext.satudataserang.core.tables.kinds import is_kind, kind_of
from ckanext.satudataserang.core.tables.types import NUMBERS
from ckanext.satudataserang.core.tables.values import Kind
from ckanext.satudataserang.core.tables.values import kind_of as kind_of_text

from . import dressed
from .base import Check
from .subject import Cells, Subject

SEBAGIAN = Check(
    "angka-sebagian",
    Severity.WARNING,
    title="Kolom yang hanya sebagian berisi angka",
    message="Kolom “{column}” berisi {numbers} angka dan {count} isi lain, yang pertama di baris {row}: “{value}”. "
    "Seluruh kolom disimpan sebagai teks sehingga tidak dapat dijumlahkan.",
    advice="Ganti isi itu dengan angkanya saja, atau kosongkan selnya bila tidak ada nilainya; keterangan ditulis di "
    "kolom lain. Bila kolom itu memang bukan angka, biarkan saja.",
)
CHECKS = (SEBAGIAN,)

_FEWEST = 2
#: So many different texts are looked at for what they are like.
_LOOKED_AT = 200
#: Columns of these names hold names of classes and places, of which some are numbers, or whatever there is to say.
_NAMES = re.compile(
    r"blok|rt|rw|rt_rw|kelas|golongan|gol|pangkat|eselon|tingkat|jenis|tipe|type|kategori|kelompok|kelompok_umur|umur"
    r"|usia|status|kondisi|ruang|ruangan|lantai|jenjang|judul|sumber|satuan|merk|merek|seri|versi|ukuran|rombel|zona"
    r"|jalan|kelas_jalan|(?:nama|alamat|keterangan|ket|catatan|uraian)(?:_.*)?"
)
#: `12A`, `B3`, `II-a`, `3/4`, `1.01;1.02`: parts of addresses, names of classes, several codes in a cell.
_CODE = re.compile(
    r"[A-Za-z]{0,3} ?[-./]? ?[0-9]{1,4} ?[-./]? ?[A-Za-z]{0,2}|[IVXLivxl]+[-./]?[a-zA-Z]?"
    r"|[0-9.]+(?: ?[;/&+|] ?[0-9.]+)+|[0-9]+(?:, ?[0-9]+)+"
)


@dataclass(frozen=True)
class _Others:
    """The cells that are no numbers: how many, the row and the text of the first, and some of their texts."""

    count: int
    row: int
    value: str
    texts: list[str]


def say(subject: Subject, column: Cells) -> None:
    """Say of a column of text that half of its cells or more are numbers, and which is the first that is none."""
    profile = column.profile
    if profile.kinds[Kind.CODE] or is_key(column.id) or _NAMES.fullmatch(column.id):
        return
    said = profile.values - profile.kinds[Kind.NOTHING]
    numbers = sum(profile.kinds[kind] for kind in NUMBERS)
    if numbers * 2 >= said:
        others = _bare(subject, column)
    else:
        others = _dressed(subject, column)
        numbers = said - others.count if others else 0
    if others is None or numbers < _FEWEST or numbers * 2 < said or all(map(_is_code, others.texts)):
        return
    told = {"row": others.row, "value": others.value, "count": others.count, "numbers": numbers}
    subject.add([SEBAGIAN.found(column=column.title, **told)])


def _bare(subject: Subject, column: Cells) -> _Others | None:
    """What is no number as it stands."""
    x = column.raw
    no_number = f"{x} IS NOT NULL AND NOT ({is_kind(kind_of(x), Kind.NOTHING, *NUMBERS)})"
    ((count, row, value, texts),) = subject.ask(
        f"SELECT count(*), min({subject.row_number}), arg_min({x}, {subject.row_number}), "  # noqa: S608 (our own names)
        f"list_slice(list(DISTINCT {x}), 1, {_LOOKED_AT}) FROM cells WHERE {no_number}"
    )
    return _Others(count, row, value, texts) if count else None


def _dressed(subject: Subject, column: Cells) -> _Others | None:
    """What is neither a number nor one in other clothes; None where the beginning of the table has few that are."""
    sample = dressed.sampled(subject, column)
    if sum(map(dressed.is_number, sample)) * 2 < sum(not is_missing(text) for text in sample):
        return None
    found = [one for one in dressed.different(subject, column) if kind_of_text(one.text) is not Kind.NOTHING]
    others = [one for one in found if not dressed.is_number(one.text)]
    if not others:
        return None
    return _Others(
        sum(one.count for one in others), others[0].row, others[0].text, [one.text for one in others[:_LOOKED_AT]]
    )


def _is_code(text: str) -> bool:
    return _CODE.fullmatch(text) is not None and undressed(text) == text
