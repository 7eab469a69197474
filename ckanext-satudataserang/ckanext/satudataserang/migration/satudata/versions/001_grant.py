"""Grants: who is Walidata, who is Pembina.

Revision ID: satudata_001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "satudata_001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_grant",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("role", sa.Text, primary_key=True),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("role IN ('walidata', 'pembina')", name="satudata_grant_role"),
    )


def downgrade() -> None:
    op.drop_table("satudata_grant")
