"""Statements about comparisons that other capabilities join with."""

from __future__ import annotations

_SIDE = """
    SELECT p.{0}_entry AS entry_id, p.period,
           p.state <> 'beda' OR COALESCE(k.state, 'terbuka') <> 'terbuka' AS consistent
    FROM satudata_comparison p LEFT JOIN satudata_conflict k ON k.id = p.id
    WHERE p.state <> 'tak_terbanding' AND (:all_entries OR p.{0}_entry = ANY(:entry_ids))
"""

#: By entry: the dataset that serves it (as `submission.tables.place_of` finds it), whether it is there for readers, and
#: whether everybody may see what it holds.
SERVED = """
    SELECT DISTINCT ON (e.id) e.id AS entry_id, d.name, d.state = 'active' AS active,
           d.state = 'active' AND NOT d.private AND e.access = 'terbuka' AS terbuka
    FROM satudata_plan_entry e
    JOIN package d ON d.extras ->> 'daftar_data_kode' = e.kode AND d.owner_org = e.opd_id
         AND d.state <> 'deleted' AND d.type = 'dataset'
    ORDER BY e.id, d.state = 'active' DESC, d.metadata_created, d.id
"""

#: By entry and period: of how many published figures there is another to compare with (`comparable`), and how many of
#: these comparisons have no open conflict (`consistent`). A comparison counts for the entries on both sides, and once
#: where both are one. Parameters: `:all_entries`, `:entry_ids`.
COUNTED = f"""
    SELECT entry_id, period, count(*)::integer AS comparable,
           (count(*) FILTER (WHERE consistent))::integer AS consistent
    FROM ({_SIDE.format("left")} UNION ALL {_SIDE.format("right")} AND p.right_entry <> p.left_entry) sides
    GROUP BY 1, 2
"""
