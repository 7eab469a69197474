"""The tables of completeness: cells and what is counted over them.

Rows are written by the set-based statements of `sql.py` only; the declarations here serve migrations and tests.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.measures import MEASURES

#: Counts of cells by state that a figure carries: every state that is counted, so that they add up to the denominator.
COUNTED_STATES = (
    "tepat_waktu",
    "terlambat",
    "nihil",
    "menunggu_pemeriksaan",
    "dikembalikan",
    "tidak_valid",
    "terlewat",
)

_MOMENT = sa.DateTime(timezone=True)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False)


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False)


metadata = tk.BaseModel.metadata

cell = sa.Table(
    "satudata_cell",
    metadata,
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("deadline", _MOMENT, nullable=False),
    sa.Column("deadline_grace", _MOMENT, nullable=False),
    _flag("exempt"),
    sa.Column("expected_values", sa.Integer, nullable=False),
    sa.Column("filled_values", sa.Integer, nullable=False),
    _flag("delivered"),
    _flag("valid"),
    _flag("nil"),
    _flag("complete"),
    _flag("pending"),
    _flag("returned"),
    sa.Column("first_delivered_at", _MOMENT),
    sa.Column("first_valid_at", _MOMENT),
    sa.Column("counts_from", _MOMENT, nullable=False),
    sa.Column("reasons", postgresql.ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("filled_values BETWEEN 0 AND expected_values", name="satudata_cell_filled"),
    sa.Index("satudata_cell_year_idx", "year", "entry_id"),
)

metadata_score = sa.Table(
    "satudata_metadata_score",
    metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("points", sa.Integer, nullable=False),
    sa.Column("possible", sa.Integer, nullable=False),
    sa.Column("lost", postgresql.ARRAY(sa.Text), nullable=False),
    sa.Column("rule_version", sa.Text, nullable=False),
)

entry_fact = sa.Table(
    "satudata_entry_fact",
    metadata,
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text),
    _flag("published"),
    sa.Column("metadata_points", sa.Integer, nullable=False),
    sa.Column("metadata_possible", sa.Integer, nullable=False),
)

figure = sa.Table(
    "satudata_figure",
    metadata,
    sa.Column("year", sa.Integer, primary_key=True),
    sa.Column("scope", sa.Text, primary_key=True),
    sa.Column("scope_id", sa.Text, primary_key=True),
    *(_count(f"{name}_{part}") for name in MEASURES for part in ("num", "den")),
    *(_count(f"n_{state}") for state in COUNTED_STATES),
    sa.Column("valid_until", _MOMENT, nullable=False),
    sa.Column("computed_at", _MOMENT, nullable=False),
    sa.Column("rule_version", sa.Text, nullable=False),
)

opd_fact = sa.Table(
    "satudata_opd_fact",
    metadata,
    sa.Column("opd_id", sa.Text, primary_key=True),
    sa.Column("outside_plan", sa.Integer, nullable=False),
    sa.Column("outside_sample", sa.Integer, nullable=False),
)

touched = sa.Table(
    "satudata_touched",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("ref", sa.Text, primary_key=True),
)

stamp = sa.Table(
    "satudata_stamp",
    metadata,
    sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("valid_until", _MOMENT, nullable=False),
)

TABLES = (cell, metadata_score, entry_fact, figure, opd_fact, touched)
