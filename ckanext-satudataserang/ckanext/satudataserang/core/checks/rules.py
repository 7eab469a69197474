"""What has to hold between the columns of one row."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import CAP, Severity
from ckanext.satudataserang.core.structures.model import Rule

from .base import Check
from .subject import Cells, Subject

ATURAN = Check(
    "aturan-kolom",
    Severity.ERROR,
    title="Angka yang tidak cocok satu sama lain",
    message="Baris {row}: {said} ({sum} dan {total}).",
    advice="Periksa angka-angka di baris itu; salah satunya keliru.",
    variants={
        "=": "Baris {row}: {parts} seharusnya sama dengan {whole}, tetapi {sum} dan {total}.",
        "<=": "Baris {row}: {parts} seharusnya paling banyak sebesar {whole}, tetapi {sum} dan {total}.",
        "<": "Baris {row}: {parts} seharusnya lebih kecil dari {whole}, tetapi {sum} dan {total}.",
    },
)
CHECKS = (ATURAN,)


def check(subject: Subject) -> None:
    """Report rows that break a rule of the structure; where one of the numbers is missing, nothing is compared."""
    structure = subject.wishes.structure
    proven = subject.proof.rules if subject.proof is not None else set[str]()
    rules = [rule for rule in (structure.rules if structure else ()) if rule.id not in proven]
    found = [(rule, places) for rule in rules if (places := _places(subject, rule))]
    wheres = [_broken(subject, rule, *places) for rule, places in found]
    for (rule, (parts, whole)), where, count in zip(found, wheres, subject.count(wheres), strict=True):
        if count:
            _report(subject, rule, parts, whole, where, count)


def _places(subject: Subject, rule: Rule) -> tuple[list[Cells], Cells] | None:
    columns = [subject.column(name) for name in (*rule.parts, rule.whole)]
    known = [one for one in columns if one is not None and one.present and one.is_number]
    return (known[:-1], known[-1]) if len(known) == len(columns) else None


def _broken(subject: Subject, rule: Rule, parts: list[Cells], whole: Cells) -> str:
    total, most = _sum(subject, parts), subject.number_of(whole)
    tolerance = f"{rule.tolerance:f}"
    if rule.relation == "=":
        return f"abs({total} - {most}) > {tolerance}"
    return f"{total} > {most} + {tolerance}" if rule.relation == "<=" else f"{total} >= {most} + {tolerance}"


def _sum(subject: Subject, parts: list[Cells]) -> str:
    # Whole numbers are added as 128 bits: a sum of two of 64 may not fit into 64.
    return "(" + " + ".join(f"{_wide(subject, one)}" for one in parts) + ")"


def _wide(subject: Subject, column: Cells) -> str:
    number = subject.number_of(column)
    return f"CAST({number} AS HUGEINT)" if column.type.name == "integer" else number


def _report(subject: Subject, rule: Rule, parts: list[Cells], whole: Cells, where: str, count: int) -> None:
    rows = subject.ask(
        f"SELECT number, CAST({_sum(subject, parts)} AS VARCHAR), {subject.value_of(whole)} FROM rows "  # noqa: S608
        f"WHERE {where} ORDER BY n LIMIT {CAP}"
    )
    names = " + ".join(f"“{one.title}”" for one in parts)
    for row, total, most in rows:
        told = {"parts": names, "whole": f"“{whole.title}”", "sum": _short(total), "total": most, "said": rule.message}
        variant = "" if rule.message else rule.relation
        subject.add([ATURAN.found(variant, row=row, column=whole.title, value=most, **told)])
    subject.findings.count(ATURAN.code, ATURAN.severity, count - len(rows))


def _short(number: str) -> str:
    return number.rstrip("0").rstrip(".") if "." in number else number
