"""Columns that have to hold numbers: what is read as which number, and what is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import undressed_sql
from ckanext.satudataserang.core.tables.kinds import full_match, is_kind, kind_of, number_text
from ckanext.satudataserang.core.tables.types import AMBIGUOUS, COMMA_PROOF, POINT_PROOF, ColumnProfile, ColumnType
from ckanext.satudataserang.core.tables.values import COMMA, POINT, Kind

from . import groups, marks, profiles, sections
from .base import Check
from .subject import Cells, Fault, Subject

BUKAN_ANGKA = Check(
    "bukan-angka",
    Severity.ERROR,
    title="Isi yang bukan angka",
    message="Baris {row}, kolom “{column}”: “{value}” bukan angka.",
    advice="Tulis angkanya saja, atau kosongkan sel itu.",
    variants={"nol": "Baris {row}, kolom “{column}”: “{value}” diawali nol seperti kode, bukan angka."},
)
BULAT = Check(
    "bukan-bulat",
    Severity.ERROR,
    title="Pecahan di kolom bilangan bulat",
    message="Baris {row}, kolom “{column}”: “{value}” bukan bilangan bulat.",
    advice="Tulis bilangan bulat. Bila yang dimaksud ribuan, tulis tanpa tanda, misalnya 1234.",
)
BESAR = Check(
    "angka-terlalu-besar",
    Severity.ERROR,
    title="Angka yang terlalu besar",
    message="Baris {row}, kolom “{column}”: “{value}” terlalu besar untuk disimpan sebagai angka.",
    advice="Periksa jumlah angkanya. Nomor identitas dan kode bukan angka; taruh di kolom teks.",
)
RANCU = Check(
    "angka-rancu",
    Severity.ERROR,
    title="Angka yang dapat berarti dua",
    message="Baris {row}, kolom “{column}”: “{value}” dapat berarti ribuan atau pecahan.",
    advice="Tulis angka tanpa tanda ribuan, misalnya 1234, dan pecahan seperti 1,5.",
)
CAMPUR = Check(
    "desimal-campur",
    Severity.WARNING,
    title="Dua cara menulis desimal",
    message="Kolom “{column}” memakai dua cara menulis desimal: “{one}” di baris {first} dan “{value}” "
    "di baris {row}. Masing-masing dibaca menurut tandanya sendiri.",
    advice="Pilih satu cara, misalnya 1234,5 untuk semua baris.",
)
DIBACA = Check(
    "angka-dibaca",
    Severity.INFO,
    title="Cara angka dibaca",
    message="“{value}” di baris {row} kolom “{column}” dibaca {read}, karena “{proof}” di baris {proof_row} "
    "menunjukkan cara kolom itu menulis desimal. Sel serupa: {count}.",
    advice="Periksa apakah angkanya benar. Tanpa tanda ribuan tidak ada keraguan: 1234 atau 1234,5.",
    variants={
        "bulat": "“{value}” di baris {row} kolom “{column}” dibaca {read}, karena kolom itu berisi bilangan bulat. "
        "Sel serupa: {count}.",
        "desimal": "“{value}” di baris {row} kolom “{column}” dibaca {read}, karena kolom itu paling banyak "
        "{decimals} angka di belakang koma. Sel serupa: {count}.",
        "rentang": "“{value}” di baris {row} kolom “{column}” dibaca {read}, karena hanya itu yang berada dalam batas "
        "nilai kolom. Sel serupa: {count}.",
        "riwayat": "“{value}” di baris {row} kolom “{column}” dibaca {read}, karena sepadan dengan nilai periode "
        "sebelumnya. Sel serupa: {count}.",
    },
)
CHECKS = (BUKAN_ANGKA, BULAT, BESAR, RANCU, CAMPUR, DIBACA)

#: Written as the database reads them.
_PLAIN = {"integer": {Kind.INTEGER}, "numeric": {Kind.INTEGER, Kind.POINT}}
_FRACTIONS = (Kind.POINT, Kind.COMMA, Kind.GROUPED_POINT, Kind.GROUPED_COMMA)
#: More digits before the decimals than this are stored nowhere as a number.
_WHOLE_DIGITS = {"integer": 19, "numeric": 20}
#: A number so many times larger or smaller than its history's middle is not what was meant.
_FAR = 30


@dataclass(frozen=True)
class Reading:
    """How numbers that may be a thousand or a fraction are read: `thousands` None where nothing tells."""

    thousands: Mapping[Kind, bool]
    because: str = ""


def prepare(subject: Subject) -> None:
    """Leave out the rows that only head sections, fill names of groups down, and take the dress off all numbers that
    wear one, once.

    From then on `b<i>` is the bare number in `cells`, `k<i>` its kind.
    """
    sections.leave_out(subject)
    groups.fill(subject)
    dressed = [
        (i, one)
        for i, one in enumerate(subject.columns)
        if one.present and not one.proven and one.asked in _PLAIN and not _is_plain(one)
    ]
    if not dressed:
        return
    bare = ", ".join(f"{undressed_sql(one.raw, one.agreed.satuan if one.agreed else '')} AS b{i}" for i, one in dressed)
    kinds = ", ".join(f"{kind_of(f'b{i}')} AS k{i}" for i, _one in dressed)
    subject.ask(f"CREATE TABLE bare AS SELECT *, {kinds} FROM (SELECT *, {bare} FROM cells)")  # noqa: S608
    subject.ask("DROP TABLE cells")
    subject.ask("ALTER TABLE bare RENAME TO cells")


def _is_plain(column: Cells) -> bool:
    return column.profile.seen <= _PLAIN[column.asked] and not column.profile.kinds[Kind.NOTHING]


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Read a column that has to hold numbers; returns which of its cells hold none."""
    column.type = ColumnType(column.asked)
    if column.proven:
        _say(subject, column, column.profile, Reading({Kind.AMBIGUOUS_POINT: False}))
        return []
    if _is_plain(column):
        column.value = column.raw
        return []
    place = subject.columns.index(column)
    bare, kind = f"b{place}", f"k{place}"
    profile = profiles.again(subject, column, bare, kind)
    reading = _reading(subject, column, profile, bare, kind)
    column.value = _value(column, profile, bare, kind, reading)
    _say(subject, column, profile, reading)
    if column.profile.kinds[Kind.TEXT]:
        marks.say(subject, column, bare)
    return _faults(column, profile, bare, kind, reading)


