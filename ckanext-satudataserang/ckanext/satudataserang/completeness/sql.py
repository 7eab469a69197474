"""The statements behind cells and figures: each works on whole sets, none per dataset.

They hold the rules of `core/cells.py` and `core/measures.py` once more; tests/completeness/test_sql_equals_core.py
compares the two on random cities. Parameters: `:now` is an aware moment, `:today` its date in Asia/Jakarta.
"""

from __future__ import annotations

from ckanext.satudataserang.completeness.model import COUNTED_STATES
from ckanext.satudataserang.core.measures import MEASURES

#: Entries that owe something, narrowed to their OPD's own validity. An OPD may name a year or a month alone: all of it.
#: Entries of an OPD that was deleted owe nothing.
IN_FORCE = """
    SELECT e.*, GREATEST(e.berlaku_dari, o.dari) AS dari, LEAST(e.berlaku_sampai, o.sampai) AS sampai
    FROM satudata_plan_entry e
    JOIN (
        SELECT id,
               CASE length(since) WHEN 4 THEN since || '-01-01' WHEN 7 THEN since || '-01'
                    ELSE NULLIF(left(since, 10), '') END::date AS dari,
               CASE length(until) WHEN 4 THEN (until || '-12-31')::date
                    WHEN 7 THEN ((until || '-01')::date + interval '1 month' - interval '1 day')::date
                    ELSE NULLIF(left(until, 10), '')::date END AS sampai
        FROM (
            SELECT id, extras ->> 'berlaku_dari' AS since, extras ->> 'berlaku_sampai' AS until
            FROM "group" WHERE is_organization AND state = 'active'
        ) named
    ) o ON o.id = e.opd_id
    WHERE e.state IN ('berlaku', 'berakhir')
"""

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

#: The newest word on each cell (`newest_*`), and the delivery that stands published (`filled_values`, `nil`): of
#: several the one that nothing supersedes. A published delivery that is invalid fills nothing, and a cell whose
#: delivery was withdrawn is as if nothing had come.
_ORDER = "ORDER BY s.superseded_by IS NULL DESC, s.delivered_at DESC, s.id"
_PUBLISHED = "FILTER (WHERE s.state = 'terbit')"
DELIVERIES = f"""
    SELECT s.entry_id, s.period,
           min(s.delivered_at) AS first_delivered_at,
           min(s.delivered_at) FILTER (WHERE s.valid AND s.state = 'terbit') AS first_valid_at,
           (array_agg(s.valid {_ORDER}))[1] AS newest_valid,
           (array_agg(s.state {_ORDER}))[1] AS newest_state,
           (array_agg(array_to_string(s.reasons, ',') {_ORDER}))[1] AS newest_reasons,
           (array_agg(s.expected_values {_ORDER}))[1] AS newest_expected,
           (array_agg(s.valid AND s.nil {_ORDER}) {_PUBLISHED})[1] AS nil,
           (array_agg(CASE WHEN s.valid THEN s.filled_values ELSE 0 END {_ORDER}) {_PUBLISHED})[1] AS filled_values
    FROM satudata_submission s
    JOIN satudata_plan_entry e ON e.id = s.entry_id
    JOIN package p ON p.id = s.dataset_id AND {_PUBLIC}
    WHERE s.state <> 'draf' AND s.delivered_at <= :now
      AND (:all_entries OR s.entry_id = ANY(:entry_ids))
    GROUP BY s.entry_id, s.period
    HAVING (array_agg(s.state {_ORDER}))[1] <> 'ditarik'
"""

