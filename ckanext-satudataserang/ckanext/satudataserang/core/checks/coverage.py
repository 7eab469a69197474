"""Which periods a table covers, and what it holds for each."""

from __future__ import annotations

from dataclasses import dataclass, field

from ckanext.satudataserang.core.findings import Severity
from ckanext.satudataserang.core.periods import STATIC_KEY
from ckanext.satudataserang.core.tables.kinds import full_match, is_nothing, literal
from ckanext.satudataserang.core.tables.periods import ABSENT, SEPARATOR, Coverage, PeriodFacts, belongs
from ckanext.satudataserang.core.tables.types import TableColumn
from ckanext.satudataserang.core.tables.values import Kind

from .base import Check
from .digests import digest_sql
from .subject import Cells, Subject

LAIN = Check(
    "periode-lain",
    Severity.ERROR,
    title="Baris untuk periode lain",
    message="{count} baris (mulai baris {row}) untuk periode {value}, padahal kiriman ini untuk {period}.",
    advice="Hapus baris itu, atau kirim lewat formulir periode {value}.",
)
TANPA = Check(
    "baris-tanpa-periode",
    Severity.ERROR,
    title="Baris tanpa periode",
    message="{count} baris (mulai baris {row}) tidak menyebut periode yang dapat dibaca.",
    advice="Isi periodenya dengan {period}, atau hapus kolom periodenya.",
)
CHECKS = (LAIN, TANPA)

#: So many different texts of periods are looked at.
_MOST = 20_000


@dataclass
class Covered:
    """`facts` by the key of the period; `coverage` says which columns tell it. `delivered`: of the delivery's own."""

    coverage: Coverage
    facts: dict[str, PeriodFacts] = field(default_factory=dict)
    delivered: PeriodFacts = field(default_factory=lambda: PeriodFacts(""))


def check(subject: Subject) -> Covered:
    """Count rows and values by period; with a delivery's period, report the rows that are of another."""
    wishes = subject.wishes
    columns = [TableColumn(one.id, one.title, one.type) for one in subject.columns]
    default = STATIC_KEY if wishes.period.startswith(STATIC_KEY) else wishes.period or wishes.default_period
    coverage = Coverage(columns, default_period=default, frequency=wishes.frequency, since=wishes.since)
    measured, numeric = _measured(subject, coverage)
    covered = Covered(coverage, delivered=PeriodFacts(wishes.period))
    told = [one for one in subject.columns if one.id in coverage.told_by and one.present]
    found: list[tuple[str, str | None]] = []
    strangers: dict[str | None, tuple[int, int]] = {}
    for text, cells, first, facts in _counted(subject, told, measured, numeric=numeric):
        row: list[str | None] = [None] * len(columns)
        for column, cell in zip(told, cells, strict=True):
            row[subject.columns.index(column)] = cell
        key = coverage.period_of(first, row)
        found.append((text, key))
        if key is not None and coverage.takes(key, covered.facts):
            covered.facts.setdefault(key, PeriodFacts(key)).take(facts)
        if wishes.period:
            if key is not None and belongs(key, wishes.period):
                covered.delivered.take(facts)
            else:
                count, at = strangers.get(key, (0, first))
                strangers[key] = (count + facts.rows, min(at, first))
    _name_periods(subject, told, found)
    subject.add(coverage.findings)
    for key, (count, first) in strangers.items():
        told_of = {"row": first, "count": count, "period": wishes.period}
        subject.add([LAIN.found(value=key, **told_of) if key is not None else TANPA.found(**told_of)])
    return covered


def _measured(subject: Subject, coverage: Coverage) -> tuple[list[Cells], bool]:
    """The columns whose values count: required measures of the structure, or what looks like measures."""
    agreed = [one for one in subject.columns if one.agreed is not None and one.agreed.is_measure]
    if agreed:
        return [one for one in agreed if one.agreed is not None and one.agreed.required] or agreed, True
    return [subject.columns[index] for index in coverage.measured], coverage.numeric


def _counted(
    subject: Subject, told: list[Cells], measured: list[Cells], *, numeric: bool
) -> list[tuple[str, list[str | None], int, PeriodFacts]]:
    """For every combination of texts that tell a period: the texts, the first row, and what its rows hold."""
    proof = subject.proof
    if proof is not None and not told and subject.all_proven:
        zero = sum(one.zeros for one in measured) if numeric else 0
        held = sum(one.filled for one in measured)
        return [
            ("", [], proof.first, PeriodFacts("", proof.rows, proof.rows * len(measured), held, zero, proof.digest))
        ]
    values = [subject.value_of(one) for one in told]
    text, by = (_joined(values), "GROUP BY t ORDER BY min(n)") if values else ("any_value('')", "")
    digest = digest_sql([(subject.value_of(one), one.type.name) for one in subject.columns])
    present, zeros = ["0"], ["0"]
    for column in measured:
        value = subject.value_of(column)
        there = f"{value} IS NOT NULL" if numeric else f"{value} IS NOT NULL AND NOT {is_nothing(value)}"
        present.append(f"count({value})" if numeric else f"count(*) FILTER (WHERE {there})")
        zeros.append(f"count(*) FILTER (WHERE {_is_zero(column, value)})" if numeric and column.has_zeros() else "0")
    shown = "".join(f", any_value({value})" for value in values)
    found = subject.ask(
        f"SELECT {text} AS t, min(number), count(*), {' + '.join(present)}, {' + '.join(zeros)}, "  # noqa: S608
        f"{digest}{shown} FROM rows {by} LIMIT {_MOST}"
    )
    return [
        (
            each[0],
            list(each[6:]),
            each[1],
            PeriodFacts("", each[2], each[2] * len(measured), each[3], each[4], int(each[5])),
        )
        for each in found
    ]


def _is_zero(column: Cells, value: str) -> str:
    if column.profile.seen <= {Kind.INTEGER}:
        return f"{value} IN ('0', '-0')"
    return full_match(value, r"-?0+(?:\.0+)?")


def _name_periods(subject: Subject, told: list[Cells], found: list[tuple[str, str | None]]) -> None:
    """Put the key of its period beside every row, for the checks that compare rows of one period."""
    if len(found) < 2 or not told:  # noqa: PLR2004 (one is all)
        return
    text = _joined([one.value for one in told])
    subject.period_sql = subject.lookup("periods", found, text)
    subject.view()


def _joined(values: list[str]) -> str:
    shown = ", ".join(f"coalesce({value}, {literal(ABSENT)})" for value in values)
    return f"concat_ws({literal(SEPARATOR)}, {shown})"
