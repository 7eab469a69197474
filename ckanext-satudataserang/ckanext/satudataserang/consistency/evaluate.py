"""Evaluating rules: the DataStore sums each side and lays both side by side, the outcome is written here, set by set.

The DataStore may be another database, so its answers travel through this process; they are sums by period, area and
class, never rows of data. Each pair of columns is one transaction: an evaluation that dies is begun again and finds
what is done as it would do it.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg2
import sqlalchemy as sa

from ckanext.satudataserang.catalogue.tables import units
from ckanext.satudataserang.consistency import registry, settling
from ckanext.satudataserang.consistency.signals import comparisons_changed
from ckanext.satudataserang.consistency.sources import Found, Sources
from ckanext.satudataserang.consistency.types import Database
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.compare import Figure, Outcome, compare
from ckanext.satudataserang.core.consistency.convert import Conversion, conversion
from ckanext.satudataserang.core.consistency.keys import Keys, common, pairs
from ckanext.satudataserang.core.consistency.model import VARIABLE_RULE, Rule, Source
from ckanext.satudataserang.submission import tables

log = logging.getLogger(__name__)

_LOCK = 0x5A7DA5A3
_TIMEOUT = "120s"
#: A comparison of more keys than this is cut off: nobody would read it.
MOST_KEYS = 200_000
_COLUMNS = (
    "id text, rule text, kind text, left_entry text, left_column text, right_entry text, right_column text, "
    "period text, area text, classes text, left_value numeric, left_unit text, right_value numeric, right_unit text, "
    "unit text, difference numeric, detail jsonb, terbuka boolean, state text, reason text"
)
_NAMES = [one.split()[0] for one in _COLUMNS.split(", ")]
_CHANGING = _NAMES[10:]
_WRITE = f"""
    WITH fresh AS (SELECT * FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS f({_COLUMNS})),
    gone AS (
        DELETE FROM satudata_comparison c
        WHERE c.rule = :rule AND c.left_entry = :left_entry AND c.left_column = :left_column
          AND c.right_entry = :right_entry AND c.right_column = :right_column
          AND NOT EXISTS (SELECT 1 FROM fresh f WHERE f.id = c.id)
        RETURNING 1
    ),
    written AS (
        INSERT INTO satudata_comparison AS c ({", ".join(_NAMES)}, evaluated_at)
        SELECT {", ".join(_NAMES)}, :now FROM fresh
        ON CONFLICT (id) DO UPDATE SET ({", ".join(_CHANGING)}, evaluated_at) =
            ROW({", ".join(f"excluded.{one}" for one in _CHANGING)}, excluded.evaluated_at)
        WHERE ({", ".join(f"c.{one}" for one in _CHANGING)})
           IS DISTINCT FROM ({", ".join(f"excluded.{one}" for one in _CHANGING)})
        RETURNING 1
    )
    SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""
#: What no pair stands for any more: a rule that ended, a column that is gone.
_FORGET = """
    DELETE FROM satudata_comparison c
    WHERE (:everything OR c.left_entry = ANY(:entries) OR c.right_entry = ANY(:entries))
      AND NOT EXISTS (
        SELECT 1 FROM jsonb_to_recordset(CAST(:pairs AS jsonb))
            AS p(rule text, left_entry text, left_column text, right_entry text, right_column text)
        WHERE (p.rule, p.left_entry, p.left_column, p.right_entry, p.right_column)
            = (c.rule, c.left_entry, c.left_column, c.right_entry, c.right_column))
    RETURNING left_entry, right_entry
"""


@dataclass
class Evaluated:
    """What an evaluation did: pairs of columns, comparisons, those that changed, and whose figures they are."""

    pairs: int = 0
    comparisons: int = 0
    changed: int = 0
    entries: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Pair:
    """Two columns to be compared by a rule."""

    rule: Rule
    left: Source
    right: Source

    def names(self) -> dict[str, str]:
        """What names the pair in the tables."""
        return {
            "rule": self.rule.kode,
            "left_entry": self.left.entry_id,
            "left_column": self.left.column,
            "right_entry": self.right.entry_id,
            "right_column": self.right.column,
        }


