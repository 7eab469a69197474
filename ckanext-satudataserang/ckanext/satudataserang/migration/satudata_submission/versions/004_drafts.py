"""A draft stands beside what is open: it is not handed in and takes nobody's place.

Revision ID: submission_004
Revises: submission_003
"""

import sqlalchemy as sa
from alembic import op

revision = "submission_004"
down_revision = "submission_003"
branch_labels = None
depends_on = None

_CELL = "superseded_by IS NULL AND entry_id IS NOT NULL AND state"


def _index(name: str, states: str) -> None:
    op.create_index(
        f"satudata_submission_{name}",
        "satudata_submission",
        ["entry_id", "period"],
        unique=True,
        postgresql_where=sa.text(f"{_CELL} {states}"),
    )


def upgrade() -> None:
    op.drop_index("satudata_submission_open", "satudata_submission")
    _index("open", "NOT IN ('draf', 'terbit', 'ditarik')")
    _index("draft", "= 'draf'")
    op.add_column("satudata_submission", sa.Column("prioritas", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("satudata_submission_file", "satudata_submission", ["file_sha256"])
    op.create_index(
        "satudata_submission_asked",
        "satudata_submission",
        ["publish_asked_at"],
        postgresql_where=sa.text("publish_asked_at IS NOT NULL OR state = 'diajukan'"),
    )


def downgrade() -> None:
    op.drop_column("satudata_submission", "prioritas")
    for name in ("asked", "file", "draft", "open"):
        op.drop_index(f"satudata_submission_{name}", "satudata_submission")
    op.execute("DELETE FROM satudata_submission WHERE state = 'draf'")
    _index("open", "NOT IN ('terbit', 'ditarik')")
