"""Recording deliveries: one set-based write for any number of them.

A new delivery for an entry and period takes the place of the one of its kind: what is published or withdrawn (`terbit`,
`ditarik`) of what stood, what waits or is not valid of what was open. What the same file had open before goes with
either. A delivery equal to it in content and facts is no event and writes nothing, so an import may run twice; neither
is one that equals what stands published already. What was delivered is never changed: a mended file is a new delivery,
and a period that vanished from a file is a delivery of nothing (`ditarik`), so that no figure goes on standing for data
that is gone.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckan import model
from ckan.model.types import make_uuid

from .model import Submission
from .signals import submissions_changed, submissions_changing

REASON_WITHDRAWN = "periode-ditarik"
ENDED = ("terbit", "ditarik")
_LOCK = "satudata_submission"


@dataclass(frozen=True)
class SubmissionRow:
    """One delivery to record; the fields are the columns of `model.Submission`.

    `delivered_at` is an aware datetime. `content_sha256` is of the content that concerns this period alone, so that a
    file that changes one year is not a new delivery for the others.
    """

    period: str
    dataset_id: str
    delivered_at: datetime
    content_sha256: str
    entry_id: str | None = None
    resource_id: str | None = None
    origin: str = "unggahan"
    state: str = "terbit"
    valid: bool = True
    nil: bool = False
    expected_values: int | None = None
    filled_values: int = 0
    zero_values: int = 0
    reasons: tuple[str, ...] = ()
    created_by: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What a newer delivery supersedes: entry (or dataset, outside the Daftar Data) and period."""
        return (self.entry_id or f"dataset:{self.dataset_id}", self.period)


@dataclass(frozen=True)
class Counts:
    """What `record_submissions` did: `added` of which `superseded` replaced an older one; `unchanged` wrote nothing."""

    added: int = 0
    superseded: int = 0
    unchanged: int = 0


# The statements below are put together from constants; every value is bound.
_INPUT = """
    SELECT *, coalesce(entry_id, 'dataset:' || dataset_id) AS owner
    FROM jsonb_to_recordset(cast(:rows AS jsonb)) AS r(
        id text, entry_id text, period text, dataset_id text, resource_id text, origin text, state text,
        delivered_at timestamptz, valid boolean, nil boolean, expected_values integer, filled_values integer,
        zero_values integer, reasons text[], content_sha256 text, created_by text, note text)
"""
_ENDED = "('terbit', 'ditarik')"
# Outside the Daftar Data nothing is open: every delivery stands.
_KIND = "({0}.entry_id IS NULL OR {0}.state IN " + _ENDED + ")"
_SAME_CELL = """
    s.superseded_by IS NULL AND s.state <> 'draf' AND s.period = i.period
    AND coalesce(s.entry_id, 'dataset:' || s.dataset_id) = i.owner
"""
_SAME_KIND = f"{_KIND.format('s')} = {_KIND.format('i')}"
# What this very file had open; deliveries through the form keep a file of their own and are nobody else's business.
_OWN_OPEN = f"NOT {_KIND.format('s')} AND s.resource_id = i.resource_id AND s.file_sha256 IS NULL"
_FACTS = (
    "content_sha256",
    "dataset_id",
    "resource_id",
    "valid",
    "nil",
    "expected_values",
    "filled_values",
    "zero_values",
    "reasons",
)
# Equal content read by a newer rule may still give other facts (a zero that was confirmed): that is a new delivery.
# What waits for its check, or was returned, is compared as what it holds: loading a file again is no new delivery.
_UNCHANGED = f"""
    SELECT i.id, s.id AS standing_id FROM ({_INPUT}) i JOIN satudata_submission s ON {_SAME_CELL}
    WHERE ({", ".join(f"s.{name}" for name in _FACTS)})
      IS NOT DISTINCT FROM ({", ".join(f"i.{name}" for name in _FACTS)})
      AND (s.state = i.state OR (NOT {_KIND.format("i")} AND (s.state = 'terbit' OR {_OWN_OPEN})))
    ORDER BY {_KIND.format("s")}
"""  # noqa: S608
# A file that goes back to what stands published takes back what it had delivered meanwhile.
_TAKE_BACK = f"""
    UPDATE satudata_submission s SET superseded_by = i.standing_id
    FROM (SELECT i.*, k.standing_id FROM ({_INPUT}) i
          JOIN unnest(CAST(:ids AS text[]), CAST(:standing_ids AS text[])) k (id, standing_id) ON k.id = i.id) i
    WHERE {_SAME_CELL} AND {_OWN_OPEN} AND s.id <> i.standing_id RETURNING i.id
"""  # noqa: S608
_SUPERSEDE = f"""
    WITH gone AS (
        UPDATE satudata_submission s SET superseded_by = i.id FROM ({_INPUT}) i
        WHERE {_SAME_CELL} AND ({_SAME_KIND} OR {_OWN_OPEN})
        RETURNING i.id AS by_id, s.chain_id, NOT {_KIND.format("s")} AS was_open
    )
    SELECT by_id, (array_agg(chain_id) FILTER (WHERE was_open))[1], count(*) FROM gone GROUP BY by_id
"""  # noqa: S608
_COLUMNS = (
    "id, entry_id, period, dataset_id, resource_id, origin, state, delivered_at, valid, nil, expected_values, "
    "filled_values, zero_values, reasons, content_sha256, created_by, note"
)
# Whether the entry is Data Prioritas in the year in which the period ends: a week ends on its Sunday, static data are
# of the year in which the entry began.
_PRIORITAS = """
    EXISTS (
        SELECT 1 FROM satudata_plan_entry e
        WHERE e.id = i.entry_id AND e.prioritas @> ARRAY[
            CASE WHEN i.period ~ '^[0-9]{4}-W[0-9]{2}$'
                 THEN extract(year FROM to_date(i.period, 'IYYY"-W"IW') + 6)::integer
                 ELSE coalesce(substring(i.period FROM '[0-9]{4}$'), substring(i.period FROM '^[0-9]{4}'),
                               extract(year FROM e.berlaku_dari)::text)::integer END]
    )
"""
_INSERT = f"""
    WITH added AS (
        INSERT INTO satudata_submission ({_COLUMNS}, chain_id, created_at, published_at, prioritas)
        SELECT {_COLUMNS}, coalesce(cast(:chains AS jsonb) ->> id, id), now(),
               CASE WHEN state = 'terbit' THEN delivered_at END, {_PRIORITAS}
        FROM ({_INPUT}) i RETURNING id, created_by, state, note
    )
    INSERT INTO satudata_submission_event (submission_id, at, actor_id, action, from_state, to_state, note, notes)
    SELECT id, now(), created_by, 'catat', NULL, state, note, '[]' FROM added
"""  # noqa: S608


