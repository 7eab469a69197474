"""Names of groups that are written once for several rows, without merged cells: ``Serang`` and five blank cells below.

Where it is certain that a blank cell means the name above, it is filled with it and a person is told; where it is not,
nothing is filled, and what could be done is said. Numbers are never filled in.
"""

from __future__ import annotations

from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.types import ColumnProfile
from ckanext.satudataserang.core.tables.values import Kind

from . import profiles
from .base import Check
from .codelists import outside
from .grouping import Lie, Seen, Wanted, lie, wanted
from .subject import Cells, Subject

_FILLED = (
    "Kolom “{column}” hanya terisi di baris pertama tiap kelompok. {count} sel kosong di bawahnya (mulai baris {row}) "
    "diisi dengan nama di atasnya, misalnya “{name}”."
)
DIISI = Check(
    "nama-kelompok-diisi",
    Severity.INFO,
    title="Nama kelompok yang diisikan ke bawah",
    message=_FILLED,
    advice="Periksa apakah setiap baris masuk kelompok yang benar. Tidak ada keraguan bila nama kelompok ditulis di "
    "setiap baris.",
)
DIDUGA = Check(
    "nama-kelompok-diisi",
    Severity.WARNING,
    title="Nama kelompok yang diisikan ke bawah",
    message=_FILLED,
    advice="Periksa apakah setiap baris masuk kelompok yang benar. Bila sel itu memang kosong, tulis tanda seperti “-” "
    "di dalamnya, lalu unggah ulang.",
)
KOSONG = Check(
    "nama-kelompok-kosong",
    Severity.WARNING,
    title="Nama kelompok yang hanya ditulis sekali",
    message="Kolom “{column}” kosong di {count} baris (mulai baris {row}), mungkin karena “{name}” hanya ditulis "
    "sekali untuk beberapa baris. Itu tidak cukup pasti, jadi tidak ada yang diisikan.",
    advice="Salin isi itu ke setiap baris kelompoknya (di Excel: blok dari sel yang terisi sampai baris terakhir "
    "kelompoknya, lalu tekan Ctrl+D), simpan, lalu unggah ulang.",
    variants={
        "ganda": "Kolom “{column}” kosong di {count} baris (mulai baris {row}). Bila diisi dengan isi di atasnya "
        "(“{name}”), ada baris yang sama dua kali, jadi tidak ada yang diisikan.",
        "satu": "Kolom “{column}” kosong di {count} baris (mulai baris {row}) dan hanya terisi satu kali (“{name}”), "
        "jadi tidak ada yang diisikan.",
        "wilayah": "Kolom “{column}” kosong di {count} baris (mulai baris {row}). Wilayah di baris itu bukan bagian "
        "dari wilayah di atasnya, “{name}”, jadi tidak ada yang diisikan.",
        "angka": "Kolom “{column}” kosong di {count} baris (mulai baris {row}) di bawah “{name}”. Angka tidak pernah "
        "diisikan sendiri.",
    },
)
CHECKS = (DIISI, DIDUGA, KOSONG)

_SEVERAL = 2


@dataclass(frozen=True)
class _Group:
    """A column with names of groups, how it lies, and why nothing is filled in (a variant of `KOSONG`; None: it is)."""

    column: Cells
    seen: Seen
    doubt: str | None = None


def fill(subject: Subject) -> None:
    """Fill names of groups down where that is certain; say so, or say what is not certain."""
    wishes = wanted(subject)
    if not wishes:
        return
    for wish in wishes:
        found = lie(subject, wish)
        if found is not None and not (found.open or found.others):
            break
    else:
        wish = wishes[0]
        found = lie(subject, wish)
    if found is None or (found.open and not wish.agreed):
        return
    groups = _decided(subject, wish, found)
    filled = [one for one in groups if one.doubt is None]
    if filled:
        _write(subject, filled)
    check = DIISI if wish.agreed else DIDUGA
    for one in sorted(groups, key=lambda group: group.column.number):
        told = {"column": one.column.title, "row": one.seen.row, "count": one.seen.blanks, "name": one.seen.name}
        subject.add([check.found(**told) if one.doubt is None else KOSONG.found(one.doubt, **told)])


def _decided(subject: Subject, wish: Wanted, found: Lie) -> list[_Group]:
    groups = [(wish.columns[seen.place], seen) for seen in found.groups]
    named = [(column, seen) for column, seen in groups if not _is_number(column)]
    doubt = _doubt(subject, wish, found, named)
    return [_Group(column, seen, "angka" if _is_number(column) else doubt) for column, seen in groups]


def _doubt(subject: Subject, wish: Wanted, found: Lie, named: list[tuple[Cells, Seen]]) -> str | None:
    """Why names cannot be filled in, all or none; None where they can."""
    if found.alike:
        return "ganda"
    if any(outside(subject, column, f"g{seen.place}", f"f{seen.place}") for column, seen in named):
        return "wilayah"
    if any(seen.names < _SEVERAL for _column, seen in named):
        return "satu"
    if not wish.sound or found.open or found.others or found.bare:
        return ""
    sure = all(
        seen.wide * 2 > seen.names
        and not (seen.again or seen.across or seen.under_total or seen.unspoken)
        and not (seen.recurring and not wish.agreed)
        and not column.profile.kinds[Kind.NOTHING]
        for column, seen in named
    )
    return None if sure else ""


def _is_number(column: Cells) -> bool:
    if column.asked:
        return column.asked not in ("text", "date")
    return column.profile.kinds[Kind.TEXT] + column.profile.kinds[Kind.DATE] < column.profile.values


def _write(subject: Subject, groups: list[_Group]) -> None:
    """Put the names into the blank cells, beside what the file has."""
    for one in groups:
        column, place = one.column, one.seen.place
        name = f"f{subject.columns.index(column)}"
        subject.ask(f"ALTER TABLE cells ADD COLUMN {name} VARCHAR")
        subject.ask(
            f"UPDATE cells SET {name} = below.f{place} FROM below "  # noqa: S608 (names of our own)
            f"WHERE below.g{place} IS NULL AND below.number = {subject.row_number}"
        )
        column.raw = column.value = f"coalesce({column.raw}, {name})"
        column.texts, column.profile = None, ColumnProfile(column.id, column.title)
    profiles.look(subject, [one.column for one in groups])
