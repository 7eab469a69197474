"""The outbox of reminders, what each letter speaks of, and the log of coaching.

Revision ID: chase_001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "chase_001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "satudata_mail",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("next_attempt_at", _MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("error", sa.Text, nullable=False, server_default=""),
        sa.Column("sent_at", _MOMENT),
        sa.CheckConstraint("state IN ('antre', 'terkirim', 'gagal', 'batal')", name="satudata_mail_state"),
    )
    op.create_index("satudata_mail_created", "satudata_mail", ["created"])
    op.create_index(
        "satudata_mail_waiting",
        "satudata_mail",
        ["next_attempt_at"],
        postgresql_where=sa.text("state = 'antre'"),
    )
    op.create_table(
        "satudata_mail_item",
        sa.Column("step", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("entry_id", sa.Text, primary_key=True),
        sa.Column("period", sa.Text, primary_key=True),
        sa.Column("recipient", sa.Text, primary_key=True),
        sa.Column("audience", sa.Text, nullable=False),
        sa.Column("opd_id", sa.Text, nullable=False),
        sa.Column("mail_id", sa.Text, nullable=False),
    )
    op.create_index("satudata_mail_item_mail", "satudata_mail_item", ["mail_id"])
    op.create_index("satudata_mail_item_cell", "satudata_mail_item", ["entry_id", "period"])
    op.create_index("satudata_mail_item_opd", "satudata_mail_item", ["opd_id"])
    op.create_table(
        "satudata_coaching",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("opd_id", sa.Text, nullable=False),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("entries", postgresql.ARRAY(sa.Text), nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("created_by", sa.Text, nullable=False),
        sa.Column("created", _MOMENT, nullable=False),
        sa.Column("modified", _MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('klinik', 'kunjungan')", name="satudata_coaching_kind"),
        sa.CheckConstraint("topic <> ''", name="satudata_coaching_topic"),
    )
    op.create_index("satudata_coaching_opd", "satudata_coaching", ["opd_id", "date"])


def downgrade() -> None:
    op.drop_table("satudata_coaching")
    op.drop_table("satudata_mail_item")
    op.drop_table("satudata_mail")
