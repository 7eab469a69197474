"""Tables of deliveries: the facts of each one, and the state of loading each resource."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk
from ckan.model.types import make_uuid

#: `ditarik`: the newest file no longer holds this period, so nothing is delivered for it any more.
STATES = (
    "draf",
    "diajukan",
    "tidak_valid",
    "menunggu_pemeriksaan",
    "disetujui",
    "dikembalikan",
    "terbit",
    "ditarik",
)
LOAD_STATES = ("antre", "memuat", "selesai", "gagal")


class Submission(tk.BaseModel):
    """One delivery for one cell; never changed after it is accepted, superseded by a newer one.

    `entry_id` None: the dataset is outside the Daftar Data ("di luar Daftar Data"). `expected_values` None: the file
    does not say how many values were expected. `zero_values` are zeros nobody has confirmed yet; they are not among
    `filled_values`. `reasons` are codes of findings. There is at most one delivery per entry and period (or dataset
    and period, outside the Daftar Data) that is not superseded.
    """

    __tablename__ = "satudata_submission"
    __table_args__ = (
        sa.Index(
            "satudata_submission_current_entry",
            "entry_id",
            "period",
            unique=True,
            postgresql_where=sa.text("superseded_by IS NULL AND entry_id IS NOT NULL"),
        ),
        sa.Index(
            "satudata_submission_current_dataset",
            "dataset_id",
            "period",
            unique=True,
            postgresql_where=sa.text("superseded_by IS NULL AND entry_id IS NULL"),
        ),
        sa.Index("satudata_submission_entry", "entry_id", "period", "delivered_at"),
        sa.Index("satudata_submission_dataset", "dataset_id"),
        sa.Index("satudata_submission_resource", "resource_id"),
        sa.CheckConstraint("filled_values >= 0 AND zero_values >= 0", name="satudata_submission_counts"),
        sa.CheckConstraint("expected_values >= 0", name="satudata_submission_expected"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    entry_id: Mapped[str | None] = mapped_column(sa.Text)
    period: Mapped[str] = mapped_column(sa.Text)
    dataset_id: Mapped[str] = mapped_column(sa.Text)
    resource_id: Mapped[str | None] = mapped_column(sa.Text)
    origin: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    delivered_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    valid: Mapped[bool] = mapped_column(sa.Boolean)
    nil: Mapped[bool] = mapped_column(sa.Boolean)
    expected_values: Mapped[int | None] = mapped_column(sa.Integer)
    filled_values: Mapped[int] = mapped_column(sa.Integer)
    zero_values: Mapped[int] = mapped_column(sa.Integer)
    reasons: Mapped[list[str]] = mapped_column(postgresql.ARRAY(sa.Text))
    content_sha256: Mapped[str] = mapped_column(sa.Text)
    superseded_by: Mapped[str | None] = mapped_column(sa.Text)
    created_by: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)


class Load(tk.BaseModel):
    """How far the newest file of a resource is on its way into the DataStore.

    Written in the transaction that changes the resource, so a file is never forgotten when the job queue is away.
    `fingerprint` tells one request for loading from another; `attempts` counts
    how often this request was begun; `sha256` is of the file loaded last with success;
    `findings` are `core.findings.Finding` as dictionaries, at most 1,000, `totals` their full number by code.
    """

    __tablename__ = "satudata_load"
    __table_args__ = (
        sa.Index("satudata_load_state", "state", postgresql_where=sa.text("state IN ('antre', 'memuat')")),
        sa.Index("satudata_load_dataset", "dataset_id"),
    )

    resource_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    dataset_id: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    fingerprint: Mapped[str] = mapped_column(sa.Text)
    requested_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    requested_by: Mapped[str] = mapped_column(sa.Text)
    origin: Mapped[str] = mapped_column(sa.Text, server_default="unggahan")
    started_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(sa.Integer)
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    rows: Mapped[int | None] = mapped_column(sa.BigInteger)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(postgresql.JSONB)
    totals: Mapped[dict[str, int]] = mapped_column(postgresql.JSONB)
