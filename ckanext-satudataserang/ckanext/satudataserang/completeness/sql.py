"""The statements behind cells and their counts: each works on whole sets, none per dataset.

They hold the rules of `core/cells.py`, `core/measures.py` and `core/lateness.py` once more;
tests/completeness/test_sql_equals_core.py compares the two on random cities. Parameters: `:now` is an aware moment;
`:all_entries` and `:entry_ids`, `:all_months` and `:months` narrow what is looked at.
"""

from __future__ import annotations

from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.consistency.sql import COUNTED
from ckanext.satudataserang.core.measures import CELL_MEASURES
from ckanext.satudataserang.plan.sql import EXPECTED_BEFORE, TERMS

#: What entries that owe something are bound to, one row per span of days (`plan.sql.TERMS`).
SPANS = f"""
    SELECT t.*, e.kode, e.urusan, e.access, e.expected_values
    FROM ({TERMS}) t JOIN satudata_plan_entry e ON e.id = t.entry_id
    WHERE e.state IN ('berlaku', 'berakhir') AND (:all_entries OR t.entry_id = ANY(:entry_ids))
"""

#: The spans as they are kept for readers.
ENTRY_SPANS = "SELECT entry_id, dari, sampai, opd_id, kelas, frequency FROM satudata_span"

#: What is agreed to be open counts only where everybody can see it.
_PUBLIC = "p.state = 'active' AND (NOT p.private OR e.access <> 'terbuka')"

#: The dataset that serves an entry names the entry's kode and belongs to the entry's OPD; the oldest one wins.
SERVING = f"""
    SELECT DISTINCT ON (e.id) e.id AS entry_id, p.id AS dataset_id,
           {_PUBLIC} AS published
    FROM satudata_plan_entry e
    JOIN package p ON p.extras ->> 'daftar_data_kode' = e.kode AND p.owner_org = e.opd_id AND p.state <> 'deleted'
    ORDER BY e.id, p.state = 'active' DESC, p.metadata_created, p.id
"""

#: Deliveries that can be seen, each with its chain: the deliveries from the first to the one that is accepted in the
#: end. A chain whose publication stands in a dataset nobody can see, or that is gone, is as if it had not come; a nil
#: statement or a confirmation needs no dataset. What is still on its way needs none either, and a draft is no delivery.
_SEEN = f"""
    SELECT s.*, COALESCE(chain_id, id) AS chain,
           bool_or(state = 'terbit') OVER chains AS accepted,
           bool_or(hidden) OVER chains AS chain_hidden
    FROM (
        SELECT s.id, s.entry_id, s.period, s.chain_id, s.state, s.delivered_at, s.valid, s.nil, s.confirms,
               s.expected_values, s.filled_values, s.reasons, s.superseded_by,
               s.nil OR s.confirms OR s.filled_values >= GREATEST(COALESCE(s.expected_values, e.expected_values, 1), 1)
                   AS whole,
               s.state IN ('terbit', 'ditarik')
                   AND NOT COALESCE({_PUBLIC}, s.dataset_id IS NULL AND (s.nil OR s.confirms)) AS hidden
        FROM satudata_submission s
        JOIN satudata_plan_entry e ON e.id = s.entry_id
        LEFT JOIN package p ON p.id = s.dataset_id
        WHERE s.state <> 'draf' AND s.delivered_at <= :now
          AND (:all_entries OR s.entry_id = ANY(:entry_ids))
    ) s
    WINDOW chains AS (PARTITION BY COALESCE(chain_id, id))
"""

