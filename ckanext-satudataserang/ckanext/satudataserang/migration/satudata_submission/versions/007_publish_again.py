"""When a publication that found its table in use, or a service away, is tried again.

Revision ID: submission_007
Revises: submission_006
"""

import sqlalchemy as sa
from alembic import op

revision = "submission_007"
down_revision = "submission_006"
branch_labels = None
depends_on = None

_TABLE, _COLUMN = "satudata_submission", "publish_retry_at"


def upgrade() -> None:
    op.add_column(_TABLE, sa.Column(_COLUMN, sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column(_TABLE, _COLUMN)
