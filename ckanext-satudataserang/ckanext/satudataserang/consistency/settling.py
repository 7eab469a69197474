"""Conflicts follow comparisons: a difference opens one, agreement settles it, another difference opens it again.

Every step is a set-based statement that writes its history with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.consistency.types import Database

_PAIR = "rule, kind, left_entry, left_column, right_entry, right_column, period, area, classes"
_FIGURES = "left_value, left_unit, right_value, right_unit, unit, difference, detail"
_FRESH = ", ".join(f"c.{one}" for one in _FIGURES.split(", "))
_SCOPE = "(:everything OR {0}.left_entry = ANY(:entries) OR {0}.right_entry = ANY(:entries))"
_SEVERITY = "COALESCE((SELECT r.content ->> 'keparahan' FROM satudata_rule r WHERE r.kode = c.rule), 'peringatan')"
_DIFFERS = "(k.left_value, k.right_value) IS DISTINCT FROM (c.left_value, c.right_value)"


def _step(change: str, action: str, note: str = "''") -> str:
    """A change that gives id, both entries, was (the state before), state and both values, with its event."""
    return f"""
        WITH changed AS ({change}),
        told AS (
            INSERT INTO satudata_conflict_event
                (conflict_id, at, actor_id, action, from_state, to_state, left_value, right_value, note)
            SELECT id, :now, '', '{action}', was, state, left_value, right_value, {note} FROM changed
        )
        SELECT left_entry, right_entry FROM changed
    """


_GIVES = "k.id, k.left_entry, k.right_entry, k.state, k.left_value, k.right_value"

_OPEN = _step(
    f"""
    INSERT INTO satudata_conflict AS k (id, {_PAIR}, {_FIGURES}, severity, state, opened_at, changed_at)
    SELECT c.id, {", ".join(f"c.{one}" for one in _PAIR.split(", "))}, {_FRESH}, {_SEVERITY}, 'terbuka', :now, :now
    FROM satudata_comparison c WHERE c.state = 'beda' AND {_SCOPE.format("c")}
    ON CONFLICT (id) DO NOTHING RETURNING {_GIVES}, CAST(NULL AS text) AS was
    """,
    "dibuka",
)
_REOPEN = _step(
    f"""
    UPDATE satudata_conflict k SET ({_FIGURES}) = ROW({_FRESH}), severity = {_SEVERITY}, state = 'terbuka',
        explanation = '', explained_by = NULL, explained_opd = NULL, explained_at = NULL,
        decision_note = '', decided_by = NULL, decided_at = NULL, opened_at = :now, changed_at = :now
    FROM satudata_comparison c, (SELECT id, state FROM satudata_conflict) before
    WHERE c.id = k.id AND before.id = k.id AND c.state = 'beda' AND {_SCOPE.format("c")}
      AND (k.state = 'selesai' OR k.state = 'dijelaskan' AND {_DIFFERS})
    RETURNING {_GIVES}, before.state AS was
    """,
    "dibuka_kembali",
)
#: While it is open its figures follow what is published.
_FOLLOW = f"""
    UPDATE satudata_conflict k SET ({_FIGURES}) = ROW({_FRESH}), severity = {_SEVERITY}, changed_at = :now
    FROM satudata_comparison c
    WHERE c.id = k.id AND c.state = 'beda' AND k.state = 'terbuka' AND {_SCOPE.format("c")}
      AND ({_DIFFERS} OR k.severity <> {_SEVERITY})
    RETURNING k.left_entry, k.right_entry
"""
_SETTLE = _step(
    f"""
    UPDATE satudata_conflict k SET ({_FIGURES}) = ROW({_FRESH}), state = 'selesai', changed_at = :now
    FROM satudata_comparison c, (SELECT id, state FROM satudata_conflict) before
    WHERE c.id = k.id AND before.id = k.id AND c.state <> 'beda' AND k.state <> 'selesai' AND {_SCOPE.format("c")}
    RETURNING {_GIVES}, before.state AS was, c.reason
    """,
    "selesai",
    "reason",
)
_VANISHED = _step(
    f"""
    UPDATE satudata_conflict k SET state = 'selesai', changed_at = :now
    FROM (SELECT id, state FROM satudata_conflict) before
    WHERE before.id = k.id AND k.state <> 'selesai' AND {_SCOPE.format("k")}
      AND NOT EXISTS (SELECT 1 FROM satudata_comparison c WHERE c.id = k.id)
    RETURNING {_GIVES}, before.state AS was
    """,
    "selesai",
    "'tidak-dibandingkan'",
)


def settle(session: Database, now: datetime, scope: Mapping[str, Any]) -> set[str]:
    """Bring conflicts in line with comparisons, in the session's transaction; gives the entries concerned.

    `scope`: ``everything``, or the ``entries`` on either side.
    """
    concerned: set[str] = set()
    for statement in (_REOPEN, _OPEN, _FOLLOW, _SETTLE, _VANISHED):
        for row in session.execute(sa.text(statement), {**scope, "now": now}):
            concerned |= {row.left_entry, row.right_entry}
    return concerned
