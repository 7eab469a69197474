"""Evaluating rules: the DataStore sums each side and lays both side by side, the outcome is written here, set by set.

The DataStore may be another database, so its answers travel through this process; they are sums by period, area and
class, never rows of data. Each pair of columns is one transaction: an evaluation that dies is begun again and finds
what is done as it would do it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import psycopg2
import sqlalchemy as sa

from ckanext.satudataserang.catalogue.tables import units
from ckanext.satudataserang.consistency import keeping, registry, settling
from ckanext.satudataserang.consistency.signals import comparisons_changed, comparisons_changing
from ckanext.satudataserang.consistency.sources import Found, Sources
from ckanext.satudataserang.consistency.types import Database
from ckanext.satudataserang.core.consistency import plan
from ckanext.satudataserang.core.consistency.compare import Figure, Outcome, compare
from ckanext.satudataserang.core.consistency.convert import Conversion, conversion
from ckanext.satudataserang.core.consistency.keys import Keys, common, pairs
from ckanext.satudataserang.core.consistency.model import Rule, Source
from ckanext.satudataserang.submission import tables

log = logging.getLogger(__name__)

_LOCK = 0x5A7DA5A3
_TIMEOUT = "120s"
#: A comparison of more keys than this is cut off: nobody would read it.
MOST_KEYS = 200_000


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
            changed = keeping.write(session, now, pair.names(), rows)
            if changed:
                _changing({pair.left.entry_id, pair.right.entry_id})
            session.commit()
            named.append(pair.names())
            done.pairs += 1
            done.comparisons += len(rows)
            done.changed += changed
            if changed:
                done.entries |= {pair.left.entry_id, pair.right.entry_id}
        settled: set[str] = set()
        scope = {"everything": wanted is None, "entries": sorted(wanted or ())}
        for entries in keeping.forget(session, scope, named):
            done.changed += 1
            settled |= entries
        settled |= settling.settle(session, now, scope)
        _changing(settled)
        session.commit()
        done.entries |= settled
    if done.entries:
        comparisons_changed.send("satudata_consistency", entry_ids=sorted(done.entries))
    log.info("Kesamaan: %s pasang kolom, %s perbandingan, %s berubah", done.pairs, done.comparisons, done.changed)
    return done


def _changing(entries: set[str]) -> None:
    if entries:
        comparisons_changing.send("satudata_consistency", entry_ids=sorted(entries))


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
        if left.entry_id != right.entry_id or not rule.left.variable or rule.left != rule.right:
            yield Pair(rule, left, right)


def outcomes(pair: Pair, sources: Sources) -> Iterator[dict[str, Any]]:
    """The comparisons of a pair as rows of `satudata_comparison`; none where a side has no table to be compared."""
    left, right = sources.look(pair.left, pair.rule.left), sources.look(pair.right, pair.rule.right)
    if left is None or right is None:
        return
    if pair.rule.kind == "kode":
        rows = _code_outcomes(pair.rule, left, right)
    else:
        keys = common(pair.rule, left.source, right.source)
        rows = _figure_outcomes(pair.rule, keys, left.source, right.source) if keys else iter(())
    for row in rows:
        key = (*pair.names().values(), row["period"], row["area"], row["classes"])
        name = hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:32]
        yield {"id": name, **pair.names(), "kind": pair.rule.kind, **row}


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
    said = summable(conversion(units(), left.unit, right.unit), left, right)
    classes = len(keys.classes)
    # A rule about parts says itself that its left side holds all of them.
    parts = rule.kind == "jumlah"
    for row in ask(plan.figures(rule, keys, left, right)):
        period, area, codes = row[0], row[1], row[2 : 2 + classes]
        first = figure_of(row[2 + classes : 9 + classes], plan.expected(rule.left, left, keys, area, trusted=parts))
        second = figure_of(row[9 + classes :], plan.expected(rule.right, right, keys, area))
        outcome = compare(rule, said, first, second)
        yield {
            "period": period,
            "area": area,
            "classes": "|".join(codes),
            **_told(left, right, said, first, second, outcome),
            "detail": _detail(keys, first, second, outcome, said) | _named(keys, left, codes),
        }


def _named(keys: Keys, source: Source, codes: Sequence[str]) -> dict[str, Any]:
    """The classes of a key as people read them."""
    labels = {one.meaning: one.labels for one in source.classes}
    names = [labels.get(meaning, {}).get(code, code) for meaning, code in zip(keys.classes, codes, strict=True)]
    return {"nama_kelas": names} if names else {}


def summable(said: Conversion, *sources: Source) -> Conversion:
    """A conversion that knows whether what the columns hold can be summed."""
    return replace(said, adds=said.adds and all(one.adds for one in sources))


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
