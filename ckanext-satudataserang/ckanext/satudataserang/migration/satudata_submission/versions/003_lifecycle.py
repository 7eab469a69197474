"""The lifecycle of a delivery: its file, findings, events, exemptions and extensions.

Revision ID: submission_003
Revises: submission_002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "submission_003"
down_revision = "submission_002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
#: States of a delivery that has come to its end: what stands published, and what was withdrawn.
_STANDING = "superseded_by IS NULL AND entry_id IS NOT NULL AND state IN ('terbit', 'ditarik')"
_OPEN = "superseded_by IS NULL AND entry_id IS NOT NULL AND state NOT IN ('terbit', 'ditarik')"
_COLUMNS = (
    sa.Column("confirms", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("chain_id", sa.Text),
    sa.Column("corrects", sa.Text),
    sa.Column("correction_reason", sa.Text, nullable=False, server_default=""),
    sa.Column("file_sha256", sa.Text),
    sa.Column("file_name", sa.Text),
    sa.Column("file_size", sa.BigInteger),
    sa.Column("findings", postgresql.JSONB, nullable=False, server_default="[]"),
    sa.Column("totals", postgresql.JSONB, nullable=False, server_default="{}"),
    sa.Column("created_at", _MOMENT),
    sa.Column("approved_at", _MOMENT),
    sa.Column("approved_by", sa.Text),
    sa.Column("rechecked_at", _MOMENT),
    sa.Column("rechecked_by", sa.Text),
    sa.Column("published_at", _MOMENT),
    sa.Column("publish_asked_at", _MOMENT),
    sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("problem", sa.Text, nullable=False, server_default=""),
)


def upgrade() -> None:
    for column in _COLUMNS:
        op.add_column("satudata_submission", column.copy())
    op.alter_column("satudata_submission", "dataset_id", nullable=True)
    op.execute(
        "UPDATE satudata_submission SET chain_id = id, created_at = delivered_at, "
        "published_at = CASE WHEN state = 'terbit' THEN delivered_at END"
    )
    op.drop_index("satudata_submission_current_entry", "satudata_submission")
    for name, where in (("standing", _STANDING), ("open", _OPEN)):
        op.create_index(
            f"satudata_submission_{name}",
            "satudata_submission",
            ["entry_id", "period"],
            unique=True,
            postgresql_where=sa.text(where),
        )
    op.create_index(
        "satudata_submission_waiting",
        "satudata_submission",
        ["state", "delivered_at"],
        postgresql_where=sa.text("superseded_by IS NULL AND state NOT IN ('terbit', 'ditarik')"),
    )
    op.create_table(
        "satudata_submission_event",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("submission_id", sa.Text, nullable=False, index=True),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor_id", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("notes", postgresql.JSONB, nullable=False),
    )
    op.create_table(
        "satudata_exemption",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, nullable=False, index=True),
        sa.Column("berlaku_dari", sa.Date, nullable=False),
        sa.Column("berlaku_sampai", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_by", sa.Text, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text),
        sa.Column("decided_at", _MOMENT),
        sa.Column("decision_note", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("berlaku_sampai >= berlaku_dari", name="satudata_exemption_span"),
        sa.CheckConstraint("reason <> ''", name="satudata_exemption_reason"),
        sa.CheckConstraint(
            "state IN ('diusulkan', 'disetujui', 'ditolak', 'dicabut')", name="satudata_exemption_state"
        ),
    )
    op.create_table(
        "satudata_extension",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("entry_id", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("granted_by", sa.Text, nullable=False),
        sa.Column("granted_at", _MOMENT, nullable=False),
        sa.Column("revoked_at", _MOMENT),
        sa.Column("revoked_by", sa.Text),
        sa.CheckConstraint("reason <> ''", name="satudata_extension_reason"),
    )
    op.create_index(
        "satudata_extension_current",
        "satudata_extension",
        ["entry_id", "period"],
        unique=True,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("satudata_extension")
    op.drop_table("satudata_exemption")
    op.drop_table("satudata_submission_event")
    # What never came to its end has no place in the older shape.
    op.execute(
        "DELETE FROM satudata_submission WHERE dataset_id IS NULL OR (entry_id IS NOT NULL AND superseded_by IS NULL "
        "AND state NOT IN ('terbit', 'ditarik') AND EXISTS (SELECT 1 FROM satudata_submission s "
        "WHERE s.entry_id = satudata_submission.entry_id AND s.period = satudata_submission.period "
        "AND s.superseded_by IS NULL AND s.id <> satudata_submission.id))"
    )
    for name in ("waiting", "open", "standing"):
        op.drop_index(f"satudata_submission_{name}", "satudata_submission")
    op.create_index(
        "satudata_submission_current_entry",
        "satudata_submission",
        ["entry_id", "period"],
        unique=True,
        postgresql_where=sa.text("superseded_by IS NULL AND entry_id IS NOT NULL"),
    )
    op.alter_column("satudata_submission", "dataset_id", nullable=False)
    for column in reversed(_COLUMNS):
        op.drop_column("satudata_submission", column.name)