def evaluate(session: Database, now: datetime, entry_ids: Sequence[str] | None = None) -> Evaluated:
    """Compare what the given entries publish, or everything for None; commits as it goes and tells who is concerned.

    One evaluation at a time; evaluating twice changes nothing.
    """
    with _alone(session):
        rules = registry.in_force()
        sources = Sources(rules)
        wanted = set(entry_ids) if entry_ids is not None else None
        done = Evaluated()
        named: list[dict[str, str]] = []
        for pair in _pairs(rules, sources, wanted):
            rows = list(outcomes(pair, sources))
            changed = _write(session, now, pair, rows)
            session.commit()
            named.append(pair.names())
            done.pairs += 1
            done.comparisons += len(rows)
            done.changed += changed
            if changed:
                done.entries |= {pair.left.entry_id, pair.right.entry_id}
        scope = {"everything": wanted is None, "entries": sorted(wanted or ())}
        for row in session.execute(sa.text(_FORGET), {**scope, "pairs": json.dumps(named)}):
            done.changed += 1
            done.entries |= {row.left_entry, row.right_entry}
        done.entries |= settling.settle(session, now, scope)
        session.commit()
    if done.entries:
        comparisons_changed.send("satudata_consistency", entry_ids=sorted(done.entries))
    log.info("Kesamaan: %s pasang kolom, %s perbandingan, %s berubah", done.pairs, done.comparisons, done.changed)
    return done


class _alone:  # noqa: N801 (reads as a context)
    """Hold the right to evaluate over several transactions; ends with the connection, whatever happens."""

    def __init__(self, session: Database) -> None:
        bind: Any = session.get_bind()
        self._connection = getattr(bind, "engine", bind).connect()

    def __enter__(self) -> None:
        self._connection.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
        self._connection.commit()

    def __exit__(self, *_: object) -> None:
        try:
            self._connection.execute(sa.text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        finally:
            self._connection.close()


def _pairs(rules: Iterable[Rule], sources: Sources, wanted: set[str] | None) -> Iterator[Pair]:
    for rule in rules:
        for pair in of_rule(rule, sources):
            if wanted is None or wanted & {pair.left.entry_id, pair.right.entry_id}:
                yield pair


def of_rule(rule: Rule, sources: Sources) -> Iterator[Pair]:
    """The pairs of columns that a rule compares; of a variable only those of different entries."""
    for left, right in pairs(rule, sources.of_side(rule.left), sources.of_side(rule.right)):
        if left.entry_id != right.entry_id or not rule.kode.startswith(VARIABLE_RULE):
            yield Pair(rule, left, right)


def outcomes(pair: Pair, sources: Sources) -> Iterator[dict[str, Any]]:
    """The comparisons of a pair as rows of `satudata_comparison`; none where a side has no table to be compared."""
    left, right = sources.look(pair.left, pair.rule.left), sources.look(pair.right, pair.rule.right)
    if left is None or right is None:
        return
    terbuka = left.terbuka and right.terbuka
    if pair.rule.kind == "kode":
        rows = _code_outcomes(pair.rule, left, right)
    else:
        keys = common(pair.rule, left.source, right.source)
        rows = _figure_outcomes(pair.rule, keys, left.source, right.source) if keys else iter(())
    for row in rows:
        key = (*pair.names().values(), row["period"], row["area"], row["classes"])
        name = hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:32]
        yield {"id": name, **pair.names(), "kind": pair.rule.kind, "terbuka": terbuka, **row}


