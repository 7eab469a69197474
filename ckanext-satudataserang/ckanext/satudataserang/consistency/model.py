"""The tables of sameness: rules with their history, comparisons, conflicts with theirs, and what is to be compared."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Mapped, mapped_column

import ckan.plugins.toolkit as tk

OPEN, EXPLAINED, SETTLED = "terbuka", "dijelaskan", "selesai"
CONFLICT_STATES = (OPEN, EXPLAINED, SETTLED)
COMPARISON_STATES = ("sama", "beda", "tak_terbanding")


def as_dict(row: Any) -> dict[str, Any]:
    """A row as the API gives it: moments in ISO 8601, numbers as numbers."""
    return {column.key: plain(getattr(row, column.key)) for column in sa.inspect(type(row)).columns}


def plain(value: Any) -> Any:
    """A value as JSON bears it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


class RuleRow(tk.BaseModel):
    """A rule as it is now: `content` is `core.consistency.parse.as_dict`, `shipped` the print of what was brought.

    Rules that the register of variables makes by itself have no row.
    """

    __tablename__ = "satudata_rule"

    kode: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB)
    version: Mapped[int] = mapped_column(sa.Integer)
    active: Mapped[bool] = mapped_column(sa.Boolean)
    shipped: Mapped[str] = mapped_column(sa.Text, server_default="")
    created: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    modified: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    modified_by: Mapped[str] = mapped_column(sa.Text, server_default="")


class RuleEvent(tk.BaseModel):
    """A version of a rule: who made it, when and why, and what it said."""

    __tablename__ = "satudata_rule_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    kode: Mapped[str] = mapped_column(sa.Text, index=True)
    version: Mapped[int] = mapped_column(sa.Integer)
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    actor_id: Mapped[str] = mapped_column(sa.Text)
    note: Mapped[str] = mapped_column(sa.Text)
    content: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB)


class _Pair:
    """Two published figures: by which rule, of which columns, for which key; values in their own units.

    `classes` are the codes of the key in the order of the rule's classes; `difference` is left minus right in `unit`.
    """

    rule: Mapped[str] = mapped_column(sa.Text)
    kind: Mapped[str] = mapped_column(sa.Text)
    left_entry: Mapped[str] = mapped_column(sa.Text)
    left_column: Mapped[str] = mapped_column(sa.Text)
    right_entry: Mapped[str] = mapped_column(sa.Text)
    right_column: Mapped[str] = mapped_column(sa.Text)
    period: Mapped[str] = mapped_column(sa.Text)
    area: Mapped[str] = mapped_column(sa.Text)
    classes: Mapped[str] = mapped_column(sa.Text)
    left_value: Mapped[Decimal | None] = mapped_column(sa.Numeric)
    left_unit: Mapped[str] = mapped_column(sa.Text, server_default="")
    right_value: Mapped[Decimal | None] = mapped_column(sa.Numeric)
    right_unit: Mapped[str] = mapped_column(sa.Text, server_default="")
    unit: Mapped[str] = mapped_column(sa.Text, server_default="")
    difference: Mapped[Decimal | None] = mapped_column(sa.Numeric)
    detail: Mapped[dict[str, Any]] = mapped_column(postgresql.JSONB, server_default="{}")


class Comparison(_Pair, tk.BaseModel):
    """What a rule found for one key, as of `evaluated_at`; `reason` is why nothing can be compared."""

    __tablename__ = "satudata_comparison"
    __table_args__ = (
        sa.Index("satudata_comparison_left_idx", "left_entry", "period"),
        sa.Index("satudata_comparison_right_idx", "right_entry", "period"),
        sa.Index("satudata_comparison_rule_idx", "rule"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    state: Mapped[str] = mapped_column(sa.Text)
    reason: Mapped[str] = mapped_column(sa.Text, server_default="")
    evaluated_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class Conflict(_Pair, tk.BaseModel):
    """A comparison that found a difference; it outlives it, with the last figures. `id` is the comparison's.

    While it is open an `explanation` may wait for the Walidata; accepted, it is published with the figures.
    """

    __tablename__ = "satudata_conflict"
    __table_args__ = (
        sa.Index("satudata_conflict_left_idx", "left_entry", "state"),
        sa.Index("satudata_conflict_right_idx", "right_entry", "state"),
        sa.Index("satudata_conflict_state_idx", "state", "opened_at"),
    )

    id: Mapped[str] = mapped_column(sa.Text, primary_key=True)
    severity: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.Text)
    explanation: Mapped[str] = mapped_column(sa.Text, server_default="")
    explained_by: Mapped[str | None] = mapped_column(sa.Text)
    explained_opd: Mapped[str | None] = mapped_column(sa.Text)
    explained_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    decision_note: Mapped[str] = mapped_column(sa.Text, server_default="")
    decided_by: Mapped[str | None] = mapped_column(sa.Text)
    decided_at: Mapped[datetime | None] = mapped_column(sa.DateTime(timezone=True))
    opened_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))


class ConflictEvent(tk.BaseModel):
    """One step: dibuka, dijelaskan, diterima, ditolak, selesai or dibuka_kembali, with the figures then."""

    __tablename__ = "satudata_conflict_event"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    conflict_id: Mapped[str] = mapped_column(sa.Text, index=True)
    at: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))
    actor_id: Mapped[str] = mapped_column(sa.Text)
    action: Mapped[str] = mapped_column(sa.Text)
    from_state: Mapped[str | None] = mapped_column(sa.Text)
    to_state: Mapped[str] = mapped_column(sa.Text)
    left_value: Mapped[Decimal | None] = mapped_column(sa.Numeric)
    right_value: Mapped[Decimal | None] = mapped_column(sa.Numeric)
    note: Mapped[str] = mapped_column(sa.Text, server_default="")


class ToCompare(tk.BaseModel):
    """A plan entry whose figures changed and are to be compared anew, as often as they changed; empty: all are."""

    __tablename__ = "satudata_to_compare"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    entry_id: Mapped[str] = mapped_column(sa.Text)