def record_submissions(rows: Iterable[SubmissionRow], *, commit: bool = True) -> Counts:
    """Record deliveries; an equal one already standing is left alone, any other is superseded.

    :param commit: commit and send `signals.submissions_changed`; with False the caller does both
    :raises ValueError: two rows are for the same entry and period
    """
    incoming = list(rows)
    if len({row.key for row in incoming}) != len(incoming):
        message = "two deliveries for the same entry and period"
        raise ValueError(message)
    if not incoming:
        return Counts()
    session = model.Session
    # One recorder at a time: two files for one cell must not both find the same delivery standing.
    session.execute(sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": _LOCK})
    by_id = {make_uuid(): row for row in incoming}
    payload = _payload(by_id)
    unchanged = dict(session.execute(sa.text(_UNCHANGED), {"rows": payload}).tuples().all())
    changed = {row_id: row for row_id, row in by_id.items() if row_id not in unchanged}
    touched = dict(changed)
    if unchanged and any(row.state not in ENDED for row in incoming):
        kept = {"ids": list(unchanged), "standing_ids": list(unchanged.values())}
        taken_back = session.scalars(sa.text(_TAKE_BACK), {"rows": payload, **kept})
        touched.update({row_id: by_id[row_id] for row_id in taken_back})
    superseded = 0
    if changed:
        payload = _payload(changed)
        gone = session.execute(sa.text(_SUPERSEDE), {"rows": payload}).tuples().all()
        superseded = sum(count for _id, _chain, count in gone)
        chains = {row_id: chain for row_id, chain, _count in gone if chain}
        session.execute(sa.text(_INSERT), {"rows": payload, "chains": json.dumps(chains)})
    session.expire_all()
    if touched:
        submissions_changing.send("satudata_submission", **_told(touched.values()))
    if commit:
        session.commit()
        if touched:
            announce(touched.values())
    return Counts(added=len(changed), superseded=superseded, unchanged=len(unchanged))


def announce(rows: Iterable[SubmissionRow]) -> None:
    """Send `signals.submissions_changed` for deliveries that are committed."""
    submissions_changed.send("satudata_submission", **_told(list(rows)))


def _told(rows: Collection[SubmissionRow]) -> dict[str, Any]:
    return {
        "entry_ids": sorted({row.entry_id for row in rows if row.entry_id}),
        "dataset_ids": sorted({row.dataset_id for row in rows if not row.entry_id}),
    }


def withdrawals(
    resource_ids: Sequence[str], kept: Iterable[SubmissionRow], *, now: datetime, created_by: str
) -> list[SubmissionRow]:
    """Return the deliveries that say: what these resources once delivered beyond `kept` is there no more."""
    kept_keys = {row.key for row in kept}
    standing = model.Session.scalars(
        sa.select(Submission).where(
            Submission.resource_id.in_(resource_ids),
            Submission.superseded_by.is_(None),
            Submission.state != "ditarik",
            # What came through the form stays, whatever becomes of the file beside it.
            Submission.file_sha256.is_(None),
            Submission.nil.is_(False),
            Submission.confirms.is_(False),
        )
    )
    rows = {row.key: row for row in (_withdrawal(old, now, created_by) for old in standing)}
    return [row for key, row in rows.items() if key not in kept_keys]


def _withdrawal(old: Submission, now: datetime, created_by: str) -> SubmissionRow:
    return SubmissionRow(
        period=old.period,
        dataset_id=old.dataset_id or "",
        delivered_at=now,
        content_sha256="",
        entry_id=old.entry_id,
        resource_id=old.resource_id,
        origin=old.origin,
        state="ditarik",
        valid=False,
        expected_values=old.expected_values,
        reasons=(REASON_WITHDRAWN,),
        created_by=created_by,
    )


def _payload(rows: dict[str, SubmissionRow]) -> str:
    return json.dumps([{"id": row_id, **_plain(row)} for row_id, row in rows.items()])


def _plain(row: SubmissionRow) -> dict[str, Any]:
    if row.delivered_at.tzinfo is None:
        message = "delivered_at must carry its time zone"
        raise ValueError(message)
    return {
        **asdict(replace(row, reasons=tuple(sorted(set(row.reasons))))),
        "delivered_at": row.delivered_at.isoformat(),
    }