#: The newest word on each cell (`newest_*`), the first delivery that was valid and held all that is compulsory
#: (`first_valid_at`), and the delivery that stands published (`stands`, `filled_values`, `nil`, `confirms`): of several
#: the one that nothing supersedes. A published delivery that is invalid fills nothing,
#: and a cell whose delivery was withdrawn is as if nothing had come.
_ORDER = "ORDER BY s.superseded_by IS NULL DESC, s.delivered_at DESC, s.id"
_ENDED = "FILTER (WHERE s.state IN ('terbit', 'ditarik'))"
_STANDS = "s.valid AND s.state = 'terbit'"
DELIVERIES = f"""
    SELECT s.entry_id, s.period,
           min(s.delivered_at) AS first_delivered_at,
           min(s.delivered_at) FILTER (WHERE s.valid AND s.whole AND s.accepted) AS first_valid_at,
           bool_or({_STANDS} AND s.superseded_by IS NULL) AS stands,
           (array_agg(s.valid {_ORDER}))[1] AS newest_valid,
           (array_agg(s.state {_ORDER}))[1] AS newest_state,
           (array_agg(array_to_string(s.reasons, ',') {_ORDER}))[1] AS newest_reasons,
           (array_agg(s.expected_values {_ORDER}))[1] AS newest_expected,
           (array_agg({_STANDS} AND s.nil {_ORDER}) {_ENDED})[1] AS nil,
           (array_agg({_STANDS} AND s.confirms {_ORDER}) {_ENDED})[1] AS confirms,
           (array_agg(CASE WHEN {_STANDS} THEN s.filled_values ELSE 0 END {_ORDER}) {_ENDED})[1] AS filled_values
    FROM ({_SEEN}) s
    WHERE NOT s.chain_hidden
    GROUP BY s.entry_id, s.period
    HAVING (array_agg(s.state {_ORDER}))[1] <> 'ditarik'
"""

#: More time granted, and days on which nothing is owed.
_EXTENDED = "(x.until + time '23:59:59') AT TIME ZONE 'Asia/Jakarta'"
_EXEMPT = """
    SELECT entry_id, range_agg(daterange(berlaku_dari, berlaku_sampai, '[]')) AS days
    FROM satudata_exemption WHERE state = 'disetujui' GROUP BY 1
"""

#: Expected cells with the facts of their deliveries, from the temporary tables `satudata_calendar` (calendar.py),
#: `satudata_span` and `satudata_delivery` (refresh.py). Neither a nil statement nor a confirmation leaves values to be
#: filled; only the yearly period of static data can be confirmed. What a delivery was measured by when it was checked
#: stays with it; where none came, it is what was agreed on the last day of the period.
CELLS = f"""
    SELECT entry_id, period, opd_id, urusan, kelas, period_start, period_end, year,
           (year * 100 + extract(month FROM period_end))::integer AS month, deadline, deadline_grace, exempt,
           CASE WHEN nil OR confirms THEN 0 ELSE expected_values END AS expected_values,
           CASE WHEN nil OR confirms THEN 0 ELSE LEAST(filled_values, expected_values) END AS filled_values,
           delivered, delivered AND newest_valid AS valid, nil,
           nil OR confirms OR filled_values >= expected_values AS complete,
           delivered AND newest_state IN ('diajukan', 'menunggu_pemeriksaan', 'disetujui') AS pending,
           delivered AND newest_state = 'dikembalikan' AS returned,
           first_delivered_at, first_valid_at, comparable, consistent,
           LEAST(deadline + interval '1 second', first_delivered_at) AS counts_from,
           CASE WHEN delivered THEN array_remove(string_to_array(newest_reasons, ','), '') ELSE ARRAY[]::text[] END
               AS reasons
    FROM (
        SELECT e.entry_id, e.opd_id, e.urusan, e.kelas, c.period, c.period_start, c.period_end, c.year,
               GREATEST(c.deadline, {_EXTENDED}) AS deadline,
               CASE WHEN {_EXTENDED} > c.deadline THEN {_EXTENDED} + c.grace_days * interval '24 hours'
                    ELSE c.deadline_grace END AS deadline_grace,
               COALESCE(n.days @> c.period_end, FALSE) AS exempt,
               GREATEST(COALESCE(d.newest_expected, CASE WHEN b.entry_id IS NULL THEN e.expected_values
                                                         ELSE b.expected_values END, 1), 1) AS expected_values,
               COALESCE(d.filled_values, 0) AS filled_values,
               d.entry_id IS NOT NULL AS delivered, COALESCE(d.newest_valid, FALSE) AS newest_valid,
               d.newest_state, d.newest_reasons, COALESCE(d.nil, FALSE) AS nil,
               COALESCE(d.confirms, FALSE) AND c.period LIKE 'statis-%' AS confirms,
               d.first_delivered_at, d.first_valid_at,
               COALESCE(k.comparable, 0) AS comparable, COALESCE(k.consistent, 0) AS consistent
        FROM satudata_span e
        JOIN satudata_calendar c
          ON c.frequency = e.frequency AND c.deadline_days = e.deadline_days AND c.grace_days = e.grace_days
         AND (c.anchor IS NULL OR c.anchor = e.anchor)
         AND c.period_end >= e.dari AND (e.sampai IS NULL OR c.period_end <= e.sampai)
        LEFT JOIN satudata_delivery d ON d.entry_id = e.entry_id AND d.period = c.period
        LEFT JOIN ({COUNTED}) k ON k.entry_id = e.entry_id AND k.period = c.period
        LEFT JOIN ({EXPECTED_BEFORE}) b
          ON b.entry_id = e.entry_id AND c.period_end < b.until AND (b.dari IS NULL OR c.period_end >= b.dari)
        LEFT JOIN satudata_extension x
          ON x.entry_id = e.entry_id AND x.period = c.period AND x.revoked_at IS NULL
        LEFT JOIN ({_EXEMPT}) n ON n.entry_id = e.entry_id
    ) expected
"""

