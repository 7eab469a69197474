"""What the Walidata sees of all OPDs at once: what each owes, when it was last reminded and last met. One statement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.sql import STATE
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB

_OPDS = f"""
    WITH counts AS (
        SELECT c.opd_id,
               count(*) FILTER (WHERE s.state = 'terlewat') AS late,
               count(*) FILTER (WHERE s.state IN ('dikembalikan', 'tidak_valid')) AS mend,
               count(*) FILTER (WHERE s.state = 'segera_jatuh_tempo') AS soon,
               count(*) FILTER (WHERE s.state = 'menunggu_pemeriksaan') AS waiting,
               min(c.deadline) FILTER (WHERE s.state = 'terlewat') AS oldest
        FROM satudata_cell c
        CROSS JOIN LATERAL (SELECT {STATE} AS state) s
        GROUP BY 1
    ),
    mailed AS (
        SELECT i.opd_id, max(m.sent_at) AS at
        FROM satudata_mail_item i JOIN satudata_mail m ON m.id = i.mail_id AND m.state = 'terkirim'
        GROUP BY 1
    ),
    met AS (SELECT opd_id, max(date) AS day FROM satudata_coaching GROUP BY 1),
    people AS (
        SELECT m.group_id AS opd_id, count(DISTINCT u.id) AS n
        FROM member m JOIN "user" u ON u.id = m.table_id AND u.state = 'active' AND u.email <> ''
        WHERE m.table_name = 'user' AND m.state = 'active' AND m.capacity IN ('admin', 'editor')
        GROUP BY 1
    )
    SELECT o.id, o.name, o.title, o.extras ->> 'singkatan' AS singkatan,
           COALESCE(counts.late, 0) AS late, COALESCE(counts.mend, 0) AS mend, COALESCE(counts.soon, 0) AS soon,
           COALESCE(counts.waiting, 0) AS waiting, counts.oldest, mailed.at AS last_reminder,
           met.day AS last_coaching, COALESCE(people.n, 0) AS people
    FROM "group" o
    LEFT JOIN counts ON counts.opd_id = o.id
    LEFT JOIN mailed ON mailed.opd_id = o.id
    LEFT JOIN met ON met.opd_id = o.id
    LEFT JOIN people ON people.opd_id = o.id
    WHERE o.is_organization AND o.state = 'active'
      AND CASE :only WHEN 'terlambat' THEN COALESCE(counts.late, 0) > 0
                     WHEN 'diperbaiki' THEN COALESCE(counts.mend, 0) > 0
                     WHEN 'tanpa_penerima' THEN people.n IS NULL
                     ELSE TRUE END
    ORDER BY late DESC, mend DESC, o.title, o.id
"""
#: What the table can be narrowed to.
FILTERS = ("semua", "terlambat", "diperbaiki", "tanpa_penerima")


def opds(session: Database, now: datetime, only: str = "semua") -> list[dict[str, Any]]:
    """Every OPD with what it owes at `now`; who owes most comes first."""
    today = now.astimezone(WIB).date()
    rows = session.execute(sa.text(_OPDS), {"now": now, "only": only}).mappings()
    return [
        {**row, "oldest_days": (today - row["oldest"].astimezone(WIB).date()).days if row["oldest"] else None}
        for row in rows
    ]


_MAILS = """
    FROM satudata_mail m WHERE (CAST(:state AS text) IS NULL OR m.state = :state)
"""


def mails(
    session: Database, *, state: str | None, limit: int, offset: int
) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Number of letters by state, and one page of them, newest first, each with how many cells it tells of."""
    counts = session.execute(sa.text("SELECT state, count(*) FROM satudata_mail GROUP BY 1")).tuples().all()
    page = session.execute(
        sa.text(
            "SELECT m.id, m.recipient, m.name, m.state, m.subject, m.created, m.next_attempt_at, m.attempts, m.error, "
            "m.sent_at, (SELECT count(*) FROM satudata_mail_item i WHERE i.mail_id = m.id) AS items "
            f"{_MAILS} ORDER BY m.created DESC, m.id LIMIT :limit OFFSET :offset"
        ),
        {"state": state, "limit": limit, "offset": offset},
    ).mappings()
    return dict(counts), [dict(row) for row in page]
