"""Differences between figures of OPDs that letters spoke of.

Revision ID: chase_002
Revises: chase_001
"""

import sqlalchemy as sa
from alembic import op

revision = "chase_002"
down_revision = "chase_001"
branch_labels = None
depends_on = None

_TABLE = "satudata_mail_difference"


def upgrade() -> None:
    op.create_table(
        _TABLE,
        sa.Column("conflict_id", sa.Text, primary_key=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("recipient", sa.Text, primary_key=True),
        sa.Column("mail_id", sa.Text, nullable=False),
    )
    op.create_index("satudata_mail_difference_mail", _TABLE, ["mail_id"])


def downgrade() -> None:
    op.drop_table(_TABLE)