#: Which dataset serves each entry, whether it is published with something in it, and the metadata points it then earns.
#: Naming an entry is not enough: a valid delivery stands, or a file is there; of a file that is a table, its rows.
ENTRY_FACTS = f"""
    SELECT entry_id, dataset_id, published, CASE WHEN published THEN points ELSE 0 END AS metadata_points,
           CAST(:possible AS integer) AS metadata_possible
    FROM (
        SELECT e.entry_id, s.dataset_id, COALESCE(m.points, 0) AS points,
               COALESCE(s.published AND (d.entry_id IS NOT NULL OR f.package_id IS NOT NULL), FALSE) AS published
        FROM (SELECT DISTINCT entry_id FROM satudata_span) e
        LEFT JOIN (SELECT * FROM ({SERVING}) s WHERE :all_entries OR s.entry_id = ANY(:entry_ids)) s USING (entry_id)
        LEFT JOIN (SELECT DISTINCT entry_id FROM satudata_delivery WHERE stands) d USING (entry_id)
        LEFT JOIN (
            SELECT DISTINCT r.package_id FROM resource r LEFT JOIN satudata_load l ON l.resource_id = r.id
            WHERE r.state = 'active' AND r.url_type = 'upload'
              AND CASE WHEN l.resource_id IS NULL THEN r.size > 0 ELSE l.rows > 0 END
        ) f ON f.package_id = s.dataset_id
        LEFT JOIN satudata_metadata_score m ON m.dataset_id = s.dataset_id
    ) entries
"""

#: Published datasets per OPD that serve no plan entry, and how many of them are sample data.
OPD_FACTS = """
    SELECT p.owner_org AS opd_id, count(*)::integer AS outside_plan,
           (count(*) FILTER (WHERE lower(p.extras ->> 'data_contoh') IN ('true', 'ya', '1')))::integer AS outside_sample
    FROM package p
    WHERE p.state = 'active' AND p.type = 'dataset' AND NOT p.private AND p.owner_org IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM satudata_entry_fact f WHERE f.dataset_id = p.id)
    GROUP BY 1
"""

#: Whether a cell is on time; the twin of `core.cells.is_on_time`.
ON_TIME = "(c.complete AND COALESCE(c.first_valid_at <= c.deadline_grace, FALSE))"

