"""What was touched is only added to and taken from: whoever notes a thing waits for nobody.

Revision ID: completeness_004
Revises: completeness_003
"""

import sqlalchemy as sa
from alembic import op

revision = "completeness_004"
down_revision = "completeness_003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("satudata_touched_pkey", "satudata_touched", type_="primary")
    op.add_column("satudata_touched", sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False))
    op.create_primary_key("satudata_touched_pkey", "satudata_touched", ["id"])


def downgrade() -> None:
    op.execute(
        "DELETE FROM satudata_touched t USING satudata_touched o "
        "WHERE o.kind = t.kind AND o.ref = t.ref AND o.id < t.id"
    )
    op.drop_column("satudata_touched", "id")
    op.create_primary_key("satudata_touched_pkey", "satudata_touched", ["kind", "ref"])
