"""What a structure demands of the rows of a table, as set-based statements over the table beside the old one.

The rows of a file were checked before (`core.checks`); this is the last gate, on what the database has read. Of a file
whose bytes were proven cell by cell, and which the database read as it lies, only the key is asked again. Patterns
never are: their language is RE2's, not PostgreSQL's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ckanext.satudataserang.core.checks.table import Table
from ckanext.satudataserang.core.structures.model import Column, Rule, Structure

from . import datastore_seam as seam
from .store_model import AgreementError, KeyViolation, PrimaryKeyError, Violation

_SHOWN = 1_000


@dataclass(frozen=True)
class Demand:
    """One agreement: its code, the columns it speaks of, the limit people read, and SQL that is true of a wrong row."""

    code: str
    columns: tuple[str, ...]
    limit: str
    broken: str


@dataclass(frozen=True)
class Constraints:
    """What rows have to keep: `key` are the columns that name a row once, none of them empty."""

    key: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()


def of_structure(structure: Structure, *, masked: Collection[str] = ()) -> Constraints:
    """What a structure, its lists resolved, demands; nothing of columns whose values are masked."""
    hidden = {*masked, *(column.id for column in structure.columns if column.personal)}
    shown = [column for column in structure.columns if column.id not in hidden]
    demands = [demand for column in shown for demand in _of_column(structure, column)]
    ids = {column.id for column in shown}
    demands += [_of_rule(rule) for rule in structure.rules if ids.issuperset({*rule.parts, rule.whole})]
    return Constraints(structure.key if ids.issuperset(structure.key) else (), tuple(demands))


def asked(table: Table, structure: Structure, masked: Collection[str] = ()) -> Constraints:
    """What is to be asked of the rows of a checked table once more."""
    demanded = of_structure(structure, masked=masked)
    return Constraints(demanded.key) if table.proven and not masked else demanded


def within(constraints: Constraints, columns: Collection[str], *, beside: Collection[str] = ()) -> Constraints:
    """What of it can be asked of these columns; a key is made complete by `beside`, the columns of the period."""
    key = constraints.key if set(constraints.key) <= set(columns) else ()
    return Constraints(
        tuple(dict.fromkeys([*beside, *key])) if key else (),
        tuple(demand for demand in constraints.demands if set(demand.columns) <= set(columns)),
    )


def verify(cursor: Any, table: str, constraints: Constraints) -> None:
    """Look at every row in one pass. Raises PrimaryKeyError for an empty part of the key, AgreementError for the rest.

    That no two rows share a key is told by the unique index (`duplicates` names the rows when it cannot be made).
    """
    empty = " OR ".join(f"{seam.identifier(name)} IS NULL" for name in constraints.key)
    broken = [demand.broken for demand in constraints.demands]
    conditions = [*([empty] if empty else []), *broken]
    if not conditions:
        return
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in conditions)
    cursor.execute(f"SELECT {counts} FROM {seam.identifier(table)}")  # noqa: S608 (our own identifiers and literals)
    found = list(cursor.fetchone())
    if empty and found.pop(0):
        rows = _rows(cursor, table, empty, constraints.key)
        problem = duplicates(cursor, table, constraints.key)
        problem.empty = [KeyViolation((row,), values) for row, values in rows]
        raise problem
    violations = []
    for demand, total in zip(constraints.demands, found, strict=True):
        if total:
            rows = _rows(cursor, table, demand.broken, demand.columns)
            numbers, values = zip(*rows, strict=True)
            violations.append(Violation(demand.code, demand.columns, demand.limit, total, numbers, values))
    if violations:
        raise AgreementError(violations)


def duplicates(cursor: Any, table: str, key: tuple[str, ...]) -> PrimaryKeyError:
    """The rows that share a key, the first 1,000 keys of them."""
    fields, texts = seam.quoted(key), _texts(key)
    cursor.execute(
        f"SELECT array_agg(_id ORDER BY _id), ARRAY[{texts}] FROM {seam.identifier(table)} "  # noqa: S608
        f"GROUP BY {fields} HAVING count(*) > 1 ORDER BY min(_id) LIMIT {_SHOWN}"
    )
    return PrimaryKeyError(key, [KeyViolation(tuple(ids), tuple(values)) for ids, values in cursor.fetchall()], [])


def _of_column(structure: Structure, column: Column) -> Iterator[Demand]:
    name, own = seam.identifier(column.id), (column.id,)
    if column.required:
        yield Demand("wajib", own, "", f"{name} IS NULL")
    if column.is_number and column.minimum is not None:
        yield Demand("minimum", own, str(column.minimum), f"{name} < {_number(column.minimum)}")
    if column.is_number and column.maximum is not None:
        yield Demand("maksimum", own, str(column.maximum), f"{name} > {_number(column.maximum)}")
    if column.type == "numeric" and column.decimals is not None:
        # Zeros at the end are no decimals.
        yield Demand("desimal", own, str(column.decimals), f"scale(trim_scale({name})) > {int(column.decimals)}")
    codes = structure.codes_of(column)
    if codes is not None and column.type == "text":
        listed = ", ".join(seam.literal(code.code) for code in codes.codes)
        yield Demand("kode", own, codes.label, f"NOT ({name} = ANY(ARRAY[{listed}]::text[]))")


def _of_rule(rule: Rule) -> Demand:
    parts = " + ".join(seam.identifier(part) for part in rule.parts)
    whole, slack = seam.identifier(rule.whole), _number(rule.tolerance)
    # An empty one makes the condition NULL, which is no violation.
    broken = {
        "=": f"abs(({parts}) - {whole}) > {slack}",
        "<=": f"({parts}) > {whole} + {slack}",
        "<": f"({parts}) >= {whole} + {slack}",
    }[rule.relation]
    return Demand("aturan", (*rule.parts, rule.whole), rule.message or rule.id, broken)


def _number(value: Decimal) -> str:
    return f"{value:f}::numeric"


def _texts(columns: Collection[str]) -> str:
    return ", ".join(f"{seam.identifier(name)}::text" for name in columns)


def _rows(
    cursor: Any, table: str, condition: str, columns: Collection[str]
) -> list[tuple[int, tuple[str | None, ...]]]:
    cursor.execute(
        f"SELECT _id, ARRAY[{_texts(columns)}] FROM {seam.identifier(table)} "  # noqa: S608 (our own identifiers)
        f"WHERE {condition} ORDER BY _id LIMIT {_SHOWN}"
    )
    return [(number, tuple(values)) for number, values in cursor.fetchall()]
