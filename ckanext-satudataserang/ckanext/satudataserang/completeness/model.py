"""The tables of completeness: cells and what is counted over them.

Rows are written by the set-based statements of `sql.py` only; the declarations here serve migrations and tests.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

import ckan.plugins.toolkit as tk

from ckanext.satudataserang.core.measures import CELL_MEASURES

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
    sa.Column("opd_id", sa.Text, nullable=False),
    sa.Column("urusan", sa.Text, nullable=False),
    sa.Column("kelas", sa.Text, nullable=False),
    sa.Column("period_start", sa.Date, nullable=False),
    sa.Column("period_end", sa.Date, nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("month", sa.Integer, nullable=False),
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
    sa.Column("comparable", sa.Integer, nullable=False, server_default="0"),
    sa.Column("consistent", sa.Integer, nullable=False, server_default="0"),
    sa.Column("counts_from", _MOMENT, nullable=False),
    sa.Column("reasons", postgresql.ARRAY(sa.Text), nullable=False),
    sa.CheckConstraint("filled_values BETWEEN 0 AND expected_values", name="satudata_cell_filled"),
    sa.CheckConstraint("consistent BETWEEN 0 AND comparable", name="satudata_cell_consistent"),
    sa.Index("satudata_cell_month_idx", "month", "opd_id"),
)

#: The spans of days over which entries are in force under one OPD and class, from `plan.sql.TERMS`.
entry_span = sa.Table(
    "satudata_entry_span",
    metadata,
    sa.Column("entry_id", sa.Text, primary_key=True),
    sa.Column("dari", sa.Date, primary_key=True),
    sa.Column("sampai", sa.Date),
    sa.Column("opd_id", sa.Text, nullable=False),
    sa.Column("kelas", sa.Text, nullable=False),
    sa.Column("frequency", sa.Text, nullable=False),
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

#: Counts of the cells whose period ends in a month (yyyymm), by OPD and urusan: they add up to any window and scope.
#: They hold until `valid_until`, when the next cell of the row starts to count.
figure = sa.Table(
    "satudata_figure",
    metadata,
    sa.Column("month", sa.Integer, primary_key=True),
    sa.Column("opd_id", sa.Text, primary_key=True),
    sa.Column("urusan", sa.Text, primary_key=True),
    *(_count(f"{name}_{part}") for name in CELL_MEASURES for part in ("num", "den")),
    *(_count(f"n_{state}") for state in COUNTED_STATES),
    sa.Column("valid_until", _MOMENT, nullable=False),
)

opd_fact = sa.Table(
    "satudata_opd_fact",
    metadata,
    sa.Column("opd_id", sa.Text, primary_key=True),
    sa.Column("outside_plan", sa.Integer, nullable=False),
    sa.Column("outside_sample", sa.Integer, nullable=False),
)

#: What changed since the last refresh, as often as it changed.
touched = sa.Table(
    "satudata_touched",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("ref", sa.Text, nullable=False),
)

#: The last refresh: when it was, until when the stored figures hold, and up to which day cells are kept ready.
stamp = sa.Table(
    "satudata_stamp",
    metadata,
    sa.Column("single", sa.Boolean, sa.CheckConstraint("single"), primary_key=True),
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("valid_until", _MOMENT, nullable=False),
    sa.Column("computed_at", _MOMENT, nullable=False),
    sa.Column("horizon", sa.Date, nullable=False),
)

#: Every run of a refresh: `ok` None while it runs; `entries` and `cells` are how many were evaluated.
run = sa.Table(
    "satudata_run",
    metadata,
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("started", _MOMENT, nullable=False),
    sa.Column("finished", _MOMENT),
    sa.Column("ok", sa.Boolean),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("rule_version", sa.Text, nullable=False),
    sa.Column("entries", sa.Integer),
    sa.Column("cells", sa.BigInteger),
    sa.Column("shrunk", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("warned", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("satudata_run_started_idx", "started"),
)

#: A month as it was frozen at its close. `rules` and `output` are canonical JSON, `inputs` the same compressed;
#: `sha256` is of all three.
snapshot = sa.Table(
    "satudata_snapshot",
    metadata,
    sa.Column("month", sa.Integer, primary_key=True),
    sa.Column("as_of", _MOMENT, nullable=False),
    sa.Column("rule_version", sa.Text, nullable=False),
    sa.Column("rules", sa.LargeBinary, nullable=False),
    sa.Column("inputs", sa.LargeBinary, nullable=False),
    sa.Column("output", sa.LargeBinary, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("cells", sa.Integer, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
)

#: What a refresh fills; the rest tells of refreshes and of the past.
TABLES = (cell, metadata_score, entry_fact, entry_span, figure, opd_fact)
