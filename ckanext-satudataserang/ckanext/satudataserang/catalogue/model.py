"""The table of grants: roles of Satu Data that are not roles in one OPD (Perpres 39/2019 Ps. 20-21)."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

GRANTS = ("walidata", "pembina")


class Grant(tk.BaseModel):
    """A user holds a role over the whole city: `walidata` checks and publishes, `pembina` re-checks Data Prioritas."""

    __tablename__ = "satudata_grant"
    __table_args__ = (sa.CheckConstraint("role IN ('walidata', 'pembina')", name="satudata_grant_role"),)

    user_id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    role: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    granted_by: Mapped[str] = mapped_column(sa.Text)
    granted_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
