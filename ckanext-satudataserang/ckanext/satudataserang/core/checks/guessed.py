"""Columns without an agreed type: their values decide, and what a person should know of it is said."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.columns import is_code
from ckanext.satudataserang.core.tables.kinds import is_kind, is_nothing, kind_of, number_text
from ckanext.satudataserang.core.tables.types import AMBIGUOUS, COMMA_PROOF, NUMBERS, POINT_PROOF, ColumnType
from ckanext.satudataserang.core.tables.values import COMMA, Kind

from . import dressed, partly
from .base import Check
from .numbers import DIBACA
from .subject import Cells, Fault, Subject

BUKAN_ANGKA = Check(
    "bukan-angka",
    Severity.WARNING,
    title="Isi yang bukan angka",
    message="Kolom “{column}” hampir seluruhnya angka, tetapi baris {row} berisi “{value}”. "
    "Seluruh kolom disimpan sebagai teks sehingga tidak dapat dijumlahkan.",
    advice="Ganti isinya dengan angka, atau kosongkan sel itu lalu unggah ulang.",
)
CAMPUR = Check(
    "desimal-campur",
    Severity.WARNING,
    title="Dua cara menulis desimal",
    message="Kolom “{column}” memakai dua cara menulis desimal: “{one}” di baris {first} dan “{value}” "
    "di baris {row}. Kolom disimpan sebagai teks.",
    advice="Pilih satu cara, misalnya 1234,5 untuk semua baris.",
)
RANCU = Check(
    "angka-rancu",
    Severity.WARNING,
    title="Angka yang dapat berarti dua",
    message="“{value}” di baris {row} kolom “{column}” dapat berarti ribuan atau pecahan, dan nilai lain di kolom "
    "itu tidak memberi petunjuk. Kolom disimpan sebagai teks.",
    advice="Tulis angka tanpa tanda ribuan, misalnya 1234.",
)
TIPE = Check(
    "tipe-tidak-sesuai",
    Severity.INFO,
    title="Tipe di kamus data tidak cocok",
    message="Kamus data meminta kolom “{column}” bertipe {wanted}, tetapi isinya tidak semuanya demikian. "
    "Kolom disimpan sebagai teks.",
    advice="Perbaiki isi kolom, atau ubah tipenya di kamus data.",
)
CHECKS = (BUKAN_ANGKA, CAMPUR, RANCU, TIPE)


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Decide a column's type from its values, by `types.ColumnProfile`."""
    wanted = subject.wishes.types.get(column.id, "")
    column.type = column.profile.decide(wanted)
    column.value = _value(column)
    if wanted != "text" and _undressed(subject, column, by_name=not wanted):
        if (wanted, column.type.name) == ("numeric", "integer"):
            column.type = ColumnType("numeric")
        return []
    if wanted and wanted != "text" and column.type.name == "text":
        subject.add([TIPE.found(column=column.title, wanted=wanted)])
    if column.is_number:
        _say_how_read(subject, column)
    if column.type.name != "text" or wanted == "text" or is_code(column.id):
        return []
    seen = column.profile.seen
    if seen and seen <= set(NUMBERS):
        _undecided(subject, column, seen)
    elif column.profile.is_mostly_number:
        kind = kind_of(subject.text_of(column))
        return [Fault(BUKAN_ANGKA, column, is_kind(kind, Kind.TEXT))]
    else:
        partly.say(subject, column)
    return []


def _undressed(subject: Subject, column: Cells, *, by_name: bool) -> bool:
    """Whether all that stands in the column is a number or a day in other clothes; then it is read as that."""
    if dressed.whole_years(subject, column):
        return True
    if column.type.name != "text" or (by_name and is_code(column.id)):
        return False
    return dressed.read(subject, column)


def _value(column: Cells) -> str:
    x, kinds = column.raw, column.profile.kinds
    if column.type.name == "text":
        return x
    value = x
    if column.is_number and column.profile.seen - {Kind.INTEGER, Kind.POINT}:
        value = number_text(x, column.type.decimal)
    return f"CASE WHEN {is_nothing(x)} THEN NULL ELSE {value} END" if kinds[Kind.NOTHING] else value


def _say_how_read(subject: Subject, column: Cells) -> None:
    """A thousand or a fraction: which was taken, and because of what."""
    unsure = column.profile.seen & set(AMBIGUOUS)
    if not unsure:
        return
    row, text = column.profile.earliest(*unsure)
    proof = COMMA_PROOF if column.type.decimal == COMMA else POINT_PROOF
    proof_row, proof_text = column.profile.earliest(*proof)
    read_as = text.replace(".", "").replace(",", ".") if column.type.decimal == COMMA else text.replace(",", "")
    subject.add(
        [
            DIBACA.found(
                row=row,
                column=column.title,
                value=text,
                read=read_as,
                proof=proof_text,
                proof_row=proof_row,
                count=sum(column.profile.kinds[kind] for kind in unsure),
            )
        ]
    )


def _undecided(subject: Subject, column: Cells, seen: set[Kind]) -> None:
    point, comma = seen & set(POINT_PROOF), seen & set(COMMA_PROOF)
    if point and comma:
        first, one = column.profile.earliest(*point)
        row, text = column.profile.earliest(*comma)
        subject.add([CAMPUR.found(row=row, column=column.title, value=text, one=one, first=first)])
        return
    row, text = column.profile.earliest(*(seen & set(AMBIGUOUS)))
    subject.add([RANCU.found(row=row, column=column.title, value=text)])
