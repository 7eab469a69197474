"""Terms of plan entries over time, and what was done to an entry.

Revision ID: plan_002
Revises: plan_001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "plan_002"
down_revision = "plan_001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_plan_terms",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("effective_from", sa.Date, primary_key=True),
        sa.Column("opd_id", sa.Text, nullable=False, index=True),
        sa.Column("frequency", sa.Text, nullable=False),
        sa.Column("deadline_days", sa.Integer, nullable=False),
        sa.Column("grace_days", sa.Integer, nullable=False),
        sa.Column("kelas", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("changed_by", sa.Text, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("deadline_days >= 0 AND grace_days >= 0", name="satudata_plan_terms_days"),
    )
    op.create_table(
        "satudata_plan_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("entry_id", sa.Text, nullable=False, index=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("changes", postgresql.JSONB, nullable=False),
    )
    op.create_index("satudata_plan_entry_state_idx", "satudata_plan_entry", ["state"])


def downgrade() -> None:
    op.drop_index("satudata_plan_entry_state_idx", "satudata_plan_entry")
    op.drop_table("satudata_plan_event")
    op.drop_table("satudata_plan_terms")
