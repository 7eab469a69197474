"""Tables of deliveries: facts and steps of each one, what excuses a missing one, and the loading of each resource."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk
from ckan.model.types import make_uuid

#: What has come to its end: published, or withdrawn.
_STANDING = "superseded_by IS NULL AND entry_id IS NOT NULL AND state IN ('terbit', 'ditarik')"
_OPEN = "superseded_by IS NULL AND entry_id IS NOT NULL AND state NOT IN ('draf', 'terbit', 'ditarik')"
_DRAFT = "superseded_by IS NULL AND entry_id IS NOT NULL AND state = 'draf'"
EXEMPTION_STATES = ("diusulkan", "disetujui", "ditolak", "dicabut")
LOAD_STATES = ("antre", "memuat", "selesai", "gagal")


class Submission(tk.BaseModel):
    """One delivery for one cell; never changed once it is handed in, superseded by a newer one.

    `entry_id` None: the dataset is outside the Daftar Data ("di luar Daftar Data"). `dataset_id` None: no dataset
    serves the entry yet. `expected_values` None: the file does not say how many values were expected. `zero_values`
    are zeros nobody has confirmed yet; they are not among `filled_values`. `reasons` are codes of findings.

    Per entry and period at most one delivery stands (published or withdrawn), at most one is open (on its way there, or
    returned), so a correction can wait beside what it corrects, and at most one is a draft, which takes nobody's place
    until it is handed in. The states are `core.lifecycle.STATES`. `chain_id` is the first delivery of the chain that
    runs from one return to the next until it is accepted; `corrects` the published delivery a chain is to replace.
    `nil` says there was nothing to report, `confirms` that static data still hold. `delivered_at` is the moment of
    handing in (of a draft: of its last change), `file_sha256` of the file as delivered, which is kept.
    `publish_asked_at` stands while publication is on its way into the DataStore, `problem` why it has not got there,
    `publish_retry_at` before when it is not tried again (None: at any time).
    `prioritas`: the entry is Data Prioritas in the period's year, so the Pembina looks at it, too.

    `layout` is how the file was read (`core.tables.grid.Layout` as a dictionary), so that publishing reads it the same
    way; `reading` is what a person could choose instead: sheets, titles and what they were taken for, an offered melt.
    `structure` is the version it was checked against (``kode@version``, empty for none). `progress` is how far the
    check of a large file is, in percent. `privacy` is what became of personal data that were found: empty for none,
    ditahan (a person has to decide), dilepas, disamarkan; `privacy_columns` are the columns, by id, and the kind they
    hold.
    """

    __tablename__ = "satudata_submission"
    __table_args__ = (
        sa.Index(
            "satudata_submission_standing", "entry_id", "period", unique=True, postgresql_where=sa.text(_STANDING)
        ),
        sa.Index("satudata_submission_open", "entry_id", "period", unique=True, postgresql_where=sa.text(_OPEN)),
        sa.Index("satudata_submission_draft", "entry_id", "period", unique=True, postgresql_where=sa.text(_DRAFT)),
        sa.Index("satudata_submission_file", "file_sha256"),
        sa.Index(
            "satudata_submission_asked",
            "publish_asked_at",
            postgresql_where=sa.text("publish_asked_at IS NOT NULL OR state = 'diajukan'"),
        ),
        sa.Index(
            "satudata_submission_waiting",
            "state",
            "delivered_at",
            postgresql_where=sa.text("superseded_by IS NULL AND state NOT IN ('terbit', 'ditarik')"),
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
        sa.CheckConstraint("privacy IN ('', 'ditahan', 'dilepas', 'disamarkan')", name="satudata_submission_privacy"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    entry_id: Mapped[str | None] = mapped_column(sa.Text)
    period: Mapped[str] = mapped_column(sa.Text)
    dataset_id: Mapped[str | None] = mapped_column(sa.Text)
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
    confirms: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())
    chain_id: Mapped[str | None] = mapped_column(sa.Text)
    corrects: Mapped[str | None] = mapped_column(sa.Text)
    correction_reason: Mapped[str] = mapped_column(sa.Text, server_default="")
    file_sha256: Mapped[str | None] = mapped_column(sa.Text)
    file_name: Mapped[str | None] = mapped_column(sa.Text)
    file_size: Mapped[int | None] = mapped_column(sa.BigInteger)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(postgresql.JSONB, server_default="[]")
    totals: Mapped[dict[str, int]] = mapped_column(postgresql.JSONB, server_default="{}")
    created_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    approved_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    approved_by: Mapped[str | None] = mapped_column(sa.Text)
    rechecked_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    rechecked_by: Mapped[str | None] = mapped_column(sa.Text)
    published_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    publish_asked_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    publish_retry_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    problem: Mapped[str] = mapped_column(sa.Text, server_default="")
    prioritas: Mapped[bool] = mapped_column(sa.Boolean, server_default=sa.false())
    layout: Mapped[dict[str, Any] | None] = mapped_column(postgresql.JSONB)
    reading: Mapped[dict[str, Any] | None] = mapped_column(postgresql.JSONB)
    structure: Mapped[str] = mapped_column(sa.Text, server_default="")
    progress: Mapped[int | None] = mapped_column(sa.SmallInteger)
    privacy: Mapped[str] = mapped_column(sa.Text, server_default="")
    privacy_columns: Mapped[dict[str, str]] = mapped_column(postgresql.JSONB, server_default="{}")
    privacy_by: Mapped[str | None] = mapped_column(sa.Text)
    privacy_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    privacy_note: Mapped[str] = mapped_column(sa.Text, server_default="")


class TitleMemory(tk.BaseModel):
    """What a person confirmed about a title in the files of an entry: the column it stands for, empty for none."""

    __tablename__ = "satudata_title_memory"

    entry_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    title: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    column_id: Mapped[str] = mapped_column(sa.Text)
    confirmed_by: Mapped[str] = mapped_column(sa.Text)
    confirmed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class SubmissionEvent(tk.BaseModel):
    """One step of a delivery: who, when, from which state to which, and why.

    `notes` are remarks on single findings, ``[{"code", "row", "column", "note"}]``.
    """

    __tablename__ = "satudata_submission_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    submission_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    actor_id: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(postgresql.JSONB)


class Exemption(tk.BaseModel):
    """What nobody owes ("tidak berlaku") once approved: the periods of an entry that end between two days, included."""

    __tablename__ = "satudata_exemption"
    __table_args__ = (
        sa.CheckConstraint("berlaku_sampai >= berlaku_dari", name="satudata_exemption_span"),
        sa.CheckConstraint("reason <> ''", name="satudata_exemption_reason"),
        sa.CheckConstraint(
            "state IN ('diusulkan', 'disetujui', 'ditolak', 'dicabut')", name="satudata_exemption_state"
        ),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    entry_id: Mapped[str] = mapped_column(sa.Text, index=True)
    berlaku_dari: Mapped[date] = mapped_column(sa.Date)
    berlaku_sampai: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    requested_by: Mapped[str] = mapped_column(sa.Text)
    requested_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    decision_note: Mapped[str] = mapped_column(sa.Text, server_default="")


class Extension(tk.BaseModel):
    """More time for one entry and period: due at the end of the day `until` (WIB). One at a time is in force."""

    __tablename__ = "satudata_extension"
    __table_args__ = (
        sa.Index(
            "satudata_extension_current",
            "entry_id",
            "period",
            unique=True,
            postgresql_where=sa.text("revoked_at IS NULL"),
        ),
        sa.CheckConstraint("reason <> ''", name="satudata_extension_reason"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    entry_id: Mapped[str] = mapped_column(sa.Text)
    period: Mapped[str] = mapped_column(sa.Text)
    until: Mapped[date] = mapped_column(sa.Date)
    reason: Mapped[str] = mapped_column(sa.Text)
    granted_by: Mapped[str] = mapped_column(sa.Text)
    granted_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    revoked_by: Mapped[str | None] = mapped_column(sa.Text)


class Load(tk.BaseModel):
    """How far the newest file of a resource is on its way into the DataStore.

    Written in the transaction that changes the resource, so a file is never forgotten when the job queue is away.
    `fingerprint` tells one request for loading from another; `attempts` counts how often this request was begun;
    `hindered_since` is when it first met what passes by itself (`passing`), and `retry_at` before when it is not tried
    again (None: at any time); `sha256` is of the file whose rows are the table, None while that is not known;
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
    hindered_since: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    retry_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    sha256: Mapped[str | None] = mapped_column(sa.Text)
    rows: Mapped[int | None] = mapped_column(sa.BigInteger)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(postgresql.JSONB)
    totals: Mapped[dict[str, int]] = mapped_column(postgresql.JSONB)
