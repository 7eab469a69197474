"""The terms of plan entries over time, as SQL that others join with: what each entry was bound to, and from when.

Every text here is a SELECT without parameters, to be put in brackets.
"""

from __future__ import annotations

#: OPDs that still exist, with their first and last day; either may be open. An OPD may name a year or a month alone:
#: all of it. Columns: opd_id, dari, sampai, alive (not deleted).
OPD_VALIDITY = """
    SELECT id AS opd_id,
           CASE length(since) WHEN 4 THEN since || '-01-01' WHEN 7 THEN since || '-01'
                ELSE NULLIF(left(since, 10), '') END::date AS dari,
           CASE length(until) WHEN 4 THEN (until || '-12-31')::date
                WHEN 7 THEN ((until || '-01')::date + interval '1 month' - interval '1 day')::date
                ELSE NULLIF(left(until, 10), '')::date END AS sampai,
           state = 'active' AS alive
    FROM (
        SELECT id, state, extras ->> 'berlaku_dari' AS since, extras ->> 'berlaku_sampai' AS until
        FROM "group" WHERE is_organization
    ) named
"""

#: The terms of every plan entry, whatever its state, one row per span of days in which nothing about them changed.
#: Columns: entry_id, opd_id, frequency, deadline_days, grace_days, kelas, dari, sampai (None: open), anchor.
#:
#: Entries whose terms never changed have no rows in `satudata_plan_terms`: their own columns hold from the beginning.
#: A span ends where the next one begins, with the entry, or with its OPD; a deleted OPD has none. A period lives
#: under the span that holds its last day. `anchor` is the first day on which the entry had this frequency: periods of
#: several years, `sekali` and `statis` are counted from it, so neither a move to another OPD nor a new deadline shifts
#: them.
TERMS = f"""
    SELECT entry_id, opd_id, frequency, deadline_days, grace_days, kelas, dari, sampai, anchor
    FROM (
        SELECT t.entry_id, t.opd_id, t.frequency, t.deadline_days, t.grace_days, t.kelas, o.alive,
               GREATEST(t.since, o.dari) AS dari, LEAST(t.until, o.sampai) AS sampai,
               first_value(GREATEST(t.since, o.dari))
                   OVER (PARTITION BY t.entry_id, t.frequency ORDER BY t.since, t.until) AS anchor
        FROM (
            SELECT e.id AS entry_id, e.opd_id, e.frequency, e.deadline_days, e.grace_days, e.kelas,
                   e.berlaku_dari AS since, e.berlaku_sampai AS until
            FROM satudata_plan_entry e
            WHERE NOT EXISTS (SELECT 1 FROM satudata_plan_terms t WHERE t.entry_id = e.id)
            UNION ALL
            SELECT e.id, t.opd_id, t.frequency, t.deadline_days, t.grace_days, t.kelas,
                   CASE WHEN t.number = 1 THEN e.berlaku_dari ELSE GREATEST(t.effective_from, e.berlaku_dari) END,
                   LEAST(t.next_from - 1, e.berlaku_sampai)
            FROM satudata_plan_entry e
            JOIN (
                SELECT *, row_number() OVER history AS number, lead(effective_from) OVER history AS next_from
                FROM satudata_plan_terms WINDOW history AS (PARTITION BY entry_id ORDER BY effective_from)
            ) t ON t.entry_id = e.id
        ) t
        JOIN ({OPD_VALIDITY}) o ON o.opd_id = t.opd_id
        WHERE t.until IS NULL OR t.until >= t.since
    ) spans
    WHERE alive AND (sampai IS NULL OR sampai >= dari)
"""  # noqa: S608

#: How many compulsory values were agreed for a period before the number was changed, for entries in force, one row per
#: span of days: it holds for the periods whose last day lies in `dari` (None: open) .. `until` (left out). A period
#: without a row here has the entry's own number; so a new number never moves a period that ended before its day.
#: Columns: entry_id, dari, until, expected_values.
EXPECTED_BEFORE = """
    SELECT entry_id, lag(until) OVER (PARTITION BY entry_id ORDER BY until) AS dari, until, expected_values
    FROM (
        SELECT DISTINCT ON (entry_id, (at AT TIME ZONE 'Asia/Jakarta')::date)
               entry_id, (at AT TIME ZONE 'Asia/Jakarta')::date AS until,
               (changes #>> '{expected_values,0}')::integer AS expected_values
        FROM satudata_plan_event
        WHERE changes ? 'expected_values' AND from_state IN ('berlaku', 'berakhir')
          AND to_state IN ('berlaku', 'berakhir')
        ORDER BY entry_id, (at AT TIME ZONE 'Asia/Jakarta')::date, id
    ) days
"""
