"""How a delivery's file was read, against which structure, and what was decided about personal data in it.

Revision ID: submission_005
Revises: submission_004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "submission_005"
down_revision = "submission_004"
branch_labels = None
depends_on = None

_TABLE = "satudata_submission"
_COLUMNS = (
    sa.Column("layout", postgresql.JSONB),
    sa.Column("reading", postgresql.JSONB),
    sa.Column("structure", sa.Text, nullable=False, server_default=""),
    sa.Column("progress", sa.SmallInteger),
    sa.Column("privacy", sa.Text, nullable=False, server_default=""),
    sa.Column("privacy_columns", postgresql.JSONB, nullable=False, server_default="{}"),
    sa.Column("privacy_by", sa.Text),
    sa.Column("privacy_at", sa.DateTime(timezone=True)),
    sa.Column("privacy_note", sa.Text, nullable=False, server_default=""),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column(_TABLE, column.copy())
    op.create_check_constraint(
        "satudata_submission_privacy", _TABLE, "privacy IN ('', 'ditahan', 'dilepas', 'disamarkan')"
    )
    op.create_table(
        "satudata_title_memory",
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("title", sa.Text, primary_key=True),
        sa.Column("column_id", sa.Text, nullable=False),
        sa.Column("confirmed_by", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("satudata_title_memory")
    op.drop_constraint("satudata_submission_privacy", _TABLE)
    for column in reversed(_COLUMNS):
        op.drop_column(_TABLE, column.name)