def _value(column: Cells, profile: ColumnProfile, bare: str, kind: str, reading: Reading) -> str:
    """The number as the database reads it, NULL for what is none."""
    cases: dict[str, list[Kind]] = {}
    for one in sorted(profile.seen, key=lambda kind: kind.value):
        text = _text_of(one, bare, reading, column.asked)
        if text:
            cases.setdefault(text, []).append(one)
    if profile.seen <= _PLAIN[column.asked]:
        return bare
    whens = " ".join(f"WHEN {is_kind(kind, *kinds)} THEN {text}" for text, kinds in cases.items())
    value = f"(CASE {whens} ELSE NULL END)" if whens else "NULL::VARCHAR"
    if column.asked == "integer" and profile.seen & {*_FRACTIONS}:
        whole = f"regexp_replace({value}, '\\.0+$', '')"
        return f"CASE WHEN contains({whole}, '.') THEN NULL ELSE {whole} END"
    return value


def _text_of(kind: Kind, bare: str, reading: Reading, asked: str) -> str:
    if kind is Kind.INTEGER:
        return bare
    if kind is Kind.CODE:
        return f"CASE WHEN {_fits(bare, asked)} THEN {bare} ELSE NULL END"
    if kind in POINT_PROOF:
        return number_text(bare, POINT)
    if kind in COMMA_PROOF:
        return number_text(bare, COMMA)
    if kind in AMBIGUOUS and kind in reading.thousands:
        as_comma = reading.thousands[kind] == (kind is Kind.AMBIGUOUS_POINT)
        return number_text(bare, COMMA if as_comma else POINT)
    return ""


def _fits(bare: str, asked: str) -> str:
    """Whether a long number of no leading zero can be stored."""
    long = full_match(bare, f"-?[1-9][0-9]{{0,{_WHOLE_DIGITS[asked] - 1}}}")
    return f"({long} AND TRY_CAST({bare} AS BIGINT) IS NOT NULL)" if asked == "integer" else long


def _reading(subject: Subject, column: Cells, profile: ColumnProfile, bare: str, place: str) -> Reading:
    unsure = profile.seen & set(AMBIGUOUS)
    if not unsure:
        return Reading({})
    if column.asked == "integer":
        return Reading(dict.fromkeys(AMBIGUOUS, True), "bulat")
    point, comma = profile.seen & set(POINT_PROOF), profile.seen & set(COMMA_PROOF)
    if point and comma:
        return Reading({})
    if point or comma:
        return Reading({Kind.AMBIGUOUS_POINT: bool(comma), Kind.AMBIGUOUS_COMMA: bool(point)}, "")
    if len(unsure) > 1:
        return Reading({})
    (kind,) = unsure
    thousands, because = _weighed(subject, column, is_kind(place, kind), bare)
    return Reading({kind: thousands}, because) if thousands is not None else Reading({})


