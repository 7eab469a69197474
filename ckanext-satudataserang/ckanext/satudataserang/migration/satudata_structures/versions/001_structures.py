"""Structures of data with their versions, and the register of standard variables.

Revision ID: satudata_structures_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "satudata_structures_001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_STATES = "state IN ('usulan', 'berlaku', 'digantikan', 'ditolak')"


def upgrade() -> None:
    op.create_table(
        "satudata_structure",
        sa.Column("kode", sa.Text, primary_key=True),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("opd_id", sa.Text, nullable=False, index=True),
        sa.Column("current_version", sa.Integer),
        sa.Column("shipped", sa.Text, nullable=False, server_default=""),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("modified", _MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_structure_version",
        sa.Column("kode", sa.Text, sa.ForeignKey("satudata_structure.kode", ondelete="CASCADE"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", postgresql.JSONB, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("base_version", sa.Integer),
        sa.Column("source", sa.Text, nullable=False, server_default=""),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("proposed_by", sa.Text, nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False, server_default=""),
        sa.Column("decided_at", _MOMENT),
        sa.Column("decision_note", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint(_STATES, name="satudata_structure_version_state"),
        sa.CheckConstraint("version > 0", name="satudata_structure_version_number"),
    )
    # One version in force at a time, whoever writes.
    op.create_index(
        "satudata_structure_version_in_force",
        "satudata_structure_version",
        ["kode"],
        unique=True,
        postgresql_where=sa.text("state = 'berlaku'"),
    )
    op.create_index(
        "satudata_structure_version_proposed",
        "satudata_structure_version",
        ["created_at"],
        postgresql_where=sa.text("state = 'usulan'"),
    )
    op.create_table(
        "satudata_variable",
        sa.Column("kode", sa.Text, primary_key=True),
        sa.Column("nama", sa.Text, nullable=False),
        sa.Column("content", postgresql.JSONB, nullable=False),
        sa.Column("opd_id", sa.Text, nullable=False, index=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("shipped", sa.Text, nullable=False, server_default=""),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("modified", _MOMENT, nullable=False),
    )
    op.create_table(
        "satudata_variable_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kode", sa.Text, nullable=False, index=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("changes", postgresql.JSONB, nullable=False),
    )


def downgrade() -> None:
    op.drop_table("satudata_variable_event")
    op.drop_table("satudata_variable")
    op.drop_table("satudata_structure_version")
    op.drop_table("satudata_structure")
