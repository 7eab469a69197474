"""Deliveries and the state of loading.

Revision ID: submission_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "submission_001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_submission",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("resource_id", sa.Text),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid", sa.Boolean, nullable=False),
        sa.Column("nil", sa.Boolean, nullable=False),
        sa.Column("expected_values", sa.Integer),
        sa.Column("filled_values", sa.Integer, nullable=False),
        sa.Column("zero_values", sa.Integer, nullable=False),
        sa.Column("reasons", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("content_sha256", sa.Text, nullable=False),
        sa.Column("superseded_by", sa.Text),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.CheckConstraint("filled_values >= 0 AND zero_values >= 0", name="satudata_submission_counts"),
        sa.CheckConstraint("expected_values >= 0", name="satudata_submission_expected"),
    )
    op.create_index(
        "satudata_submission_current_entry",
        "satudata_submission",
        ["entry_id", "period"],
        unique=True,
        postgresql_where=sa.text("superseded_by IS NULL AND entry_id IS NOT NULL"),
    )
    op.create_index(
        "satudata_submission_current_dataset",
        "satudata_submission",
        ["dataset_id", "period"],
        unique=True,
        postgresql_where=sa.text("superseded_by IS NULL AND entry_id IS NULL"),
    )
    op.create_index("satudata_submission_entry", "satudata_submission", ["entry_id", "period", "delivered_at"])
    op.create_index("satudata_submission_dataset", "satudata_submission", ["dataset_id"])
    op.create_index("satudata_submission_resource", "satudata_submission", ["resource_id"])
    op.create_table(
        "satudata_load",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("sha256", sa.Text),
        sa.Column("rows", sa.BigInteger),
        sa.Column("findings", postgresql.JSONB, nullable=False),
        sa.Column("totals", postgresql.JSONB, nullable=False),
    )
    op.create_index(
        "satudata_load_state",
        "satudata_load",
        ["state"],
        postgresql_where=sa.text("state IN ('antre', 'memuat')"),
    )
    op.create_index("satudata_load_dataset", "satudata_load", ["dataset_id"])


def downgrade() -> None:
    op.drop_table("satudata_load")
    op.drop_table("satudata_submission")
