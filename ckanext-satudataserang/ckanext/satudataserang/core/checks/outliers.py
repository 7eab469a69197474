"""Figures far from their own history: the modified z-score of Iglewicz and Hoaglin (1993)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from ckanext.satudataserang.core.findings import CAP, Severity
from ckanext.satudataserang.core.structures.model import Outliers

from .base import Check
from .subject import Cells, Subject, insert_many

MENCOLOK = Check(
    "nilai-mencolok",
    Severity.WARNING,
    title="Nilai yang jauh dari riwayatnya",
    message="Baris {row}, kolom “{column}”: {value} jauh dari biasanya. Nilai tengah {number} periode sebelumnya "
    "{middle}.",
    advice="Periksa angkanya dan satuannya. Bila memang benar, beri penjelasan pada kiriman.",
    variants={
        "musim": "Baris {row}, kolom “{column}”: {value} jauh dari biasanya. Nilai tengah {number} periode yang sama "
        "pada tahun-tahun sebelumnya {middle}.",
    },
)
CHECKS = (MENCOLOK,)

#: With fewer earlier values nothing is said.
FEWEST = 6
_LIMIT = 3.5
_TO_SIGMA = 0.6745
_MEAN_TO_SIGMA = 1.253314
#: Where all earlier values are alike, a change by more than this share of them is far.
_CHANGE = 0.1


@dataclass(frozen=True)
class Norm:
    """The middle of earlier values, and from which distance on a value is far from it; `number` of them."""

    middle: float
    distance: float
    number: int

    def is_far(self, value: float) -> bool:
        """Whether a value lies beyond the distance."""
        return abs(value - self.middle) > self.distance


def norm(values: Sequence[Decimal | float]) -> Norm | None:
    """What is usual among earlier values; None for fewer than `FEWEST`.

    The score 0.6745 |x - median| / MAD is far above 3.5. Where more than half of the values are alike the MAD is 0, and
    the mean absolute deviation stands in for it (1.253314 of it is a standard deviation); where all are alike, a tenth.
    """
    if len(values) < FEWEST:
        return None
    numbers = [float(value) for value in values]
    middle = median(numbers)
    deviations = [abs(value - middle) for value in numbers]
    if mad := median(deviations):
        distance = _LIMIT * mad / _TO_SIGMA
    elif mean := sum(deviations) / len(deviations):
        distance = _LIMIT * mean * _MEAN_TO_SIGMA
    else:
        distance = max(abs(middle) * _CHANGE, 1.0)
    return Norm(middle, distance, len(numbers))


def comparable(series: Iterable[tuple[str, Decimal]], period: str, how: Outliers) -> list[Decimal]:
    """The earlier values a figure is compared with: all, or those of the same part of other years."""
    others = [(key, value) for key, value in series if key != period]
    if how != "seasonal":
        return [value for _key, value in others]
    return [value for key, value in others if _part(key) == _part(period)]


def check(subject: Subject) -> None:
    """Warn of figures of the delivery's period that are far from the history of the same row."""
    keys = [one for one in subject.columns if one.agreed is not None and one.agreed.key]
    if not all(one.present for one in keys):
        return
    for i, column in enumerate(subject.columns):
        how = column.agreed.outliers if column.agreed is not None else "history"
        series = subject.wishes.history.get(column.id)
        if column.present and column.is_number and how != "off" and series:
            _compare(subject, column, keys, series, how, f"norms{i}")


def _compare(
    subject: Subject,
    column: Cells,
    keys: Sequence[Cells],
    history: Mapping[tuple[str, ...], Sequence[tuple[str, Decimal]]],
    how: Outliers,
    table: str,
) -> None:
    norms = [
        [*key, repr(usual.middle), repr(usual.distance), str(usual.number)]
        for key, series in history.items()
        if len(key) == len(keys) and (usual := norm(comparable(series, subject.wishes.period, how)))
    ]
    if not norms:
        return
    names = "".join(f"k{i} VARCHAR, " for i in range(len(keys)))
    subject.ask(f"CREATE OR REPLACE TABLE {table} ({names}middle DOUBLE, distance DOUBLE, number BIGINT)")
    insert_many(subject.database, table, norms)
    same = " AND ".join([f"{subject.value_of(one)} = k{i}" for i, one in enumerate(keys)]) or "true"
    value = f"CAST({subject.value_of(column)} AS DOUBLE)"
    source = f"rows JOIN {table} AS usual ON {same} WHERE abs({value} - middle) > distance"
    rows = subject.ask(
        f"SELECT rows.number, {subject.text_of(column)}, middle, usual.number, count(*) OVER () FROM {source} "  # noqa: S608
        f"ORDER BY n LIMIT {CAP}"
    )
    variant = "musim" if how == "seasonal" else ""
    for row, text, middle, number, _total in rows:
        told = {"middle": f"{middle:.12g}", "number": number}
        subject.add([MENCOLOK.found(variant, row=row, column=column.title, value=text, **told)])
    if rows:
        subject.findings.count(MENCOLOK.code, MENCOLOK.severity, rows[0][-1] - len(rows))


def _part(period: str) -> str:
    """The part of the year a period is: `Q3`, `07`, nothing for a year."""
    return period[5:] if period[4:5] == "-" else ""
