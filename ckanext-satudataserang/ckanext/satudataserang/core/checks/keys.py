"""Rows that name the same thing twice."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import CAP, Severity

from .base import Check
from .subject import Subject

GANDA = Check(
    "kunci-ganda",
    Severity.ERROR,
    title="Baris yang sama dua kali",
    message="Baris {row} mengulang baris {first}: {key}.",
    advice="Sisakan satu baris untuk tiap gabungan itu, atau gabungkan nilainya.",
)
CHECKS = (GANDA,)


def check(subject: Subject) -> None:
    """Report every row whose key an earlier row of the same period has; a row without a whole key is not compared."""
    keys = [one for one in subject.columns if one.agreed is not None and one.agreed.key]
    if not keys or not all(one.present for one in keys):
        return
    if subject.proof is not None and subject.proof.unique:
        return
    values = [subject.value_of(one) for one in keys]
    parts = ", ".join([subject.period, *values])
    whole = " AND ".join(f"{value} IS NOT NULL" for value in values)
    # Numbers first: few bytes a row, and most tables have no two alike.
    subject.ask(
        f"CREATE OR REPLACE TABLE twice AS SELECT h FROM (SELECT hash({parts}) AS h FROM rows WHERE {whole}) "  # noqa: S608
        "GROUP BY h HAVING count(*) > 1"
    )
    if not subject.ask("SELECT 1 FROM twice LIMIT 1"):
        return
    named = ", ".join(f"{value} AS k{i}" for i, value in enumerate(values))
    names = ", ".join(f"k{i}" for i in range(len(values)))
    subject.ask(
        "CREATE OR REPLACE TABLE alike AS SELECT number, n, "  # noqa: S608
        f"first_value(number) OVER w AS first, row_number() OVER w AS place, {names} FROM "
        f"(SELECT number, n, {subject.period} AS p, {named} FROM rows WHERE {whole} "
        f"AND hash({parts}) IN (SELECT h FROM twice)) WINDOW w AS (PARTITION BY p, {names} ORDER BY n)"
    )
    ((count,),) = subject.ask("SELECT count(*) FROM alike WHERE place > 1")
    rows = subject.ask(f"SELECT number, first, {names} FROM alike WHERE place > 1 ORDER BY n LIMIT {CAP}")  # noqa: S608
    for row, first, *key in rows:
        told = ", ".join(f"{column.title} “{value}”" for column, value in zip(keys, key, strict=True))
        subject.add([GANDA.found(row=row, first=first, key=told, column=keys[0].title, value=key[0])])
    subject.findings.count(GANDA.code, GANDA.severity, count - len(rows))
