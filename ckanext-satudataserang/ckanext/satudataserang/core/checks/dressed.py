"""Columns without an agreed type whose every value is a number, a year or a day in other clothes.

`Rp 1.000`, `12,5 %`, `1 234`, `−5`, `(1.234)`, `2024.0`, `3 Januari 2025`: where all that stands in a column is written
so, it is what it says, and a person is told how it was read. One value that is not leaves the column as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import is_accounted, is_marked, is_missing, undressed
from ckanext.satudataserang.core.tables.dates import Day, Order, read_day
from ckanext.satudataserang.core.tables.matching import is_time
from ckanext.satudataserang.core.tables.types import (
    AMBIGUOUS,
    COMMA_PROOF,
    NUMBERS,
    POINT_PROOF,
    ColumnProfile,
    ColumnType,
)
from ckanext.satudataserang.core.tables.values import COMMA, POINT, Kind, kind_of, number_text

from .base import Check
from .marks import NEGATIF, TANDA
from .numbers import DIBACA
from .subject import Cells, Subject

TULISAN = Check(
    "tulisan-dibaca",
    Severity.INFO,
    title="Cara tulisan dibaca",
    message="Kolom “{column}” ditulis seperti “{value}” (baris {row}) dan seluruhnya dibaca sebagai angka: {read}. "
    "Sel serupa: {count}.",
    advice="Periksa apakah artinya benar. Bila kolom itu bukan angka atau tanggal, pilih tipe teks di kamus data.",
    variants={
        "bulat": "Kolom “{column}” ditulis seperti “{value}” (baris {row}) dan dibaca sebagai bilangan bulat: {read}. "
        "Sel serupa: {count}.",
        "tanggal": "Kolom “{column}” ditulis seperti “{value}” (baris {row}) dan seluruhnya dibaca sebagai tanggal: "
        "{read}. Sel serupa: {count}.",
    },
)
CHECKS = (TULISAN,)

#: Words and signs around a number that leave no doubt; other words might be the class a row is of.
_MONEY = re.compile(r"(?:rp\.?|idr)\s*[+\-−–]?\s*[0-9]|[0-9]\s*rupiah$|[0-9](?:,-+|\.-)$", re.IGNORECASE)
_PERCENT = re.compile(r"[0-9]\s*(?:%|persen)$", re.IGNORECASE)
_SPACED = re.compile(r"[+\-−–]?[0-9]{1,3}(?:[ \u00a0\u2007\u2009\u202f][0-9]{3})+(?:[.,][0-9]+)?", re.ASCII)
_SIGNED = re.compile(r"[−–][ \u00a0]?[0-9][0-9.,]*|- [0-9][0-9.,]*|\+ ?[0-9]{1,7}(?:[.,][0-9]+)*", re.ASCII)
#: In brackets these may be the number of a note, or a year.
_NOTE_OR_YEAR = re.compile(r"\( *(?:[0-9]{1,2}|(?:19|20)[0-9]{2}) *\)", re.ASCII)
#: A letter or a number behind a number may also be part of a name, a plus before it a grade.
_LOOSE = re.compile(r"^\+|[\s\u00a0](?:[a-z]|[0-9a-d]\))$", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]+[.,]0+", re.ASCII)
#: A year of two digits leaves open what the others are.
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/. ]+[0-9]{1,2}[-/. ]+[0-9]{2}", re.ASCII)
_LONGEST = 60
_SAMPLE = 50
#: So many different texts are looked at.
_MOST = 100_000


@dataclass(frozen=True)
class _Text:
    """One text of a column: how many cells hold it, and the first of their rows."""

    text: str
    count: int
    row: int


def read(subject: Subject, column: Cells) -> bool:
    """Read the column as what it says; False where some value is nothing but text."""
    seen = column.profile.seen
    if Kind.TEXT not in seen or seen & {Kind.CODE, Kind.TIMESTAMP}:
        return False
    likely = [text for text in sampled(subject, column) if kind_of(text) not in NUMBERS and not is_missing(text)]
    # The beginning of the table tells of most columns that they are text.
    reader = next((one for may_be, one in _READERS if all(map(may_be, likely))), None)
    return reader is not None and reader(subject, column, different(subject, column))


def whole_years(subject: Subject, column: Cells) -> bool:
    """Read `2024.0` in a column of years or other times as the whole number that it is."""
    fractions = column.profile.seen & {Kind.POINT, Kind.COMMA}
    if not is_time(column.id) or not fractions or not column.profile.seen <= {Kind.INTEGER, *fractions}:
        return False
    texts = [one for one in different(subject, column) if not is_missing(one.text)]
    dressed = [one for one in texts if kind_of(one.text) is not Kind.INTEGER]
    if not dressed or not all(_WHOLE.fullmatch(one.text) for one in dressed):
        return False
    meaning = {one.text: re.split("[.,]", one.text)[0] for one in texts}
    _take(subject, column, meaning, ColumnType("integer"), _profile(column, texts, meaning))
    _say(subject, column, dressed, meaning, "bulat")
    return True


def sampled(subject: Subject, column: Cells) -> list[str]:
    """Some of the texts at the beginning of the table."""
    found = subject.ask(
        f"SELECT DISTINCT x FROM (SELECT {column.raw} AS x FROM cells WHERE {column.raw} IS NOT NULL "  # noqa: S608
        f"LIMIT {_SAMPLE * 10}) LIMIT {_SAMPLE}"
    )
    return [text for (text,) in found]


def different(subject: Subject, column: Cells) -> list[_Text]:
    """All different texts of a column; none where there are too many."""
    x = column.raw
    found = subject.ask(
        f"SELECT {x} AS x, count(*), min({subject.row_number}) AS first FROM cells WHERE {x} IS NOT NULL "  # noqa: S608
        f"GROUP BY x ORDER BY first LIMIT {_MOST + 1}"
    )
    return [_Text(*row) for row in found] if len(found) <= _MOST else []


def is_number(text: str) -> bool:
    """Whether a text is a number, as it stands or in clothes that leave no doubt."""
    return kind_of(text) in NUMBERS or _is_amount(text)


def _is_amount(text: str) -> bool:
    if len(text) > _LONGEST:
        return False
    dress = _MONEY.search(text) or _PERCENT.search(text) or _SPACED.fullmatch(text) or _SIGNED.fullmatch(text)
    return (dress is not None or is_accounted(text) or is_marked(text)) and kind_of(undressed(text)) in NUMBERS


def _are_negative(column: Cells, accounted: list[_Text], said: list[_Text]) -> bool:
    """Whether brackets, or a minus at the end, mean a negative number: the other values say that the column holds
    numbers, and not all that is in brackets may be a note's number or a year."""
    others = sum(one.count for one in said) - sum(one.count for one in accounted)
    clear = any(not _NOTE_OR_YEAR.fullmatch(one.text) for one in accounted)
    return clear and not is_time(column.id) and others * 2 >= sum(one.count for one in accounted)


