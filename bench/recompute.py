"""Recomputing all cells and figures, against the number of cells and against plain PostgreSQL.

Budgets: 72,000 cells (60 OPD, 2,000 monthly entries over three years) in at most 5 seconds, and no step from one size
to the next that costs a third more per cell. The synthetic city, a tenth of whose cells are compared with others, is
written and measured inside one transaction that is rolled back. `BENCH_LARGE=1` adds a million cells (at most 60
seconds).
"""

from __future__ import annotations

import configparser
import os
from datetime import datetime, timezone
from itertools import pairwise

import sqlalchemy as sa
from _figures import close, median, required, seconds
from sqlalchemy.orm import Session

import ckan.model  # noqa: F401  # the tables must be known before ours

from ckanext.satudataserang.completeness import windows
from ckanext.satudataserang.completeness.refresh import refresh
from ckanext.satudataserang.core.windows import Window

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=timezone.utc)
PERIODS = 36
YEAR_WITH_TRENDS = {0: Window.of_year(2025), 3: Window(202410, 202509), 12: Window.of_year(2024)}
SIZES = (9_000, 36_000, 72_000)
BUDGET_SECONDS = 5.0
LARGE, LARGE_BUDGET_SECONDS = 1_000_000, 60.0
#: Linear but for the noise of single runs.
GROWTH_BUDGET = 1.3

SEED = (
    """INSERT INTO "group" (id, name, title, type, is_organization, state, approval_status, extras)
       SELECT 'bench-o' || i, 'bench-o' || i, 'OPD ' || i, 'organization', TRUE, 'active', 'approved', '{}'
       FROM generate_series(1, 60) i""",
    """INSERT INTO package (id, name, title, notes, owner_org, state, private, type, extras, metadata_created,
                             metadata_modified, plugin_data)
       SELECT 'bench-p' || i, 'bench-p' || i, 'Jumlah kejadian menurut kecamatan ' || i,
              'Banyaknya kejadian yang tercatat, dirinci menurut kecamatan.', 'bench-o' || (i % 60 + 1), 'active',
              FALSE, 'dataset',
              jsonb_build_object('daftar_data_kode', 'bench-k' || i, 'konsep', 'Kejadian', 'satuan', 'kasus'),
              now(), now(), '{}'
       FROM generate_series(1, :entries) i""",
    """INSERT INTO satudata_plan_entry (id, kode, judul, opd_id, urusan, kelas, prioritas, dasar_hukum, frequency,
              deadline_days, grace_days, berlaku_dari, level_wilayah, expected_values, access, access_reason,
              source_system, state, created, modified)
       SELECT 'bench-e' || i, 'bench-k' || i, 'Entri ' || i, 'bench-o' || (i % 60 + 1), '1.0' || (i % 6 + 1), 'wajib',
              '{}', '', 'bulanan', 30, 14, '2025-01-01', 'kota', 6, 'terbuka', '', '', 'berlaku', now(), now()
       FROM generate_series(1, :entries) i""",
    """INSERT INTO satudata_submission (id, entry_id, period, dataset_id, origin, state, delivered_at, valid, nil,
              filled_values, zero_values, reasons, content_sha256, created_by, note, chain_id)
       SELECT 'bench-s' || i || '-' || m, 'bench-e' || i,
              to_char(make_date(2025, 1, 1) + make_interval(months => m), 'YYYY-MM'), 'bench-p' || i, 'unggahan',
              'terbit', make_date(2025, 1, 28) + make_interval(months => m, days => m), i % 7 <> 0, FALSE,
              (i + m) % 7, 0, '{}', 'x', '', '', 'bench-s' || i || '-' || m
       FROM generate_series(1, :entries) i, generate_series(0, 20) m WHERE (i + m) % 5 <> 0""",
    # One cell in ten holds figures that somebody else publishes too; of these comparisons one in five is in dispute.
    """INSERT INTO satudata_comparison (id, rule, kind, left_entry, left_column, right_entry, right_column, period,
              area, classes, left_value, right_value, difference, state, reason, evaluated_at)
       SELECT 'bench-c' || i || '-' || m, 'bench', 'sama', 'bench-e' || i, 'nilai', 'bench-e' || (i + 1), 'nilai',
              to_char(make_date(2025, 1, 1) + make_interval(months => m), 'YYYY-MM'), '36.73', '', 1, 2, -1,
              CASE WHEN (i + m) % 5 = 0 THEN 'beda' ELSE 'sama' END, '', now()
       FROM generate_series(10, :entries - 1, 10) i, generate_series(0, 17) m""",
    """INSERT INTO satudata_conflict (id, rule, kind, left_entry, left_column, right_entry, right_column, period, area,
              classes, left_value, right_value, difference, severity, state, opened_at, changed_at)
       SELECT id, rule, kind, left_entry, left_column, right_entry, right_column, period, area, classes, left_value,
              right_value, difference, 'peringatan', 'terbuka', now(), now()
       FROM satudata_comparison WHERE rule = 'bench' AND state = 'beda'""",
    "ANALYZE satudata_submission",
    "ANALYZE satudata_comparison",
    "ANALYZE satudata_conflict",
    "ANALYZE satudata_plan_entry",
    "ANALYZE package",
)
PLAIN = "CREATE TEMPORARY TABLE bench_plain ON COMMIT DROP AS SELECT * FROM satudata_cell"


