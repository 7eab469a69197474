"""When a load that found its table in use, or a service away, is tried again.

Revision ID: submission_006
Revises: submission_005
"""

import sqlalchemy as sa
from alembic import op

revision = "submission_006"
down_revision = "submission_005"
branch_labels = None
depends_on = None

_TABLE = "satudata_load"
_COLUMNS = ("hindered_since", "retry_at")


def upgrade() -> None:
    for name in _COLUMNS:
        op.add_column(_TABLE, sa.Column(name, sa.DateTime(timezone=True)))


def downgrade() -> None:
    for name in reversed(_COLUMNS):
        op.drop_column(_TABLE, name)