def _are_figures(said: list[_Text]) -> bool:
    """Whether numbers with a letter behind or a plus before them are numbers: enough other values are."""
    loose = sum(one.count for one in said if _LOOSE.search(one.text))
    return (sum(one.count for one in said) - loose) * 2 >= loose


def _amounts(subject: Subject, column: Cells, texts: list[_Text]) -> bool:
    said = [one for one in texts if not is_missing(one.text)]
    dressed = [one for one in said if kind_of(one.text) not in NUMBERS]
    if not dressed or not all(_is_amount(one.text) for one in dressed):
        return False
    if len({bool(_PERCENT.search(one.text)) for one in said}) > 1:
        # 0,5 beside 50 % might be either.
        return False
    accounted = [one for one in dressed if is_accounted(one.text)]
    marked = [one for one in dressed if is_marked(one.text)]
    if (accounted and not _are_negative(column, accounted, said)) or not _are_figures(said):
        return False
    bare = {one.text: undressed(one.text) for one in said}
    profile = _profile(column, said, bare)
    kind = profile.decide() if profile.seen <= set(NUMBERS) else ColumnType("text")
    if kind.name == "text" and all(_MONEY.search(one.text) for one in dressed):
        kind = _money(profile)
    if kind.name == "text":
        if profile.seen <= set(NUMBERS):
            # Nothing but numbers, yet nobody knows which: that is to be said.
            profile.id, column.profile = column.id, profile
        return False
    meaning = {text: number_text(one, kind.decimal) for text, one in bare.items()}
    _take(subject, column, meaning, kind, profile)
    if others := [one for one in dressed if one not in accounted and one not in marked]:
        _say(subject, column, others, meaning)
    _say_thousands(subject, column, kind, [one for one in said if not _MONEY.search(one.text)], bare, meaning)
    for check, some in ((NEGATIF, accounted), (TANDA, marked)):
        if some:
            told = {"read": meaning[some[0].text], "count": sum(one.count for one in some)}
            subject.add([check.found(row=some[0].row, column=column.title, value=some[0].text, **told)])
    return True