def _weighed(subject: Subject, column: Cells, where: str, bare: str) -> tuple[bool | None, str]:
    """Which of the two readings the structure or the history leaves possible: thousands yes or no, and why."""
    as_thousand = f"CAST(replace(replace({bare}, '.', ''), ',', '') AS DECIMAL(38, 12))"
    as_fraction = f"CAST(replace({bare}, ',', '.') AS DECIMAL(38, 12))"
    digits = f"max(length(regexp_extract({bare}, '[.,]([0-9]*[1-9])', 1)))"
    (least_t, most_t, middle_t, least_f, most_f, middle_f, decimals) = subject.ask(
        f"SELECT min({as_thousand}), max({as_thousand}), median({as_thousand}), min({as_fraction}), "  # noqa: S608
        f"max({as_fraction}), median({as_fraction}), {digits} FROM cells WHERE {where}"
    )[0]
    agreed = column.agreed
    if agreed is not None:
        if agreed.decimals is not None and (decimals or 0) > agreed.decimals:
            return True, "desimal"
        inside_t = _inside(least_t, most_t, agreed.minimum, agreed.maximum)
        inside_f = _inside(least_f, most_f, agreed.minimum, agreed.maximum)
        if inside_t != inside_f:
            return inside_t, "rentang"
    middle = _middle(subject, column)
    if middle:
        near_t, near_f = _near(middle_t, middle), _near(middle_f, middle)
        if near_t != near_f:
            return near_t, "riwayat"
    return None, ""


def _inside(least: Decimal, most: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> bool:
    return (minimum is None or least >= minimum) and (maximum is None or most <= maximum)


def _near(value: float | Decimal, middle: Decimal) -> bool:
    size = abs(Decimal(str(value)))
    return middle / _FAR <= size <= middle * _FAR


def _middle(subject: Subject, column: Cells) -> Decimal | None:
    values = sorted(
        abs(value)
        for series in subject.wishes.history.get(column.id, {}).values()
        for _period, value in series
        if value
    )
    return values[len(values) // 2] if values else None


def _say(subject: Subject, column: Cells, profile: ColumnProfile, reading: Reading) -> None:
    point, comma = profile.seen & set(POINT_PROOF), profile.seen & set(COMMA_PROOF)
    if point and comma:
        first, one = profile.earliest(*point)
        row, text = profile.earliest(*comma)
        subject.add([CAMPUR.found(row=row, column=column.title, value=text, one=one, first=first)])
    unsure = [kind for kind in AMBIGUOUS if kind in profile.seen and kind in reading.thousands]
    if not unsure:
        return
    row, text = profile.earliest(*unsure)
    kind = Kind.AMBIGUOUS_POINT if "." in text else Kind.AMBIGUOUS_COMMA
    read_as = text.replace(".", "").replace(",", "") if reading.thousands[kind] else text.replace(",", ".")
    told: dict[str, object] = {"read": read_as, "count": sum(profile.kinds[one] for one in unsure)}
    if reading.because == "":
        told["proof_row"], told["proof"] = profile.earliest(*(point or comma))
    if column.agreed is not None and column.agreed.decimals is not None:
        told["decimals"] = column.agreed.decimals
    subject.add([DIBACA.found(reading.because, row=row, column=column.title, value=text, **told)])


def _faults(column: Cells, profile: ColumnProfile, bare: str, kind: str, reading: Reading) -> list[Fault]:
    seen, faults = profile.seen, list[Fault]()
    strangers = seen & {Kind.TEXT, Kind.DATE, Kind.TIMESTAMP}
    if strangers:
        faults.append(Fault(BUKAN_ANGKA, column, is_kind(kind, *strangers)))
    if Kind.CODE in seen:
        is_code, leading = is_kind(kind, Kind.CODE), full_match(bare, "-?0[0-9].*")
        faults.append(Fault(BUKAN_ANGKA, column, f"{is_code} AND {leading}", variant="nol"))
        faults.append(Fault(BESAR, column, f"{is_code} AND NOT {leading} AND NOT {_fits(bare, column.asked)}"))
    if column.asked == "integer" and seen & set(_FRACTIONS):
        faults.append(Fault(BULAT, column, f"{is_kind(kind, *_FRACTIONS)} AND ({column.value}) IS NULL"))
    unsure = {one for one in seen & set(AMBIGUOUS) if one not in reading.thousands}
    if unsure:
        faults.append(Fault(RANCU, column, is_kind(kind, *unsure)))
    return faults
