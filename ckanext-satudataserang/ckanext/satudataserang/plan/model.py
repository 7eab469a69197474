"""The table of plan entries: one agreed item of the Daftar Data each (Perpres 39/2019 Ps. 27)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.model.types import make_uuid

KELAS = ("wajib", "diharapkan", "opsional")
STATES = ("usulan", "disepakati", "berlaku", "berakhir")
ACCESS = ("terbuka", "terbatas", "tertutup")
LEVELS = ("provinsi", "kota", "kecamatan", "kelurahan")


class PlanEntry(tk.BaseModel):
    """One item of the Daftar Data.

    `prioritas` holds the years for which the item is Data Prioritas; `deadline_days` and `grace_days` are calendar
    days after the end of a period; `expected_values` is the number of compulsory values of one period, None where no
    structure says so yet; `berlaku_sampai` None means open-ended.
    """

    __tablename__ = "satudata_plan_entry"

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True, default=make_uuid)
    kode: Mapped[str] = mapped_column(sa.Text, unique=True)
    judul: Mapped[str] = mapped_column(sa.Text)
    opd_id: Mapped[str] = mapped_column(sa.Text, index=True)
    urusan: Mapped[str] = mapped_column(sa.Text, index=True)
    kelas: Mapped[str] = mapped_column(sa.Text)
    prioritas: Mapped[list[int]] = mapped_column(postgresql.ARRAY(sa.Integer))
    dasar_hukum: Mapped[str] = mapped_column(sa.Text)
    frequency: Mapped[str] = mapped_column(sa.Text)
    deadline_days: Mapped[int] = mapped_column(sa.Integer)
    grace_days: Mapped[int] = mapped_column(sa.Integer)
    berlaku_dari: Mapped[date] = mapped_column(sa.Date)
    berlaku_sampai: Mapped[date | None] = mapped_column(sa.Date)
    level_wilayah: Mapped[str] = mapped_column(sa.Text)
    expected_values: Mapped[int | None] = mapped_column(sa.Integer)
    access: Mapped[str] = mapped_column(sa.Text)
    access_reason: Mapped[str] = mapped_column(sa.Text)
    source_system: Mapped[str] = mapped_column(sa.Text)
    structure_id: Mapped[str | None] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    created: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    modified: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))

    @classmethod
    def by_kode(cls, kode: str) -> PlanEntry | None:
        """The entry with this code of the Daftar Data, or None."""
        return model.Session.scalar(sa.select(cls).where(cls.kode == kode))

    @classmethod
    def by_kodes(cls, kodes: Iterable[str]) -> dict[str, PlanEntry]:
        """The entries with these codes, by code, in one query."""
        found = model.Session.scalars(sa.select(cls).where(cls.kode.in_(list(kodes))))
        return {entry.kode: entry for entry in found}

    def as_dict(self) -> dict[str, object]:
        """The entry as the API gives it: dates and moments in ISO 8601."""
        return {
            column.key: value.isoformat() if isinstance(value := getattr(self, column.key), date) else value
            for column in sa.inspect(type(self)).columns
        }


class PlanTerms(tk.BaseModel):
    """What an entry was bound to from a day on: its OPD, frequency, deadline, grace and class.

    Only entries whose terms changed have rows: the first row then repeats what held from the beginning. A period lives
    under the terms in force on its last day, so a change never moves a period that ended before it. An entry without
    rows lives under the columns of `PlanEntry`, which always hold the newest terms.
    """

    __tablename__ = "satudata_plan_terms"
    __table_args__ = (sa.CheckConstraint("deadline_days >= 0 AND grace_days >= 0", name="satudata_plan_terms_days"),)

    entry_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    effective_from: Mapped[date] = mapped_column(sa.Date, primary_key=True)
    opd_id: Mapped[str] = mapped_column(sa.Text, index=True)
    frequency: Mapped[str] = mapped_column(sa.Text)
    deadline_days: Mapped[int] = mapped_column(sa.Integer)
    grace_days: Mapped[int] = mapped_column(sa.Integer)
    kelas: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text)
    changed_by: Mapped[str] = mapped_column(sa.Text)
    changed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class PlanEvent(tk.BaseModel):
    """One thing done to an entry: who, when, from which state to which, why; `changes` is ``{field: [old, new]}``."""

    __tablename__ = "satudata_plan_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    entry_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    actor_id: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str | None] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    changes: Mapped[dict[str, object]] = mapped_column(postgresql.JSONB)
