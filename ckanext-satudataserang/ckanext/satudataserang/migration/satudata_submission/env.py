"""Alembic environment of the plugin satudata_submission."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

TABLES = {
    "satudata_submission",
    "satudata_submission_event",
    "satudata_exemption",
    "satudata_extension",
    "satudata_load",
}

run(context, "satudata_submission", TABLES)  # type: ignore[arg-type]
