"""Alembic environment of the plugin satudata_submission."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

run(context, "satudata_submission", {"satudata_submission", "satudata_load"})  # type: ignore[arg-type]
