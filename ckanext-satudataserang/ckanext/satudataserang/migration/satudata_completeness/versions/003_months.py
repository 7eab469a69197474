"""Cells know their OPD, class, urusan and month; figures are counts by month; runs are logged, months frozen.

What is stored here follows from plan, deliveries and datasets. Until the first refresh after this migration every
figure is marked as outlived, so that readers count it from the cells.

Revision ID: completeness_003
Revises: completeness_002
"""

import sqlalchemy as sa
from alembic import op

revision = "completeness_003"
down_revision = "completeness_002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEASURES = ("kelengkapan", "ketepatan_waktu", "kelengkapan_isian", "validitas")
OLD_MEASURES = ("ketersediaan", "kelengkapan", "kelengkapan_isian", "kelengkapan_metadata", "validitas")
STATES = (
    "tepat_waktu",
    "terlambat",
    "nihil",
    "menunggu_pemeriksaan",
    "dikembalikan",
    "tidak_valid",
    "terlewat",
)
LONG_AGO = "'1970-01-01 00:00:00+00'::timestamptz"


def _counts(measures: tuple[str, ...]) -> list["sa.Column[int]"]:
    parts = (f"{name}_{part}" for name in measures for part in ("num", "den"))
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in (*parts, *(f"n_{state}" for state in STATES))]


def upgrade() -> None:
    for name in ("opd_id", "kelas", "urusan"):
        op.add_column("satudata_cell", sa.Column(name, sa.Text))
    op.add_column("satudata_cell", sa.Column("month", sa.Integer))
    # On a new portal the tables of the plan may come later: then there are no cells either.
    planned = sa.inspect(op.get_bind()).has_table("satudata_plan_entry")
    if planned:
        op.execute(
            "UPDATE satudata_cell c SET opd_id = e.opd_id, kelas = e.kelas, urusan = e.urusan, "
            "month = (extract(year FROM c.period_end) * 100 + extract(month FROM c.period_end))::integer "
            "FROM satudata_plan_entry e WHERE e.id = c.entry_id"
        )
    op.execute("DELETE FROM satudata_cell WHERE opd_id IS NULL")
    for name in ("opd_id", "kelas", "urusan", "month"):
        op.alter_column("satudata_cell", name, nullable=False)
    op.drop_index("satudata_cell_year_idx", "satudata_cell")
    op.create_index("satudata_cell_month_idx", "satudata_cell", ["month", "opd_id"])
    op.create_table(
        "satudata_entry_span",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("dari", sa.Date, primary_key=True),
        sa.Column("sampai", sa.Date),
        sa.Column("opd_id", sa.Text, nullable=False),
        sa.Column("kelas", sa.Text, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
    )
    if planned:
        op.execute(
            "INSERT INTO satudata_entry_span (entry_id, dari, sampai, opd_id, kelas, frequency) "
            "SELECT id, berlaku_dari, berlaku_sampai, opd_id, kelas, frequency FROM satudata_plan_entry "
            "WHERE state IN ('berlaku', 'berakhir')"
        )
    op.drop_table("satudata_figure")
    op.create_table(
        "satudata_figure",
        sa.Column("month", sa.Integer, primary_key=True),
        sa.Column("opd_id", sa.Text, primary_key=True),
        sa.Column("urusan", sa.Text, primary_key=True),
        *_counts(MEASURES),
        sa.Column("valid_until", MOMENT, nullable=False),
    )
    zeros = ", ".join("0" for _ in _counts(MEASURES))
    op.execute(
        f"INSERT INTO satudata_figure SELECT DISTINCT month, opd_id, urusan, {zeros}, {LONG_AGO} "  # noqa: S608
        "FROM satudata_cell"
    )
    op.add_column("satudata_stamp", sa.Column("computed_at", MOMENT))
    op.add_column("satudata_stamp", sa.Column("horizon", sa.Date))
    op.execute(
        f"UPDATE satudata_stamp SET valid_until = {LONG_AGO}, computed_at = now(), horizon = '1970-01-01'"  # noqa: S608
    )
    op.alter_column("satudata_stamp", "computed_at", nullable=False)
    op.alter_column("satudata_stamp", "horizon", nullable=False)
    op.execute("INSERT INTO satudata_touched (kind, ref) VALUES ('opd', '') ON CONFLICT DO NOTHING")
    op.create_table(
        "satudata_run",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("started", MOMENT, nullable=False),
        sa.Column("finished", MOMENT),
        sa.Column("ok", sa.Boolean),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("entries", sa.Integer),
        sa.Column("cells", sa.BigInteger),
        sa.Column("shrunk", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("warned", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.create_index("satudata_run_started_idx", "satudata_run", ["started"])
    op.create_table(
        "satudata_snapshot",
        sa.Column("month", sa.Integer, primary_key=True),
        sa.Column("as_of", MOMENT, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
        sa.Column("rules", sa.LargeBinary, nullable=False),
        sa.Column("inputs", sa.LargeBinary, nullable=False),
        sa.Column("output", sa.LargeBinary, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("cells", sa.Integer, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("satudata_snapshot")
    op.drop_table("satudata_run")
    op.drop_column("satudata_stamp", "horizon")
    op.drop_column("satudata_stamp", "computed_at")
    op.drop_table("satudata_figure")
    op.create_table(
        "satudata_figure",
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("scope_id", sa.Text, primary_key=True),
        *_counts(OLD_MEASURES),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
    )
    op.drop_table("satudata_entry_span")
    op.drop_index("satudata_cell_month_idx", "satudata_cell")
    op.create_index("satudata_cell_year_idx", "satudata_cell", ["year", "entry_id"])
    for name in ("month", "urusan", "kelas", "opd_id"):
        op.drop_column("satudata_cell", name)
