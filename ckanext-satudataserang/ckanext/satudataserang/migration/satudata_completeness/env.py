"""Alembic environment of the plugin satudata_completeness."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

TABLES = {
    "satudata_cell",
    "satudata_figure",
    "satudata_metadata_score",
    "satudata_entry_fact",
    "satudata_opd_fact",
    "satudata_touched",
    "satudata_stamp",
}

run(context, "satudata_completeness", TABLES)  # type: ignore[arg-type]