#: By how many days a complete cell came late, null where nothing complete came; the twin of `core.lateness.days_late`.
DAYS_LATE = """
    CASE WHEN c.complete THEN
        GREATEST(0, ceil(extract(epoch FROM c.first_valid_at - c.deadline_grace) / 86400))::integer
    END
"""

#: The state of one cell at `:now`; the twin of `core.cells.state`.
STATE = f"""
    CASE
        WHEN c.exempt THEN 'tidak_berlaku'
        WHEN c.counts_from > :now THEN
            CASE WHEN c.deadline - interval '14 days' <= :now THEN 'segera_jatuh_tempo' ELSE 'belum_jatuh_tempo' END
        WHEN NOT c.delivered THEN 'terlewat'
        WHEN c.complete AND c.nil THEN 'nihil'
        WHEN {ON_TIME} THEN 'tepat_waktu'
        WHEN c.complete THEN 'terlambat'
        WHEN c.pending THEN 'menunggu_pemeriksaan'
        WHEN c.returned THEN 'dikembalikan'
        ELSE 'tidak_valid'
    END
"""

LAST_MOMENT = "'9999-12-31'::timestamptz"
COUNT_COLUMNS = (
    *(f"{name}_{part}" for name in CELL_MEASURES for part in ("num", "den")),
    *(f"n_{state}" for state in COUNTED_STATES),
)
_STATE_COUNTS = ", ".join(f"count(*) FILTER (WHERE counted AND state = '{s}') AS n_{s}" for s in COUNTED_STATES)


def counts(keys: str, condition: str) -> str:
    """Every count over the cells that pass `condition` (on the alias `c`), as of `:now`, for each of `keys`.

    `valid_until` is the moment at which the next of the cells starts to count.
    """
    return f"""
        SELECT {keys},
               count(*) FILTER (WHERE counted AND complete) AS kelengkapan_num,
               count(*) FILTER (WHERE counted) AS kelengkapan_den,
               count(*) FILTER (WHERE counted AND {ON_TIME}) AS ketepatan_waktu_num,
               count(*) FILTER (WHERE counted) AS ketepatan_waktu_den,
               COALESCE(sum(filled_values) FILTER (WHERE counted), 0) AS kelengkapan_isian_num,
               COALESCE(sum(expected_values) FILTER (WHERE counted), 0) AS kelengkapan_isian_den,
               count(*) FILTER (WHERE counted AND valid) AS validitas_num,
               count(*) FILTER (WHERE counted AND delivered) AS validitas_den,
               COALESCE(sum(consistent) FILTER (WHERE counted), 0) AS konsistensi_num,
               COALESCE(sum(comparable) FILTER (WHERE counted), 0) AS konsistensi_den,
               {_STATE_COUNTS},
               COALESCE(min(counts_from) FILTER (WHERE NOT counted), {LAST_MOMENT}) AS valid_until
        FROM (
            SELECT c.*, c.counts_from <= :now AS counted, {STATE} AS state
            FROM satudata_cell c WHERE NOT c.exempt AND {condition}
        ) c
        GROUP BY {keys}
    """


#: The counts of the months `:months`, or of all.
FIGURES = counts("month, opd_id, urusan", "(:all_months OR c.month = ANY(:months))")

#: A new stamp, and the moment at which the first stored figure stops to hold.
STAMP = f"""
    INSERT INTO satudata_stamp (single, stamp, valid_until, computed_at, horizon)
    SELECT TRUE, txid_current()::text,
           LEAST((SELECT min(valid_until) FROM satudata_figure),
                 (SELECT min(dari)::timestamp AT TIME ZONE 'Asia/Jakarta' FROM satudata_entry_span WHERE dari > :today),
                 {LAST_MOMENT}),
           :now, :horizon
    ON CONFLICT (single) DO UPDATE SET (stamp, valid_until, computed_at, horizon) =
        ROW(excluded.stamp, excluded.valid_until, excluded.computed_at, excluded.horizon)
"""