def measure(engine: sa.Engine, cells: int, runs: int) -> tuple[float, float]:
    """Median seconds of a full recompute from nothing, and of copying the same cells in plain SQL."""
    full, plain, pages, ones = [], [], [], []
    for _ in range(runs):
        with Session(engine) as session:
            for statement in SEED:
                session.execute(sa.text(statement), {"entries": cells // PERIODS} if ":entries" in statement else {})
            full.append(seconds(lambda session=session: refresh(session, NOW)))
            plain.append(seconds(lambda session=session: session.execute(sa.text(PLAIN))))
            pages.append(seconds(lambda session=session: windows.figures(session, NOW, "opd", YEAR_WITH_TRENDS)))
            refresh(session, NOW, entry_ids=["bench-e2"])
            ones.append(seconds(lambda session=session: refresh(session, NOW, entry_ids=["bench-e1"])))
            session.rollback()
    print(
        f"{cells:>9,} cells: full {median(full):6.2f} s ({median(full) / cells * 1e6:5.1f} µs per cell), "
        f"one submission {median(ones):5.2f} s, figures of a page {median(pages) * 1000:5.1f} ms, "
        f"plain SQL copy {median(plain):5.2f} s"
    )
    return median(full), median(plain)


def growth(taken: dict[int, float]) -> float:
    """By how much the time per cell grows at the worst step from one size to the next; 1 is linear, less is better."""
    steps = []
    for small, large in pairwise(sorted(taken)):
        steps.append((taken[large] / large) / (taken[small] / small))
        print(f"time per cell at {large:,} against {small:,}: {steps[-1]:.2f}")
    return max(steps)


def main() -> None:
    ini = configparser.RawConfigParser()
    ini.read(required("SATUDATA_TEST_PORTAL_INI"))
    engine = sa.create_engine(ini["app:main"]["sqlalchemy.url"].replace("%%", "%"))
    taken = {cells: measure(engine, cells, runs=3)[0] for cells in SIZES}
    if os.environ.get("BENCH_LARGE"):
        taken[LARGE] = measure(engine, LARGE, runs=1)[0]
        close("recompute_large", taken[LARGE] / LARGE_BUDGET_SECONDS, 1)
    close("recompute_linear", growth(taken), GROWTH_BUDGET)
    close("recompute", taken[SIZES[-1]] / BUDGET_SECONDS, 1)


if __name__ == "__main__":
    main()
