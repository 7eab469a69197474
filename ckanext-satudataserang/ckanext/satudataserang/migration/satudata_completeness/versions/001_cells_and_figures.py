"""Cells, what is known per entry, OPD and dataset, and the figures counted over them.

Revision ID: completeness_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "completeness_001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
MEASURES = ("ketersediaan", "kelengkapan", "kelengkapan_isian", "kelengkapan_metadata", "validitas")
STATES = (
    "tepat_waktu",
    "terlambat",
    "nihil",
    "menunggu_pemeriksaan",
    "dikembalikan",
    "tidak_valid",
    "terlewat",
)
TABLES = (
    "satudata_touched",
    "satudata_opd_fact",
    "satudata_figure",
    "satudata_entry_fact",
    "satudata_metadata_score",
    "satudata_cell",
)


def upgrade() -> None:
    flags = ("delivered", "valid", "nil", "complete", "pending", "returned")
    op.create_table(
        "satudata_cell",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("period_start", sa.Date, nullable=False),
        sa.Column("period_end", sa.Date, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("deadline", MOMENT, nullable=False),
        sa.Column("deadline_grace", MOMENT, nullable=False),
        sa.Column("exempt", sa.Boolean, nullable=False),
        sa.Column("expected_values", sa.Integer, nullable=False),
        sa.Column("filled_values", sa.Integer, nullable=False),
        *(sa.Column(flag, sa.Boolean, nullable=False) for flag in flags),
        sa.Column("first_delivered_at", MOMENT),
        sa.Column("first_valid_at", MOMENT),
        sa.Column("counts_from", MOMENT, nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text), nullable=False),
        sa.CheckConstraint("filled_values BETWEEN 0 AND expected_values", name="satudata_cell_filled"),
    )
    op.create_index("satudata_cell_year_idx", "satudata_cell", ["year", "entry_id"])
    op.create_table(
        "satudata_metadata_score",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("possible", sa.Integer, nullable=False),
        sa.Column("lost", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_entry_fact",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text),
        sa.Column("published", sa.Boolean, nullable=False),
        sa.Column("metadata_points", sa.Integer, nullable=False),
        sa.Column("metadata_possible", sa.Integer, nullable=False),
    )
    op.create_table(
        "satudata_figure",
        sa.Column("year", sa.Integer, primary_key=True),
        sa.Column("scope", sa.Text, primary_key=True),
        sa.Column("scope_id", sa.Text, primary_key=True),
        *(sa.Column(f"{name}_{part}", sa.BigInteger, nullable=False) for name in MEASURES for part in ("num", "den")),
        *(sa.Column(f"n_{state}", sa.BigInteger, nullable=False) for state in STATES),
        sa.Column("valid_until", MOMENT, nullable=False),
        sa.Column("computed_at", MOMENT, nullable=False),
        sa.Column("rule_version", sa.Text, nullable=False),
    )
    op.create_table(
        "satudata_opd_fact",
        sa.Column("opd_id", sa.Text, primary_key=True),
        sa.Column("outside_plan", sa.Integer, nullable=False),
        sa.Column("outside_sample", sa.Integer, nullable=False),
    )
    op.create_table(
        "satudata_touched",
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("ref", sa.Text, primary_key=True),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
