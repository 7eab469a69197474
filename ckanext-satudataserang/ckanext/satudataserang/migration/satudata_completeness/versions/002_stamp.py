"""The stamp of the last refresh, and until when the stored figures hold.

Revision ID: completeness_002
Revises: completeness_001
"""

import sqlalchemy as sa
from alembic import op

revision = "completeness_002"
down_revision = "completeness_001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "satudata_stamp",
        sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
        sa.Column("stamp", sa.Text, nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("satudata_stamp")
