"""Keeping comparisons: what two columns say now takes the place of what they said, and only changes are written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.consistency.types import Database

_COLUMNS = (
    "id text, rule text, kind text, left_entry text, left_column text, right_entry text, right_column text, "
    "period text, area text, classes text, left_value numeric, left_unit text, right_value numeric, right_unit text, "
    "unit text, difference numeric, detail jsonb, state text, reason text"
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


def write(session: Database, now: datetime, names: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> int:
    """Keep the comparisons of a pair of columns (`names`: rule, both entries and columns); gives how many changed."""
    parameters = {"rows": json.dumps(rows), "now": now, **names}
    return int(session.scalar(sa.text(_WRITE), parameters) or 0)


def forget(session: Database, scope: Mapping[str, Any], pairs: Sequence[Mapping[str, str]]) -> Iterator[set[str]]:
    """Drop comparisons of a scope that none of the pairs stands for; gives both entries of each."""
    for row in session.execute(sa.text(_FORGET), {**scope, "pairs": json.dumps(pairs)}):
        yield {row.left_entry, row.right_entry}
