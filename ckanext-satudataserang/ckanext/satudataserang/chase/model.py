"""Tables of the chase: the outbox of reminders, what each letter speaks of, and the log of coaching."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk
from ckan.model.types import make_uuid

#: `antre` waits for its turn (also for another attempt), `batal`: everything it spoke of had come before it was sent.
MAIL_STATES = ("antre", "terkirim", "gagal", "batal")
COACHING_KINDS = ("klinik", "kunjungan")


class Mail(tk.BaseModel):
    """One letter to one person. Its text is written when it is sent, from what is then still owed.

    `recipient` is an address in lower case; `attempts` counts those that were made, `error` says what became of the
    last one, `next_attempt_at` when the next may be made.
    """

    __tablename__ = "satudata_mail"
    __table_args__ = (
        sa.Index("satudata_mail_created", "created"),
        sa.Index("satudata_mail_waiting", "next_attempt_at", postgresql_where=sa.text("state = 'antre'")),
        sa.CheckConstraint("state IN ('antre', 'terkirim', 'gagal', 'batal')", name="satudata_mail_state"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    recipient: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    subject: Mapped[str] = mapped_column(sa.Text)
    created: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    next_attempt_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    attempts: Mapped[int] = mapped_column(sa.Integer, server_default="0")
    error: Mapped[str] = mapped_column(sa.Text, server_default="")
    sent_at: Mapped[dt.datetime | None] = mapped_column(sa.DateTime(timezone=True))


class MailItem(tk.BaseModel):
    """One line of a letter. The key keeps any cell from being told twice to a person at one step, whoever runs."""

    __tablename__ = "satudata_mail_item"
    __table_args__ = (
        sa.Index("satudata_mail_item_mail", "mail_id"),
        sa.Index("satudata_mail_item_cell", "entry_id", "period"),
        sa.Index("satudata_mail_item_opd", "opd_id"),
    )

    step: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    entry_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    period: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    audience: Mapped[str] = mapped_column(sa.Text)
    opd_id: Mapped[str] = mapped_column(sa.Text)
    mail_id: Mapped[str] = mapped_column(sa.Text)


class MailDifference(tk.BaseModel):
    """A difference between figures that a letter was written for; opened again later, it is told again."""

    __tablename__ = "satudata_mail_difference"
    __table_args__ = (sa.Index("satudata_mail_difference_mail", "mail_id"),)

    conflict_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    opened_at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True), primary_key=True)
    recipient: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    mail_id: Mapped[str] = mapped_column(sa.Text)


class Coaching(tk.BaseModel):
    """A clinic (`klinik`) or visit (`kunjungan`) of the Walidata for one OPD; `entries` are codes of plan entries."""

    __tablename__ = "satudata_coaching"
    __table_args__ = (
        sa.Index("satudata_coaching_opd", "opd_id", "date"),
        sa.CheckConstraint("kind IN ('klinik', 'kunjungan')", name="satudata_coaching_kind"),
        sa.CheckConstraint("topic <> ''", name="satudata_coaching_topic"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    opd_id: Mapped[str] = mapped_column(sa.Text)
    date: Mapped[dt.date] = mapped_column(sa.Date)
    kind: Mapped[str] = mapped_column(sa.Text)
    topic: Mapped[str] = mapped_column(sa.Text)
    entries: Mapped[list[str]] = mapped_column(postgresql.ARRAY(sa.Text))
    outcome: Mapped[str] = mapped_column(sa.Text)
    created_by: Mapped[str] = mapped_column(sa.Text)
    created: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    modified: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))

    def as_dict(self) -> dict[str, object]:
        """The entry of the log as the API gives it: dates and moments in ISO 8601."""
        return {
            column.key: value.isoformat() if isinstance(value := getattr(self, column.key), dt.date) else value
            for column in sa.inspect(type(self)).columns
        }
