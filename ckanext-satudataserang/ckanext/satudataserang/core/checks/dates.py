"""Columns that have to hold days."""

from __future__ import annotations

from collections import Counter

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.tables.amounts import is_missing_sql
from ckanext.satudataserang.core.tables.dates import CANDIDATE, Day, Order, read_day
from ckanext.satudataserang.core.tables.kinds import full_match, is_kind, kind_of
from ckanext.satudataserang.core.tables.types import ColumnType
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .subject import Cells, Fault, Subject

BUKAN_TANGGAL = Check(
    "bukan-tanggal",
    Severity.ERROR,
    title="Isi yang bukan tanggal",
    message="Baris {row}, kolom “{column}”: “{value}” bukan tanggal.",
    advice="Tulis tanggal seperti 2025-07-21.",
)
CAMPUR = Check(
    "tanggal-campur",
    Severity.ERROR,
    title="Urutan hari dan bulan bercampur",
    message="Kolom “{column}” memuat tanggal dengan hari di depan (“{one}”) dan dengan bulan di depan (“{value}”), "
    "sehingga tanggal seperti “{open}” dapat berarti dua hari.",
    advice="Tulis semua tanggal seperti 2025-07-21.",
)
DIBACA = Check(
    "tanggal-dibaca",
    Severity.INFO,
    title="Cara tanggal dibaca",
    message="“{value}” di kolom “{column}” dibaca {read}: hari di depan, seperti lazimnya. Tanggal serupa: {count}.",
    advice="Periksa apakah tanggalnya benar. Tanpa keraguan: 2025-07-21.",
    variants={
        "mdy": "“{value}” di kolom “{column}” dibaca {read}: bulan di depan, karena “{proof}” di kolom itu hanya dapat "
        "dibaca demikian. Tanggal serupa: {count}.",
    },
)
CHECKS = (BUKAN_TANGGAL, CAMPUR, DIBACA)

#: So many different texts are looked at; a column of days has fewer.
_MOST = 200_000


def read(subject: Subject, column: Cells) -> list[Fault]:
    """Read a column that has to hold days (or moments, where the standing table holds those)."""
    column.type = ColumnType(column.asked)
    x = column.raw
    plain = (Kind.DATE, Kind.TIMESTAMP) if column.asked == "timestamp" else (Kind.DATE,)
    if column.profile.seen <= set(plain) and not column.profile.kinds[Kind.NOTHING]:
        column.value = x
        return []
    kind = kind_of(x)
    good = f"({is_kind(kind, *plain)})"
    texts = [
        row[0]
        for row in subject.ask(
            f"SELECT DISTINCT {x} AS x FROM cells WHERE NOT {good} AND length({x}) <= 40 "  # noqa: S608
            f"AND {full_match(x, CANDIDATE)} ORDER BY x LIMIT {_MOST}"
        )
    ]
    days = {text: read_day(text) for text in texts}
    order = _order(subject, column, days)
    pairs = [(text, day.isoformat()) for text, each in days.items() if (day := each.under(order)) is not None]
    meaning = subject.lookup(f"days{subject.columns.index(column)}", pairs, x)
    column.value = f"CASE WHEN {good} THEN {x} ELSE {meaning} END"
    value = subject.value_of(column)
    return [Fault(BUKAN_TANGGAL, column, f"{value} IS NULL AND {x} IS NOT NULL AND NOT {is_missing_sql(x)}")]


def _order(subject: Subject, column: Cells, days: dict[str, Day]) -> Order:
    proofs = Counter(day.order for day in days.values())
    opened = [text for text, day in days.items() if day.open]
    order: Order = "mdy" if proofs["mdy"] and not proofs["dmy"] else "dmy"
    if not opened:
        return order
    first = {day.order: text for text, day in reversed(days.items())}
    if proofs["mdy"] and proofs["dmy"]:
        subject.add([CAMPUR.found(column=column.title, value=first["mdy"], one=first["dmy"], open=opened[0])])
    elif order == "mdy" or not proofs["dmy"]:
        day = days[opened[0]].under(order)
        told = {"read": day.isoformat() if day else "", "count": len(opened), "proof": first.get("mdy", "")}
        subject.add([DIBACA.found("mdy" if order == "mdy" else "", column=column.title, value=opened[0], **told)])
    return order
