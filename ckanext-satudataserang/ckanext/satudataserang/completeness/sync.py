"""Making a table equal to a query's result: what differs is written, what is gone is deleted, the rest stays untouched.

The result goes through an analysed temporary table, so that the planner knows its size and joins by hash at any scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.types import Database


@dataclass(frozen=True)
class Synced:
    """How many rows were written or deleted; `spread` are their values of the column asked for, old and new."""

    rows: int
    spread: frozenset[Any]


def sync(
    session: Database,
    table: sa.Table,
    query: str,
    parameters: Mapping[str, Any],
    *,
    within: str = "TRUE",
    spread: str | None = None,
) -> Synced:
    """Make the rows of `table` that lie `within` a condition (on the alias `old`) equal to those of `query`.

    `query` is a SELECT whose columns bear the table's names, in any order; `spread` names one that is no part of the
    key.
    """
    fresh = f"fresh_{table.name}"
    keys = [column.name for column in table.primary_key]
    columns = [column.name for column in table.columns]
    others = [name for name in columns if name not in keys]
    session.execute(sa.text(f"CREATE TEMPORARY TABLE {fresh} ON COMMIT DROP AS {query}"), parameters)
    # The joins below go by the keys alone: pictures of the other columns would only cost.
    session.execute(sa.text(f"ANALYZE {fresh} ({_list(keys)})"))
    told = f"ARRAY(SELECT DISTINCT {spread} FROM changed)" if spread else "NULL"
    statement = f"""
        WITH gone AS (
            DELETE FROM {table.name} old
            WHERE ({within})
              AND NOT EXISTS (SELECT 1 FROM {fresh} f WHERE {_pairs(keys, "f", "old")})
            RETURNING {_told("old", spread)}
        ),
        written AS (
            INSERT INTO {table.name} AS old ({_list(columns)})
            SELECT {_list(columns)} FROM {fresh}
            ON CONFLICT ({_list(keys)}) DO UPDATE SET ({_list(others)}) = ROW({_list(others, "excluded.")})
            WHERE ROW({_list(others, "old.")}) IS DISTINCT FROM ROW({_list(others, "excluded.")})
            RETURNING {_told("old", spread)}
        ),
        changed AS (SELECT * FROM gone UNION ALL SELECT * FROM written {_moved(table.name, fresh, keys, spread)})
        SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written), {told}
    """
    rows, told_values = session.execute(sa.text(statement), parameters).one()
    session.execute(sa.text(f"DROP TABLE {fresh}"))
    return Synced(rows=rows, spread=frozenset(told_values or ()))


def _told(alias: str, spread: str | None) -> str:
    return f"{alias}.{spread}" if spread else "TRUE AS told"


def _moved(table: str, fresh: str, keys: list[str], spread: str | None) -> str:
    """The old values of rows whose `spread` changes: the statement sees the table as it was before."""
    if not spread:
        return ""
    return f"""
        UNION ALL SELECT was.{spread} FROM {table} was JOIN {fresh} f ON {_pairs(keys, "f", "was")}
        WHERE was.{spread} <> f.{spread}
    """


def _list(names: list[str], prefix: str = "") -> str:
    return ", ".join(f"{prefix}{name}" for name in names)


def _pairs(names: list[str], one: str, other: str) -> str:
    return " AND ".join(f"{one}.{name} = {other}.{name}" for name in names)