def ask(question: plan.Statement) -> list[tuple[Any, ...]]:
    """The DataStore's answer; none where a table or a column went meanwhile, or its values are no numbers."""
    with tables.cursor() as cursor:
        try:
            cursor.execute(f"SET LOCAL statement_timeout = '{_TIMEOUT}'")
            cursor.execute(question.sql, question.values)
            return cursor.fetchmany(MOST_KEYS)
        except (psycopg2.errors.UndefinedTable, psycopg2.errors.UndefinedColumn, psycopg2.errors.UndefinedFunction):
            log.warning("Tabel DataStore tidak dapat dibandingkan", exc_info=True)
            return []


def _figure_outcomes(rule: Rule, keys: Keys, left: Source, right: Source) -> Iterator[dict[str, Any]]:
    said = conversion(units(), left.unit, right.unit)
    classes = len(keys.classes)
    for row in ask(plan.figures(rule, keys, left, right)):
        period, area, codes = row[0], row[1], row[2 : 2 + classes]
        first = figure_of(row[2 + classes : 9 + classes], plan.expected(rule.left, left, keys, area))
        second = figure_of(row[9 + classes :], plan.expected(rule.right, right, keys, area))
        outcome = compare(rule, said, first, second)
        yield {
            "period": period,
            "area": area,
            "classes": "|".join(codes),
            **_told(left, right, said, first, second, outcome),
            "detail": _detail(keys, first, second, outcome, said),
        }


def figure_of(row: Sequence[Any], expected: int | None) -> Figure | None:
    """One side's columns of an answer as a figure; None where it has nothing."""
    value, rows, filled, parts, decimals, first, last = row
    if rows is None:
        return None
    number = None if value is None else Decimal(str(value))
    finite = number if number is not None and number.is_finite() else None
    return Figure(finite, rows, filled, parts, expected, decimals or 0, first, last)


def _told(
    left: Source, right: Source, said: Conversion, first: Figure | None, second: Figure | None, outcome: Outcome
) -> dict[str, Any]:
    return {
        "left_value": _number(first.value if first else None),
        "left_unit": left.unit,
        "right_value": _number(second.value if second else None),
        "right_unit": right.unit,
        "unit": said.unit,
        "difference": _number(outcome.difference),
        "state": outcome.state,
        "reason": outcome.reason,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _detail(
    keys: Keys, first: Figure | None, second: Figure | None, outcome: Outcome, said: Conversion
) -> dict[str, Any]:
    """What a page tells beside the figures."""
    found: dict[str, Any] = {"kelas": list(keys.classes), "toleransi": _number(outcome.tolerance)}
    for name, figure in (("kiri", first), ("kanan", second)):
        if figure is not None:
            found[name] = {
                "baris": figure.rows,
                "bagian": figure.parts,
                "seharusnya": figure.expected,
                "hari": figure.last.isoformat() if figure.last else None,
            }
    if said.left != said.right:
        found["faktor"] = [_number(said.left), _number(said.right)]
    return found


def _code_outcomes(rule: Rule, left: Found, right: Found) -> Iterator[dict[str, Any]]:
    for period, here, there, only_left, only_right in ask(plan.codes(rule, left.source, right.source)):
        missing = [_listed(only_left), _listed(only_right)]
        apart = sum(len(one) for one in missing)
        reason = "tanpa-kiri" if not here else "tanpa-kanan" if not there else ""
        state = "tak_terbanding" if reason else "beda" if apart else "sama"
        yield {
            "period": period,
            "area": "",
            "classes": "",
            "left_value": str(here),
            "left_unit": "kode",
            "right_value": str(there),
            "right_unit": "kode",
            "unit": "kode",
            "difference": str(apart),
            "state": state,
            "reason": reason,
            "detail": {"hanya_kiri": missing[0][: plan.NAMED], "hanya_kanan": missing[1][: plan.NAMED]},
        }


def _listed(text: str | None) -> list[str]:
    return [one[:100].replace("\0", "") for one in (text or "").split(", ") if one]


def _write(session: Database, now: datetime, pair: Pair, rows: Sequence[Mapping[str, Any]]) -> int:
    parameters = {"rows": json.dumps(rows), "now": now, **pair.names()}
    return int(session.scalar(sa.text(_WRITE), parameters) or 0)
