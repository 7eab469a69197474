"""The Daftar Data: plan entries.

Revision ID: plan_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "plan_001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_plan_entry",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kode", sa.Text, nullable=False, unique=True),
        sa.Column("judul", sa.Text, nullable=False),
        sa.Column("opd_id", sa.Text, nullable=False, index=True),
        sa.Column("urusan", sa.Text, nullable=False, index=True),
        sa.Column("kelas", sa.Text, nullable=False),
        sa.Column("prioritas", postgresql.ARRAY(sa.Integer), nullable=False),
        sa.Column("dasar_hukum", sa.Text, nullable=False),
        sa.Column("frequency", sa.Text, nullable=False),
        sa.Column("deadline_days", sa.Integer, nullable=False),
        sa.Column("grace_days", sa.Integer, nullable=False),
        sa.Column("berlaku_dari", sa.Date, nullable=False),
        sa.Column("berlaku_sampai", sa.Date),
        sa.Column("level_wilayah", sa.Text, nullable=False),
        sa.Column("expected_values", sa.Integer),
        sa.Column("access", sa.Text, nullable=False),
        sa.Column("access_reason", sa.Text, nullable=False),
        sa.Column("source_system", sa.Text, nullable=False),
        sa.Column("structure_id", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("modified", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deadline_days >= 0 AND grace_days >= 0", name="satudata_plan_entry_days"),
        sa.CheckConstraint("expected_values > 0", name="satudata_plan_entry_expected"),
        sa.CheckConstraint("berlaku_sampai >= berlaku_dari", name="satudata_plan_entry_validity"),
    )


def downgrade() -> None:
    op.drop_table("satudata_plan_entry")
