"""Rules of sameness, what they found, and the conflicts between published figures.

Revision ID: satudata_consistency_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "satudata_consistency_001"
down_revision = None
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "satudata_to_compare",
    "satudata_conflict_event",
    "satudata_conflict",
    "satudata_comparison",
    "satudata_rule_event",
    "satudata_rule",
)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _pair() -> list["sa.Column[str]"]:
    names = ("rule", "kind", "left_entry", "left_column", "right_entry", "right_column", "period", "area", "classes")
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _figures() -> list["sa.Column[object]"]:
    return [
        sa.Column("left_value", sa.Numeric),
        _text("left_unit"),
        sa.Column("right_value", sa.Numeric),
        _text("right_unit"),
        _text("unit"),
        sa.Column("difference", sa.Numeric),
        sa.Column("detail", postgresql.JSONB, nullable=False, server_default="{}"),
        sa.Column("terbuka", sa.Boolean, nullable=False),
    ]


def upgrade() -> None:
    op.create_table(
        "satudata_rule",
        sa.Column("kode", sa.Text, primary_key=True),
        sa.Column("content", postgresql.JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        _text("shipped"),
        sa.Column("created", MOMENT, nullable=False),
        sa.Column("modified", MOMENT, nullable=False),
        _text("modified_by"),
    )
    op.create_table(
        "satudata_rule_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kode", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("content", postgresql.JSONB, nullable=False),
    )
    op.create_index("satudata_rule_event_kode_idx", "satudata_rule_event", ["kode", "version"])
    op.create_table(
        "satudata_comparison",
        sa.Column("id", sa.Text, primary_key=True),
        *_pair(),
        *_figures(),
        sa.Column("state", sa.Text, nullable=False),
        _text("reason"),
        sa.Column("evaluated_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('sama', 'beda', 'tak_terbanding')", name="satudata_comparison_state"),
    )
    op.create_index("satudata_comparison_left_idx", "satudata_comparison", ["left_entry", "period"])
    op.create_index("satudata_comparison_right_idx", "satudata_comparison", ["right_entry", "period"])
    op.create_index("satudata_comparison_rule_idx", "satudata_comparison", ["rule"])
    op.create_table(
        "satudata_conflict",
        sa.Column("id", sa.Text, primary_key=True),
        *_pair(),
        *_figures(),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _text("explanation"),
        sa.Column("explained_by", sa.Text),
        sa.Column("explained_opd", sa.Text),
        sa.Column("explained_at", MOMENT),
        _text("decision_note"),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", MOMENT),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.CheckConstraint("state IN ('terbuka', 'dijelaskan', 'selesai')", name="satudata_conflict_state"),
    )
    op.create_index("satudata_conflict_left_idx", "satudata_conflict", ["left_entry", "state"])
    op.create_index("satudata_conflict_right_idx", "satudata_conflict", ["right_entry", "state"])
    op.create_index("satudata_conflict_state_idx", "satudata_conflict", ["state", "opened_at"])
    op.create_table(
        "satudata_conflict_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("conflict_id", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("left_value", sa.Numeric),
        sa.Column("right_value", sa.Numeric),
        _text("note"),
    )
    op.create_index("satudata_conflict_event_conflict_idx", "satudata_conflict_event", ["conflict_id", "id"])
    op.create_table(
        "satudata_to_compare",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("entry_id", sa.Text, nullable=False),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
