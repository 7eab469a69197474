"""Alembic environment of the plugin satudata."""

from alembic import context

from ckanext.satudataserang.catalogue.migrations import run

run(context, "satudata", {"satudata_grant"})  # type: ignore[arg-type]
