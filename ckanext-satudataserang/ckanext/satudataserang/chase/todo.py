"""What one OPD owes at a moment: cells in groups, in one statement, by the rule of the dashboard (`sql.STATE`).

So the missing ones here are the missing ones there, without any job having run.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from ckanext.satudataserang.completeness.sql import STATE
from ckanext.satudataserang.completeness.types import Database
from ckanext.satudataserang.core.deadlines import WIB

#: The groups in the order in which they are read, with the states of their cells. Of what is complete only the newest
#: period of each entry is told: the rest is history.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "terlambat": ("terlewat",),
    "dikembalikan": ("dikembalikan", "tidak_valid"),
    "segera": ("segera_jatuh_tempo",),
    "menunggu": ("menunggu_pemeriksaan",),
    "selesai": ("tepat_waktu", "terlambat", "nihil"),
}
#: States in which the OPD has something to do; in all others its work on the cell is done.
OPEN_STATES = ("terlewat", "dikembalikan", "tidak_valid", "segera_jatuh_tempo", "belum_jatuh_tempo")
KELAS = ("wajib", "diharapkan", "opsional")

_GROUP = " ".join(
    f"WHEN state IN ({', '.join(repr(state) for state in states)}){' AND newest' if name == 'selesai' else ''}"
    f" THEN '{name}'"
    for name, states in GROUPS.items()
)

#: The newest period of an entry is its last that has ended and is owed at all; it is what "x dari y" counts.
_TODO = f"""
    WITH cell AS (
        SELECT c.entry_id, c.period, c.period_start, c.period_end, c.deadline, c.reasons, c.first_delivered_at,
               c.kelas, e.kode, e.judul, e.frequency, e.source_system, e.structure_id, e.level_wilayah, s.state
        FROM satudata_cell c
        JOIN satudata_plan_entry e ON e.id = c.entry_id
        CROSS JOIN LATERAL (SELECT {STATE} AS state) s
        WHERE c.opd_id = :opd AND s.state <> 'tidak_berlaku'
    ),
    ranked AS (
        SELECT *, period_end < :today AND row_number() OVER (
                   PARTITION BY entry_id ORDER BY period_end < :today DESC, period_end DESC, period DESC) = 1 AS newest
        FROM cell
    ),
    grouped AS (SELECT *, CASE {_GROUP} END AS kelompok FROM ranked),
    placed AS (
        SELECT *, row_number() OVER (
            PARTITION BY kelompok
            ORDER BY CASE WHEN kelompok = 'terlambat' THEN deadline END DESC NULLS LAST, deadline, judul, entry_id,
                     period) AS place
        FROM grouped WHERE kelompok IS NOT NULL
    ),
    page AS (
        SELECT * FROM placed
        WHERE place > :offset AND place <= :offset + :limit AND (CAST(:group AS text) IS NULL OR kelompok = :group)
    ),
    told AS (
        SELECT page.*, draft.id AS draft_id, event.note, event.remarks,
               page.period NOT LIKE 'statis-%' AND (
                   page.structure_id <> '' OR page.level_wilayah IN ('kecamatan', 'kelurahan') OR EXISTS (
                       SELECT 1 FROM satudata_submission t
                       WHERE t.entry_id = page.entry_id AND t.state = 'terbit' AND t.resource_id IS NOT NULL
                   )
               ) AS has_template
        FROM page
        LEFT JOIN satudata_submission draft
          ON draft.entry_id = page.entry_id AND draft.period = page.period AND draft.state = 'draf'
         AND draft.superseded_by IS NULL
        LEFT JOIN LATERAL (
            SELECT v.note, v.notes AS remarks
            FROM satudata_submission d JOIN satudata_submission_event v ON v.submission_id = d.id
            WHERE page.state = 'dikembalikan' AND d.entry_id = page.entry_id AND d.period = page.period
              AND v.to_state = 'dikembalikan'
            ORDER BY v.at DESC, v.id DESC LIMIT 1
        ) event ON TRUE
    )
    SELECT (SELECT jsonb_object_agg(kelompok, n)
            FROM (SELECT kelompok, count(*) AS n FROM placed GROUP BY 1) counted) AS counts,
           (SELECT jsonb_object_agg(kelas, jsonb_build_array(done, due))
            FROM (SELECT kelas, count(*) FILTER (WHERE kelompok = 'selesai') AS done, count(*) AS due
                  FROM grouped WHERE newest GROUP BY 1) classes) AS classes,
           (SELECT jsonb_agg(to_jsonb(told) ORDER BY kelompok, place) FROM told) AS items
"""


def todo(
    session: Database, now: datetime, opd_id: str, *, group: str | None = None, limit: int, offset: int = 0
) -> dict[str, Any]:
    """What an OPD owes at `now`.

    Gives ``{"counts": {group: n}, "classes": {kelas: (done, due)}, "items": {group: [cell, …]}}`` with every group in
    its order; `limit` and `offset` hold within each group. Deadlines are aware, `days_late` is negative before them.
    """
    today = now.astimezone(WIB).date()
    found = (
        session.execute(
            sa.text(_TODO),
            {"now": now, "today": today, "opd": opd_id, "group": group, "limit": limit, "offset": offset},
        )
        .mappings()
        .one()
    )
    items: dict[str, list[dict[str, Any]]] = {name: [] for name in GROUPS}
    for row in found["items"] or ():
        items[row["kelompok"]].append(_item(row, today))
    counts, classes = found["counts"] or {}, found["classes"] or {}
    return {
        "counts": {name: counts.get(name, 0) for name in GROUPS},
        "classes": {name: tuple(classes[name]) for name in KELAS if name in classes},
        "items": items,
    }


def _item(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    deadline = datetime.fromisoformat(row["deadline"])
    delivered = row["first_delivered_at"]
    return {
        **{key: row[key] for key in ("entry_id", "kode", "judul", "kelas", "frequency", "period", "state")},
        "sample": row["source_system"] == "contoh",
        "deadline": deadline,
        "days_late": (today - deadline.astimezone(WIB).date()).days,
        "delivered_at": datetime.fromisoformat(delivered) if delivered else None,
        "reasons": row["reasons"] or [],
        "note": (row["note"] or "").strip(),
        "remarks": [one.get("note", "") for one in row["remarks"] or () if one.get("note")],
        "draft": row["draft_id"] is not None,
        # Where the columns of its table are known: the rule of `submission.blanks.exists`.
        "template": bool(row["has_template"]),
    }
