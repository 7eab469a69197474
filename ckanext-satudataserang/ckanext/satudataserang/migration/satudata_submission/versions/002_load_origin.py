"""Where a request for loading came from.

Revision ID: submission_002
Revises: submission_001
"""

import sqlalchemy as sa
from alembic import op

revision = "submission_002"
down_revision = "submission_001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("satudata_load", sa.Column("origin", sa.Text, nullable=False, server_default="unggahan"))


def downgrade() -> None:
    op.drop_column("satudata_load", "origin")