#: Expected cells with the facts of their deliveries, from the temporary tables `satudata_calendar` (calendar.py),
#: `satudata_in_force` and `satudata_delivery` (refresh.py). A nil statement leaves no values to be filled.
CELLS = """
    SELECT entry_id, period, period_start, period_end, year, deadline, deadline_grace, FALSE AS exempt,
           CASE WHEN nil THEN 0 ELSE expected_values END AS expected_values,
           CASE WHEN nil THEN 0 ELSE LEAST(filled_values, expected_values) END AS filled_values,
           delivered, delivered AND newest_valid AS valid, nil,
           nil OR filled_values >= expected_values AS complete,
           delivered AND newest_state IN ('diajukan', 'menunggu_pemeriksaan') AS pending,
           delivered AND newest_state = 'dikembalikan' AS returned,
           first_delivered_at, first_valid_at,
           LEAST(deadline + interval '1 second', first_delivered_at) AS counts_from,
           CASE WHEN delivered THEN array_remove(string_to_array(newest_reasons, ','), '') ELSE ARRAY[]::text[] END
               AS reasons
    FROM (
        SELECT e.id AS entry_id, c.period, c.period_start, c.period_end, c.year, c.deadline, c.deadline_grace,
               GREATEST(COALESCE(e.expected_values, d.newest_expected, 1), 1) AS expected_values,
               COALESCE(d.filled_values, 0) AS filled_values,
               d.entry_id IS NOT NULL AS delivered, COALESCE(d.newest_valid, FALSE) AS newest_valid,
               d.newest_state, d.newest_reasons, COALESCE(d.nil, FALSE) AS nil,
               d.first_delivered_at, d.first_valid_at
        FROM satudata_in_force e
        JOIN satudata_calendar c
          ON c.frequency = e.frequency AND c.deadline_days = e.deadline_days AND c.grace_days = e.grace_days
         AND (c.anchor IS NULL OR c.anchor = e.dari)
         AND c.period_end >= e.dari AND (e.sampai IS NULL OR c.period_end <= e.sampai)
        LEFT JOIN satudata_delivery d ON d.entry_id = e.id AND d.period = c.period
        WHERE :all_entries OR e.id = ANY(:entry_ids)
    ) expected
"""

#: Which dataset serves each entry, and the metadata points it earns for it.
ENTRY_FACTS = f"""
    SELECT e.id AS entry_id, s.dataset_id, COALESCE(s.published, FALSE) AS published,
           CASE WHEN s.published THEN COALESCE(m.points, 0) ELSE 0 END AS metadata_points,
           CAST(:possible AS integer) AS metadata_possible
    FROM ({IN_FORCE}) e
    LEFT JOIN ({SERVING}) s ON s.entry_id = e.id
    LEFT JOIN satudata_metadata_score m ON m.dataset_id = s.dataset_id
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

#: The state of one cell at `:now`; the twin of `core.cells.state`.
STATE = """
    CASE
        WHEN c.exempt THEN 'tidak_berlaku'
        WHEN c.counts_from > :now THEN
            CASE WHEN c.deadline - interval '14 days' <= :now THEN 'segera_jatuh_tempo' ELSE 'belum_jatuh_tempo' END
        WHEN NOT c.delivered THEN 'terlewat'
        WHEN c.complete AND c.nil THEN 'nihil'
        WHEN c.complete AND c.first_valid_at <= c.deadline_grace THEN 'tepat_waktu'
        WHEN c.complete THEN 'terlambat'
        WHEN c.pending THEN 'menunggu_pemeriksaan'
        WHEN c.returned THEN 'dikembalikan'
        ELSE 'tidak_valid'
    END
"""

_SCOPE = """
    CASE WHEN GROUPING(opd_id) = 0 THEN 'opd' WHEN GROUPING(urusan) = 0 THEN 'urusan'
         WHEN GROUPING(entry_id) = 0 THEN 'entry' ELSE 'city' END AS scope,
    COALESCE(opd_id, urusan, entry_id, '') AS scope_id
