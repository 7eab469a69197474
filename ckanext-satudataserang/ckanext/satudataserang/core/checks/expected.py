"""Rows that a structure expects and the table does not have."""

from __future__ import annotations

from ckanext.satudataserang.core.findings import CAP, Severity
from ckanext.satudataserang.core.structures.model import Structure

from .base import Check
from .subject import Subject, insert_many

KURANG = Check(
    "baris-kurang",
    Severity.WARNING,
    title="Baris yang belum ada",
    message="Belum ada baris untuk {key}.",
    advice="Tambahkan barisnya; bila angkanya belum ada, biarkan selnya kosong.",
    variants={"periode": "Periode {period}: belum ada baris untuk {key}."},
)
CHECKS = (KURANG,)


def check(subject: Subject) -> None:
    """Name every combination of codes that is expected and missing, in each period of the table."""
    structure = subject.wishes.structure
    columns = [subject.column(name) for name in structure.expected] if structure else []
    known = [one for one in columns if one is not None and one.present]
    if structure is None or not columns or len(known) != len(columns):
        return
    for i, name in enumerate(structure.expected):
        _codes(subject, structure, name, i)
    several = subject.ask(f"SELECT count(DISTINCT {subject.period}) FROM rows")[0][0] > 1  # noqa: S608
    here = ", ".join(f"{subject.value_of(one)} AS k{i}" for i, one in enumerate(known))
    lists = " CROSS JOIN ".join(
        ["(SELECT DISTINCT p FROM here) AS periods", *(f"expected{i}" for i in range(len(known)))]
    )
    same = " AND ".join(
        ["here.p IS NOT DISTINCT FROM periods.p", *(f"here.k{i} = expected{i}.code" for i in range(len(known)))]
    )
    labels = ", ".join(f"expected{i}.label" for i in range(len(known)))
    order = ", ".join(["periods.p", *(f"expected{i}.place" for i in range(len(known)))])
    missing = (
        f"WITH here AS MATERIALIZED (SELECT DISTINCT {subject.period} AS p, {here} FROM rows) "  # noqa: S608
        f"SELECT periods.p, {labels}, count(*) OVER () FROM {lists} "
        f"WHERE NOT EXISTS (SELECT 1 FROM here WHERE {same}) ORDER BY {order} LIMIT {CAP}"
    )
    rows = subject.ask(missing)
    for period, *labelled, _total in rows:
        key = ", ".join(f"{column.title} “{label}”" for column, label in zip(known, labelled, strict=True))
        subject.add([KURANG.found("periode" if several else "", key=key, period=period or "", column=known[0].title)])
    if rows:
        subject.findings.count(KURANG.code, KURANG.severity, rows[0][-1] - len(rows))


def _codes(subject: Subject, structure: Structure, column_id: str, place: int) -> None:
    codes = structure.codes_of(structure.column(column_id))
    subject.ask(f"CREATE OR REPLACE TABLE expected{place} (code VARCHAR, label VARCHAR, place VARCHAR)")
    members = codes.codes if codes else ()
    insert_many(
        subject.database, f"expected{place}", [(one.code, one.label, f"{i:09d}") for i, one in enumerate(members)]
    )
