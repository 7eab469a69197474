"""The tables of structures, of their versions, and of the register of standard variables."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

PROPOSED, IN_FORCE, REPLACED, REFUSED = "usulan", "berlaku", "digantikan", "ditolak"
STATES = (PROPOSED, IN_FORCE, REPLACED, REFUSED)
#: Where a version comes from: with the software, or from a person.
SHIPPED, PERSON = "bawaan", ""


class StructureRow(tk.BaseModel):
    """A structure: its name and OPD are those of the version in force (before there is one: of the first proposal).

    `current_version` is the version in force, None as long as nothing was decided. `shipped` is the print of the
    content that came with the software last, so that it is brought in once.
    """

    __tablename__ = "satudata_structure"

    kode: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    nama: Mapped[str] = mapped_column(sa.Text)
    opd_id: Mapped[str] = mapped_column(sa.Text, index=True)
    current_version: Mapped[int | None] = mapped_column(sa.Integer)
    shipped: Mapped[str] = mapped_column(sa.Text, default="")
    created: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    modified: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class StructureVersion(tk.BaseModel):
    """A version: its content never changes, its state does. A number never means two contents, also when refused.

    `base_version` is the version it was made from; it comes into force only while that one is.
    """

    __tablename__ = "satudata_structure_version"

    kode: Mapped[str] = mapped_column(
        sa.Text, sa.ForeignKey("satudata_structure.kode", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(sa.Integer, primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB)
    state: Mapped[str] = mapped_column(sa.Text)
    base_version: Mapped[int | None] = mapped_column(sa.Integer)
    source: Mapped[str] = mapped_column(sa.Text, default=PERSON)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    proposed_by: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    decided_by: Mapped[str] = mapped_column(sa.Text, default="")
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    decision_note: Mapped[str] = mapped_column(sa.Text, default="")


class VariableRow(tk.BaseModel):
    """A standard variable: one meaning, one owning OPD. `revision` counts its changes, so that none is lost."""

    __tablename__ = "satudata_variable"

    kode: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    nama: Mapped[str] = mapped_column(sa.Text)
    content: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB)
    opd_id: Mapped[str] = mapped_column(sa.Text, index=True)
    revision: Mapped[int] = mapped_column(sa.Integer)
    shipped: Mapped[str] = mapped_column(sa.Text, default="")
    created: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    modified: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class VariableEvent(tk.BaseModel):
    """One thing done to a variable: who, when, why; `changes` is ``{field: [old, new]}``."""

    __tablename__ = "satudata_variable_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kode: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    actor_id: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    changes: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB)


def as_dict(row: StructureRow | StructureVersion | VariableRow) -> dict[str, Any]:
    """A row as the API gives it: moments in ISO 8601."""
    return {
        column.key: value.isoformat() if isinstance(value := getattr(row, column.key), date) else value
        for column in sa.inspect(type(row)).columns
    }