"""
_SCOPES = "GROUPING SETS ((year), (year, opd_id), (year, urusan), (year, entry_id))"
_LAST_MOMENT = "'9999-12-31'::timestamptz"

_STATE_COUNTS = ", ".join(f"count(*) FILTER (WHERE counted AND state = '{s}') AS n_{s}" for s in COUNTED_STATES)
_STATE_COLUMNS = ", ".join(f"n_{state}" for state in COUNTED_STATES)
_MEASURE_COLUMNS = ", ".join(f"{name}_{part}" for name in MEASURES for part in ("num", "den"))
_COUNT_COLUMNS = f"{_MEASURE_COLUMNS}, {_STATE_COLUMNS}"
FIGURE_COLUMNS = f"year, scope, scope_id, {_COUNT_COLUMNS}, valid_until"

#: Every figure of the years `:first`..`:last` as of `:now`, for the city, each OPD, urusan and entry.
FIGURES = f"""
    WITH entry AS (
        SELECT y.year, e.id AS entry_id, e.opd_id, e.urusan, f.published, f.metadata_points, f.metadata_possible,
               GREATEST(e.dari, make_date(y.year, 1, 1)) AS in_force_from
        FROM ({IN_FORCE}) e
        JOIN satudata_entry_fact f ON f.entry_id = e.id
        CROSS JOIN generate_series(CAST(:first AS integer), CAST(:last AS integer)) AS y(year)
        WHERE e.dari <= make_date(y.year, 12, 31) AND (e.sampai IS NULL OR e.sampai >= make_date(y.year, 1, 1))
    ),
    by_entry AS (
        SELECT year, {_SCOPE},
               count(*) FILTER (WHERE in_force AND published) AS ketersediaan_num,
               count(*) FILTER (WHERE in_force) AS ketersediaan_den,
               COALESCE(sum(metadata_points) FILTER (WHERE in_force), 0) AS kelengkapan_metadata_num,
               COALESCE(sum(metadata_possible) FILTER (WHERE in_force), 0) AS kelengkapan_metadata_den,
               min(in_force_from) FILTER (WHERE NOT in_force) AS next_entry
        FROM (SELECT *, in_force_from <= :today AS in_force FROM entry) entry
        GROUP BY {_SCOPES}
    ),
    by_cell AS (
        SELECT year, {_SCOPE},
               count(*) FILTER (WHERE counted AND complete) AS kelengkapan_num,
               count(*) FILTER (WHERE counted) AS kelengkapan_den,
               COALESCE(sum(filled_values) FILTER (WHERE counted), 0) AS kelengkapan_isian_num,
               COALESCE(sum(expected_values) FILTER (WHERE counted), 0) AS kelengkapan_isian_den,
               count(*) FILTER (WHERE counted AND valid) AS validitas_num,
               count(*) FILTER (WHERE counted AND delivered) AS validitas_den,
               {_STATE_COUNTS},
               min(counts_from) FILTER (WHERE NOT counted) AS next_cell
        FROM (
            SELECT c.*, e.opd_id, e.urusan, c.counts_from <= :now AS counted, {STATE} AS state
            FROM satudata_cell c JOIN satudata_plan_entry e ON e.id = c.entry_id
            WHERE NOT c.exempt AND c.year BETWEEN :first AND :last
        ) cell
        GROUP BY {_SCOPES}
    )
    SELECT year, scope, scope_id, {", ".join(f"COALESCE({c}, 0) AS {c}" for c in _MEASURE_COLUMNS.split(", "))},
           {", ".join(f"COALESCE({c}, 0) AS {c}" for c in _STATE_COLUMNS.split(", "))},
           LEAST(next_cell, next_entry::timestamp AT TIME ZONE 'Asia/Jakarta', {_LAST_MOMENT}) AS valid_until
    FROM by_entry FULL JOIN by_cell USING (year, scope, scope_id)
"""

#: The figures of `:first`..`:last` as they are stored.
STAMPED_FIGURES = f"""
    SELECT figures.*, CAST(:now AS timestamptz) AS computed_at, CAST(:rule_version AS text) AS rule_version
    FROM ({FIGURES}) figures
"""

#: A new stamp, and the moment at which the first stored figure stops to hold.
STAMP = f"""
    INSERT INTO satudata_stamp (single, stamp, valid_until)
    SELECT TRUE, txid_current()::text, COALESCE(min(valid_until), {_LAST_MOMENT}) FROM satudata_figure
    ON CONFLICT (single) DO UPDATE SET stamp = excluded.stamp, valid_until = excluded.valid_until
"""

#: The figures of one scope in `:first`..`:last` as of `:now`: the stored rows, or, where the clock has passed one of
#: them, the same counts made anew. The gate is a constant subquery, so untouched years cost no scan of the cells.
READ_FIGURES = f"""
    WITH stored AS MATERIALIZED (
        SELECT * FROM satudata_figure WHERE year BETWEEN :first AND :last AND scope = :scope
    ),
    clock AS MATERIALIZED (SELECT COALESCE(bool_or(valid_until <= :now), FALSE) AS stale FROM stored)
    SELECT {FIGURE_COLUMNS}, computed_at, rule_version FROM stored WHERE NOT (SELECT stale FROM clock)
    UNION ALL
    SELECT {FIGURE_COLUMNS}, CAST(:now AS timestamptz), CAST(:rule_version AS text)
    FROM ({FIGURES}) fresh WHERE (SELECT stale FROM clock) AND scope = :scope
"""

#: The figures of one OPD by urusan: the sums of the figures of its entries.
OPD_URUSAN_FIGURES = f"""
    SELECT f.year, e.urusan AS scope_id, {", ".join(f"sum({c}) AS {c}" for c in _COUNT_COLUMNS.split(", "))}
    FROM ({READ_FIGURES}) f JOIN satudata_plan_entry e ON e.id = f.scope_id
    WHERE e.opd_id = :opd
    GROUP BY f.year, e.urusan
"""
