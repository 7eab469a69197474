"""Whether everybody may see both figures is asked when they are read, not kept.

Revision ID: satudata_consistency_002
Revises: satudata_consistency_001
"""

import sqlalchemy as sa
from alembic import op

revision = "satudata_consistency_002"
down_revision = "satudata_consistency_001"
branch_labels = None
depends_on = None

TABLES = ("satudata_comparison", "satudata_conflict")


def upgrade() -> None:
    for table in TABLES:
        op.drop_column(table, "terbuka")


def downgrade() -> None:
    # Nobody knows any more: closed until they are compared again.
    for table in TABLES:
        op.add_column(table, sa.Column("terbuka", sa.Boolean, nullable=False, server_default=sa.false()))
        op.alter_column(table, "terbuka", server_default=None)