def _money(profile: ColumnProfile) -> ColumnType:
    """Rupiah have no thousandths: three digits behind a sign are a thousand where all are written with one sign."""
    unsure = profile.seen & set(AMBIGUOUS)
    if len(unsure) != 1 or not profile.seen <= {Kind.INTEGER, *unsure}:
        return ColumnType("text")
    return ColumnType("integer", COMMA if Kind.AMBIGUOUS_POINT in unsure else POINT)


def _say_thousands(
    subject: Subject,
    column: Cells,
    kind: ColumnType,
    texts: list[_Text],
    bare: Mapping[str, str],
    meaning: Mapping[str, str],
) -> None:
    """Say how `1.234` was read, and which other value told."""
    unsure = [one for one in texts if kind_of(bare[one.text]) in AMBIGUOUS]
    proof_of = COMMA_PROOF if kind.decimal == COMMA else POINT_PROOF
    proof = next((one for one in texts if kind_of(bare[one.text]) in proof_of), None)
    if unsure and proof:
        first = unsure[0]
        told = {"read": meaning[first.text], "count": sum(one.count for one in unsure)}
        told |= {"proof": proof.text, "proof_row": proof.row}
        subject.add([DIBACA.found(row=first.row, column=column.title, value=first.text, **told)])


def _is_day(text: str) -> bool:
    if len(text) > _LONGEST or _SHORT_YEAR.fullmatch(text):
        return False
    day = read_day(text)
    return day.dmy is not None or day.mdy is not None


def _days(subject: Subject, column: Cells, texts: list[_Text]) -> bool:
    said = [one for one in texts if not is_missing(one.text)]
    dressed = [one for one in said if kind_of(one.text) is not Kind.DATE]
    if not dressed or not all(kind_of(one.text) is Kind.TEXT and _is_day(one.text) for one in dressed):
        return False
    days = {one.text: read_day(one.text) for one in said}
    order = _order(days)
    read = {text: day.under(order) for text, day in days.items()} if order else {}
    meaning = {text: day.isoformat() for text, day in read.items() if day is not None}
    if len(meaning) < len(days):
        return False
    _take(subject, column, meaning, ColumnType("date"), _profile(column, said, meaning))
    # One that might be another day too says most about how they were read.
    _say(subject, column, sorted(dressed, key=lambda one: not days[one.text].open), meaning, "tanggal")
    return True


def _order(days: Mapping[str, Day]) -> Order | None:
    """Whether days or months come first; None where some text says one and another the other."""
    proofs = {day.order for day in days.values()}
    if "dmy" in proofs and "mdy" in proofs:
        return None
    return "mdy" if "mdy" in proofs else "dmy"


#: What the values have to look like, and what then reads the column.
_READERS: tuple[tuple[Callable[[str], bool], Callable[[Subject, Cells, list[_Text]], bool]], ...] = (
    (_is_amount, _amounts),
    (_is_day, _days),
)


def _profile(column: Cells, texts: list[_Text], meaning: Mapping[str, str]) -> ColumnProfile:
    """What stands in the column once it is undressed."""
    profile = ColumnProfile("nilai", column.title)
    for one in texts:
        kind = kind_of(meaning[one.text])
        profile.kinds[kind] += one.count
        profile.first.setdefault(kind, (one.row, one.text))
    profile.kinds[Kind.EMPTY] = column.profile.kinds[Kind.EMPTY]
    profile.kinds[Kind.NOTHING] = column.profile.values - sum(one.count for one in texts)
    return profile


def _take(
    subject: Subject, column: Cells, meaning: Mapping[str, str], kind: ColumnType, profile: ColumnProfile
) -> None:
    """From here on the column holds what its texts mean; what means nothing holds no value."""
    profile.id = column.id
    column.profile = profile
    column.type = ColumnType(kind.name)
    name = f"dressed{subject.columns.index(column)}"
    column.value = subject.lookup(name, list(meaning.items()), column.raw)


def _say(subject: Subject, column: Cells, dressed: list[_Text], meaning: Mapping[str, str], variant: str = "") -> None:
    first = dressed[0]
    told = {"read": meaning[first.text], "count": sum(one.count for one in dressed)}
    subject.add([TULISAN.found(variant, row=first.row, column=column.title, value=first.text, **told)])
