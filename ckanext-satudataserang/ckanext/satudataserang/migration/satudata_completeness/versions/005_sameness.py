"""Cells know how many of their figures can be compared and how many of these agree; figures add them up.

Revision ID: completeness_005
Revises: completeness_004
"""

import sqlalchemy as sa
from alembic import op

revision = "completeness_005"
down_revision = "completeness_004"
branch_labels = None
depends_on = None

FACTS = ("comparable", "consistent")
COUNTS = ("konsistensi_num", "konsistensi_den")


def upgrade() -> None:
    for name in FACTS:
        op.add_column("satudata_cell", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    op.create_check_constraint("satudata_cell_consistent", "satudata_cell", "consistent BETWEEN 0 AND comparable")
    for name in COUNTS:
        op.add_column("satudata_figure", sa.Column(name, sa.BigInteger, nullable=False, server_default="0"))


def downgrade() -> None:
    for name in COUNTS:
        op.drop_column("satudata_figure", name)
    op.drop_constraint("satudata_cell_consistent", "satudata_cell")
    for name in FACTS:
        op.drop_column("satudata_cell", name)
